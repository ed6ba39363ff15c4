"""The list of tables, and what a query reads by it."""

from __future__ import annotations

from pathlib import Path

import pytest

from lib.settings import Settings
from lib.warehouse import QueryInvalid
from lib.warehouse import schema as schemas
from tests.looks.asking import raw_tables

LIST = """
analytics.months:
  columns: {month: DATE, users: INT64, tags: ARRAY<STRING>}
  sources: [raw.pings, raw.map]
  needs: [raw.pings.at]
  raw_columns: {users: [raw.pings.users], tags: [raw.map.tags, raw.map.site_id]}
analytics.names:
  columns: {name: STRING}
  sources: [raw.map]
raw.pings:
  columns: {site_id: STRING}
raw.map:
  columns: {site_id: STRING}
"""

KIND = schemas.read_schema()["analytics.instance_days"].kinds["dotcom_events.events"]
OF_INSTANCES = [
    name
    for name, table in schemas.read_schema().items()
    if name.startswith("analytics.") and {"site_id", "account_type"} <= set(table.columns)
]


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "schema.yaml"
    path.write_text(LIST, encoding="utf-8")
    monkeypatch.setattr(schemas, "SCHEMA_FILE", path)
    return path


def test_columns_come_in_order_with_their_types(file: Path) -> None:
    columns = schemas.table_columns("analytics.months")
    assert list(columns.items()) == [("month", "DATE"), ("users", "INT64"), ("tags", "ARRAY<STRING>")]
    with pytest.raises(KeyError):
        schemas.table_columns("analytics.never")


@pytest.mark.parametrize(
    ("sql", "sources"),
    [
        ("SELECT month FROM analytics.months", {"raw.pings", "raw.map"}),
        ("SELECT name FROM analytics.names", {"raw.map"}),
        ("SELECT site_id FROM raw.pings", {"raw.pings"}),
        ("SELECT x FROM elsewhere.unknown", {"elsewhere.unknown"}),
        ("WITH m AS (SELECT name FROM analytics.names) SELECT name FROM m", {"raw.map"}),
        ("SELECT n.name FROM raw.pings AS p JOIN analytics.names AS n ON p.site_id = n.name", {"raw.pings", "raw.map"}),
        ("SELECT 1 AS x", set()),
    ],
)
def test_a_query_comes_from_the_sources_of_its_tables(file: Path, sql: str, sources: set[str]) -> None:
    assert schemas.sources_of(sql) == sources


@pytest.mark.parametrize(
    ("sql", "columns"),
    [
        ("SELECT month FROM analytics.months", {"raw.pings.at"}),
        ("SELECT month, SUM(users) AS u FROM analytics.months GROUP BY month", {"raw.pings.at", "raw.pings.users"}),
        ("SELECT month FROM analytics.months WHERE users > 1", {"raw.pings.at", "raw.pings.users"}),
        (
            "SELECT month FROM analytics.months WHERE @filters AND 'x' IN UNNEST(tags)",
            {"raw.pings.at", "raw.map.tags", "raw.map.site_id"},
        ),
        ("WITH m AS (SELECT USERS AS n FROM analytics.months) SELECT n FROM m", {"raw.pings.at", "raw.pings.users"}),
        ("SELECT site_id FROM raw.pings", {"raw.pings.*", "raw.pings.site_id"}),
        ("SELECT x FROM elsewhere.unknown", {"elsewhere.unknown.*"}),
        ("SELECT 1 AS x", set()),
    ],
)
def test_a_query_needs_the_raw_columns_behind_its_rows_and_columns(file: Path, sql: str, columns: set[str]) -> None:
    assert schemas.raw_columns_of(sql) == columns


def test_a_query_that_cannot_be_followed_needs_all_behind_its_tables(file: Path) -> None:
    needed = schemas.raw_columns_of("SELECT wrong FROM analytics.months")
    assert needed == {"raw.pings.at", "raw.pings.users", "raw.map.tags", "raw.map.site_id"}


def test_what_a_query_needs_is_told_anew_when_the_list_changes(file: Path) -> None:
    sql = "SELECT users FROM analytics.months"
    assert "raw.pings.count" not in schemas.raw_columns_of(sql)
    file.write_text(LIST.replace("users: [raw.pings.users]", "users: [raw.pings.count]"), encoding="utf-8")
    assert schemas.raw_columns_of(sql) == {"raw.pings.at", "raw.pings.count"}


def test_a_changed_file_is_read_again(file: Path) -> None:
    assert "raw.new" not in schemas.read_schema()
    file.write_text(LIST + "raw.new:\n  columns: {x: INT64}\n", encoding="utf-8")
    assert schemas.table_columns("raw.new") == {"x": "INT64"}


@pytest.mark.parametrize("text", [None, "a: [", "- 1", "a.b: {sources: [x]}", "a.b: 1"])
def test_a_list_that_is_missing_or_broken_says_how_to_make_it(file: Path, text: str | None) -> None:
    file.unlink() if text is None else file.write_text(text, encoding="utf-8")
    with pytest.raises(schemas.SchemaMissing, match=r"python -m sql\.schema"):
        schemas.read_schema()


def test_tables_of_text_that_is_no_query_is_invalid() -> None:
    with pytest.raises(QueryInvalid):
        schemas.tables_of("SELEC 1")


def test_models_keep_what_all_rows_of_sourcegraph_com_have_in_common(demo_settings: Settings) -> None:
    """The kinds of rows that lineage leaves out."""
    assert OF_INSTANCES
    with raw_tables(demo_settings) as (warehouse, _):
        for table in OF_INSTANCES:
            known = {name: value for name, value in KIND.items() if name in schemas.table_columns(table)}
            other = " OR ".join(f"{name} IS DISTINCT FROM ?" for name in known)
            found = warehouse.execute(
                f"SELECT COUNT(*), COUNT(*) FILTER ({other}) FROM {table} WHERE site_id = ?",
                [*known.values(), KIND["site_id"]],
            ).fetchone()
            assert found is not None and found[1] == 0, table
            assert found[0] > 0 or table.startswith(("analytics.batch", "analytics.insight")), table
