"""What a date expression keeps, once resolved: half-open intervals of instants, and rows without a date or not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TypeVar

from lib.filters.context import Context
from lib.filters.date_words import describe_dates
from lib.filters.periods import exact, floor_place, instant_of, is_midnight, local_of, midnight, shift_place

Interval = tuple[datetime | None, datetime | None]
Parameters = tuple[tuple[str, str, object], ...]
Bound = TypeVar("Bound", datetime, date)
WIDENINGS = ("day", "week_sunday", "week_monday", "month")


@dataclass(frozen=True)
class Dates:
    """Sorted, disjoint, half-open intervals of UTC instants (None: unbounded), and whether NULL is kept.

    `any` is a text without items: no predicate at all. `warnings` are codes that only the moment reveals.
    """

    any: bool
    intervals: tuple[Interval, ...]
    nulls: bool
    warnings: tuple[str, ...] = ()

    def widen(self, unit: str, ctx: Context) -> Dates:
        """Bounds moved outward to whole periods of the zone: `day`, `week_sunday`, `week_monday`, `month`.

        `instant` changes nothing. A bound that would leave the years 1-9999 becomes open.
        """
        if self.any or unit == "instant":
            return self
        if unit not in WIDENINGS:
            raise ValueError(f"{unit!r} is not a period of a look.")
        wide = [(_widen_start(start, unit, ctx), _widen_end(end, unit, ctx)) for start, end in self.intervals]
        return Dates(False, merge(wide), self.nulls, self.warnings)

    def clip(self, start: datetime | None, end: datetime | None) -> Dates:
        """Only what lies in [start, end); rows without a date are dropped."""
        parts = []
        for first, last in self.intervals:
            first = start if first is None else first if start is None else max(first, start)
            last = end if last is None else last if end is None else min(last, end)
            parts.append((first, last))
        return Dates(False, merge(parts), False, self.warnings)

    def words(self, zone: str) -> str:
        """First and last day included, length, zone and the part without a date: docs/filters, "Words"."""
        return "any time" if self.any else describe_dates(self.intervals, self.nulls, zone)

    def to_sql(
        self, column: str, column_type: str, zone: str, prefix: str = "p", column_zone: str = "UTC"
    ) -> tuple[str, Parameters]:
        """The clause on a DATE, DATETIME or TIMESTAMP column, and its parameters (name, GoogleSQL type, value).

        A DATE stands for its midnight in `zone`; a DATETIME is civil time in `column_zone`. No clause when any value
        is kept, `FALSE` when no row can match. The bare column is compared, so that partitions are pruned.
        """
        if self.any:
            return "", ()
        bounds = self._bounds(column_type, zone, column_zone)
        if bounds == ((None, None),):
            return ("TRUE", ()) if self.nulls else (f"{column} IS NOT NULL", ())
        clauses: list[str] = []
        parameters: list[tuple[str, str, object]] = []
        for pair in bounds:
            sides = []
            for bound, sign in zip(pair, (">=", "<"), strict=True):
                if bound is not None:
                    name = f"{prefix}_{len(parameters) + 1}"
                    parameters.append((name, column_type, bound))
                    sides.append(f"{column} {sign} @{name}")
            clauses.append(f"({' AND '.join(sides)})")
        if self.nulls:
            clauses.append(f"{column} IS NULL")
        if not clauses:
            return "FALSE", ()
        return clauses[0] if len(clauses) == 1 else f"({' OR '.join(clauses)})", tuple(parameters)

    def holds(self, value: date | datetime | None, zone: str, column_zone: str = "UTC") -> bool:
        """Whether the row is kept: as `to_sql` on TIMESTAMP (aware), DATETIME (naive) or DATE."""
        if self.any:
            return True
        if value is None:
            return self.nulls
        kind = "DATE" if not isinstance(value, datetime) else "TIMESTAMP" if value.tzinfo else "DATETIME"
        bounds = self._bounds(kind, zone, column_zone)
        return any((a is None or value >= a) and (b is None or value < b) for a, b in bounds)  # type: ignore[operator]

    def moves_on_date(self, zone: str) -> bool:
        """Whether a DATE column cannot hold some bound exactly (warning `sub_day_on_date`)."""
        return any(bound is not None and not _is_midnight(bound, zone) for pair in self.intervals for bound in pair)

    def _bounds(self, column_type: str, zone: str, column_zone: str) -> tuple[tuple[date | None, date | None], ...]:
        if column_type == "TIMESTAMP":
            return self.intervals
        if column_type == "DATETIME":
            return merge((_civil(a, column_zone, False), _civil(b, column_zone, True)) for a, b in self.intervals)
        if column_type == "DATE":
            return merge((_day(a, zone, False), _day(b, zone, True)) for a, b in self.intervals)
        raise ValueError(f"{column_type!r} is not a type of dates.")


def merge(parts: Iterable[tuple[Bound | None, Bound | None]]) -> tuple[tuple[Bound | None, Bound | None], ...]:
    """Sorted and joined where they overlap or touch; empty ones dropped."""
    solid = [(a, b) for a, b in parts if a is None or b is None or a < b]
    merged: list[tuple[Bound | None, Bound | None]] = []
    for start, end in sorted(solid, key=lambda part: (part[0] is not None, part[0])):
        if merged:
            first, last = merged[-1]
            if last is None or start is None or start <= last:
                merged[-1] = (first, None if last is None or end is None else max(last, end))
                continue
        merged.append((start, end))
    return tuple(merged)


def _widen_start(start: datetime | None, unit: str, ctx: Context) -> datetime | None:
    try:
        return None if start is None else exact(floor_place(start, unit, ctx), ctx)
    except OverflowError:
        return None


def _widen_end(end: datetime | None, unit: str, ctx: Context) -> datetime | None:
    if end is None:
        return None
    try:
        place = floor_place(end, unit, ctx)
        return end if exact(place, ctx) == end else exact(shift_place(place, 1, unit, ctx), ctx)
    except OverflowError:
        return None


def _is_midnight(instant: datetime, zone: str) -> bool:
    try:
        return is_midnight(instant, zone)
    except OverflowError:
        return False


def _civil(instant: datetime | None, zone: str, is_end: bool) -> datetime | None:
    """Civil time of a bound; one beyond the years that the column can hold lets everything or nothing through."""
    if instant is None:
        return None
    try:
        return local_of(instant, zone)
    except OverflowError:
        early = instant.year < 5000
        return (datetime.min if early else None) if is_end else (None if early else datetime.max)


def _day(instant: datetime | None, zone: str, is_end: bool) -> date | None:
    """The first date whose midnight is not before the instant."""
    if instant is None:
        return None
    try:
        day = local_of(instant, zone).date()
        return day if midnight(day, zone) == instant else day + timedelta(days=1)
    except OverflowError:
        early = instant.year < 5000
        return (date.min if early else None) if is_end else (None if early else date.max)


def fixed_text(dates: Dates, zone: str) -> str:
    """An expression of absolute dates that keeps the same rows, for links with fixed dates.

    A bound in the second pass of a repeated hour has no text of its own: it moves outward.
    """
    if dates.any:
        return ""
    parts = []
    for start, end in dates.intervals:
        first = None if start is None else _moment_text(start, zone, outward=-1)
        last = None if end is None else _moment_text(end, zone, outward=1)
        if first and last:
            parts.append(f"{first} to {last}")
        elif first or last:
            parts.append(f"after {first}" if first else f"before {last}")
        else:
            parts.append("not null" if not dates.nulls else "before now,after now")
    parts += ["null"] if dates.nulls else []
    return ",".join(parts) or "null,not null"


def _moment_text(instant: datetime, zone: str, outward: int) -> str:
    if is_midnight(instant, zone):
        return local_of(instant, zone).date().isoformat()
    local = local_of(instant, zone)
    if outward > 0 and instant_of(local, zone) != instant:
        local += instant - instant_of(local, zone)
    text = local.isoformat(" ", "seconds")
    return text.removesuffix(":00") if text.endswith(":00") and len(text) == 19 else text


def utc_text(instant: datetime) -> str:
    """`2024-05-13T00:00:00Z`."""
    return instant.astimezone(UTC).replace(tzinfo=None).isoformat("T", "seconds") + "Z"
