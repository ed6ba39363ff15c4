"""A date expression: its intervals in a context, its predicate, what it keeps, and its words."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from lib.filters.clauses import Parameters
from lib.filters.context import Context
from lib.filters.dates import DateItem, date_item_span, date_item_text
from lib.filters.errors import LABELS, FilterError
from lib.filters.intervals import Dates, Interval, merge
from lib.filters.periods import Place, exact, local_of


@dataclass(frozen=True)
class DateExpression:
    """Items in the order given; equal items make equal expressions, whatever was typed."""

    items: tuple[DateItem, ...]
    warnings: tuple[str, ...] = field(default=(), compare=False)
    kind: str = field(default="date", init=False)

    @property
    def any(self) -> bool:
        """Whether every row is kept."""
        return not self.items

    def to_text(self) -> str:
        """Canonical text."""
        return ",".join(date_item_text(item) for item in self.items)

    def resolve(self, ctx: Context) -> Dates:
        """The intervals at this moment; raises FilterError `out_of_range` and nothing else.

        An empty item (`this month to day` on the first) adds the warning `nothing_matches`.
        """
        if self.any:
            return Dates(True, ((None, None),), True)
        spans = [span for item in self.items if (span := _resolve_item(item, ctx))]
        forms = {item.form for item in self.items}
        nulls = "null" in forms and "not null" not in forms
        if forms == {"not null"}:
            spans = [(None, None)]
        intervals = merge(spans)
        empty = any(a is not None and b is not None and a >= b for a, b in spans) or not (intervals or nulls)
        return Dates(False, intervals, nulls, ("nothing_matches",) if empty else ())

    def resolve_warnings(self, ctx: Context) -> tuple[str, ...]:
        """Warnings that need the context."""
        return self.resolve(ctx).warnings

    def matches(self, value: date | datetime | None, ctx: Context, column_zone: str = "UTC") -> bool:
        """Whether a row with this date (its midnight in the zone), civil time or instant is kept."""
        return self.resolve(ctx).holds(value, ctx.zone, column_zone)

    def to_sql(
        self, column: str, column_type: str, ctx: Context, prefix: str = "p", column_zone: str = "UTC"
    ) -> tuple[str, Parameters]:
        """The clause on a DATE, DATETIME or TIMESTAMP column: see Dates.to_sql."""
        return self.resolve(ctx).to_sql(column, column_type, ctx.zone, prefix, column_zone)

    def sql_warnings(self, column_type: str, ctx: Context) -> tuple[str, ...]:
        """`sub_day_on_date` where a DATE column cannot hold a bound, beside the moment's own warnings."""
        dates = self.resolve(ctx)
        moved = column_type == "DATE" and dates.moves_on_date(ctx.zone)
        return (*dates.warnings, "sub_day_on_date") if moved else dates.warnings

    def describe(self, ctx: Context) -> str:
        """First and last day included, length, zone, and the part without a date."""
        return self.resolve(ctx).words(ctx.zone)


def _resolve_item(item: DateItem, ctx: Context) -> Interval | None:
    try:
        span = date_item_span(item, ctx)
        if span is None:
            return None
        start, end = (None if place is None else _instant(place, ctx) for place in span)
        return start, end
    except (OverflowError, ValueError) as error:
        problem = "the date lies outside the years 1 to 9999."
        raise FilterError("out_of_range", item.position, item.length, problem, label=LABELS["date"]) from error


def _instant(place: Place, ctx: Context) -> datetime:
    instant = exact(place, ctx)
    if instant.year in (1, 9999):  # it must have a civil time too, for words and links
        local_of(instant, ctx.zone)
    return instant
