"""How old data are, in words: how far they reach, what is behind its schedule, who edited what is kept by hand."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from lib.board.words import day_words, last_day, plain
from lib.filters import Context, DateExpression, FilterError, floor, shift
from lib.warehouse.query import Freshness
from lib.warehouse.sources import Schedule, late_by, source

Known = Mapping[str, Freshness]
_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)
_SCHEDULES = {Schedule.HOURLY: "loaded every hour", Schedule.DAILY: "loaded every day"}
# Later than any relative date that people write looks back: what is the same then is no relative date.
_LONG_AFTER = timedelta(days=400)


@dataclass(frozen=True)
class Late:
    """A source that is behind its schedule: its name, how far its rows reach or when it was loaded, by how much.

    `hourly`: it is loaded every hour, so hours matter.
    """

    name: str
    fresh: Freshness
    by: timedelta
    hourly: bool

    @property
    def words(self) -> str:
        """By how much: "2 days late", "5 hours late"; a part of a day or hour counts whole."""
        unit, size = ("day", _DAY) if self.by > 23 * _HOUR or not self.hourly else ("hour", _HOUR)
        count = math.ceil(self.by / size)
        return f"{count} {unit}{'s' if count > 1 else ''} late"

    @property
    def sentence(self) -> str:
        """What is late, in words: "Pings: data end Sun 16 Nov 2025, 2 days late"."""
        reached = "data end" if self.fresh.grows else "loaded"
        return f"{self.name}: {reached} {_reached(self.fresh, self.hourly)}, {self.words}"


def late(known: Known, now: datetime, *, embedded: bool) -> tuple[Late, ...]:
    """The sources behind their schedules, the one furthest behind first, each name once."""
    found: dict[str, Late] = {}
    for table, fresh in known.items():
        by, name = late_by(fresh, now, embedded=embedded), source(table).name
        if by and (name not in found or by > found[name].by):
            hourly = not embedded and source(table).schedule == Schedule.HOURLY
            found[name] = Late(name, fresh, by, hourly)
    return tuple(sorted(found.values(), key=lambda one: (-one.by, source(one.fresh.source).place)))


def late_words(found: tuple[Late, ...]) -> str:
    """What is late, in one sentence: the worst by name, the others by their number."""
    if not found:
        return ""
    others = len(found) - 1
    more = f"; {others} more source{'s' if others > 1 else ''} late" if others else ""
    return f"{found[0].sentence}{more}"


def through_words(known: Known) -> str:
    """Up to when the growing source that is furthest behind reaches: "Pings through Tue 18 Nov 2025"."""
    growing = [fresh for fresh in known.values() if fresh.grows]
    if not growing:
        return ""
    behind = min(growing, key=lambda fresh: (last_day(fresh.data_through).date(), source(fresh.source).place))
    return f"{source(behind.source).name} through {day_words(last_day(behind.data_through))}"


def loaded_words(known: Known, now: datetime) -> str:
    """When the oldest of these loads was: "loaded 06:10 UTC", with its day unless it is today."""
    if not known:
        return ""
    growing = [fresh.loaded_at for fresh in known.values() if fresh.grows]
    return f"loaded {time_words(min(growing or [fresh.loaded_at for fresh in known.values()]), now)}"


def time_words(moment: datetime, now: datetime) -> str:
    """A moment as pages say it: "22:14 UTC", with its day unless that is today."""
    moment = moment.astimezone(UTC)
    today = moment.date() == now.astimezone(UTC).date()
    return f"{moment:%H:%M} UTC" if today else f"{moment.day} {moment:%b %Y %H:%M} UTC"


def edited_words(fresh: Freshness) -> str:
    """Who edited a source last, and when: "edited Mon 17 Nov 2025 by Maya Young"; nothing where it does not say."""
    if fresh.edited_at is None:
        return ""
    return f"edited {day_words(fresh.edited_at)}" + (f" by {fresh.edited_by}" if fresh.edited_by else "")


def source_words(known: Known, now: datetime, *, embedded: bool) -> dict[str, tuple[str, ...]]:
    """A line a source, as Markdown, by what kind of source it is; kinds without sources are left out."""
    kinds: dict[str, dict[str, None]] = {"Sources": {}, "Replaced whole": {}, "Kept by hand": {}}
    for table, fresh in sorted(known.items(), key=lambda pair: source(pair[0]).place):
        by_hand = source(table).schedule == Schedule.BY_HAND
        kind = "Sources" if fresh.grows else "Kept by hand" if by_hand else "Replaced whole"
        kinds[kind][_line(table, fresh, now, embedded)] = None
    return {kind: tuple(lines) for kind, lines in kinds.items() if lines}


@lru_cache(maxsize=1_000)
def _line(table: str, fresh: Freshness, now: datetime, embedded: bool) -> str:
    schedule = source(table).schedule
    said = [
        source(table).name,
        f"through {day_words(last_day(fresh.data_through))}" if fresh.grows else edited_words(fresh),
        f"loaded {time_words(fresh.loaded_at, now)}",
        "" if embedded else _SCHEDULES.get(schedule, ""),
    ]
    words = plain(", ".join(part for part in said if part))
    behind = late({table: fresh}, now, embedded=embedded)
    return f"{words}, **:orange[{behind[0].words}]**" if behind else words


def beyond_words(expression: DateExpression, context: Context, through: datetime | None, *, is_late: bool) -> str:
    """What is said of a date whose end lies after the data's, `through`; nothing where that goes without saying.

    It does for an open end, and for the running days of a relative date (`7 days`, `12 months`) up to the month's end
    while no source is late (rule: docs/filters, Beyond the data).
    """
    dates = expression.resolve(context)
    if through is None or dates.any or not dates.intervals:
        return ""
    start, end = dates.intervals[0][0], dates.intervals[-1][1]
    day = day_words(last_day(through))
    if start is not None and start >= through:
        return f"Data end {day}, before this begins."
    if end is None or end <= through:
        return ""
    month_end = shift(floor(context.now, "month", context), 1, "month", context)
    if not is_late and end <= month_end and _is_relative(expression, context):
        return ""
    return f"Data end {day}; the rest has none yet."


def _is_relative(expression: DateExpression, context: Context) -> bool:
    later = replace(context, now=context.now + _LONG_AFTER)
    try:
        return expression.resolve(later).intervals != expression.resolve(context).intervals
    except FilterError:
        return True


def _reached(fresh: Freshness, hourly: bool) -> str:
    moment = fresh.data_through.astimezone(UTC)
    if hourly and moment.time() != datetime.min.time():
        return f"{day_words(moment)} {moment:%H:%M} UTC"
    return day_words(last_day(moment))
