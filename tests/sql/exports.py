"""A tiny export, written by hand: one instance with a ping a day, and one visitor of sourcegraph.com."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb

FIRST = date(2025, 9, 1)
DAYS = 12
SITE = "src-tiny-main"


def write_pings(path: Path, users: Mapping[int, int] | None = None, days: int = DAYS, malformed: int = 0) -> None:
    """Pings of `days` days with 5 users each, or as many as `users` says for a day's number.

    The first `malformed` days' growth statistics break off in the middle.
    """
    rows = []
    for n in range(days):
        day, count = FIRST + timedelta(days=n), (users or {}).get(n, 5)
        moment = datetime.combine(day, datetime.min.time()) + timedelta(hours=22)
        activity = f'{{"DAUs":[{{"StartTime":"{day}T00:00:00Z","UserCount":{count}}}]}}'
        growth = '{"CreatedUsers":' + ("" if n < malformed else "1}")
        rows.append([f"{moment}+00", SITE, "6.8.0", str(count), "9", activity, growth, f"{moment.isoformat()}Z"])
    write(
        path,
        "SELECT CAST(a AS TIMESTAMPTZ) AS received_at, b AS remote_site_id, c AS remote_site_version,"
        " d AS unique_users_today, e AS total_user_accounts, f AS site_activity, g AS growth_statistics,"
        f" h AS timestamp FROM (VALUES {values(rows)}) AS t(a, b, c, d, e, f, g, h)",
    )


def write_events(path: Path) -> None:
    """One event of a signed-in visitor."""
    write(
        path,
        "SELECT 'ViewHome' AS name, CAST(7 AS BIGINT) AS user_id, '2025-09-02T10:00:00Z' AS timestamp,"
        " 'ins-1' AS insert_id, TIMESTAMPTZ '2025-09-02 10:00:01+00' AS received_at",
    )


def write(path: Path, select: str) -> None:
    """Write the rows of a SELECT as Parquet."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute(f"COPY ({select}) TO '{path}' (FORMAT parquet)")


def values(rows: list[list[str]]) -> str:
    """Rows of texts as SQL."""
    return ", ".join("(" + ", ".join("'" + text.replace("'", "''") + "'" for text in row) + ")" for row in rows)
