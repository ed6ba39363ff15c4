"""The oracle itself: schemas, values and mistakes."""

from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest

from lib.warehouse.query import Parameter
from tests.oracle import OracleError, Table, analyze, execute

ACCOUNTS = {"account_key": "STRING", "seats": "INT64"}


def test_the_result_schema_is_known_without_rows():
    sql = "SELECT account_key, SUM(seats) AS seats, AVG(seats) AS mean FROM analytics.accounts GROUP BY account_key"
    expected = [("account_key", "STRING"), ("seats", "INT64"), ("mean", "FLOAT64")]
    assert analyze(sql, {"analytics.accounts": ACCOUNTS}) == expected
    assert analyze(sql, {"analytics.accounts": {"columns": ACCOUNTS, "sources": ["raw.pings"]}}) == expected


def test_values_of_every_type_come_back_as_they_went_in():
    columns = {
        "i": "INT64", "f": "FLOAT64", "n": "NUMERIC", "s": "STRING", "b": "BOOL", "d": "DATE", "dt": "DATETIME",
        "ts": "TIMESTAMP", "t": "TIME", "j": "JSON", "a": "ARRAY<STRING>", "st": "STRUCT<a INT64, b ARRAY<DATE>>",
    }  # fmt: skip
    row = [
        -3, 1.5, Decimal("-1.25"), "é", True, date(1969, 12, 31), datetime(2024, 5, 1, 10, 0, 0, 500000),
        datetime(1969, 12, 31, 23, 59, 59, 250000, tzinfo=UTC), time(23, 59, 58, 1), '{"a": 1}', ["x", None],
        [1, [date(2024, 2, 29)]],
    ]  # fmt: skip
    tables = {"raw.values": Table(columns, [row, [None] * len(row)])}
    found, rows = execute("SELECT * FROM raw.values AS v ORDER BY v.i IS NULL", tables)
    assert found == list(columns.items())
    assert rows[0] == row
    assert rows[1] == [None] * len(row)


def test_two_datasets_may_have_tables_of_one_name():
    tables = {
        "analytics.accounts": Table(ACCOUNTS, [["a", 3]]),
        "raw.accounts": Table({"seats": "INT64"}, [[3], [3]]),
    }
    sql = "SELECT COUNT(*) AS n FROM analytics.accounts JOIN raw.accounts AS r ON r.seats = accounts.seats"
    assert execute(sql, tables)[1] == [[2]]


def test_parameters_are_bound():
    parameters = [
        Parameter("keys", "ARRAY<STRING>", []),
        Parameter("since", "TIMESTAMP", "2024-01-01T00:00:00Z"),
        Parameter("never", "DATE", None),
    ]
    assert execute("SELECT ARRAY_LENGTH(@keys) AS n, @since AS since, @never AS never", None, parameters) == (
        [("n", "INT64"), ("since", "TIMESTAMP"), ("never", "DATE")],
        [[0, datetime(2024, 1, 1, tzinfo=UTC), None]],
    )


@pytest.mark.parametrize(
    ("sql", "part"),
    [
        ("SELECT seat FROM analytics.accounts", "Did you mean seats"),
        ("SELECT 1 / 0 AS x", "division by zero"),
        ("DROP TABLE analytics.accounts", "only queries"),
        ("SELECT @nothing AS x", "parameter"),
    ],
)
def test_mistakes_are_told_in_googles_words(sql, part):
    with pytest.raises(OracleError, match=part):
        execute(sql, {"analytics.accounts": Table(ACCOUNTS)})
