"""The one moment that a page run, a download or a command calls now."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from datetime import time as clock_time

from lib.settings import Settings
from lib.warehouse.folder import current_stamp, read_origin


def present(settings: Settings) -> datetime:
    """`BOARDROOM_NOW`, else on demo data the midnight after its last day, else the clock; whole seconds, UTC.

    Take it once a page run and hand it on; nothing below the page reads the clock (rule: docs/filters, Parts).
    """
    if settings.now is not None:
        now = settings.now if settings.now.tzinfo else settings.now.replace(tzinfo=UTC)
        return now.astimezone(UTC).replace(microsecond=0)
    stamp = current_stamp(settings.warehouse_folder) if settings.warehouse == "duckdb" else None
    origin = read_origin(settings.warehouse_folder, stamp) if stamp else None
    if origin and origin.origin == "demo" and origin.last_day:
        return datetime.combine(origin.last_day + timedelta(days=1), clock_time(), UTC)
    return datetime.now(UTC).replace(microsecond=0)
