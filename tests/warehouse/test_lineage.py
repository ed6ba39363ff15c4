"""Which raw columns a query needs: for its rows and for each of its columns."""

from __future__ import annotations

import pytest
import sqlglot

from lib.warehouse.lineage import Lineage, LineageUnknown, find_kinds, raw_lineage, trace

RAW = {
    "raw.pings": ["site", "at", "users", "payload", "tags"],
    "raw.map": ["site", "account"],
    "raw.events": ["at", "user"],
}


def lineage(sql: str) -> Lineage:
    return trace(sqlglot.parse_one(sql, read="bigquery"), lambda table: raw_lineage(table, RAW[table]))  # type: ignore[arg-type]


def short(names: frozenset[str]) -> str:
    return " ".join(sorted(name.removeprefix("raw.") for name in names if not name.endswith(".*")))


@pytest.mark.parametrize(
    ("sql", "rows", "columns"),
    [
        ("SELECT site FROM raw.pings", "", {"site": "pings.site"}),
        ("SELECT users + 1 AS more, 1 AS one FROM raw.pings", "", {"more": "pings.users", "one": ""}),
        ("SELECT p.Site FROM raw.pings AS p WHERE at > ''", "pings.at", {"site": "pings.site"}),
        ("SELECT MAX(users) AS u FROM raw.pings GROUP BY site", "pings.site", {"u": "pings.users"}),
        ("SELECT LOWER(site) AS s FROM raw.pings GROUP BY s", "pings.site", {"s": "pings.site"}),
        (
            "SELECT site FROM raw.pings GROUP BY site HAVING SUM(users) > 1",
            "pings.site pings.users",
            {"site": "pings.site"},
        ),
        ("SELECT DISTINCT site, at FROM raw.pings", "pings.at pings.site", {"site": "pings.site", "at": "pings.at"}),
        (
            "SELECT site FROM raw.pings QUALIFY ROW_NUMBER() OVER (PARTITION BY at ORDER BY users) = 1",
            "pings.at pings.users",
            {"site": "pings.site"},
        ),
        ("SELECT site FROM raw.pings ORDER BY users", "", {"site": "pings.site"}),
        ("SELECT site FROM raw.pings ORDER BY users LIMIT 1", "pings.users", {"site": "pings.site"}),
        (
            "SELECT p.users, m.account FROM raw.pings AS p INNER JOIN raw.map AS m ON p.site = m.site",
            "map.site pings.site",
            {"users": "pings.users", "account": "map.account"},
        ),
        (
            "SELECT p.users, m.account FROM raw.pings AS p LEFT JOIN raw.map AS m ON p.site = m.site",
            "",
            {"users": "pings.users", "account": "map.account map.site pings.site"},
        ),
        (
            "SELECT COUNT(*) AS n FROM raw.pings AS p LEFT JOIN raw.map AS m USING (site)",
            "",
            {"n": "map.site pings.site"},
        ),
        (
            "SELECT COALESCE(p.site, m.site) AS site, COALESCE(m.account, p.users) AS x FROM raw.pings AS p "
            "FULL JOIN raw.map AS m ON p.site = m.site",
            "",
            {"site": "pings.site", "x": "map.account map.site pings.site pings.users"},
        ),
        (
            "SELECT users FROM raw.pings WHERE site NOT IN (SELECT site FROM raw.map WHERE account IS NOT NULL)",
            "map.account map.site pings.site",
            {"users": "pings.users"},
        ),
        (
            "SELECT (SELECT MAX(m.account) FROM raw.map AS m WHERE m.site = p.site) AS a FROM raw.pings AS p",
            "",
            {"a": "map.account map.site pings.site"},
        ),
        (
            "WITH days AS (SELECT site, DATE(at) AS day, users FROM raw.pings WHERE payload IS NULL), "
            "sums AS (SELECT day, SUM(users) AS users FROM days GROUP BY day) SELECT users FROM sums",
            "pings.at pings.payload",
            {"users": "pings.users"},
        ),
        (
            "SELECT site, tag FROM raw.pings CROSS JOIN UNNEST(tags) AS tag",
            "pings.tags",
            {"site": "pings.site", "tag": "pings.tags"},
        ),
        (
            "SELECT (SELECT MAX(e.n) FROM UNNEST(p.tags) AS e) AS top FROM raw.pings AS p",
            "",
            {"top": "pings.tags"},
        ),
        ("SELECT payload.deep.er AS x FROM raw.pings", "", {"x": "pings.payload"}),
        ("SELECT * FROM raw.map", "", {"site": "map.site", "account": "map.account"}),
        ("SELECT site AS x FROM raw.pings UNION ALL SELECT account FROM raw.map", "", {"x": "map.account pings.site"}),
        (
            "SELECT site AS x FROM raw.pings UNION DISTINCT SELECT account FROM raw.map",
            "map.account pings.site",
            {"x": "map.account pings.site"},
        ),
        (
            "SELECT MAX(d) AS d "
            "FROM (SELECT MAX(at) AS d FROM raw.pings UNION ALL SELECT MAX(at) AS d FROM raw.events)",
            "",
            {"d": ""},
        ),
        (
            "SELECT LAST_VALUE(users) OVER w AS x FROM raw.pings WINDOW w AS (PARTITION BY site ORDER BY at)",
            "pings.at pings.site",
            {"x": "pings.users"},
        ),
        (
            "WITH RECURSIVE r AS (SELECT site, users FROM raw.pings "
            "UNION ALL SELECT site, users - 1 FROM r WHERE users > 0) SELECT site FROM r",
            "pings.users",
            {"site": "pings.site"},
        ),
    ],
)
def test_rows_and_columns_need_raw_columns(sql: str, rows: str, columns: dict[str, str]) -> None:
    found = lineage(sql)
    assert short(found.rows) == rows
    assert {name: short(names) for name, names in found.columns.items()} == columns


