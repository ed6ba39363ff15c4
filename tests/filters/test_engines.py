"""The predicate keeps the very rows that `matches` keeps: on DuckDB, and on Google's reference engine."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.filters import Context, FilterError, parse
from lib.warehouse.dialect import translate
from lib.warehouse.query import Parameter
from tests.filters.test_cases import context_of, read_cases
from tests.filters.texts import EXPRESSIONS
from tests.oracle import Table, execute

NOW = datetime(2024, 5, 15, 10, 30, tzinfo=UTC)
HOURS = [NOW + timedelta(minutes=30 * n) for n in range(-60, 60)]
DAYS = [date(2024, 5, 15) + timedelta(days=n) for n in (*range(-40, 40), -800, -366, -365, 365, 366, 900)]
VALUES: dict[str, Sequence[Any]] = {
    "TIMESTAMP": [None, *HOURS, *(datetime(d.year, d.month, d.day, tzinfo=UTC) for d in DAYS)],
    "DATETIME": [None, *(hour.replace(tzinfo=None) for hour in HOURS), datetime(2024, 3, 10, 2, 30)],
    "DATE": [None, *DAYS],
    "STRING": [
        None, "", " ", "a", "A", "b", "ab", "aab", "a b", "a,b", "%", "_", "a%", "a_b", "\\", "a\\b", "^", "-a", '"',
        "null", "NULL", "Null", "empty", "é", "\U0001f600", "a\nb", "Free", "Customer", "x" * 50, "{{",
    ],
    "ARRAY<STRING>": [[], ["a"], ["b"], ["a", "b"], [""], ["", "a"], ["ab", "%"], ["A"], ["null"]],
    "INT64": [None, *range(-20, 21), 66, 99, 100, 500, 501, 1000, 2000, 2**62],
    "FLOAT64": [None, *(n / 2 for n in range(-20, 41)), 80.44, 0.1, 1e-7, 1e300, 2000.5],
    "BOOL": [None, True, False],
}  # fmt: skip
COLUMNS = {
    "date": ["TIMESTAMP", "DATETIME", "DATE"],
    "string": ["STRING", "ARRAY<STRING>"],
    "number": ["INT64", "FLOAT64"],
    "yesno": ["BOOL"],
}
ZONES = st.sampled_from(["UTC", "America/Los_Angeles", "Asia/Kolkata"])


@cache
def connection() -> duckdb.DuckDBPyConnection:
    found = duckdb.connect()
    found.execute("SET GLOBAL TimeZone='UTC'")
    found.execute("CREATE SCHEMA d")
    for number, (kind, values) in enumerate(VALUES.items()):
        type_text = kind.replace("ARRAY<STRING>", "VARCHAR[]").replace("TIMESTAMP", "TIMESTAMPTZ")
        type_text = type_text.replace("DATETIME", "TIMESTAMP").replace("INT64", "BIGINT").replace("FLOAT64", "DOUBLE")
        found.execute(f"CREATE TABLE d.t{number} (n BIGINT, x {type_text})")
        found.executemany(f"INSERT INTO d.t{number} VALUES (?, ?)", list(enumerate(values)))
    return found


def kept_by_duckdb(sql: str, parameters: Sequence[Parameter], column_type: str) -> list[int]:
    table = f"d.t{list(VALUES).index(column_type)}"
    text = translate(f"SELECT n FROM {table} WHERE {sql} ORDER BY n", parameters)
    bound = {p.name: list(p.value) if isinstance(p.value, tuple) else p.value for p in parameters}
    return [row[0] for row in connection().execute(text, bound).fetchall()]


def kept_by_google(sql: str, parameters: Sequence[Parameter], column_type: str) -> list[int]:
    table = Table({"n": "INT64", "x": column_type}, list(enumerate(VALUES[column_type])))
    bound = [Parameter(p.name, p.type, list(p.value) if isinstance(p.value, tuple) else p.value) for p in parameters]
    return [int(str(row[0])) for row in execute(f"SELECT n FROM t WHERE {sql} ORDER BY n", {"t": table}, bound)[1]]


def check(kind: str, text: str, ctx: Context, engine: Any) -> None:
    try:
        expression = parse(kind, text)
        for column_type in COLUMNS[kind]:
            sql, found = expression.to_sql("x", column_type, ctx)
            parameters = [Parameter(*parameter) for parameter in found]
            expected = [n for n, value in enumerate(VALUES[column_type]) if expression.matches(value, ctx)]
            assert engine(sql or "TRUE", parameters, column_type) == expected, (column_type, sql, found)
    except FilterError:
        return


@settings(max_examples=120, deadline=None)
@given(
    st.sampled_from(list(COLUMNS)).flatmap(lambda kind: st.tuples(st.just(kind), EXPRESSIONS[kind])),
    ZONES,
    st.booleans(),
)
def test_duckdb_keeps_what_matches_keeps(case: tuple[str, str], zone: str, case_sensitive: bool) -> None:
    # A column matched without regard to case holds lower-case text, so case is left out of the comparison here.
    kind, text = case
    ctx = Context(NOW, zone, case_sensitive=case_sensitive or kind == "string")
    check(kind, text, ctx, kept_by_duckdb)


@pytest.mark.parametrize("kind", list(COLUMNS))
def test_both_engines_keep_the_rows_of_the_worked_examples(kind: str) -> None:
    count = 0
    for found, case in (parameters.values for parameters in read_cases()):
        if found == kind and "error" not in case and case.get("case_sensitive", True):
            check(kind, case["expression"], context_of(case), kept_by_google)
            check(kind, case["expression"], context_of(case), kept_by_duckdb)
            count += 1
    assert count > 8


def test_lower_case_columns_are_compared_with_lower_case_values() -> None:
    ctx = Context(NOW, case_sensitive=False)
    sql, parameters = parse("string", "ACME%,-Acme Ltd").to_sql("account_key", "STRING", ctx)
    assert sql.count("account_key") == 3
    assert "LOWER" not in sql
    assert [value for _, _, value in parameters] == ["acme%", ("acme ltd",)]
