"""The sentences that people read when a query does not end in rows; both engines say the same."""

from __future__ import annotations

from lib.warehouse.query import MAX_ROWS

TOO_LONG = f"More than {MAX_ROWS:,} rows. Choose a shorter range."
TOO_LARGE = "This needs more memory than one result may take. Choose a shorter range."
TOO_SLOW = "Stopped after {seconds:g} seconds. Choose a shorter range or try again later."
UNWANTED = "Stopped, since nobody waits for it any more."
WRONG = "This SQL does not work on the warehouse."
NO_RIGHT = "The app has no right to read this. Ask an administrator to grant it."

NO_WAREHOUSE = "There is no warehouse yet. Make one with: make warehouse"
GONE = "The warehouse file is missing. Make it again with: make warehouse"
LOCKED = "The warehouse is being written by another program. Try again in a moment."
REPLACED = "The warehouse was replaced while it was read. Try again."
BROKEN = "The warehouse file cannot be read. Make it again with: make warehouse"
NO_TABLE = "There is no table {table} in the warehouse."

NO_CREDENTIALS = "The app cannot sign in to BigQuery: credentials missing or expired. Ask an administrator."
NO_PROJECT = "No BigQuery project is named. Set BOARDROOM_BIGQUERY_PROJECT."
NO_BILLING = "BigQuery does not run this: the project's billing or quota is used up. Ask an administrator."
BUSY = "BigQuery has too much to do just now. Try again in a minute."
SILENT = "BigQuery does not answer. Try again in a minute."
NOT_FOUND = "A table that this needs is not in the warehouse."
OVER_BUDGET = "Not run: it would read {needed}, and its budget is {budget}. Choose a shorter range."
OVER_BUDGET_UNSAID = "Not run: it would read more than its budget of {budget}. Choose a shorter range."


def size_text(count: int) -> str:
    """Bytes as people read them, in steps of a thousand: 12.3 GB."""
    size, unit = float(count), "bytes"
    for unit in ("bytes", "KB", "MB", "GB", "TB", "PB"):
        if size < 1000 or unit == "PB":
            break
        size /= 1000
    return f"{size:.0f} {unit}" if size >= 100 or unit == "bytes" else f"{size:.1f} {unit}".replace(".0 ", " ")
