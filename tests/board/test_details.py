"""The dialog behind a tile: definition, SQL with its parameters, table, file."""

from __future__ import annotations

from datetime import UTC, datetime

import pyarrow as pa
import pytest

from lib.access import NotSignedIn
from lib.board import results
from lib.board.address import read
from lib.board.details import definition_rows, parameter_rows
from lib.board.table import shown_table
from lib.board.visit import Visit, ask, compile_tile
from lib.filters import Context
from lib.looks import catalogue

NOW = datetime(2025, 11, 19, tzinfo=UTC)
CONTEXT = Context(now=NOW, zone="UTC")


@pytest.fixture
def visit(warehouse, session) -> Visit:
    defaults = {"account_name": "", "date": "3 months", "products": "Cody"}
    address = read(defaults, catalogue().filters, CONTEXT, [("account_name", "Databricks,Data%")])
    return Visit("company_metrics", "maya", address, NOW, CONTEXT, catalogue(), results.freshness("maya"))


def test_a_definition_names_grain_units_filters_sources_and_both_ages(visit):
    compiled = compile_tile(visit, catalogue().looks["company_metrics/monthly_users_by_instance_type"])
    outcome = ask(visit, compiled)
    rows = definition_rows(visit, compiled, outcome)
    assert rows["One row"] == "one row a month and instance type"
    assert rows["Units"] == r"Monthly users\: users"
    assert rows["Filters used"] == "Account name, Date"
    assert rows["Filters not used"] == "Products purchased"
    assert r"Pings, through Tue 18 Nov 2025, loaded 06\:10 UTC, loaded every day" in rows["Sources"]
    assert f"{outcome.asked_at:%H:%M} UTC" in rows["Asked"]
    assert rows["Old number"] == "Looker look 1519"


def test_sql_is_shown_as_it_ran_with_every_bound_value(visit, warehouse):
    compiled = compile_tile(visit, catalogue().looks["company_metrics/dau_mau"])
    ask(visit, compiled)
    assert compiled.query.sql == warehouse.asked[-1].sql
    shown = parameter_rows(compiled.query.parameters)
    assert len(shown["Parameter"]) == len(warehouse.asked[-1].parameters) == 4
    assert all(name.strip("`") in compiled.query.sql for name in shown["Parameter"])
    assert any("databricks" in value for value in shown["Value"])


def test_a_table_shows_percents_times_a_hundred_and_missing_values_as_missing(visit):
    look = catalogue().looks["company_metrics/dau_mau"]
    table = pa.table({"month": [NOW.date()], "dau_mau": [0.343], "customers": pa.array([None], pa.float64())})
    assert shown_table(look, table).column("dau_mau")[0].as_py() == pytest.approx(34.3)
    assert shown_table(look, table).column("customers")[0].as_py() is None


def test_a_file_made_after_the_session_ended_holds_nothing(visit, session):
    compiled = compile_tile(visit, catalogue().looks["company_metrics/dau_mau"])
    ask(visit, compiled)
    session.valid = False
    with pytest.raises(NotSignedIn):
        ask(visit, compiled, ".csv")
