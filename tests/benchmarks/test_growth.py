"""Bytes as BigQuery counts them, and what a rebuild reads."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from benchmarks.growth import (
    APART,
    SIZES,
    LookBytes,
    as_markdown,
    measured,
    partitioned_by,
    read_looks,
    rebuilt,
    stored,
)
from lib.looks import catalogue
from lib.settings import ROOT
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


def test_the_table_tells_looks_that_are_over_their_budget_first() -> None:
    told = as_markdown([LookBytes("a/small", 10**8, (1, 2, 3)), LookBytes("a/big", 10**9, (10**6, 10**7, 2 * 10**9))])
    assert told.splitlines()[2:] == [
        "| `a/big` | 1.0 GB | 1.0 MB | 10.0 MB | 2.0 GB, over |",
        "| `a/small` | 100.0 MB | 0.0 MB | 0.0 MB | 0.0 MB |",
    ]


def test_the_docs_tell_what_every_look_reads_and_all_fit_their_budgets_at_ten_thousand_instances() -> None:
    looks, known = read_looks(), catalogue().looks
    assert as_markdown(looks) in (ROOT / "docs/performance.md").read_text()
    budgets = {look.name: known[look.name].budget_bytes for look in looks}
    assert {look.name: look.budget for look in looks} == budgets, "run python -m benchmarks.growth"
    assert [look.name for look in looks if look.bytes_at[SIZES.index(10_000)] > look.budget] == []
