"""Single instance: everything one instance reports: who uses it, what they use, what to talk about on the next call."""

from lib.board import Board

board = Board(
    title="Single instance",
    filters={
        "account_name": "",
        "installer_email": "",
        "account_type": "",
        "date": "12 months",
        "find": "",
        "site": "",
    },
    looker=["dashboard 409"],
    section="Customers",
    icon=":material/dns:",
    audience="sales, support",
)
with board:
    board.choose(
        "single_instance/matches",
        filter="site",
        otherwise="single_instance/recent",
        unfound="single_instance/by_licence_key",
    )
    board.counters(
        "single_instance/monthly_users",
        "single_instance/seats_in_use",
        "single_instance/dau_mau_latest",
        "single_instance/weekly_searches",
        "single_instance/changesets_merged",
        "single_instance/cody_users_latest",
    )
    board.section("Facts")
    board.row("single_instance/account_and_licence", "single_instance/instance", "single_instance/connections")
    board.row("single_instance/by_licence_key", wide=True)
    board.section("Users")
    board.row("single_instance/users", "single_instance/account_seats", "single_instance/growth")
    board.row("single_instance/dau_mau", "single_instance/seat_consumption")
    board.section("Search")
    board.row("single_instance/searches_by_type", "single_instance/search_users", "single_instance/search_latency")
    board.section("Code navigation")
    board.row("single_instance/navigation_users", "single_instance/navigation_events")
    board.row("single_instance/navigation_languages", "single_instance/precise_share")
    board.section("Batch changes")
    board.row("single_instance/batch_changes", "single_instance/changesets")
    board.row("single_instance/batch_changes_by_state", "single_instance/batch_change_users")
    board.section("Insights and monitors")
    board.row("single_instance/insight_views", "single_instance/insight_creators", "single_instance/total_insights")
    board.row("single_instance/code_monitors", "single_instance/monitor_activity")
    board.row("single_instance/notebooks", "single_instance/saved_searches")
    board.section("Cody")
    board.row("single_instance/cody_users", "single_instance/cody_events", "single_instance/cody_users_by_client")
    board.section("Integrations")
    board.row("single_instance/code_host_users", "single_instance/editor_users", "single_instance/editor_searches")
    board.section("Pings")
    board.row("single_instance/pings", "single_instance/releases_behind")
    board.row("single_instance/versions", wide=True)
