"""Rows as JSON, CSV and text."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal

import pyarrow as pa
import pytest

from lib.warehouse import Result
from lib.warehouse.columns import arrow_type
from lib.warehouse.rows import csv_text, json_result, json_value, table_text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, None),
        (True, True),
        (7, 7),
        (0.5, 0.5),
        (float("nan"), "NaN"),
        (float("inf"), "Infinity"),
        (float("-inf"), "-Infinity"),
        (Decimal("1.500000000"), "1.5"),
        (Decimal("100.000000000"), "100"),
        (Decimal("0E-9"), "0"),
        (Decimal("-1E+3"), "-1000"),
        (date(2024, 5, 13), "2024-05-13"),
        (time(10, 30), "10:30:00"),
        (datetime(2024, 5, 13, 1, 2, 3), "2024-05-13T01:02:03"),
        (datetime(2024, 5, 13, tzinfo=UTC), "2024-05-13T00:00:00Z"),
        (datetime(2024, 5, 13, 0, 0, 0, 250_000, tzinfo=UTC), "2024-05-13T00:00:00.250000Z"),
        (b"ab", "YWI="),
        ([1, None, Decimal("2.50")], [1, None, "2.5"]),
        ([{"k": 1, "v": date(2024, 5, 13)}], [[1, "2024-05-13"]]),
    ],
)
def test_each_value_has_its_json(value: object, text: object) -> None:
    assert json_value(value) == text


def result(columns: list[tuple[str, str]], rows: list[list]) -> Result:
    schema = pa.schema([(name, arrow_type(kind)) for name, kind in columns])
    arrays = [pa.array([row[i] for row in rows], field.type) for i, field in enumerate(schema)]
    return Result(pa.Table.from_arrays(arrays, schema=schema), tuple(columns), 0.1)


TWO = result([("name", "STRING"), ("n", "INT64"), ("l", "ARRAY<STRING>")], [['a "b"', 5, ["x"]], [None, 12, []]])


def test_the_whole_result_is_one_object() -> None:
    assert json_result(TWO) == {
        "columns": [
            {"name": "name", "type": "STRING"},
            {"name": "n", "type": "INT64"},
            {"name": "l", "type": "ARRAY<STRING>"},
        ],
        "rows": [['a "b"', 5, ["x"]], [None, 12, []]],
        "data_through": None,
    }


def test_equal_column_names_stay_apart() -> None:
    assert json_result(result([("x", "INT64"), ("x", "INT64")], [[1, 2]]))["rows"] == [[1, 2]]


def test_no_rows_keep_their_columns() -> None:
    empty = result([("x", "INT64")], [])
    assert json_result(empty)["columns"] == [{"name": "x", "type": "INT64"}]
    assert (json_result(empty)["rows"], csv_text(empty), table_text(empty)) == ([], "x\n", "x\n-\n")


def test_csv_quotes_what_needs_it_and_leaves_missing_values_empty() -> None:
    assert csv_text(TWO) == 'name,n,l\n"a ""b""",5,"[""x""]"\n,12,[]\n'


def test_a_table_of_text_sets_numbers_to_the_right() -> None:
    assert table_text(TWO) == 'name    n  l\n-----  --  -----\na "b"   5  ["x"]\n       12  []\n'
