"""Which raw columns a query needs: for its rows and for each of its columns."""

from __future__ import annotations

import pytest
import sqlglot

from lib.warehouse.lineage import Lineage, LineageUnknown, raw_lineage, trace

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
