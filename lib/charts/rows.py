"""A look's result as the rows that every chart draws from: one row a mark, all words ready, gaps filled.

Specs stay constant because whatever depends on data is a column here (docs/charts.md, Rows).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pyarrow as pa

from lib.charts.colors import MOST_SERIES, OTHER, order_series
from lib.charts.format import format_drawn, format_value
from lib.charts.labels import label_marks
from lib.charts.marks import NO_SERIES, OTHER_KEY, Mark, Marks, by_series, mark_key
from lib.looks.look import Column, Look

_STEPS = {"day": 1, "week_sunday": 7, "week_monday": 7}
_MISSING_NAME = "(none)"
# Words at a place beyond this share of the width stand to its left.
_LATE = 0.85


def marks_of(look: Look, table: pa.Table, period: str, unfinished_from: date | None) -> Marks:
    """Turn a look's rows into marks: several `y` or a `series` column become series, missing periods become gaps.

    `period` is the look's period unit; marks from `unfinished_from` on stand for periods that are not over.
    More than 12 series are merged into "other" where the value's column may be added, else cut with a note.
    """
    marks = Marks(rows=list(_read(look, table, period, unfinished_from)))
    timed = look.time_column is not None and period != "instant"
    marks.series = _series_by_size(look, marks.rows)
    rules = {row.x: row.rule for row in marks.rows if row.rule}
    limits = {row.x: row.limit for row in marks.rows if row.limit is not None}
    _merge_small(look, marks)
    marks.xs = _places(marks.rows, period) if timed else list(dict.fromkeys(row.x for row in marks.rows))
    if look.chart.kind in ("line", "area"):
        _fill_gaps(marks, period, timed)
    _rank(look, marks)
    _mark_places(marks, rules, limits)
    label_marks(look, marks)
    if look.chart.kind in ("line", "area"):
        _join_unfinished(marks)
    return marks


def place_words(value: object, period: str) -> str:
    """A period in words for tooltips: `Oct 2025`, `week of 3 Nov 2025`, `Tue 18 Nov 2025`."""
    format = {"month": "month", "week_sunday": "week", "week_monday": "week"}.get(period)
    if isinstance(value, datetime) and period != "instant":
        value = value.date()
    return format_value(value, format)


def series_column(look: Look) -> str:
    """The name under which a look's series have colours: its series column, else `y` where columns are series."""
    return look.chart.series or "y"


def _read(look: Look, table: pa.Table, period: str, unfinished_from: date | None) -> Iterator[Mark]:
    chart, columns = look.chart, look.columns
    measures = chart.y or ((chart.x,) if chart.x else ())
    for row in table.to_pylist():
        raw = row[chart.x] if chart.x else None
        moment = isinstance(raw, date)
        for measure in measures:
            column = columns[measure]
            value = row[measure]
            drawn = _plain(value, column)
            series = _series_name(look, row, measure)
            yield Mark(
                x=raw.isoformat() if moment else _named(columns, chart.x, raw),
                x_words=place_words(raw, period) if moment else _named(columns, chart.x, raw),
                x_number=float(raw) if isinstance(raw, (int, float, Decimal)) else None,
                series=series,
                value=-drawn if drawn and measure in chart.below else drawn,
                value_words=format_drawn(value, column.format, column.unit),
                unfinished=moment and unfinished_from is not None and _not_before(raw, unfinished_from),
                key_x=mark_key(raw),
                key_series=mark_key(row[chart.series]) if chart.series else measure,
                rule=str(row[chart.rules]) if chart.rules and row[chart.rules] is not None else None,
                limit=_plain(row[chart.limit], columns[chart.limit]) if chart.limit else None,
            )


def _series_name(look: Look, row: dict[str, Any], measure: str) -> str:
    if look.chart.series:
        return _named(look.columns, look.chart.series, row[look.chart.series])
    return look.columns[measure].label if len(look.chart.y) > 1 else NO_SERIES


def _named(columns: dict[str, Column], name: str | None, value: object) -> str:
    if value is None:
        return _MISSING_NAME
    if name and str(value) in columns[name].names:
        return columns[name].names[str(value)]
    return format_value(value, columns[name].format) if name else format_value(value)


def _plain(value: object, column: Column) -> float | None:
    if not isinstance(value, (int, float, Decimal)):
        return None
    return float(value) / 100 if column.format == "usd" else float(value)


def _not_before(value: date, bound: date) -> bool:
    if not isinstance(value, datetime) and isinstance(bound, datetime):
        return value >= bound.date()
    if isinstance(value, datetime) and not isinstance(bound, datetime):
        return value.date() >= bound
    return value >= bound