BOTH = "SELECT site, 'Customer' IN UNNEST(tags) AS paying, users AS n, 2 AS level FROM raw.pings"
OWN = "SELECT 'own' AS site, CAST(NULL AS BOOL) AS paying, COUNT(user) AS n, 0 AS level FROM raw.events"


def test_a_kind_of_rows_is_a_branch_with_constants_and_tables_of_its_own() -> None:
    union = sqlglot.parse_one(f"{BOTH} UNION ALL {OWN}", read="bigquery")
    found = find_kinds(union, lambda table: raw_lineage(table, RAW[table]))  # type: ignore[arg-type]
    assert found == {
        "raw.pings": {"level": 2},
        "raw.events": {"site": "own", "paying": None, "level": 0},
    }
    same = sqlglot.parse_one("SELECT 1 AS x FROM raw.map UNION ALL SELECT 2 AS x FROM raw.map", read="bigquery")
    assert find_kinds(same, lambda table: raw_lineage(table, RAW[table])) == {}  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("condition", "left_out"),
    [
        ("TRUE", False),
        ("site = 'own'", False),
        ("site = 'acme'", True),
        ("'acme' = site", True),
        ("site != 'own'", True),
        ("NOT site = 'own'", True),
        ("site = @one", True),
        ("site = @never_given", False),
        ("site IN ('a', 'b')", True),
        ("site IN ('a', 'own')", False),
        ("site NOT IN ('a', 'own')", True),
        ("site IN UNNEST(@several)", True),
        ("site IN UNNEST(@never_given)", False),
        ("site IN (SELECT site FROM raw.map)", False),
        ("paying", False),
        ("paying IS NOT NULL", True),
        ("paying IS NULL", False),
        ("paying IN (TRUE)", False),
        ("level > 0", True),
        ("level >= 0", False),
        ("level = '0'", False),
        ("n > 3", False),
        ("n > 3 AND (n < 5 AND site = 'acme')", True),
        ("n > 3 OR site = 'acme'", False),
        ("(level = 1 OR site = 'acme')", True),
        ("NOT (n > 3 AND site = 'acme')", False),
        ("NOT (paying IS NULL AND n > 3)", False),
        ("site IS NULL OR NOT (site IN UNNEST(@several))", False),
        ("u.site = 'acme'", True),
        ("LOWER(site) = 'acme'", False),
    ],
)
def test_a_table_is_not_needed_where_a_condition_leaves_its_kind_of_rows_out(condition: str, left_out: bool) -> None:
    union = Lineage(frozenset({"raw.events.at", "raw.pings.at"}), {"n": frozenset({"raw.events.user"})})
    columns = {name: union.columns.get(name, frozenset()) for name in ("site", "paying", "n", "level")}
    kinds = {"raw.events": {"site": "own", "paying": None, "level": 0}}
    tree = sqlglot.parse_one(f"SELECT n FROM raw.all AS u WHERE {condition}", read="bigquery")
    table = {"raw.all": Lineage(union.rows, columns), "raw.map": raw_lineage("raw.map", RAW["raw.map"])}
    needed = trace(tree, table.__getitem__, kinds, {"one": "acme", "several": ("acme", "b")}).all  # type: ignore[arg-type]
    assert (not any(name.startswith("raw.events") for name in needed)) == left_out
    assert "raw.pings.at" in needed


def test_a_kind_that_comes_by_another_way_is_needed_all_the_same() -> None:
    tables = {
        "raw.all": Lineage(frozenset({"raw.events.at"}), {"site": frozenset()}),
        "raw.events": raw_lineage("raw.events", RAW["raw.events"]),
    }
    sql = "SELECT a.site FROM raw.all AS a CROSS JOIN raw.events AS e WHERE a.site = 'acme'"
    needed = trace(sqlglot.parse_one(sql, read="bigquery"), tables.__getitem__, {"raw.events": {"site": "own"}})  # type: ignore[arg-type]
    assert needed.all == {"raw.events.*"}


def test_the_rows_of_a_table_count_without_any_column() -> None:
    assert lineage("SELECT COUNT(*) AS n FROM raw.map").all == {"raw.map.*"}
    joined = lineage("SELECT p.users, m.account FROM raw.pings AS p LEFT JOIN raw.map AS m ON TRUE")
    assert "raw.map.*" not in joined.rows and "raw.map.*" in joined.columns["account"]


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT never FROM raw.pings",
        "SELECT m.users FROM raw.pings AS p CROSS JOIN raw.map AS m",
        "SELECT x FROM elsewhere",
    ],
)
def test_what_cannot_be_followed_is_said_and_not_guessed(sql: str) -> None:
    with pytest.raises(LineageUnknown):
        lineage(sql)
