"""Which periods a look's date filter touches, and which of them are over (rules: docs/looks)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from lib.filters import Context, DateExpression, Dates, floor, shift
from lib.looks.look import Look, Period

SHOWN_PERIODS = 12


@dataclass(frozen=True)
class Clock:
    """The moments that say what is over: `now` of the page run, and up to when the data are whole (None: up to now)."""

    now: datetime
    data_through: datetime | None = None

    @property
    def complete_through(self) -> datetime:
        """A period is complete when it ends at or before this moment (docs/warehouse, Complete)."""
        return min(self.now, self.data_through) if self.data_through else self.now


def context_of(look: Look, unit: Period, now: datetime) -> Context:
    """How the look reads date expressions: its zone, and its week's first day where it counts in weeks."""
    return Context(now=now, zone=look.zone, week_start="sunday" if unit == "week_sunday" else "monday")


def resolve_range(expression: DateExpression | None, unit: Period, context: Context) -> Dates:
    """The expression's instants, widened outward to whole periods; any time where there is no expression."""
    if expression is None or expression.any:
        return Dates(any=True, intervals=((None, None),), nulls=True)
    dates = expression.resolve(context)
    return dates if unit == "instant" else dates.widen(unit, context)


def period_start(instant: datetime, unit: Period, context: Context) -> datetime:
    """The start of the period that holds the instant; the instant itself for `instant`."""
    return instant if unit == "instant" else floor(instant, unit, context)


def shift_periods(start: datetime, count: int, unit: Period, context: Context) -> datetime:
    """The start of the period `count` periods later (earlier when negative)."""
    return shift(start, count, unit, context)


def one_interval(start: datetime, end: datetime) -> Dates:
    """Exactly the instants from start up to end, no rows without a date."""
    return Dates(any=False, intervals=((start, end),), nulls=False)


def reach_back(dates: Dates, count: int, unit: Period, context: Context) -> Dates:
    """The range with at least `count` periods up to its end; as it is where it is not one closed interval."""
    if not is_comparable(dates):
        return dates
    ((start, end),) = dates.intervals
    if start is None or end is None:
        return dates
    try:
        return one_interval(min(start, shift_periods(end, -count, unit, context)), end)
    except OverflowError:
        return dates


NOTHING = Dates(any=False, intervals=(), nulls=False)


def last_periods(dates: Dates, unit: Period, context: Context, clock: Clock, count: int) -> tuple[datetime, ...]:
    """Starts of the last `count` complete periods that end at or before the range's end, oldest first; () for none.

    An open end means the last complete period there is.
    """
    if not dates.intervals:
        return ()
    ends = [end for _, end in dates.intervals]
    last = clock.complete_through if None in ends else min(max(end for end in ends if end), clock.complete_through)
    try:
        end = period_start(last, unit, context)
        return tuple(shift_periods(end, -n, unit, context) for n in range(count, 0, -1))
    except OverflowError:
        return ()


def is_comparable(dates: Dates) -> bool:
    """Whether a change against the time before means anything: one interval with both ends, and no undated rows."""
    return len(dates.intervals) == 1 and None not in dates.intervals[0] and not dates.nulls


def complete_part(dates: Dates, unit: Period, context: Context, clock: Clock) -> Dates:
    """The range less its unfinished periods."""
    over = period_start(clock.complete_through, unit, context)
    kept = dates.clip(None, over)
    return replace(kept, any=False, nulls=dates.nulls and bool(kept.intervals))


def stretch_before(dates: Dates, unit: Period, context: Context) -> Dates | None:
    """As many periods immediately before a range of one closed interval; None where time begins."""
    ((start, end),) = dates.intervals
    if start is None or end is None:
        return None
    try:
        return one_interval(shift_periods(start, -count_periods(start, end, unit, context), unit, context), start)
    except OverflowError:
        return None


def count_periods(start: datetime, end: datetime, unit: Period, context: Context) -> int:
    """How many whole periods lie between two starts of periods."""
    zone = ZoneInfo(context.zone)
    first, last = start.astimezone(zone).date(), end.astimezone(zone).date()
    if unit == "month":
        return (last.year - first.year) * 12 + last.month - first.month
    return (last - first).days // (1 if unit == "day" else 7)


def as_column_value(instant: datetime, column_type: str, zone: str) -> date | datetime:
    """The instant as a value of the period's column: a DATE or civil time of the zone, or a UTC timestamp."""
    local = instant.astimezone(ZoneInfo(zone))
    if column_type == "DATE":
        return local.date()
    return local.replace(tzinfo=None) if column_type == "DATETIME" else instant.astimezone(UTC)
