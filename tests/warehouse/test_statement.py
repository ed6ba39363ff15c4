"""What a statement reads."""

from __future__ import annotations

import pytest

from lib.warehouse import Parameter, QueryInvalid, QueryRefused
from lib.warehouse.statement import read_statement, require_parameters

TABLES = [
    ("SELECT 1 AS x", set()),
    ("SELECT x FROM a.b", {"a.b"}),
    ("SELECT x FROM `a.b`", {"a.b"}),
    ("SELECT x FROM `a`.`b` AS t", {"a.b"}),
    ("SELECT x FROM a.b, a.c AS d JOIN e.f USING (x)", {"a.b", "a.c", "e.f"}),
    ("WITH a AS (SELECT x FROM d.t) SELECT x FROM a UNION ALL SELECT x FROM A", {"d.t"}),
    ("SELECT (SELECT MAX(y) FROM a.b) AS x", {"a.b"}),
    ("SELECT x FROM a.b WHERE x IN (SELECT y FROM a.c)", {"a.b", "a.c"}),
    ("SELECT e FROM a.b AS t, UNNEST(t.list) AS e", {"a.b"}),
    ("(SELECT 1 AS x) UNION ALL (SELECT x FROM a.b)", {"a.b"}),
    ("SELECT 1 AS x;", set()),
    ("-- a comment\nSELECT 'a.b' AS x", set()),
]


@pytest.mark.parametrize(("sql", "tables"), TABLES)
def test_tables_are_found_wherever_they_stand(sql: str, tables: set[str]) -> None:
    assert read_statement(sql).tables == tables


def test_parameters_are_found_wherever_they_stand() -> None:
    sql = "SELECT @a AS x FROM a.b WHERE y = @b AND z IN UNNEST(@c) LIMIT @d"
    assert read_statement(sql).parameters == {"a", "b", "c", "d"}


@pytest.mark.parametrize("sql", ["", ";", "SELECT", "x", "SELECT 1; SELECT 2", "SELECT x FROM", "SELECT x FROM t", "'"])
def test_text_that_is_no_single_query_is_invalid(sql: str) -> None:
    with pytest.raises(QueryInvalid):
        read_statement(sql)


@pytest.mark.parametrize(
    ("sql", "construct"),
    [
        ("DELETE FROM a.b WHERE TRUE", "DELETE"),
        ("CREATE TEMP TABLE x AS SELECT 1 AS x", "CREATE"),
        ("DROP TABLE a.b", "DROP"),
        ("SET x = 1", "SET"),
        ("SELECT x FROM read_csv('/etc/passwd')", "table function"),
        ("SELECT x FROM a.INFORMATION_SCHEMA.TABLES", "INFORMATION_SCHEMA"),
        ("SELECT x FROM INFORMATION_SCHEMA.SCHEMATA", "INFORMATION_SCHEMA"),
        ("SELECT x FROM p.a.b", "project name"),
        ("SELECT x FROM `my-project.a.b`", "project name"),
    ],
)
def test_what_reads_elsewhere_or_writes_is_refused_by_name(sql: str, construct: str) -> None:
    with pytest.raises(QueryRefused) as refused:
        read_statement(sql)
    assert refused.value.construct == construct


def test_a_parameter_without_a_value_is_invalid() -> None:
    statement = read_statement("SELECT @a AS x, @b AS y")
    require_parameters(
        statement, [Parameter("a", "INT64", 1), Parameter("b", "ARRAY<DATE>", []), Parameter("c", "DATE", None)]
    )
    with pytest.raises(QueryInvalid, match="@b"):
        require_parameters(statement, [Parameter("a", "INT64", 1)])
    with pytest.raises(QueryInvalid, match="@b"):
        require_parameters(statement, [Parameter("a", "INT64", 1), Parameter("b", "WHATEVER", 1)])
