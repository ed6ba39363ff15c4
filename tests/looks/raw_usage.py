"""What instances report of their use, in plain Python from the raw pings, by the words of docs/warehouse.

As `raw_figures`, and for the same reason, nothing here comes from the models or the looks.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from tests.looks.raw_figures import RawFigures, Row, moment, monday_of, month_of, payload, sunday_of, whole_number

BATCH_COUNTERS = {
    "created": "BatchChangesCount",
    "closed": "BatchChangesClosedCount",
    "published": "PublishedChangesetsCount",
    "merged": "PublishedChangesetsMergedCount",
}
COHORT_STATES = {
    "merged": "ChangesetsPublishedMerged",
    "open": "ChangesetsPublishedOpen",
    "draft": "ChangesetsPublishedDraft",
    "unpublished": "ChangesetsUnpublished",
    "closed": "ChangesetsPublishedClosed",
}
SEARCH_KINDS = ("Literal", "Regexp", "Commit", "Diff", "File", "Structural", "Symbol")


@dataclass(frozen=True)
class BatchMonth:
    """One instance's month: sums of the day-to-day rises, and what its last ping says of the month so far.

    `specs` are the batch specs of 93 days, `last_rise` the last day on which something rose.
    """

    row: Row
    rises: dict[str, int]
    contributors: int | None
    users: int | None
    specs: int | None
    last_rise: date | None


def at(found: object, *path: str) -> object:
    """The value at a path of a payload, None where a part of it is missing."""
    for name in path:
        found = found.get(name) if isinstance(found, dict) else None
    return found


def number(found: object, *path: str) -> int | None:
    return whole_number(at(found, *path))


def known_sum(values: Iterable[int | None]) -> int | None:
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def day_payloads(raw: RawFigures, site: str, column: str) -> dict[date, dict]:
    """The payload of the last ping of each day, by day, oldest first."""
    pings = raw.sites[site].last_pings
    return {day: payload(pings[day][column]) for day in sorted(pings)}


def period_payloads(
    raw: RawFigures, site: str, column: str, start: tuple[str, ...], floor: Callable[[date], date]
) -> dict[date, dict]:
    """The last payload that says it counts a period, by that period's first day."""
    found = {}
    for sent in day_payloads(raw, site, column).values():
        said = at(sent, *start)
        if begins := moment(said if isinstance(said, str) else None):
            found[floor(begins.date())] = sent
    return dict(sorted(found.items()))


def searched_weeks(raw: RawFigures, site: str) -> dict[date, dict]:
    return period_payloads(raw, site, "search_usage", ("Weekly", "StartTime"), sunday_of)


def navigated_weeks(raw: RawFigures, site: str) -> dict[date, dict]:
    return period_payloads(raw, site, "new_code_intel_usage", ("start_time",), sunday_of)


def insight_weeks(raw: RawFigures, site: str) -> dict[date, dict]:
    return period_payloads(raw, site, "code_insights_usage", ("WeekStart",), monday_of)


def cody_months(raw: RawFigures, site: str) -> dict[date, dict]:
    return period_payloads(raw, site, "cody_usage", ("Monthly", "StartTime"), month_of)


def batch_months(raw: RawFigures) -> Iterable[BatchMonth]:
    """Each instance and month that tells anything of batch changes. A fall counts nothing and is the next base."""
    rows = {(row.site_id, row.period): row for row in raw.months}
    for site in raw.sites:
        sums: dict[date, dict[str, int]] = defaultdict(dict)
        base: dict[str, int] = {}
        last_sent: dict[date, dict] = {}
        last_rises: dict[date, date] = {}
        for day, sent in day_payloads(raw, site, "batch_changes_usage").items():
            last_sent[month_of(day)] = sent
            for name, counter in BATCH_COUNTERS.items():
                value = number(sent, counter)
                if value is not None:
                    rise = max(0, value - base.get(name, value))
                    sums[month_of(day)][name] = sums[month_of(day)].get(name, 0) + rise
                    base[name] = value
                    if rise:
                        last_rises[month_of(day)] = day
        for month, sent in last_sent.items():
            contributors, users = number(sent, "CurrentMonthContributorsCount"), number(sent, "CurrentMonthUsersCount")
            if sums.get(month) or contributors is not None or users is not None:
                yield BatchMonth(
                    rows[site, month],
                    dict(sums.get(month, {})),
                    contributors,
                    users,
                    number(sent, "BatchSpecsCreatedCount"),
                    last_rises.get(month),
                )


def cohorts(raw: RawFigures) -> Iterable[tuple[Row, date, dict[str, int | None]]]:
    """Changesets by the week (Monday) their batch change was created and their state, as the last ping knows them.

    The row is that of the day which says so.
    """
    rows = {(row.site_id, row.period): row for row in raw.days}
    for site in raw.sites:
        listed = {
            day: entries
            for day, sent in day_payloads(raw, site, "batch_changes_usage").items()
            if isinstance(entries := sent.get("BatchChangesCohorts"), list)
        }
        if listed:
            day = max(listed)
            for entry in listed[day]:
                week = monday_of(date.fromisoformat(str(entry["Week"])[:10]))
                yield rows[site, day], week, {name: number(entry, key) for name, key in COHORT_STATES.items()}
