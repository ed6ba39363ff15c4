"""The list of tables, and what a query reads by it."""

from __future__ import annotations

from pathlib import Path

import pytest

from lib.warehouse import QueryInvalid
from lib.warehouse import schema as schemas

LIST = """
analytics.months:
  columns: {month: DATE, users: INT64, tags: ARRAY<STRING>}
  sources: [raw.pings, raw.map]
analytics.names:
  columns: {name: STRING}
  sources: [raw.map]
raw.pings:
  columns: {site_id: STRING}
raw.map:
  columns: {site_id: STRING}
"""


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
