"""Cody Pro's numbers once more, in plain Python from the raw tables, by the words of docs/measures.

Each day's end is a moment, and each side is asked for that moment. Nothing here comes from the models or the looks.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

import duckdb

PACIFIC = ZoneInfo("America/Los_Angeles")
DAY, MICROSECOND = timedelta(days=1), timedelta(microseconds=1)
FOREVER = datetime(9999, 1, 1, tzinfo=UTC)
PRICE = 900
Person = str
Paid = tuple[Person, datetime, datetime, int]


@dataclass(frozen=True)
class Subscription:
    """One of SSC's subscriptions: its changes in order as (from, until, row), and its paid cycles."""

    changes: list[tuple[datetime, datetime, dict]]
    cycles: list[dict]

    @property
    def last(self) -> dict:
        return self.changes[-1][2]

    def at(self, moment: datetime) -> dict:
        """The row in force, before the first one that one."""
        return next((row for start, end, row in self.changes if start <= moment < end), self.changes[0][2])


def pacific_day(moment: datetime) -> date:
    return moment.astimezone(PACIFIC).date()


def from_epoch(seconds: int | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


class RawSubscribers:
    """Both sides of Cody Pro on every Pacific day up to `now`, the moment at which the tables were loaded."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, now: datetime) -> None:
        self._connection, self.now = connection, now
        changes, cycles = defaultdict(list), defaultdict(list)
        for row in self._rows("SELECT * FROM ssc.subscriptions"):
            changes[row["subscription_id"]].append(row)
        for row in self._rows("SELECT * FROM ssc.billing_cycles WHERE state = 'paid'"):
            cycles[row["subscription_id"]].append(row)
        self.subscriptions = [
            Subscription(list(self._spans(rows)), sorted(cycles[name], key=lambda row: row["starts_at"]))
            for name, rows in changes.items()
        ]
        self.days = [*self._days(min(start for _, start, _, _ in self.ssc_paid))]
        self._ends = [self._end_of(day) for day in self.days]

    def _rows(self, sql: str) -> list[dict]:
        cursor = self._connection.execute(sql)
        names = [column[0] for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def _spans(self, rows: list[dict]) -> Iterator[tuple[datetime, datetime, dict]]:
        rows = sorted(rows, key=lambda row: row["updated_at"])
        ends = [row["updated_at"] for row in rows[1:]] + [FOREVER]
        return ((row["updated_at"], end, row) for row, end in zip(rows, ends, strict=True))

    def _days(self, first: datetime) -> Iterator[date]:
        day = pacific_day(first)
        while day <= pacific_day(self.now - MICROSECOND):
            yield day
            day += DAY

    def _end_of(self, day: date) -> datetime:
        midnight = datetime.combine(day + DAY, datetime.min.time(), PACIFIC).astimezone(UTC)
        return min(midnight, self.now) - MICROSECOND

    def _held(self, stretches: Iterable[tuple[Person, datetime, datetime]]) -> dict[date, Counter[Person]]:
        """Per day how many of the stretches hold its last moment, by person."""
        found: dict[date, Counter[Person]] = {day: Counter() for day in self.days}
        for person, start, end in stretches:
            for at in range(bisect_left(self._ends, start), bisect_left(self._ends, end)):
                found[self.days[at]][person] += 1
        return found

    @cached_property
    def ssc_paid(self) -> list[Paid]:
        """Paid cycles of single seats: person, start, end (the subscription's where that is earlier), cents."""
        return [
            (row["sams_account_id"], cycle["starts_at"], min(cycle["ends_at"], one.last["ended_at"] or FOREVER),
             cycle["amount_cents"])
            for one in self.subscriptions
            for cycle in one.cycles
            if (row := one.at(cycle["starts_at"]))["seats"] == 1
        ]  # fmt: skip

    @cached_property
    def stripe_paid(self) -> list[Paid]:
        """Paid invoices: person, start and end of the period, cents that were not given back."""
        refunded = Counter()
        for charge in self._rows("SELECT invoice, amount_refunded FROM stripe.charges"):
            refunded[charge["invoice"]] += charge["amount_refunded"]
        subscriptions = {row["id"]: row for row in self._rows("SELECT * FROM stripe.subscriptions")}
        found = []
        for invoice in self._rows("SELECT * FROM stripe.invoices WHERE status = 'paid' AND amount_paid > 0"):
            owner = subscriptions[invoice["subscription"]]
            start, end = from_epoch(invoice["period_start"]), from_epoch(invoice["period_end"])
            assert start and end
            end = min(end, from_epoch(owner["ended_at"]) or FOREVER)
            cents = invoice["amount_paid"] - refunded[invoice["id"]]
            found.append((json.loads(owner["metadata"])["sams_account_id"], start, end, cents))
        return found

    @cached_property
    def first_cycles(self) -> dict[Person, datetime]:
        return first_starts(self.ssc_paid)

    @cached_property
    def active(self) -> dict[date, set[Person]]:
        """By SSC: a subscription of one seat is active at the day's end, and a paid cycle of the person has started."""
        stretches = (
            (row["sams_account_id"], max(start, self.first_cycles[row["sams_account_id"]]), end)
            for one in self.subscriptions
            for start, end, row in one.changes
            if row["status"] == "active" and row["seats"] == 1 and row["sams_account_id"] in self.first_cycles
        )
        return {day: set(persons) for day, persons in self._held(stretches).items()}

    @cached_property
    def active_by_stripe(self) -> dict[date, set[Person]]:
        held = self._held((person, start, end) for person, start, end, _ in self.stripe_paid)
        return {day: set(persons) for day, persons in held.items()}

    def cents(self, paid: list[Paid]) -> dict[date, Counter[Person]]:
        """Per day and person what was paid for the periods that hold the day's end."""
        found: dict[date, Counter[Person]] = {day: Counter() for day in self.days}
        for amount in {cents for *_, cents in paid}:
            held = self._held((person, start, end) for person, start, end, cents in paid if cents == amount)
            for day, persons in held.items():
                for person, times in persons.items():
                    found[day][person] += amount * times
        return found

    @cached_property
    def started(self) -> dict[date, tuple[set[Person], set[Person]]]:
        """Per day whose first paid cycle starts, and whose second or later one does."""
        found: dict[date, tuple[set[Person], set[Person]]] = {day: (set(), set()) for day in self.days}
        seen: set[Person] = set()
        for person, start, *_ in sorted(self.ssc_paid, key=lambda paid: paid[1]):
            found[pacific_day(start)][person in seen].add(person)
            seen.add(person)
        return found

    @cached_property
    def cancelled(self) -> dict[date, set[Person]]:
        """Per day whose subscription ends while no other one of theirs is running."""
        singles = defaultdict(list)
        for one in self.subscriptions:
            if one.last["seats"] == 1:
                singles[one.last["sams_account_id"]].append(one.last)
        found: dict[date, set[Person]] = {day: set() for day in self.days}
        for person, rows in singles.items():
            for row in rows:
                end = row["ended_at"]
                if end is None or end >= self.now or self.first_cycles.get(person, FOREVER) >= end:
                    continue
                others = [other for other in rows if other is not row and other["created_at"] <= end]
                if not any(other["ended_at"] is None or other["ended_at"] > end for other in others):
                    found[pacific_day(end)].add(person)
        return found

    def fields(self) -> list[list[object]]:
        """The eleven fields of every day, oldest first, money in cents."""
        found: list[list[object]] = []
        for day in self.days:
            new, retained = (len(persons) for persons in self.started[day])
            active = len(self.active[day])
            money = [PRICE * (new + retained), PRICE * new, PRICE * retained, PRICE * active, PRICE * active * 12]
            found.append([day, new, retained, new + retained, len(self.cancelled[day]), active, *money])
        return found


def first_starts(paid: Iterable[Paid]) -> dict[Person, datetime]:
    """When each person's first paid time starts."""
    found: dict[Person, datetime] = {}
    for person, start, *_ in paid:
        found[person] = min(found.get(person, FOREVER), start)
    return found
