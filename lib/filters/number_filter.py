"""A number expression: its predicate, what it keeps, and its words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from lib.filters.clauses import Binder, Parameters, all_of, keep
from lib.filters.context import Context
from lib.filters.lists import join_words
from lib.filters.numbers import NumberItem, Range, number_text

INT64 = range(-(2**63), 2**63)
NUMERIC_LIMIT = Decimal(10) ** 29


@dataclass(frozen=True)
class NumberExpression:
    """Items, includes before excludes; equal items make equal expressions, whatever was typed."""

    items: tuple[NumberItem, ...]
    warnings: tuple[str, ...] = field(default=(), compare=False)
    kind: str = field(default="number", init=False)

    @property
    def any(self) -> bool:
        """Whether every row is kept."""
        return not self.items

    def to_text(self) -> str:
        """Canonical text."""
        return ",".join(item.text for item in self.items)

    def matches(self, value: Decimal | int | float | None, ctx: Context) -> bool:
        """Whether a row with this value is kept; a float is compared as FLOAT64, NaN equals nothing."""
        if self.any:
            return True
        if value is None or not self.keeps_numbers():
            return value is None and self.keeps_nulls()
        includes, excludes = self._sides()
        kept = not includes or any(_holds(item, value) for item in includes)
        return kept and not any(_holds(item, value) for item in excludes)

    def _sides(self) -> tuple[list[NumberItem], list[NumberItem]]:
        return [item for item in self.items if not item.exclude], [item for item in self.items if item.exclude]

    def keeps_nulls(self) -> bool:
        """Whether rows without a number are kept."""
        includes, excludes = self._sides()
        wanted = not includes or any(item.range is None for item in includes)
        return wanted and all(item.range for item in excludes)

    def keeps_numbers(self) -> bool:
        """Whether any number is left."""
        includes, excludes = self._sides()
        left = [item.range for item in includes if item.range] if includes else [Range()]
        return _any_left(left, [item.range for item in excludes if item.range])

    def keeps_nothing(self) -> bool:
        """Whether no row can match."""
        return not self.keeps_nulls() and not self.keeps_numbers()

    def resolve_warnings(self, ctx: Context) -> tuple[str, ...]:
        """Warnings that need the context."""
        return ("nothing_matches",) if self.keeps_nothing() else ()

    def to_sql(self, column: str, column_type: str, ctx: Context, prefix: str = "p") -> tuple[str, Parameters]:
        """The clause on an INT64, FLOAT64 or NUMERIC column: docs/filters, "SQL"."""
        if self.any:
            return "", ()
        if not self.keeps_numbers():
            return (f"{column} IS NULL", ()) if self.keeps_nulls() else ("FALSE", ())
        binder = Binder(prefix)
        includes, excludes = self._sides()
        kept = _tests(column, column_type, [item.range for item in includes if item.range], binder)
        kept += [f"{column} IS NULL"] if any(item.range is None for item in includes) else []
        dropped = _tests(column, column_type, [item.range for item in excludes if item.range], binder)
        passed = [f"({column} IS NULL OR NOT ({' OR '.join(dropped)}))"] if dropped else []
        passed += [f"{column} IS NOT NULL"] if any(item.range is None for item in excludes) else []
        return keep(kept, passed), tuple(binder.parameters)

    def describe(self, ctx: Context) -> str:
        """The meaning in words."""
        if self.any:
            return "any number"
        includes, excludes = (
            [_words(item.range) if item.range else "missing" for item in side] for side in self._sides()
        )
        parts = [join_words(includes)] if includes else []
        parts += ["not " + join_words(excludes)] if excludes else []
        return join_words(parts, " but ")


def _holds(item: NumberItem, value: Decimal | int | float) -> bool:
    return item.range is not None and item.range.holds(value)


def _tests(column: str, column_type: str, parts: Sequence[Range], binder: Binder) -> list[str]:
    singles = [part.low for part in parts if part.single and part.low is not None]
    bound = [binder.bind(*_typed(value, column_type)) for value in singles]
    tests = [f"{column} = {bound[0]}" if len(bound) == 1 else f"{column} IN ({', '.join(bound)})"] if bound else []
    for part in parts:
        if part.single:
            continue
        sides = []
        for value, sign, inside in ((part.low, ">", part.low_in), (part.high, "<", part.high_in)):
            if value is not None:
                sides.append(f"{column} {sign}{'=' if inside else ''} {binder.bind(*_typed(value, column_type))}")
        tests.append(all_of(sides))
    return tests


def _typed(value: Decimal, column_type: str) -> tuple[str, Decimal | int | float]:
    """GoogleSQL type and value of a bound number."""
    whole = value == value.to_integral_value()
    if whole and int(value) in INT64:
        return "INT64", int(value)
    if column_type == "NUMERIC" and abs(value) < NUMERIC_LIMIT and len(number_text(value).partition(".")[2]) <= 9:
        return "NUMERIC", value
    return "FLOAT64", float(value)


def _any_left(includes: Sequence[Range], excludes: Sequence[Range]) -> bool:
    """Whether some number lies in an include and in no exclude: tried at each bound, and between any two."""
    bounds = sorted({b for part in (*includes, *excludes) for b in (part.low, part.high) if b is not None})
    rank = {bound: 2 * index + 1 for index, bound in enumerate(bounds)}  # even places lie between the bounds

    def places(part: Range) -> range:
        first = 0 if part.low is None else rank[part.low] + (not part.low_in)
        last = 2 * len(bounds) if part.high is None else rank[part.high] - (not part.high_in)
        return range(first, last + 1)

    left = {place for part in includes for place in places(part)}
    for part in excludes:
        left -= set(places(part))
    return bool(left)


def _words(part: Range) -> str:
    if part.single and part.low is not None:
        return number_text(part.low)
    if part.low is not None and part.high is not None and part.low_in and part.high_in:
        return f"from {number_text(part.low)} to {number_text(part.high)}"
    low = f"{'at least' if part.low_in else 'more than'} {number_text(part.low)}" if part.low is not None else ""
    high = f"{'at most' if part.high_in else 'less than'} {number_text(part.high)}" if part.high is not None else ""
    return " and ".join(side for side in (low, high) if side)
