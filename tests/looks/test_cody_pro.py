"""The Cody Pro board's numbers, recomputed in plain Python from the raw tables for every Pacific day of the demo.

What the reconciliation finds is held against what the maker of the demo planted, person by person and day by day.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest

from lib.demo.disagreements import planted_disagreements
from lib.looks import CompiledLook, counter_figures
from lib.settings import Settings
from tests.conftest import SMALL
from tests.looks import asking
from tests.looks.asking import raw_tables
from tests.looks.raw_subscribers import DAY, RawSubscribers, first_starts, pacific_day

REASONS = ("missing in Stripe", "missing in SSC", "other status", "other date", "other amount")


@pytest.fixture(scope="module")
def raw(demo_settings: Settings) -> RawSubscribers:
    with raw_tables(demo_settings) as (connection, last_day):
        found = RawSubscribers(connection, datetime.combine(last_day + DAY, datetime.min.time(), UTC))
        assert found.stripe_paid
        return found


def ask(name: str, raw: RawSubscribers, warehouse, filters=None, **options: str) -> tuple[CompiledLook, pa.Table]:
    return asking.ask(f"cody_pro/{name}", filters or {}, raw, warehouse, options)


def rows_of(name: str, raw: RawSubscribers, warehouse, filters=None, **options: str) -> list[list[Any]]:
    _, table = ask(name, raw, warehouse, filters, **options)
    return [list(row.values()) for row in table.to_pylist()]


def test_all_fields_of_every_day(raw, demo_warehouse):
    expected = raw.fields()
    assert rows_of("days", raw, demo_warehouse) == expected[::-1]
    assert len(expected) > 700
    for column in range(1, 11):
        assert any(row[column] for row in expected)


@pytest.mark.parametrize("grain", ["day", "week", "month"])
def test_days_added_up_by_period(grain, raw, demo_warehouse):
    periods: dict[date, list[list]] = defaultdict(list)
    for row in raw.fields():
        day = row[0]
        monday = day - day.weekday() * DAY
        periods[{"day": day, "week": monday, "month": day.replace(day=1)}[grain]].append(row)
    expected = [
        [start, *(sum(row[at] for row in rows) for at in (1, 4, 2)), rows[-1][5],
         *(sum(row[at] for row in rows) for at in (7, 8, 6))]
        for start, rows in periods.items()
    ]  # fmt: skip
    assert rows_of("new_and_cancelled", raw, demo_warehouse, grain=grain) == expected


def test_churn_of_every_month(raw, demo_warehouse):
    months = defaultdict(list)
    for day in raw.days:
        months[day.replace(day=1)].append(day)
    expected = []
    for month, days in months.items():
        before = len(raw.active.get(month - DAY, ()))
        left = sum(len(raw.cancelled[day]) for day in days)
        expected.append([month, pytest.approx(left / before, rel=1e-12) if before else None, left, before])
    assert rows_of("monthly_churn", raw, demo_warehouse) == expected


@pytest.mark.parametrize(
    ("date_filter", "last_back", "count"), [("30 days ago for 30 days", 1, 30), ("7 days", 1, 6), ("2025-03", None, 31)]
)
def test_counters(date_filter, last_back, count, raw, demo_warehouse):
    today = pacific_day(raw.now)
    last = today - last_back * DAY if last_back else date(2025, 3, 31)

    def figures(end: date) -> dict[str, int]:
        days = [end - back * DAY for back in range(count)]
        active = len(raw.active[end])
        return {
            "active": active,
            "mrr": active * 900,
            "arr": active * 10_800,
            "new": sum(len(raw.started[day][0]) for day in days),
            "cancelled": sum(len(raw.cancelled[day]) for day in days),
            "net_change": active - len(raw.active[days[-1] - DAY]),
        }

    expected, before = figures(last), figures(last - count * DAY)
    for name in expected:
        compiled, table = ask(name, raw, demo_warehouse, {"date": date_filter})
        found = counter_figures(compiled, table)
        assert (name, found.value, found.previous) == (name, expected[name], before[name])


def test_both_sides_of_every_day(raw, demo_warehouse):
    new = {
        side: Counter(pacific_day(start) for start in first_starts(paid).values())
        for side, paid in (("ssc", raw.ssc_paid), ("stripe", raw.stripe_paid))
    }
    expected = []
    for day in raw.days:
        ssc, stripe = raw.active[day], raw.active_by_stripe[day]
        match = pytest.approx(len(ssc & stripe) / len(ssc | stripe), rel=1e-12)
        counts = [len(ssc), len(stripe), len(ssc & stripe), len(ssc) - len(stripe)]
        expected.append([day, *counts, match, new["ssc"][day], new["stripe"][day]])
    found = rows_of("reconciliation", raw, demo_warehouse)
    assert [row[:8] for row in found] == expected[::-1]
    assert all(0.9 < match < 1 for match in (row[5] for row in found[:365]))


def test_who_differs_is_what_was_planted(raw, demo_warehouse):
    """Every person, day and reason, no more and no fewer; and the counts of each day are theirs."""
    planted = planted_disagreements(scale=SMALL).to_pylist()
    expected = Counter(
        (row["first_day"] + at * DAY, row["reason"], row["sams_account_id"])
        for row in planted
        for at in range((row["last_day"] - row["first_day"]) // DAY + 1)
    )
    assert {reason for _, reason, _ in expected} == set(REASONS)
    found = rows_of("differences", raw, demo_warehouse)
    assert Counter((row[0], row[1], row[3]) for row in found) == expected
    counts = Counter((day, reason) for day, reason, _ in expected)
    for row in rows_of("reconciliation", raw, demo_warehouse):
        assert row[8:] == [counts[row[0], reason] for reason in REASONS]


def test_amounts_and_first_days_of_who_differs(raw, demo_warehouse):
    cents = {"ssc": raw.cents(raw.ssc_paid), "stripe": raw.cents(raw.stripe_paid)}
    first = {"ssc": first_starts(raw.ssc_paid), "stripe": first_starts(raw.stripe_paid)}
    active = {"ssc": raw.active, "stripe": raw.active_by_stripe}
    found = rows_of("differences", raw, demo_warehouse)
    for day, _, _, person, *_, ssc_cents, stripe_cents, new_in_ssc, new_in_stripe in found:
        for side, paid, new in (("ssc", ssc_cents, new_in_ssc), ("stripe", stripe_cents, new_in_stripe)):
            assert paid == (cents[side][day][person] if person in active[side][day] else None)
            assert new == (person in first[side] and pacific_day(first[side][person]) == day)
    listed = {(row[0], row[3]) for row in found}
    for day in raw.days:
        for person in raw.active[day] & raw.active_by_stripe[day]:
            same = cents["ssc"][day][person] == cents["stripe"][day][person]
            assert same or (day, person) in listed


def test_only_the_chosen_day_is_listed(raw, demo_warehouse):
    day = date(2025, 11, 2)
    found = rows_of("differences", raw, demo_warehouse, {"chosen_day": day.isoformat()})
    assert found == [row for row in rows_of("differences", raw, demo_warehouse) if row[0] == day]
    assert found


def test_who_is_about_to_leave(raw, demo_warehouse):
    running = defaultdict(list)
    for one in raw.subscriptions:
        row = one.last
        if row["seats"] == 1 and row["status"] in ("active", "past_due") and row["sams_account_id"] in raw.first_cycles:
            running[row["sams_account_id"]].append(row)
    expected = {}
    for person, rows in running.items():
        if all(row["cancel_at_period_end"] for row in rows):
            leaves = max(pacific_day(row["current_period_end"]) for row in rows)
            expected[person] = (leaves, None, "cancelled")
        elif all(row["status"] == "past_due" for row in rows):
            since = min(pacific_day(row["updated_at"]) for row in rows)
            expected[person] = (None, since, "payment failed")
    found = rows_of("leaving", raw, demo_warehouse)
    assert {row[4]: tuple(row[:3]) for row in found} == expected
    assert {why for _, _, why in expected.values()} == {"cancelled", "payment failed"}
    assert all(row[0] is None or row[0] >= pacific_day(raw.now) - timedelta(days=1) for row in found)
