"""SQL files: the text as it ran, and parameters that cannot leave their comment."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import sqlglot
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.board.downloads.sql_file import sql_bytes
from lib.warehouse.query import Parameter, Query
from tests.board.downloads.shapes import ABOUT

SQL = "SELECT 1\nFROM analytics.accounts\nWHERE name = @name AND day >= @day"


def test_the_query_stands_as_it_ran_beneath_its_parameters():
    query = Query(SQL, (Parameter("name", "STRING", "Büro"), Parameter("day", "DATE", date(2025, 1, 1))))
    text = sql_bytes(query, ABOUT).decode()
    assert text.endswith(f"\n{SQL}\n")
    assert '-- @name STRING = "Büro"\n-- @day DATE = "2025-01-01"\n' in text


@settings(deadline=None)
@given(st.text(), st.text())
def test_no_value_and_no_title_ends_its_comment(value: str, title: str):
    value, title = (text.encode("utf-8", "ignore").decode() for text in (value, title))
    query = Query(SQL, (Parameter("names", "ARRAY<STRING>", [value, None]),))
    text = sql_bytes(query, replace(ABOUT, title=title)).decode()
    assert sqlglot.parse_one(text, read="bigquery").sql("bigquery", comments=False) == sqlglot.parse_one(
        SQL, read="bigquery"
    ).sql("bigquery")
    above = text.removesuffix(f"{SQL}\n")
    assert all(line.startswith("-- ") for line in above.splitlines())
