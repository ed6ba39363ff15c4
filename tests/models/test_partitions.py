"""What a refresh computes anew: only the new day and the two before in the day tables, everything that follows."""

from __future__ import annotations

import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from sql.project import INCREMENTAL, build, restate
from tests.models.raw import create_raw_tables, event, insert, opened, ping, read

START = date(2024, 3, 1)
DAYS = [f"2024-03-{day:02}" for day in range(2, 8)]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a warehouse of six days of one instance, and of one user of sourcegraph.com."""
    folder = tmp_path_factory.mktemp("built")
    database = folder / "warehouse.duckdb"
    create_raw_tables(database)
    insert(database, "sourcegraph_analytics.update_checks", [ping("a", day, 10) for day in DAYS])
    insert(database, "dotcom_events.events", [event(1, day) for day in DAYS])
    insert(database, "salesforce_data.accounts", [{"id": "A", "name": "Acme"}, {"id": "B", "name": "Beta"}])
    insert(
        database,
        "sourcegraph_analytics.instance_accounts",
        [{"site_id": "a", "account_id": "A", "valid_from": "2024-01-01", "updated_at": "2024-01-01T00:00:00Z"}],
    )
    build(database, START, _morning_after(DAYS[-1]))
    _mark_all_rows(database)
    return folder


@pytest.fixture
def database(built: Path, tmp_path: Path) -> Path:
    """A copy of it, as a refresh works on."""
    return shutil.copytree(built, tmp_path / "copy") / "warehouse.duckdb"


def test_one_more_day_touches_that_day_and_the_two_before(database: Path) -> None:
    insert(database, "sourcegraph_analytics.update_checks", [ping("a", "2024-03-08", 20)])
    insert(database, "dotcom_events.events", [event(1, "2024-03-08")])

    build(database, START, _morning_after("2024-03-08"))

    for table in INCREMENTAL:
        assert _marked_days(database, table) == DAYS[:4]
        assert _days(database, table) == [*DAYS, "2024-03-08"]


def test_a_refresh_without_a_new_day_still_takes_late_rows_of_the_last_three(database: Path) -> None:
    late = ping("a", DAYS[-1], 50, timestamp=f"{DAYS[-1]}T23:00:00Z")
    insert(database, "sourcegraph_analytics.update_checks", [late])

    build(database, START, _morning_after(DAYS[-1]))

    assert _marked_days(database, "analytics.ping_days") == DAYS[:3]
    assert read(
        database, "SELECT daily_users FROM analytics.instance_days WHERE day = '2024-03-07' AND site_id = 'a'"
    ) == [(50,)]


def test_a_late_map_row_and_a_new_name_mend_all_days(database: Path) -> None:
    insert(
        database,
        "sourcegraph_analytics.instance_accounts",
        [{"site_id": "a", "account_id": "B", "valid_from": "2024-01-01", "updated_at": "2024-03-09T00:00:00Z"}],
    )
    with opened(database) as connection:
        connection.execute("UPDATE salesforce_data.accounts SET name = 'Beta Inc' WHERE id = 'B'")

    build(database, START, _morning_after(DAYS[-1]))

    names = read(database, "SELECT DISTINCT account_name FROM analytics.instance_days WHERE site_id = 'a'")
    assert names == [("Beta Inc",)]
    assert read(database, "SELECT account_key FROM analytics.instance_months WHERE site_id = 'a'") == [("beta inc",)]


def test_restating_a_day_mends_what_follows_and_no_other_day(database: Path) -> None:
    late = ping("a", "2024-03-03", 90, timestamp="2024-03-03T23:00:00Z")
    insert(database, "sourcegraph_analytics.update_checks", [late])

    restate(database, "analytics.ping_days", date(2024, 3, 3), date(2024, 3, 3), _morning_after(DAYS[-1]))

    assert _marked_days(database, "analytics.ping_days") == [day for day in DAYS if day != "2024-03-03"]
    assert _marked_days(database, "analytics.dotcom_user_days") == DAYS
    assert read(database, "SELECT monthly_users FROM analytics.instance_months WHERE site_id = 'a'") == [(270,)]


def test_nothing_is_left_open_or_written_elsewhere(built: Path) -> None:
    assert sorted(path.name for path in built.iterdir()) == [
        "models_first_day",
        "models_state.duckdb",
        "sqlmesh-cache",
        "warehouse.duckdb",
    ]


def _morning_after(day: str) -> datetime:
    return (
        datetime.fromisoformat(f"{day}T23:59:59Z")
        .astimezone(UTC)
        .replace(hour=0, minute=0, second=0)
        .replace(day=int(day[-2:]) + 1)
    )


def _mark_all_rows(database: Path) -> None:
    with opened(database) as connection:
        for table, column in {"ping_days": "numbers_unusable", "dotcom_user_days": "events"}.items():
            connection.execute(f"UPDATE {_stored(database, table, connection)} SET {column} = 777")


def _stored(database: Path, table: str, connection) -> str:
    row = connection.execute(
        "SELECT schema_name || '.' || table_name FROM duckdb_tables() WHERE table_name LIKE ?",
        [f"analytics__{table}__%"],
    ).fetchone()
    assert row is not None
    return row[0]


def _marked_days(database: Path, table: str) -> list[str]:
    column = "events" if table.endswith("user_days") else "numbers_unusable"
    return [str(day) for (day,) in read(database, f"SELECT day FROM {table} WHERE {column} = 777 ORDER BY day")]


def _days(database: Path, table: str) -> list[str]:
    return [str(day) for (day,) in read(database, f"SELECT day FROM {table} ORDER BY day")]
