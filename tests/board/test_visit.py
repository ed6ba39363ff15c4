"""What a page run tells its tiles: what was not delivered, what they do not follow, what is at hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlglot
from sqlglot import exp

from lib.board.address import read
from lib.board.visit import Visit, ask, at_hand, compile_tile, missing_sources, unreached
from lib.filters import Context
from lib.looks import catalogue
from lib.warehouse.folder import Origin
from lib.warehouse.lineage import trace
from lib.warehouse.query import WarehouseUnavailable
from lib.warehouse.schema import read_schema, sources_of
from tests.board.conftest import NOW

PINGS = "sourcegraph_analytics.update_checks"
FILTERS = {"account_name": "", "installer_email": "", "account_type": "", "date": "12 months"}
LOOKS = sorted(catalogue().looks)


def visit_of(origin: Origin, **filters: str) -> Visit:
    context = Context(now=NOW)
    address = read(FILTERS, catalogue().filters, context, list(filters.items()))
    return Visit("board", "maya", address, NOW, context, catalogue(), {}, origin)


def told(look: str, origin: Origin, **filters: str) -> bool:
    """Whether the tile says that what is gone was not delivered."""
    said = missing_sources(
        visit_of(origin, **filters), catalogue().looks[look if "/" in look else f"company_metrics/{look}"]
    )
    assert said in ([], ["Gone."])
    return bool(said)


def without(name: str) -> Origin:
    """An export without a table (`dataset.table`) or a column (`dataset.table.column`)."""
    gone = {name: "Gone."}
    return Origin("export", missing_columns=gone) if name.count(".") == 2 else Origin("export", missing=gone)


@pytest.mark.parametrize(
    ("look", "labels"),
    [
        ("batch_changes/changesets_by_state", ["Date"]),
        ("batch_changes/created", []),
        ("cody_pro/differences", []),
        ("single_instance/instance", []),
        ("single_instance/by_licence_key", []),
    ],
)
def test_a_look_that_has_a_date_of_its_own_or_none_to_have_needs_no_note(look, labels):
    found = unreached(visit_of(Origin("demo")), catalogue().looks[look])
    assert [chosen.definition.label for chosen in found] == labels


@pytest.mark.parametrize("look", LOOKS)
def test_every_look_can_be_followed_to_raw_columns(look):
    visit = visit_of(Origin("export"), account_name="Acme", installer_email="a@b.example", account_type="Customer")
    tree = sqlglot.parse_one(compile_tile(visit, catalogue().looks[look]).query.sql, read="bigquery")
    assert isinstance(tree, exp.Query)
    assert trace(tree, lambda table: read_schema()[table].lineage).all


@pytest.mark.parametrize("column", ["remote_site_id", "timestamp", "received_at"])
@pytest.mark.parametrize("look", [name for name in LOOKS if PINGS in sources_of(catalogue().looks[name].sql)])
def test_without_what_every_ping_needs_every_tile_over_pings_says_so(look, column):
    assert told(look, without(f"{PINGS}.{column}"))


@pytest.mark.parametrize(
    ("gone", "needing", "standing"),
    [
        (f"{PINGS}.cody_usage", [], ["monthly_users_by_instance_type", "dau_mau", "weekly_users", "customer_months"]),
        (f"{PINGS}.unique_users_today", ["dau_mau", "daily_users"], ["monthly_users", "weekly_active_users"]),
        (f"{PINGS}.site_activity", ["monthly_users", "dau_mau"], ["instances_by_deployment_type"]),
        (f"{PINGS}.remote_site_version", ["customers_by_version"], ["average_seat_consumption", "monthly_users"]),
        ("sourcegraph_analytics.licenses.seats", ["average_seat_consumption"], ["customers_by_version", "dau_mau"]),
        ("sourcegraph_analytics.releases", ["customers_by_version"], ["average_seat_consumption", "dau_mau"]),
        ("sourcegraph_analytics.releases.version", ["latest_version_share"], ["seat_consumption", "weekly_users"]),
        ("sourcegraph_analytics.licenses", ["average_seat_consumption"], ["monthly_users", "weekly_active_users"]),
        ("sourcegraph_analytics.telemetry_status", [], ["customers_by_version", "dau_mau", "monthly_users"]),
        (PINGS, ["dau_mau", "customers_by_version", "monthly_users"], []),
    ],
)
def test_what_was_not_delivered_is_told_by_what_needs_it_and_nothing_else(gone, needing, standing):
    assert [look for look in needing if not told(look, without(gone))] == []
    assert [look for look in standing if told(look, without(gone))] == []


@pytest.mark.parametrize(
    ("gone", "chosen"),
    [
        ("salesforce_data.accounts", {"account_name": "Acme"}),
        (f"{PINGS}.installer_email", {"installer_email": "ops@acme.example"}),
        ("sourcegraph_analytics.licenses.plan", {"account_type": "Customer"}),
        ("sourcegraph_analytics.instance_accounts", {"account_type": "Customer"}),
    ],
)
def test_a_tile_needs_what_its_chosen_filters_need(gone, chosen):
    assert not told("monthly_users", without(gone))
    assert told("monthly_users", without(gone), **chosen)


EVENTS = "dotcom_events.events"


@pytest.mark.parametrize("gone", [EVENTS, f"{EVENTS}.user_id"])
@pytest.mark.parametrize(
    ("look", "chosen", "says_so"),
    [
        ("monthly_users", {}, True),
        ("monthly_users", {"account_type": "Customer"}, False),
        ("monthly_users", {"account_type": "Free"}, True),
        ("monthly_users", {"account_type": "-Free"}, False),
        ("monthly_users", {"account_type": "-Customer"}, True),
        ("monthly_users", {"account_name": "Acme"}, False),
        ("monthly_users", {"account_name": "-Acme"}, True),
        ("monthly_users", {"installer_email": "ops@acme.example"}, False),
        ("monthly_users_by_instance_type", {"account_type": "Customer"}, False),
        ("instances_by_deployment_type", {}, False),
        ("average_seat_consumption", {}, False),
        ("customers_by_version", {}, False),
    ],
)
def test_without_events_only_tiles_that_count_sourcegraph_com_say_so(look, chosen, says_so, gone):
    assert told(look, without(gone), **chosen) == says_so


def test_all_that_is_missing_is_told_tables_first():
    origin = Origin(
        "export",
        missing={"sourcegraph_analytics.releases": "No releases.", "sourcegraph_analytics.telemetry_status": "Never."},
        missing_columns={f"{PINGS}.remote_site_version": "No version.", f"{PINGS}.os": "Never."},
    )
    said = missing_sources(visit_of(origin), catalogue().looks["company_metrics/customers_by_version"])
    assert said == ["No releases.", "No version."]


DAU = "company_metrics/daily_users"


def change(visit: Visit, kind: str) -> Visit:
    """The visit with something else about it."""
    if kind == "refresh":
        return replace(visit, refreshed=set())
    if kind == "later":
        return replace(visit, later=frozenset([DAU]))
    if kind == "day":
        return replace(visit, now=visit.now + timedelta(days=1))
    if kind == "load":
        fresh = {name: replace(one, loaded_at=NOW + timedelta(hours=1)) for name, one in visit.freshness.items()}
        return replace(visit, freshness=fresh)
    return replace(visit, address=visit_of(Origin("demo"), account_name="Acme").address)


@pytest.mark.parametrize("kind", ["refresh", "later", "day", "load", "filter"])
def test_an_answered_question_is_at_hand_until_something_of_it_changes(kind, warehouse, session):
    visit = replace(visit_of(Origin("demo")), freshness=warehouse.freshness())
    look = catalogue().looks[DAU]
    ask(visit, compile_tile(visit, look))
    assert at_hand(visit, look)
    assert at_hand(replace(visit, now=visit.now + timedelta(minutes=1)), look)
    assert not at_hand(change(visit, kind), look)


def test_a_question_without_an_answer_is_not_at_hand(warehouse, session):
    visit = replace(visit_of(Origin("demo"), account_name="Nobody"), freshness=warehouse.freshness())
    look = catalogue().looks[DAU]
    warehouse.errors[DAU] = WarehouseUnavailable("Away.")
    assert ask(visit, compile_tile(visit, look)).trouble is not None
    assert not at_hand(visit, look)


def test_what_was_asked_longest_ago_is_no_longer_at_hand(warehouse, session, monkeypatch):
    monkeypatch.setattr("lib.board.visit.MOST_REMEMBERED", 2)
    look = catalogue().looks[DAU]
    first, second, third = (visit_of(Origin("demo"), account_name=name) for name in ("Acme", "Bolt", "Crane"))
    for visit in (first, second, first, third):
        ask(visit, compile_tile(visit, look))
    assert [at_hand(visit, look) for visit in (first, second, third)] == [True, False, True]
