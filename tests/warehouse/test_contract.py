"""The contract of both engines: the same queries, the same Arrow, the same errors."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time
from decimal import Decimal

import pyarrow as pa
import pytest

from lib.warehouse import (
    Cancellation,
    Parameter,
    Query,
    QueryCancelled,
    QueryInvalid,
    QueryRefused,
    QueryTimedOut,
    WarehouseError,
    WarehouseUnavailable,
)
from lib.warehouse.columns import arrow_type
from lib.warehouse.freshness import COLUMNS
from lib.warehouse.query import MAX_ROWS
from tests.warehouse.conftest import TABLES, Engine, make_warehouse
from tests.warehouse.double import Answer

NOON = datetime(2024, 5, 15, 12, 30, 0, 250_000, tzinfo=UTC)

# What, SQL, parameters, columns, rows.
CASES = [
    ("whole numbers", "SELECT 7 AS n, CAST(NULL AS INT64) AS m", (), [("n", "INT64"), ("m", "INT64")], [[7, None]]),
    ("large numbers", "SELECT 9223372036854775807 AS n", (), [("n", "INT64")], [[9223372036854775807]]),
    (
        "sums of whole numbers",
        "SELECT SUM(users) AS s, COUNT(*) AS c FROM analytics.days",
        (),
        [("s", "INT64"), ("c", "INT64")],
        [[8, 3]],
    ),
    (
        "floats",
        "SELECT 0.5 AS f, AVG(users) AS a FROM analytics.days",
        (),
        [("f", "FLOAT64"), ("a", "FLOAT64")],
        [[0.5, 4.0]],
    ),
    ("decimals", "SELECT NUMERIC '1.25' AS d", (), [("d", "NUMERIC")], [[Decimal("1.250000000")]]),
    ("yes and no", "SELECT TRUE AS y, FALSE AS n", (), [("y", "BOOL"), ("n", "BOOL")], [[True, False]]),
    ("texts", "SELECT 'Zürich, \"x\"' AS t, '' AS e", (), [("t", "STRING"), ("e", "STRING")], [['Zürich, "x"', ""]]),
    ("bytes", "SELECT b'ab' AS b", (), [("b", "BYTES")], [[b"ab"]]),
    ("dates", "SELECT DATE '2024-02-29' AS d", (), [("d", "DATE")], [[date(2024, 2, 29)]]),
    ("times of day", "SELECT TIME '10:30:00' AS t", (), [("t", "TIME")], [[time(10, 30)]]),
    (
        "wall clocks",
        "SELECT DATETIME '2024-05-15 12:30:00' AS t",
        (),
        [("t", "DATETIME")],
        [[datetime(2024, 5, 15, 12, 30)]],
    ),
    (
        "instants in UTC",
        "SELECT TIMESTAMP '2024-05-15 14:30:00.25+02:00' AS t",
        (),
        [("t", "TIMESTAMP")],
        [[NOON]],
    ),
    (
        "arrays",
        "SELECT [1, 2] AS a, ['x'] AS b",
        (),
        [("a", "ARRAY<INT64>"), ("b", "ARRAY<STRING>")],
        [[[1, 2], ["x"]]],
    ),
    ("empty arrays", "SELECT ARRAY<STRING>[] AS a", (), [("a", "ARRAY<STRING>")], [[[]]]),
    (
        "structs in arrays",
        "SELECT [STRUCT(1 AS k, 'v' AS v)] AS a",
        (),
        [("a", "ARRAY<STRUCT<k INT64, v STRING>>")],
        [[[{"k": 1, "v": "v"}]]],
    ),
    (
        "parameters of every type",
        "SELECT @s AS s, @i AS i, @f AS f, @b AS b, @d AS d, @t AS t, @n AS n",
        (
            Parameter("s", "STRING", "o'x"),
            Parameter("i", "INT64", 5),
            Parameter("f", "FLOAT64", 1.5),
            Parameter("b", "BOOL", True),
            Parameter("d", "DATE", date(2024, 2, 29)),
            Parameter("t", "TIMESTAMP", NOON),
            Parameter("n", "NUMERIC", Decimal("1.5")),
        ),
        [
            ("s", "STRING"),
            ("i", "INT64"),
            ("f", "FLOAT64"),
            ("b", "BOOL"),
            ("d", "DATE"),
            ("t", "TIMESTAMP"),
            ("n", "NUMERIC"),
        ],
        [["o'x", 5, 1.5, True, date(2024, 2, 29), NOON, Decimal("1.500000000")]],
    ),
    (
        "missing parameters",
        "SELECT @a IS NULL AS a, @b AS b",
        (Parameter("a", "DATE", None), Parameter("b", "TIMESTAMP", None)),
        [("a", "BOOL"), ("b", "TIMESTAMP")],
        [[True, None]],
    ),
    (
        "an empty list",
        "SELECT COUNT(*) AS n FROM analytics.days WHERE ARRAY_LENGTH(@sites) = 0 OR site_id IN UNNEST(@sites)",
        (Parameter("sites", "ARRAY<STRING>", []),),
        [("n", "INT64")],
        [[3]],
    ),
    (
        "a list that is not given",
        "SELECT COUNT(*) AS n FROM analytics.days WHERE ARRAY_LENGTH(@sites) = 0",
        (Parameter("sites", "ARRAY<STRING>", None),),
        [("n", "INT64")],
        [[3]],
    ),
    (
        "a list",
        "SELECT day, users FROM analytics.days WHERE site_id IN UNNEST(@sites) ORDER BY day",
        (Parameter("sites", "ARRAY<STRING>", ["a", "z"]),),
        [("day", "DATE"), ("users", "INT64")],
        [[date(2024, 5, 13), 3], [date(2024, 5, 14), 5]],
    ),
    (
        "no rows",
        "SELECT day, users, [users] AS l FROM analytics.days WHERE FALSE",
        (),
        [("day", "DATE"), ("users", "INT64"), ("l", "ARRAY<INT64>")],
        [],
    ),
]


def schema_of(columns: list[tuple[str, str]]) -> list[tuple[str, pa.DataType]]:
    return [(name, arrow_type(kind)) for name, kind in columns]


@pytest.mark.parametrize("declared", [True, False], ids=["declared", "inferred"])
@pytest.mark.parametrize(("sql", "parameters", "columns", "rows"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_both_engines_give_equal_arrow(engine: Engine, sql, parameters, columns, rows, declared) -> None:
    engine.answers_with(columns, rows, sql)
    result = engine.warehouse.run(Query(sql, parameters, columns=tuple(columns) if declared else ()))
    assert list(result.columns) == columns
    assert [(f.name, f.type) for f in result.table.schema] == schema_of(columns)
    assert [list(row.values()) for row in result.table.to_pylist()] == rows


def test_values_are_cast_to_the_declared_types(engine: Engine) -> None:
    sql = "SELECT 1 AS n, '2024-05-13' AS d, 2 AS f"
    engine.answers_with([("n", "INT64"), ("d", "STRING"), ("f", "INT64")], [[1, "2024-05-13", 2]], sql)
    result = engine.warehouse.run(Query(sql, columns=(("n", "NUMERIC"), ("d", "DATE"), ("f", "FLOAT64"))))
    assert result.table.to_pylist() == [{"n": Decimal(1), "d": date(2024, 5, 13), "f": 2.0}]


def test_columns_come_in_the_declared_order(engine: Engine) -> None:
    sql = "SELECT 1 AS b, 2 AS a"
    engine.answers_with([("b", "INT64"), ("a", "INT64")], [[1, 2]], sql)
    result = engine.warehouse.run(Query(sql, columns=(("a", "INT64"), ("b", "INT64"))))
    assert result.table.to_pylist() == [{"a": 2, "b": 1}]


@pytest.mark.parametrize("columns", [(("x", "INT64"), ("y", "INT64")), (("z", "INT64"),), (("x", "DATE"),)])
def test_a_result_unlike_its_declaration_is_invalid(engine: Engine, columns) -> None:
    sql = "SELECT 'text' AS x"
    engine.answers_with([("x", "STRING")], [["text"]], sql)
    with pytest.raises(QueryInvalid):
        engine.warehouse.run(Query(sql, columns=columns))


def test_rows_beyond_the_limit_are_left_out_and_the_result_says_so(engine: Engine) -> None:
    sql = "SELECT x FROM UNNEST(GENERATE_ARRAY(1, 50)) AS x ORDER BY x"
    engine.answers_with([("x", "INT64")], [[n] for n in range(1, 51)], sql)
    cut = engine.warehouse.run(Query(sql, row_limit=7))
    assert (cut.table.column("x").to_pylist(), cut.cut) == ([1, 2, 3, 4, 5, 6, 7], True)
    whole = engine.warehouse.run(Query(sql, row_limit=50))
    assert (whole.table.num_rows, whole.cut) == (50, False)


def test_many_pages_of_rows_come_whole_and_in_order(engine: Engine) -> None:
    sql = "SELECT x FROM UNNEST(GENERATE_ARRAY(1, 2500)) AS x ORDER BY x"
    engine.answers_with([("x", "INT64")], [[n] for n in range(1, 2501)], sql, page_size=1000)
    assert engine.warehouse.run(Query(sql)).table.column("x").to_pylist() == list(range(1, 2501))


@pytest.mark.parametrize(
    "sql",
    ["SELECT", "SELEC 1", "SELECT 1; SELECT 2", "", "SELECT x FROM (", "SELECT @missing AS x", "SELECT 1 FROM nowhere"],
)
def test_text_that_is_no_query_is_invalid(engine: Engine, sql: str) -> None:
    with pytest.raises(QueryInvalid):
        engine.warehouse.run(Query(sql))


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM analytics.days WHERE TRUE",
        "INSERT INTO analytics.days (site_id) VALUES ('x')",
        "UPDATE analytics.days SET users = 0 WHERE TRUE",
        "CREATE TABLE analytics.copy AS SELECT 1 AS x",
        "DROP TABLE analytics.days",
        "SELECT * FROM analytics.INFORMATION_SCHEMA.TABLES",
        "SELECT * FROM `other-project.analytics.days`",
        "EXPORT DATA OPTIONS(uri='gs://x/*') AS SELECT 1",
    ],
)
def test_whatever_reads_or_writes_elsewhere_is_refused(engine: Engine, sql: str) -> None:
    with pytest.raises(QueryRefused) as refused:
        engine.warehouse.run(Query(sql))
    assert refused.value.construct


def test_sql_that_the_engine_does_not_understand_is_invalid_and_its_words_stay_in_the_detail(engine: Engine) -> None:
    sql = "SELECT nope_at_all FROM analytics.days"
    engine.answers_with([], [], sql, error="invalidQuery", message="Unrecognized name: nope_at_all")
    with pytest.raises(QueryInvalid) as invalid:
        engine.warehouse.run(Query(sql))
    assert "nope_at_all" in invalid.value.detail
    assert "nope_at_all" not in str(invalid.value)


def test_a_table_that_is_not_there_is_invalid(engine: Engine) -> None:
    sql = "SELECT 1 AS x FROM analytics.never"
    engine.answers_with([], [], sql, error="notFound", message="Not found: Table acme:analytics.never")
    with pytest.raises(QueryInvalid, match=r"in the warehouse"):
        engine.warehouse.run(Query(sql))


def test_more_rows_than_one_result_may_have_are_refused(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    module = "lib.warehouse.bigquery" if engine.double else "lib.warehouse.duckdb"
    monkeypatch.setattr(f"{module}.MAX_ROWS", 20)
    sql = "SELECT x FROM UNNEST(GENERATE_ARRAY(1, 21)) AS x"
    engine.answers_with([("x", "INT64")], [[n] for n in range(21)], sql)
    with pytest.raises(QueryRefused, match=f"{MAX_ROWS:,}"):
        engine.warehouse.run(Query(sql))


def test_a_query_is_stopped_at_its_deadline(engine: Engine) -> None:
    with pytest.raises(QueryTimedOut, match=r"0\.2 seconds"):
        engine.warehouse.run(engine.slow_query(deadline_s=0.2))
    answers_again(engine)


def test_a_query_that_nobody_wants_is_stopped(engine: Engine) -> None:
    query, cancellation = engine.slow_query(), Cancellation()
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(engine.warehouse.run, query, cancellation)
        if engine.double:
            assert engine.double.wait_for("insert")
        cancellation.cancel()
        with pytest.raises(QueryCancelled):
            running.result(10)
    answers_again(engine)


def test_a_query_cancelled_before_it_begins_does_not_run(engine: Engine) -> None:
    cancellation = Cancellation()
    cancellation.cancel()
    with pytest.raises(QueryCancelled):
        engine.warehouse.run(engine.slow_query(), cancellation)


def test_a_warehouse_that_is_gone_is_unavailable(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lib.warehouse.bigquery.RETRY_SECONDS", 0.3)
    engine.vanish()
    with pytest.raises(WarehouseUnavailable) as gone:
        engine.warehouse.run(Query("SELECT COUNT(*) AS x FROM analytics.days"))
    assert str(gone.value).endswith(".") or "make warehouse" in str(gone.value)


def test_many_threads_get_each_their_own_rows(engine: Engine) -> None:
    if engine.double:
        for number in range(24):
            engine.double.answer(Answer(match=f"SELECT {number} AS x ", rows=[[number]]))
    start = threading.Barrier(8)

    def ask(number: int) -> int:
        if number < 8:
            start.wait(10)
        return engine.warehouse.run(Query(f"SELECT {number} AS x FROM analytics.names")).table.column("x")[0].as_py()

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(ask, range(24))) == list(range(24))


def test_a_stopped_query_does_not_stop_another(engine: Engine) -> None:
    slow, sql = engine.slow_query(deadline_s=0.3), "SELECT 5 AS x FROM analytics.names"
    engine.answers_with([("x", "INT64")], [[5]], sql)
    with ThreadPoolExecutor(2) as pool:
        stopped = pool.submit(engine.warehouse.run, slow)
        while not stopped.done():
            assert engine.warehouse.run(Query(sql)).table.num_rows == 1
        assert isinstance(stopped.exception(), QueryTimedOut)


def test_freshness_comes_by_source_in_utc(engine: Engine) -> None:
    script_freshness(engine)
    known = engine.warehouse.freshness()
    assert known["analytics.days"].grows
    assert known["analytics.days"].data_through == datetime(2024, 5, 15, tzinfo=UTC)
    names = known["analytics.names"]
    assert names.data_through == datetime(2024, 5, 10, 3, tzinfo=UTC)
    assert (names.edited_at, names.edited_by) == (datetime(2024, 5, 9, tzinfo=UTC), "Eve")
    assert known["analytics.days"].edited_at is None


def test_a_table_that_was_built_before_edits_were_told_tells_the_rest(engine: Engine) -> None:
    earlier = [["analytics.days", True, *[datetime(2024, 5, 15, tzinfo=UTC)] * 3]]
    engine.answers_with(COLUMNS[:5], earlier, "FROM analytics.freshness")
    if engine.double:
        engine.double.answer(Answer(match="edited_by", error="invalidQuery", message="Unrecognized name: edited_by"))
    else:
        make_warehouse(engine.folder, "two", TABLES + "ALTER TABLE analytics.freshness DROP edited_by;")
    known = engine.warehouse.freshness()
    assert known["analytics.days"].grows
    assert known["analytics.days"].edited_by is None


def test_a_result_says_up_to_when_its_growing_sources_reach(engine: Engine) -> None:
    script_freshness(engine)
    run = engine.warehouse.run
    assert run(Query("SELECT COUNT(*) AS x FROM analytics.days")).data_through == datetime(2024, 5, 15, tzinfo=UTC)
    assert run(Query("SELECT COUNT(*) AS x FROM analytics.names")).data_through is None
    assert run(Query("SELECT 1 AS x")).data_through is None


@pytest.mark.parametrize(
    "query",
    [
        Query("SELECT 1 AS x", columns=(("x", "NO_SUCH_TYPE"),)),
        Query("SELECT @p AS x", (Parameter("p", "INT64", "not a number"),)),
        Query("SELECT @p AS x", (Parameter("p", "ARRAY<INT64>", ["x"]),)),
        Query("SELECT @p AS x", (Parameter("p", "NO_SUCH_TYPE", 1),)),
        Query("SELECT @p AS x", (Parameter("p", "DATE", object()),)),
        Query("SELECT " + "(" * 5000 + "1" + ")" * 5000),
    ],
    ids=["type", "number", "list", "parameter type", "value", "depth"],
)
def test_nothing_but_the_named_errors_comes_out(engine: Engine, query: Query) -> None:
    if engine.double:
        engine.double.answer(Answer(match="@p", error="invalid", message="Invalid value"))
    with pytest.raises(WarehouseError):
        engine.warehouse.run(query)


def script_freshness(engine: Engine) -> None:
    rows = [
        [
            "analytics.days",
            True,
            datetime(2024, 5, 15, 3, tzinfo=UTC),
            datetime(2023, 5, 15, tzinfo=UTC),
            datetime(2024, 5, 15, tzinfo=UTC),
            None,
            None,
        ],
        [
            "analytics.names",
            False,
            datetime(2024, 5, 10, 3, tzinfo=UTC),
            None,
            None,
            datetime(2024, 5, 9, tzinfo=UTC),
            "Eve",
        ],
    ]
    engine.answers_with(COLUMNS, rows, "FROM analytics.freshness")


def answers_again(engine: Engine) -> None:
    sql = "SELECT 11 AS x FROM analytics.names"
    engine.answers_with([("x", "INT64")], [[11]], sql)
    assert engine.warehouse.run(Query(sql)).table.to_pylist() == [{"x": 11}]
