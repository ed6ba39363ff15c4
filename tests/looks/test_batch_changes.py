"""The batch changes board's numbers, recomputed in plain Python from the raw pings, for several filter settings."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from statistics import fmean

import pytest

from lib.looks import counter_figures
from tests.looks.asking import Keeps, ask, month_start
from tests.looks.raw_figures import RawFigures, monday_of
from tests.looks.raw_usage import BatchMonth, batch_months, cohorts, known_sum

DATES = {"date": "3 months"}
NAMES = ("all", "one account", "one email", "customers", "one product", "nobody")


@pytest.fixture(params=NAMES)
def setting(request, settings_of_filters) -> tuple[dict[str, str], Keeps]:
    if request.param == "one product":
        return {"products": "batch-changes"}, lambda row: "batch-changes" in row.products
    return settings_of_filters[request.param]


@pytest.fixture(scope="session")
def all_months(raw_figures: RawFigures) -> list[BatchMonth]:
    return [*batch_months(raw_figures)]


def kept(months: Iterable[BatchMonth], keeps: Keeps, first: date, last: date) -> dict[date, list[BatchMonth]]:
    found = defaultdict(list)
    for month in months:
        if keeps(month.row) and first <= month.row.period <= last:
            found[month.row.period].append(month)
    return dict(sorted(found.items()))


def sums(months: Iterable[BatchMonth], name: str) -> int | None:
    return known_sum(month.rises.get(name) for month in months)


def ratio(above: int | None, below: int | None) -> float | None:
    return above / below if above is not None and below else None


def near(value: float | None) -> object:
    return None if value is None else pytest.approx(value, rel=1e-9)


def complete_months(raw: RawFigures, first: int, last: int) -> list[date]:
    """The months from `first` to `last` before the running one that are over."""
    months = [month_start(raw, back) for back in range(first, last - 1, -1)]
    return [month for month in months if (month + timedelta(days=31)).replace(day=1) <= raw.today + timedelta(days=1)]


def test_batch_changes_and_changesets_by_month(setting, raw, all_months, demo_warehouse):
    filters, keeps = setting
    _, table = ask("batch_changes/created_and_closed", filters | DATES, raw, demo_warehouse)
    months = kept(all_months, keeps, month_start(raw, 11), month_start(raw, 0))
    found = table.to_pylist()
    assert [row["month"] for row in found] == [*months]
    for row, inside in zip(found, months.values(), strict=True):
        for name in ("created", "closed", "published", "merged"):
            assert row[name] == sums(inside, name)
        assert row["merge_rate"] == near(ratio(sums(inside, "merged"), sums(inside, "published")))
        assert row["contributors"] == known_sum(month.contributors for month in inside)
        assert row["instances"] == sum((month.users or 0) > 0 for month in inside)


@pytest.mark.parametrize("name", ["created", "published", "merged", "merge_rate", "contributors"])
def test_counters_of_the_range(name, setting, raw, all_months, demo_warehouse):
    filters, keeps = setting
    compiled, table = ask(f"batch_changes/{name}", filters | DATES, raw, demo_warehouse)
    figures = counter_figures(compiled, table)
    told = complete_months(raw, 2, 0)
    before = [month_start(raw, back) for back in range(2 + len(told), 2, -1)]
    for value, months in ((figures.value, told), (figures.previous, before)):
        inside = kept(all_months, keeps, months[0], months[-1])
        everything = [month for each in inside.values() for month in each]
        if name == "merge_rate":
            expected = ratio(sums(everything, "merged"), sums(everything, "published"))
        elif name == "contributors":
            totals = [known_sum(month.contributors for month in each) for each in inside.values()]
            known = [total for total in totals if total is not None]
            expected = fmean(known) if known else None
        else:
            expected = sums(everything, name)
        assert value == near(expected)


def test_instances_using(setting, raw, all_months, demo_warehouse):
    filters, keeps = setting
    compiled, table = ask("batch_changes/instances_using", filters | DATES, raw, demo_warehouse)
    month = complete_months(raw, 2, 0)[-1]
    inside = kept(all_months, keeps, month, month)
    using = sum((found.users or 0) > 0 for each in inside.values() for found in each) if inside else None
    assert counter_figures(compiled, table).value == using


def test_changesets_by_state(setting, raw, demo_warehouse):
    filters, keeps = setting
    told = [*cohorts(raw)]
    newest = monday_of(max(row.period for row, _, _ in told))
    expected: dict[tuple[date, str], int] = defaultdict(int)
    for row, week, states in told:
        if keeps(row) and week > newest - timedelta(weeks=52):
            for state, changesets in states.items():
                if changesets is not None:
                    expected[week, state.capitalize()] += changesets
    _, table = ask("batch_changes/changesets_by_state", filters | DATES, raw, demo_warehouse)
    assert {(row["week"], row["state"]): row["changesets"] for row in table.to_pylist()} == expected


def test_how_far_changesets_get(setting, raw, all_months, demo_warehouse):
    filters, keeps = setting
    reached: Counter[str] = Counter()
    for row, week, states in cohorts(raw):
        if keeps(row) and monday_of(month_start(raw, 2)) <= week < month_start(raw, -1):
            known = {state: changesets or 0 for state, changesets in states.items()}
            reached["All changesets"] += sum(known.values())
            reached["Published"] += sum(known.values()) - known["unpublished"]
            reached["Merged"] += known["merged"]
    _, table = ask("batch_changes/how_far", filters | DATES, raw, demo_warehouse)
    found = table.to_pylist()
    assert {row["step"]: row["changesets"] for row in found} == reached
    newest = max(month.row.period for month in all_months)
    last = {month.row.site_id: month for month in sorted(all_months, key=lambda month: month.row.period)}
    quarter = (newest.replace(day=1) - timedelta(days=80)).replace(day=1)
    specs = known_sum(month.specs for month in last.values() if keeps(month.row) and month.row.period >= quarter)
    assert {row["batch_specs"] for row in found} <= {specs}


@pytest.mark.parametrize("name", ["all", "one account", "customers", "nobody"])
def test_accounts(name, raw, all_months, settings_of_filters, demo_warehouse):
    filters, keeps = settings_of_filters[name]
    _, table = ask("batch_changes/accounts", filters | DATES, raw, demo_warehouse)
    found = {row["account_id"]: row for row in table.to_pylist()}
    # The table leaves out the months that the data do not hold in full, whenever it is asked.
    complete = complete_months(raw.on(raw.last_day), 60, 0)
    inside: dict[str | None, list[BatchMonth]] = defaultdict(list)
    for month in all_months:
        if keeps(month.row) and month_start(raw, 2) <= month.row.period <= month_start(raw, 0):
            inside[month.row.account_id].append(month)
    assert set(inside) <= set(found)
    for account, row in found.items():
        told = [month for month in inside[account] if month.row.period in complete]
        for measure in ("created", "published", "merged"):
            assert row[measure] == sums(told, measure), (account, measure)
        rises = [month.last_rise for month in inside[account] if month.last_rise]
        assert row["last_day"] == max(rises, default=None)
    assert len(found) == table.num_rows
