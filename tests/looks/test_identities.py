"""Figures that must agree with each other whatever the data say, over the whole demo."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

import pytest

from lib.looks import counter_figures
from tests.looks.asking import ask
from tests.looks.raw_figures import RawFigures

EVERYTHING = {"date": "24 months"}
Rows = list[dict]


@pytest.fixture(scope="session")
def raw(raw_figures: RawFigures) -> RawFigures:
    """The whole demo, asked for when it ends."""
    return raw_figures


def rows(look: str, filters: dict[str, str], raw: RawFigures, warehouse, **options: str) -> Rows:
    _, table = ask(look, filters, raw, warehouse, options)
    assert table.num_rows, look
    return table.to_pylist()


def summed(found: Iterable[dict], by: str, measure: str) -> dict[date, int]:
    sums: dict[date, int] = defaultdict(int)
    for row in found:
        if row[measure] is not None:
            sums[row[by]] += row[measure]
    return dict(sums)


SELECTIONS = ({}, {"account_type": "Customer"}, {"account_name": "databricks"})


@pytest.mark.parametrize("filters", SELECTIONS, ids=("all", "customers", "one account"))
@pytest.mark.parametrize(
    ("parts", "by", "measure", "total", "of_total"),
    [
        (
            "company_metrics/monthly_users_by_instance_type",
            "month",
            "monthly_users",
            "company_metrics/instance_months",
            "monthly_users",
        ),
        (
            "company_metrics/instances_by_deployment_type",
            "month",
            "instances",
            "company_metrics/active_instances",
            None,
        ),
        (
            "batch_changes/changesets_by_state",
            "week",
            "changesets",
            "batch_changes/instance_changesets",
            "changesets",
        ),
    ],
)
def test_the_parts_of_a_stacked_chart_add_up(filters, parts, by, measure, total, of_total, raw, demo_warehouse):
    stacked = summed(rows(parts, filters | EVERYTHING, raw, demo_warehouse), by, measure)
    behind = [row | {"one": 1} for row in rows(total, filters | EVERYTHING, raw, demo_warehouse)]
    whole = summed(behind, by, of_total or "one")
    assert stacked == {period: value for period, value in whole.items() if period in stacked}
    since = min(stacked)
    assert sum(value for period, value in whole.items() if period not in stacked and period >= since) == 0


@pytest.mark.parametrize("site", ["src-databricks-prod", "src-databricks-managed"])
def test_search_types_add_up_to_all_searches(site, raw, demo_warehouse):
    filters = {"site": site, "date": "12 months"}
    by_type = summed(rows("single_instance/searches_by_type", filters, raw, demo_warehouse), "week", "searches")
    compiled, table = ask("single_instance/weekly_searches", filters, raw, demo_warehouse)
    line = counter_figures(compiled, table).line
    assert [by_type.get(week) for week in compiled.periods if isinstance(week, date)] == list(line)


def test_navigation_by_language_adds_up_to_all_events(raw, demo_warehouse):
    filters = {"site": "src-databricks-prod", "date": "12 months"}
    weeks = rows("single_instance/search_users", filters, raw, demo_warehouse)
    languages = rows("single_instance/navigation_languages", filters, raw, demo_warehouse)
    for by_week, by_language in (
        ("precise_navigation_events", "precise_events"),
        ("search_based_navigation_events", "search_based_events"),
    ):
        total = sum(row[by_week] or 0 for row in weeks)
        assert total == sum(row[by_language] for row in languages) > 0


def accounts_with_several(raw: RawFigures) -> list[tuple[str, str, list[str]]]:
    """Accounts whose instances, several, were never anybody else's: id, name, sites."""
    owned: dict[str, set[str]] = defaultdict(set)
    for row in raw.months:
        if row.account_id:
            owned[row.account_id].add(row.site_id)
    moved = {site for site, entries in raw.map.items() if len({entry["account_id"] for entry in entries}) > 1}
    several = [
        (account, raw.accounts[account], sorted(sites))
        for account, sites in sorted(owned.items())
        if len(sites) > 1 and not sites & moved and account in raw.accounts
    ]
    assert len(several) >= 3
    return several[:5]


def test_instances_add_up_to_their_account(raw, demo_warehouse):
    for _, name, sites in accounts_with_several(raw):
        quoted = '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
        account = {"account_name": quoted} | EVERYTHING
        alone = [{"site": f'"{site}"'} | EVERYTHING for site in sites]
        users: dict[date, int] = defaultdict(int)
        for filters in alone:
            _, table = ask("single_instance/users", filters, raw, demo_warehouse)
            for month, value in summed(table.to_pylist(), "month", "monthly_users").items():
                users[month] += value
        whole = rows("single_instance/account_seats", alone[0], raw, demo_warehouse)
        assert users == summed(whole, "month", "monthly_users"), name
        for measure in ("created", "closed", "published", "merged"):
            parts: dict[date, int] = defaultdict(int)
            for filters in alone:
                _, table = ask("single_instance/batch_changes", filters, raw, demo_warehouse)
                for month, value in summed(table.to_pylist(), "month", measure).items():
                    parts[month] += value
            _, table = ask("batch_changes/created_and_closed", account, raw, demo_warehouse)
            assert parts == summed(table.to_pylist(), "month", measure), (name, measure)


CODY = {"date": "before 0 days ago"}


def test_every_day_of_cody_pro_is_new_and_retained(raw, demo_warehouse):
    for day in rows("cody_pro/days", CODY, raw, demo_warehouse):
        assert day["daily_subscribers"] == day["new_subscribers"] + day["retained_subscribers"]
        assert day["daily_revenue"] == day["daily_revenue_added"] + day["daily_revenue_retained"]
        assert day["daily_revenue"] == 900 * day["daily_subscribers"]
        assert (day["mrr"], day["arr"]) == (900 * day["active_subscribers"], 12 * 900 * day["active_subscribers"])


@pytest.mark.parametrize("grain", ["week", "month"])
def test_days_of_cody_pro_add_up_to_weeks_and_months(grain, raw, demo_warehouse):
    days = rows("cody_pro/new_and_cancelled", EVERYTHING, raw, demo_warehouse, grain="day")
    longer = rows("cody_pro/new_and_cancelled", EVERYTHING, raw, demo_warehouse, grain=grain)
    starts = [row["day"] for row in longer]
    for row, start, end in zip(longer, starts, [*starts[1:], date.max], strict=True):
        inside = [day for day in days if start <= day["day"] < end]
        for measure in ("new_subscribers", "canceled_subscribers", "retained_subscribers", "revenue"):
            if start >= days[0]["day"]:
                assert row[measure] == sum(day[measure] for day in inside), (start, measure)
        assert row["active_subscribers"] == inside[-1]["active_subscribers"]