def _series_by_size(look: Look, rows: Sequence[Mark]) -> list[str]:
    sizes: dict[str, float] = defaultdict(float)
    for row in rows:
        sizes[row.series] += abs(row.value or 0.0)
    if look.chart.order == "given" or not look.chart.series:
        return list(sizes)
    return order_series(series_column(look), sorted(sizes, key=lambda name: (-sizes[name], name)))


def _merge_small(look: Look, marks: Marks) -> None:
    if len(marks.series) <= MOST_SERIES:
        return
    kept, total = marks.series[: MOST_SERIES - 1], len(marks.series)
    column = look.columns[look.chart.y[0]]
    if column.rollup != "sum":
        marks.series = marks.series[:MOST_SERIES]
        marks.rows = [row for row in marks.rows if row.series in set(marks.series)]
        marks.note = f"The top {MOST_SERIES} of {total} are drawn."
        return
    merged: dict[str, Mark] = {}
    rows: list[Mark] = []
    for row in marks.rows:
        if row.series in kept:
            rows.append(row)
        elif row.x not in merged:
            merged[row.x] = row
            row.series, row.key_series = OTHER, OTHER_KEY
        elif row.value is not None:
            merged[row.x].value = (merged[row.x].value or 0.0) + row.value
    scale = 100 if column.format == "usd" else 1
    for row in merged.values():
        row.value_words = format_drawn(None if row.value is None else row.value * scale, column.format, column.unit)
    marks.rows, marks.series = rows + list(merged.values()), [*kept, OTHER]
    marks.note = f"The {total - len(kept)} smallest are drawn together as other."


def _places(rows: Sequence[Mark], period: str) -> list[str]:
    """Every period from the first to the last row's, so that a missing one shows as a gap and not as nothing."""
    found = sorted({row.x for row in rows if row.key_x is not None})
    if not found:
        return []
    stamped = "T" in found[0]
    place, last, places = datetime.fromisoformat(found[0]), datetime.fromisoformat(found[-1]), []
    while place <= last and len(places) < 5000:
        places.append(place.isoformat() if stamped else place.date().isoformat())
        place = _next(place, period)
    return places if set(found) <= set(places) else found


def _next(place: datetime, period: str) -> datetime:
    if period in _STEPS:
        return place + timedelta(days=_STEPS[period])
    return place.replace(year=place.year + place.month // 12, month=place.month % 12 + 1)


def _fill_gaps(marks: Marks, period: str, timed: bool) -> None:
    if not timed:
        return
    seen = {(row.x, row.series) for row in marks.rows}
    keys = {row.series: row.key_series for row in marks.rows}
    unfinished = {row.x for row in marks.rows if row.unfinished}
    for series in marks.series:
        for x in marks.xs:
            if (x, series) not in seen:
                words = place_words(datetime.fromisoformat(x), period)
                gap = Mark(x, words, series, None, format_value(None), x, keys[series], unfinished=x in unfinished)
                marks.rows.append(gap)
    marks.rows.sort(key=lambda row: row.x)


def _rank(look: Look, marks: Marks) -> None:
    """The order of a stack, or of bars side by side; what is drawn below zero has an order of its own."""
    below = {look.columns[measure].label for measure in look.chart.below}
    for side in (below, set(marks.series) - below):
        ranks = {name: rank for rank, name in enumerate(name for name in marks.series if name in side)}
        for row in marks.rows:
            row.rank = ranks.get(row.series, row.rank)


def _mark_places(marks: Marks, rules: Mapping[str, str], limits: Mapping[str, float]) -> None:
    late = set(marks.xs[int(len(marks.xs) * _LATE) :])
    seen: set[str] = set()
    for row in marks.rows:
        row.first, row.late, row.limit = row.x not in seen, row.x in late, limits.get(row.x)
        row.rule = rules.get(row.x) if row.first else None
        seen.add(row.x)


def _join_unfinished(marks: Marks) -> None:
    """The dashed part starts at the last finished mark; a mark without neighbours gets a dot, or it would not show."""
    joints: list[Mark] = []
    for rows in by_series(marks):
        for index, row in enumerate(rows):
            before = rows[index - 1] if index else None
            after = rows[index + 1] if index + 1 < len(rows) else None
            row.alone = row.value is not None and all(near is None or near.value is None for near in (before, after))
            if row.unfinished:
                row.part = "dashed"
                if before is not None and before.part == "solid" and before.value is not None:
                    joints.append(replace(before, part="dashed", mark_label=None, alone=False, first=False))
    marks.rows += joints
