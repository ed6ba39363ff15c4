"""GoogleSQL on DuckDB, case by case against the answers of Google's own engine."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest

from lib.warehouse.dialect import googlesql_type, translate
from lib.warehouse.query import Parameter, QueryInvalid, QueryRefused
from tests.oracle.values import plain

HERE = Path(__file__).parent
CASES = [
    pytest.param(case, id=f"{file[8:-5]}-{number}")
    for file in ("dialect_cases.json", "dialect_more.json")
    for number, case in enumerate(json.loads((HERE / file).read_text())["cases"])
]
# Constructs that are refused although an older case of theirs carries no note; newer ones say "refuse".
REFUSED = {"FORMAT", "IEEE_DIVIDE", "INSTR with position", "NET_FUNC", "RANGE_BUCKET", "SAFE."}
# docs/dialect: numbers read as text from JSON text come without their trailing zeros and exponent.
ACCEPTED = {"""SELECT JSON_VALUE('{"a": 1.50}', '$.a') AS v"""}


@pytest.fixture(scope="module")
def connection():
    with duckdb.connect() as opened:
        opened.execute("SET GLOBAL TimeZone = 'UTC'")
        yield opened


def _same(found: object, expected: object) -> bool:
    if isinstance(found, list) and isinstance(expected, list):
        return len(found) == len(expected) and all(map(_same, found, expected))
    if isinstance(found, bool) or isinstance(expected, bool):
        return found is expected
    if isinstance(found, float) or isinstance(expected, float):
        numbers = isinstance(found, (int, float)) and isinstance(expected, (int, float))
        return found == expected or (numbers and abs(found - expected) <= 1e-9 * max(1, abs(expected)))
    return found == expected


def _in_order(rows: list, sql: str) -> list:
    return rows if "order by" in sql.lower() else sorted(rows, key=json.dumps)


@pytest.mark.parametrize("case", CASES)
def test_duckdb_answers_as_google_does_or_the_query_is_refused(case, connection):
    note = case.get("note", "")
    parameters = [Parameter(*p) for p in case.get("parameters", [])]
    try:
        text = translate(case["sql"], parameters)
    except QueryRefused as refusal:
        assert note.startswith("refuse") or refusal.construct in REFUSED
        return
    except QueryInvalid:
        assert "error" in case
        return
    if "error" in case:
        with pytest.raises(duckdb.Error):
            connection.execute(text, {p.name: p.value for p in parameters}).fetchall()
        return
    cursor = connection.execute(text, {p.name: p.value for p in parameters})
    described, rows = cursor.description, cursor.fetchall()
    types = [kind for _, kind in case["columns"]]
    found = [[plain(value, kind) for value, kind in zip(row, types, strict=True)] for row in rows]
    right = _same(_in_order(found, case["sql"]), _in_order(case["rows"], case["sql"]))
    assert right or note.startswith("accept") or case["sql"] in ACCEPTED, (text, found)
    names = [name or column[0] for column, (name, _) in zip(described, case["columns"], strict=True)]
    assert [column[0] for column in described] == names
    assert [googlesql_type(str(column[1])) for column in described] == types


def test_columns_without_a_name_are_called_as_bigquery_calls_them(connection):
    cursor = connection.execute(translate("SELECT COUNT(*), 1 AS a, UPPER('x') FROM UNNEST([1]) AS x"))
    assert [column[0] for column in cursor.description] == ["f0_", "a", "f1_"]


def test_a_newer_case_that_is_to_be_refused_is():
    for case in (c.values[0] for c in CASES if c.id.startswith("more")):
        if case.get("note", "").startswith("refuse"):
            with pytest.raises((QueryRefused, QueryInvalid)):
                translate(case["sql"], [Parameter(*p) for p in case.get("parameters", [])])


@pytest.mark.parametrize(
    ("sql", "construct"),
    [
        ("DELETE FROM analytics.accounts WHERE TRUE", "DELETE"),
        ("CREATE TABLE analytics.x AS SELECT 1 AS a", "CREATE"),
        ("SELECT 1 AS a; SELECT 2 AS b", "several statements"),
        ("SELECT * FROM read_csv('/etc/passwd')", "READ_CSV"),
        ("SELECT getenv('HOME') AS a", "GETENV"),
        ("SELECT * FROM duckdb_settings()", "DUCKDB_SETTINGS"),
        ("SELECT table_name FROM information_schema.tables", "INFORMATION_SCHEMA"),
        ("SELECT * FROM sqlite_master", "sqlite_master"),
        ("FROM analytics.accounts |> WHERE seats > 1", "|>"),
        ("SELECT SUM(x) FILTER (WHERE x > 1) AS a FROM analytics.t", "FILTER (WHERE …)"),
        ("SELECT * FROM analytics.t TABLESAMPLE SYSTEM (10 PERCENT)", "TABLESAMPLE"),
    ],
)
def test_what_is_no_portable_query_is_refused_by_name(sql, construct):
    with pytest.raises(QueryRefused) as refusal:
        translate(sql)
    assert refusal.value.construct == construct
    assert str(refusal.value).endswith((".", "IF inside the aggregate."))


@pytest.mark.parametrize("sql", ["", "SELEC 1", "SELECT (1", "SELECT @nothing AS a", r"SELECT 'a\d' AS a"])
def test_what_cannot_be_read_is_invalid(sql):
    with pytest.raises(QueryInvalid):
        translate(sql)


def test_declared_columns_settle_what_a_function_means():
    columns = {"analytics.visits": {"at": "TIMESTAMP", "day": "DATE", "price": "NUMERIC", "text": "STRING"}}.get
    sql = (
        "SELECT DATE_TRUNC(at, MONTH) AS m, CAST(price AS STRING) AS p, CAST(text AS INT64) AS n FROM analytics.visits"
    )
    assert "typeof" in translate(sql)
    assert "typeof" not in translate(sql, (), columns)


def test_without_declared_columns_a_date_function_of_a_time_stamp_fails(connection):
    connection.execute("CREATE SCHEMA IF NOT EXISTS loose")
    connection.execute(
        "CREATE OR REPLACE TABLE loose.t AS SELECT TIMESTAMPTZ '2024-05-15 10:00:00+00' AS s, DATE '2024-05-15' AS d"
    )
    assert connection.execute(translate("SELECT DATE_ADD(d, INTERVAL 1 DAY) AS a FROM loose.t")).fetchone()
    with pytest.raises(duckdb.Error, match="use TIMESTAMP_ADD"):
        connection.execute(translate("SELECT DATE_ADD(s, INTERVAL 1 DAY) AS a FROM loose.t")).fetchone()


@pytest.mark.parametrize(
    ("duckdb_text", "expected"),
    [
        ("HUGEINT", "INT64"),
        ("DECIMAL(18,3)", "NUMERIC"),
        ("TIMESTAMP WITH TIME ZONE", "TIMESTAMP"),
        ("TIMESTAMP", "DATETIME"),
        ("INTEGER[]", "ARRAY<INT64>"),
        ("STRUCT(a INTEGER, b VARCHAR)[]", "ARRAY<STRUCT<a INT64, b STRING>>"),
        ("DECIMAL(3,1)[]", "ARRAY<NUMERIC>"),
        ("NULL", "INT64"),
    ],
)
def test_result_types_have_their_google_names(duckdb_text, expected):
    assert googlesql_type(duckdb_text) == expected


def test_a_type_that_google_does_not_have_is_told():
    with pytest.raises(ValueError, match="MAP"):
        googlesql_type("MAP(VARCHAR, INTEGER)")


@pytest.mark.parametrize(
    ("sql", "times"),
    [
        ("SELECT JSON_VALUE(j, '$.a') AS a, JSON_VALUE(j, '$.b') AS b, JSON_VALUE(j, '$.c') AS c FROM d.t", 3),
        ("SELECT JSON_VALUE(j, '$.a') AS a, CASE WHEN x THEN JSON_VALUE(j, '$.b') END AS b FROM d.t", 0),
        ("SELECT JSON_VALUE(j, '$.a') AS a, JSON_VALUE(k, '$.b') AS b FROM d.t WHERE JSON_VALUE(j, '$.c') = ''", 0),
    ],
)
def test_values_that_each_row_needs_of_a_document_are_read_in_one_call(sql, times):
    assert translate(sql).count("""['$."a"', '$."b"', '$."c"']""") == times
    assert translate(sql).count("[") == (2 * times)
