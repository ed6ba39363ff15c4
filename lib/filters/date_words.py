"""Resolved dates in words, as they stand beside a filter."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from lib.filters.lists import join_words
from lib.filters.periods import is_midnight, local_of

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def describe_dates(intervals: Sequence[tuple[datetime | None, datetime | None]], nulls: bool, zone: str) -> str:
    """`Mon 15 Apr 2024 – Sun 12 May 2024 (28 days, UTC) or no date`."""
    if list(intervals) == [(None, None)]:
        return "any time" if nulls else "any date"
    parts = [describe_interval(start, end, zone) for start, end in intervals]
    parts += ["no date"] if nulls else []
    return join_words(parts) or "no time at all"


def describe_interval(start: datetime | None, end: datetime | None, zone: str) -> str:
    """One interval: first and last day included, its length and zone; times only where a bound lies off midnight."""
    if start is None or end is None:
        bound, word = (end, "before") if end else (start, "from")
        return f"{word} {_bound_text(bound, zone)} ({zone})" if bound else "any date"
    whole = _whole_day(start, zone), _whole_day(end, zone)
    first, last = local_of(start, zone), local_of(end, zone)
    if whole[1]:
        last -= timedelta(days=1)
    begin = describe_day(first.date()) if whole[0] else _stamp(first)
    if all(whole):
        length = count((last.date() - first.date()).days + 1, "day")
        close = describe_day(last.date())
    else:
        length = describe_length(end - start)
        same_day = not whole[1] and not whole[0] and last.date() == first.date()
        close = describe_day(last.date()) if whole[1] else _time(last) if same_day else _stamp(last)
    text = begin if all(whole) and begin == close else f"{begin} – {close}"
    return f"{text} ({length}, {zone})"


def describe_day(day: date) -> str:
    """`Mon 15 Apr 2024`."""
    return f"{DAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]} {day.year:04d}"


def describe_length(length: timedelta) -> str:
    """`24 hours`, `2 days 10 hours 30 minutes`."""
    days, seconds = length.days, length.seconds
    if days < 2 and not seconds % 3600:
        days, seconds = 0, days * 86_400 + seconds
    parts = [(days, "day"), (seconds // 3600, "hour"), (seconds // 60 % 60, "minute"), (seconds % 60, "second")]
    return " ".join(count(n, unit) for n, unit in parts if n)


def count(n: int, unit: str) -> str:
    """`1 day`, `1,200 days`."""
    return f"{n:,} {unit}" if n == 1 else f"{n:,} {unit}s"


def _whole_day(instant: datetime, zone: str) -> bool:
    try:
        return is_midnight(instant, zone)
    except OverflowError:
        return False


def _bound_text(instant: datetime, zone: str) -> str:
    local = local_of(instant, zone)
    return describe_day(local.date()) if _whole_day(instant, zone) else _stamp(local)


def _stamp(local: datetime) -> str:
    return f"{describe_day(local.date())} {_time(local)}"


def _time(local: datetime) -> str:
    return local.strftime("%H:%M:%S" if local.second else "%H:%M")
