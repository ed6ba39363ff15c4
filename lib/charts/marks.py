"""The marks of a chart: one row a mark, in columns that every spec draws from (docs/charts.md, Rows)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

import pyarrow as pa

NO_SERIES = ""
OTHER_KEY = "\x1fother"
"""The series key of marks that stand for all series without marks of their own; no value of a column is written so."""

SCHEMA = pa.schema(
    [
        ("x", pa.string()),
        ("x_words", pa.string()),
        ("x_number", pa.float64()),
        ("series", pa.string()),
        ("value", pa.float64()),
        ("value_words", pa.string()),
        ("rank", pa.int32()),
        ("unfinished", pa.bool_()),
        ("part", pa.string()),
        ("mark_label", pa.string()),
        ("label_at", pa.float64()),
        ("label_width", pa.float64()),
        ("alone", pa.bool_()),
        ("key_x", pa.string()),
        ("key_series", pa.string()),
        ("first", pa.bool_()),
        ("late", pa.bool_()),
        ("rule", pa.string()),
        ("rule_label", pa.string()),
        ("limit", pa.float64()),
        ("limit_label", pa.string()),
        ("limit_below", pa.bool_()),
        ("room", pa.float64()),
    ]
)


@dataclass
class Mark:
    """One mark: its place, its words, and the text keys by which a click is understood (None for a missing value).

    `value` is what is drawn: dollars, and negative where the look draws a measure below zero; `value_words` are the
    figure itself. `first` marks one row of each place, which carries what belongs to the place and not to a series: the
    rule and the limit; `late` the places so far right that words stand to their left. The words of a mark stand at the
    value `label_at`, if the plot is at least `label_width` pixels wide; `room` is a value up to which the axis reaches,
    so that the words of a place have space.
    """

    x: str
    x_words: str
    series: str
    value: float | None
    value_words: str
    key_x: str | None
    key_series: str | None
    x_number: float | None = None
    rank: int = 0
    unfinished: bool = False
    part: str = "solid"
    mark_label: str | None = None
    label_at: float | None = None
    label_width: float = 0.0
    alone: bool = False
    first: bool = False
    late: bool = False
    rule: str | None = None
    rule_label: str | None = None
    limit: float | None = None
    limit_label: str | None = None
    limit_below: bool = False
    room: float | None = None


@dataclass
class Marks:
    """All marks of one chart. `xs` are the places in order, `series` the names biggest first."""

    rows: list[Mark] = field(default_factory=list)
    xs: list[str] = field(default_factory=list)
    series: list[str] = field(default_factory=list)
    note: str | None = None

    @property
    def firsts(self) -> list[Mark]:
        """One mark of each place, in the order of the places."""
        found = {row.x: row for row in self.rows if row.first}
        return [found[x] for x in self.xs if x in found]

    def table(self, names: Sequence[str] = tuple(SCHEMA.names)) -> pa.Table:
        """The marks as Arrow, in those columns of SCHEMA."""
        columns = {name: [getattr(row, name) for row in self.rows] for name in names}
        return pa.table(columns, schema=pa.schema([SCHEMA.field(name) for name in names]))


def mark_key(value: object) -> str | None:
    """The text by which a click tells a value of x or series from others: ISO for moments, None for a missing one."""
    return value.isoformat() if isinstance(value, date) else None if value is None else str(value)


def by_series(marks: Marks) -> Iterator[list[Mark]]:
    """The marks of each series, in the order of the rows."""
    grouped: dict[str, list[Mark]] = defaultdict(list)
    for row in marks.rows:
        grouped[row.series].append(row)
    yield from grouped.values()
