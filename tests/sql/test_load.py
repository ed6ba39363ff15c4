"""What is said about an export before it is loaded, and what the load makes of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sql.load import FRESHNESS, RawTable, inspect_export, load_export, raw_tables
from tests.sql.exports import DAYS, write, write_events, write_pings

PINGS = "sourcegraph_analytics.update_checks"
MAP = RawTable("sourcegraph_analytics.releases", {"version": "STRING", "released_at": "TIMESTAMP"})
LOADED_AT = datetime(2025, 9, 13, 6, tzinfo=UTC)


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as opened:
        opened.execute("SET TimeZone = 'UTC'")
        yield opened


def pings_table() -> RawTable:
    return next(table for table in raw_tables() if table.name == PINGS)


def sentences(folder: Path, *tables: RawTable) -> list[str]:
    return [finding.sentence for finding in inspect_export(folder, list(tables)).findings]


def test_the_loader_writes_its_own_table_and_reads_all_others():
    names = [table.name for table in raw_tables()]
    assert FRESHNESS not in names
    assert {PINGS, "dotcom_events.events", "salesforce_data.accounts"} <= set(names)


def test_a_missing_table_is_said(tmp_path: Path):
    assert sentences(tmp_path, MAP) == [f"{MAP.name}: there is no {MAP.name}.parquet in the folder."]


def test_a_missing_column_is_said(tmp_path: Path):
    write(tmp_path / f"{MAP.name}.parquet", "SELECT '6.8.0' AS version")
    assert sentences(tmp_path, MAP) == [f"{MAP.name}: column released_at (TIMESTAMP) is missing."]


def test_a_wrong_type_is_said(tmp_path: Path):
    write(tmp_path / f"{MAP.name}.parquet", "SELECT '6.8.0' AS version, 12 AS released_at")
    assert sentences(tmp_path, MAP) == [f"{MAP.name}: column released_at is INTEGER, expected TIMESTAMP."]


def test_a_file_that_is_no_parquet_is_said(tmp_path: Path):
    (tmp_path / f"{MAP.name}.parquet").write_text("version,released_at\n")
    assert sentences(tmp_path, MAP) == [f"{MAP.name}: the file {MAP.name}.parquet cannot be read as Parquet."]


def test_a_broken_part_is_said_and_the_others_are_read(tmp_path: Path):
    folder = tmp_path / MAP.name
    write(folder / "a.parquet", "SELECT '6.8.0' AS version, TIMESTAMPTZ '2025-09-01 16:00:00+00' AS released_at")
    (folder / "b.parquet").write_bytes(b"PAR1 cut off")
    inspection = inspect_export(tmp_path, [MAP])
    assert [finding.sentence for finding in inspection.findings] == [
        f"{MAP.name}: the file b.parquet cannot be read as Parquet."
    ]
    assert inspection.files == {MAP.name: [str(folder / "a.parquet")]}


@pytest.mark.parametrize("ending", ["", ".parquet"])
def test_parts_are_one_table(ending: str, tmp_path: Path, connection: duckdb.DuckDBPyConnection):
    folder = tmp_path / f"{MAP.name}{ending}"
    for version in ("6.8.0", "6.9.0"):
        select = f"SELECT '{version}' AS version, TIMESTAMPTZ '2025-09-01 16:00:00+00' AS released_at"
        write(folder / f"{version}.parquet", select)
    inspection = inspect_export(tmp_path, [MAP])
    assert inspection.findings == ()
    assert load_export(connection, [MAP], inspection, LOADED_AT, lambda table, share: None).rows == {MAP.name: 2}


def test_what_is_missing_becomes_an_empty_table_or_a_null_column(tmp_path: Path, connection: duckdb.DuckDBPyConnection):
    write(tmp_path / f"{MAP.name}.parquet", "SELECT '6.8.0' AS version, 12 AS released_at")
    other = RawTable("salesforce_data.accounts", {"id": "STRING", "is_deleted": "BOOL"})
    inspection = inspect_export(tmp_path, [MAP, other])
    loaded = load_export(connection, [MAP, other], inspection, LOADED_AT, lambda table, share: None)
    assert loaded.rows == {MAP.name: 1, other.name: 0}
    assert connection.execute(f"SELECT * FROM {MAP.name}").fetchall() == [("6.8.0", None)]
    assert connection.execute(f"SELECT typeof(released_at) FROM {MAP.name}").fetchall() == [
        ("TIMESTAMP WITH TIME ZONE",)
    ]
    assert connection.execute(f"SELECT source, loaded_at FROM {FRESHNESS}").fetchall() == [(MAP.name, LOADED_AT)]


def test_malformed_payloads_become_null_and_are_counted(tmp_path: Path, connection: duckdb.DuckDBPyConnection):
    write_pings(tmp_path / f"{PINGS}.parquet", malformed=3)
    table = pings_table()
    inspection = inspect_export(tmp_path, [table])
    loaded = load_export(connection, [table], inspection, LOADED_AT, lambda table, share: None)
    assert loaded.malformed == {f"{PINGS}.growth_statistics": 3}
    sql = f"SELECT COUNT(growth_statistics), COUNT(site_activity), typeof(ANY_VALUE(site_activity)) FROM {PINGS}"
    assert connection.execute(sql).fetchall() == [(DAYS - 3, DAYS, "JSON")]


def test_malformed_payloads_are_counted_where_a_file_states_no_statistics(
    tmp_path: Path, connection: duckdb.DuckDBPyConnection
):
    folder, table = tmp_path / PINGS, pings_table()
    write_pings(folder / "a.parquet", malformed=2)
    rows = pq.read_table(folder / "a.parquet")
    rows = rows.set_column(
        rows.schema.get_field_index("growth_statistics"),
        "growth_statistics",
        pa.array([None, "{", *['{"CreatedUsers":1}'] * (DAYS - 2)]),
    )
    pq.write_table(rows, folder / "b.parquet", write_statistics=False)
    inspection = inspect_export(tmp_path, [table])
    loaded = load_export(connection, [table], inspection, LOADED_AT, lambda table, share: None)
    assert loaded.malformed == {f"{PINGS}.growth_statistics": 3}


def test_a_second_load_replaces_the_first(tmp_path: Path, connection: duckdb.DuckDBPyConnection):
    write_events(tmp_path / "dotcom_events.events.parquet")
    tables = [table for table in raw_tables() if table.name == "dotcom_events.events"]
    for _ in range(2):
        inspection = inspect_export(tmp_path, tables)
        assert load_export(connection, tables, inspection, LOADED_AT, lambda table, share: None).rows == {
            "dotcom_events.events": 1
        }


def test_progress_names_each_table_and_rises(tmp_path: Path, connection: duckdb.DuckDBPyConnection):
    write_pings(tmp_path / f"{PINGS}.parquet")
    write_events(tmp_path / "dotcom_events.events.parquet")
    told: list[tuple[str, float]] = []
    tables = raw_tables()
    load_export(
        connection,
        tables,
        inspect_export(tmp_path, tables),
        LOADED_AT,
        lambda table, share: told.append((table, share)),
    )
    assert [name for name, _ in told] == [table.name for table in tables]
    shares = [share for _, share in told]
    assert shares == sorted(shares)
    assert 0.0 == shares[0] < shares[-1] <= 1.0
