"""Company metrics: how many people use Sourcegraph, how often they come back, and on which versions they run."""

from lib.board import Board

board = Board(
    title="Company metrics",
    question="How many people use Sourcegraph, how often they come back, and on which versions they run.",
    filters={"account_name": "", "installer_email": "", "account_type": "", "date": "12 months", "instance_type": ""},
    looker=["board 58"],
    section="Company",
    icon=":material/monitoring:",
    audience="everyone",
    order=1,
)
with board:
    board.counters(
        "company_metrics/daily_users",
        "company_metrics/weekly_users",
        "company_metrics/monthly_users",
        "company_metrics/dau_mau_latest",
        "company_metrics/seat_consumption",
        "company_metrics/latest_version_share",
    )
    board.row("company_metrics/monthly_users_by_instance_type", "company_metrics/weekly_active_users")
    board.row("company_metrics/dau_mau", "company_metrics/average_seat_consumption")
    board.row("company_metrics/instances_by_deployment_type", "company_metrics/customers_by_version")
    board.row("company_metrics/customers", wide=True)
