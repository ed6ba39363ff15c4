"""GoogleSQL types in Arrow, and casts to them."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime
from decimal import Decimal

import pyarrow as pa
import pytest

from lib.settings import ROOT
from lib.warehouse import QueryInvalid
from lib.warehouse.columns import arrow_type, cast_table

MIDNIGHT = datetime(2024, 5, 13, tzinfo=UTC)
UTC_US = pa.timestamp("us", tz="UTC")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("INT64", pa.int64()),
        ("int64", pa.int64()),
        ("NUMERIC", pa.decimal128(38, 9)),
        ("NUMERIC(10, 2)", pa.decimal128(38, 9)),
        ("STRING(20)", pa.string()),
        ("JSON", pa.string()),
        ("TIMESTAMP", UTC_US),
        ("DATETIME", pa.timestamp("us")),
        ("ARRAY<DATE>", pa.list_(pa.date32())),
        (
            "ARRAY< STRUCT< a INT64 , b ARRAY<STRING> > >",
            pa.list_(pa.struct([("a", pa.int64()), ("b", pa.list_(pa.string()))])),
        ),
        ("STRUCT<x NUMERIC(10, 2), y STRING>", pa.struct([("x", pa.decimal128(38, 9)), ("y", pa.string())])),
    ],
)
def test_each_type_has_its_arrow_type(text: str, kind: pa.DataType) -> None:
    assert arrow_type(text) == kind


@pytest.mark.parametrize("text", ["", "INT", "VARCHAR", "ARRAY<>", "ARRAY<NOPE>", "STRUCT<a>", "INT64>"])
def test_text_that_names_no_type_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match="no GoogleSQL type"):
        arrow_type(text)


@pytest.mark.parametrize(
    ("array", "kind", "values"),
    [
        (pa.array([1, None], pa.int32()), "INT64", [1, None]),
        (pa.array([Decimal(7), None], pa.decimal128(38, 0)), "INT64", [7, None]),
        (pa.array([2.0], pa.float64()), "INT64", [2]),
        (pa.array([1], pa.int32()), "FLOAT64", [1.0]),
        (pa.array([Decimal("1.5")], pa.decimal128(2, 1)), "FLOAT64", [1.5]),
        (pa.array([Decimal("1.5")], pa.decimal128(2, 1)), "NUMERIC", [Decimal("1.500000000")]),
        (pa.array([1e20]), "NUMERIC", [Decimal("1e20")]),
        (pa.array([0.1, None, 1 / 3]), "NUMERIC", [Decimal("0.1"), None, Decimal("0.333333333")]),
        (pa.array([datetime(2024, 5, 13)], pa.timestamp("us")), "DATE", [date(2024, 5, 13)]),
        (
            pa.array([datetime(2024, 5, 13, tzinfo=UTC)], pa.timestamp("us", tz="Etc/UTC")),
            "TIMESTAMP",
            [datetime(2024, 5, 13, tzinfo=UTC)],
        ),
        (pa.array([datetime(2024, 5, 13)], pa.timestamp("us")), "TIMESTAMP", [datetime(2024, 5, 13, tzinfo=UTC)]),
        (pa.array(["2024-05-13"]), "DATE", [date(2024, 5, 13)]),
        (pa.array([None, None], pa.int32()), "STRING", [None, None]),
        (pa.nulls(2), "ARRAY<STRING>", [None, None]),
        (pa.array([[1], [], None], pa.list_(pa.int32())), "ARRAY<INT64>", [[1], [], None]),
        (pa.array([[1], [2, 3], None, [4]], pa.list_(pa.int32())).slice(1), "ARRAY<INT64>", [[2, 3], None, [4]]),
        (pa.array([{"x": 1, "y": "a"}, None]), "STRUCT<k INT64, v STRING>", [{"k": 1, "v": "a"}, None]),
        (pa.array([], pa.int32()), "ARRAY<STRUCT<a INT64>>", None),
    ],
)
def test_values_are_cast_by_column(array: pa.Array, kind: str, values: list | None) -> None:
    table = pa.table({"x": array})
    if values is None:
        with pytest.raises(QueryInvalid):
            cast_table(table, [("x", kind)])
        return
    cast = cast_table(table, [("x", kind)])
    assert cast.schema.field("x").type == arrow_type(kind)
    assert cast.column("x").to_pylist() == values


@pytest.mark.parametrize(
    ("array", "kind"),
    [
        (pa.array([2.5]), "INT64"),
        (pa.array([Decimal(2**63)], pa.decimal128(38, 0)), "INT64"),
        (pa.array([float("inf")]), "NUMERIC"),
        (pa.array(["soon"]), "DATE"),
        (pa.array([[1]]), "INT64"),
        (pa.array([{"a": 1}]), "STRUCT<a INT64, b INT64>"),
    ],
)
def test_a_value_that_does_not_fit_names_its_column(array: pa.Array, kind: str) -> None:
    with pytest.raises(QueryInvalid, match="“x”"):
        cast_table(pa.table({"x": array}), [("x", kind)])


def test_columns_are_taken_by_name_and_missing_ones_named() -> None:
    table = pa.table({"a": [1], "b": ["t"]})
    assert cast_table(table, [("b", "STRING"), ("a", "FLOAT64")]).to_pylist() == [{"b": "t", "a": 1.0}]
    with pytest.raises(QueryInvalid, match="“c”"):
        cast_table(table, [("a", "INT64"), ("c", "STRING")])
    with pytest.raises(QueryInvalid, match="2 columns where 1"):
        cast_table(table, [("a", "INT64")])


def test_a_table_without_rows_keeps_its_columns() -> None:
    empty = pa.table({"a": pa.array([], pa.int32())})
    assert cast_table(empty, [("a", "INT64")]).schema == pa.schema([("a", pa.int64())])


def test_instants_come_as_utc_and_without_pandas() -> None:
    code = (
        "import sys, duckdb; from lib.warehouse.columns import values_of;"
        't = duckdb.sql("SELECT make_timestamptz(1715558400250000) AS t UNION ALL SELECT NULL").to_arrow_table();'
        "print(values_of(t['t'])[0].isoformat(), values_of(t['t'])[1], 'pandas' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout == "2024-05-13T00:00:00.250000+00:00 None False\n"
