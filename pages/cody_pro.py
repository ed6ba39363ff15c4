"""Cody Pro: subscribers, revenue and cancellations by Pacific calendar day, and how SSC and Stripe compare."""

from lib.board import Board

board = Board(
    title="Cody Pro",
    question="Subscribers, revenue and cancellations by Pacific calendar day. Changes compare with as long before.",
    filters={"date": "30 days ago for 30 days", "chosen_day": ""},
    filters_note="Cody Pro subscribers are persons; the data knows no accounts, so nothing here takes account filters.",
    section="Product",
    icon=":material/smart_toy:",
    audience="PMs, finance",
)
with board:
    board.counters(
        "cody_pro/active",
        "cody_pro/mrr",
        "cody_pro/arr",
        "cody_pro/new",
        "cody_pro/cancelled",
        "cody_pro/net_change",
    )
    board.row("cody_pro/active_subscribers", "cody_pro/new_and_cancelled")
    board.row("cody_pro/revenue", "cody_pro/monthly_churn")
    board.row("cody_pro/mrr_over_time", "cody_pro/retained")
    board.row("cody_pro/leaving", wide=True)
    board.section("SSC and Stripe")
    board.row("cody_pro/match_share", "cody_pro/reasons")
    board.row("cody_pro/reconciliation", wide=True)
    board.row("cody_pro/differences", wide=True, when="chosen_day")
    board.section("All figures")
    board.row("cody_pro/days", wide=True)
