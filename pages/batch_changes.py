"""Batch changes: who uses batch changes, and how far their changesets get."""

from lib.board import Board

board = Board(
    title="Batch changes",
    question="Who uses batch changes, and how far their changesets get.",
    filters={"account_name": "", "installer_email": "", "account_type": "Customer", "date": "3 months", "products": ""},
    looker=["dashboard 422", "dashboard 382"],
    section="Product",
    icon=":material/library_books:",
    audience="PMs, account executives",
)
with board:
    board.counters(
        "batch_changes/instances_using",
        "batch_changes/created",
        "batch_changes/published",
        "batch_changes/merged",
        "batch_changes/merge_rate",
        "batch_changes/contributors",
    )
    board.row("batch_changes/changesets_by_state", "batch_changes/how_far")
    board.row("batch_changes/created_and_closed", "batch_changes/changesets_by_month")
    board.row("batch_changes/instances_and_contributors", "batch_changes/created_by_source")
    board.row("batch_changes/accounts", wide=True)
    board.row("batch_changes/instances", wide=True, when=["account_name", "installer_email"])
