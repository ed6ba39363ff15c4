"""Bytes as BigQuery counts them, and what a rebuild reads."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from benchmarks.growth import APART, measured, partitioned_by, rebuilt, stored
from lib.warehouse.schema import table_columns

TABLE = "analytics.instance_months"


@pytest.mark.parametrize(
    ("kind", "stored_as", "values", "size"),
    [
        ("INT64", "BIGINT", [[1], [None]], 8),
        ("BOOL", "BOOLEAN", [[True], [False]], 2),
        ("STRING", "VARCHAR", [["é"], [""]], 6),
        ("JSON", "JSON", [['{"a":1}'], [None]], 9),
        ("ARRAY<STRING>", "VARCHAR[]", [[["ab", "c"]], [[]]], 7),
        (
            "ARRAY<STRUCT<week DATE, users INT64>>",
            "STRUCT(week DATE, users BIGINT)[]",
            [[[{"users": 1}] * 2], [None]],
            32,
        ),
    ],
)
def test_bytes_are_counted_as_bigquery_does(tmp_path: Path, kind: str, stored_as: str, values: list, size: int) -> None:
    file = tmp_path / "some.duckdb"
    with duckdb.connect(str(file)) as connection:
        connection.execute(f"CREATE SCHEMA analytics; CREATE TABLE {TABLE} (x {stored_as})")
        connection.executemany(f"INSERT INTO {TABLE} VALUES (?)", values)
    assert measured(file, {TABLE: {"x": kind}}) == {TABLE: (2, {"x": size / 2})}


def test_tables_with_a_time_column_grow_by_time_too() -> None:
    sizes = {
        TABLE: (10, {"month": 8.0}),
        "analytics.accounts": (10, {"id": 4.0}),
        "analytics.releases": (10, {"day": 8.0}),
    }
    assert stored(sizes, 3, 2) == {
        TABLE: (60, 480.0),
        "analytics.accounts": (30, 120.0),
        "analytics.releases": (10, 80.0),
    }


def test_a_rebuild_reads_each_select_of_each_full_model() -> None:
    steps = partitioned_by()
    sizes = {name: (1, dict.fromkeys(table_columns(name), 1.0)) for name in steps if not APART.match(name)}
    found = rebuilt(sizes, 1, 1)
    assert "ping_days" not in found
    assert found["releases"] == 1, "the newest day of ping_days alone"
    assert found["instance_weeks"] > found["batch_change_cohorts"] > 0
