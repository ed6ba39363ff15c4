"""Words that stand beside marks: last values, values on bars, shares of a funnel, rules, and the names of limits."""

from __future__ import annotations

from collections.abc import Sequence

from lib.charts.format import MISSING, format_mark
from lib.charts.marks import Mark, Marks, by_series
from lib.looks.look import Look

CHARACTER = 6.6
_CHART_WIDTH = 430
# The plot of a tile that shares its row with two others.
_NARROW_WIDTH = 210
_MOST_LABELLED_LINES = 4
# Closer than this share of the axis, words and lines would touch.
_NEAR = 0.16
_ROOM = 0.12
# How far from its mark the middle of a word stands, as a share of the axis.
_APART = 0.08


def label_marks(look: Look, marks: Marks) -> None:
    """Put words beside the marks that have room for them; nothing else of a mark changes."""
    match look.chart.kind:
        case "line" | "area":
            _label_last(look, marks)
        case "bar":
            _label_bars(look, marks)
        case "funnel":
            _label_steps(look, marks)
    _label_rules(look, marks)
    _label_limit(look, marks)


def starts_at_zero(look: Look, marks: Marks) -> bool:
    """Whether the value axis starts at zero: always but for lines that say `zero: false`.

    Such a line starts at zero nevertheless where that takes less than half of the height.
    """
    values = _values(marks)
    if look.chart.zero or look.chart.kind != "line" or not values:
        return True
    return min(values) < max(values) - min(values)


def _values(marks: Marks) -> list[float]:
    return [row.value for row in marks.rows if row.value is not None]


def _span(look: Look, marks: Marks) -> float:
    """How much the value axis covers at least: the values, and the limit above them."""
    values = _values(marks)
    limits = [row.limit for row in marks.rows if row.limit is not None]
    return max(*values, *limits, _lowest(look, marks)) - _lowest(look, marks) if values else 0.0


def _lowest(look: Look, marks: Marks) -> float:
    return min(0.0, *_values(marks)) if starts_at_zero(look, marks) else min(_values(marks))


def _label_last(look: Look, marks: Marks) -> None:
    """A dot and its value at the last complete period, below where another line or the limit is close above."""
    if len(marks.series) > _MOST_LABELLED_LINES or look.time_column is None:
        return
    span = _span(look, marks)
    if not span:
        return
    lowest = _lowest(look, marks)
    last = [
        finished[-1]
        for rows in by_series(marks)
        if (finished := [row for row in rows if not row.unfinished and row.value is not None])
    ]
    format = look.columns[look.chart.y[0]].format
    for row in last:
        value = row.value or 0.0
        row.mark_label = format_mark(value, format)
        others = [other.value for other in last if other is not row and other.value is not None]
        others += [row.limit] if row.limit is not None else []
        is_crowded = any(0 <= other - value < _NEAR * span for other in others)
        row.label_at = max(value - _APART * span, lowest) if is_crowded else value + _APART * span


def _label_bars(look: Look, marks: Marks) -> None:
    """Only where every bar has room for its value."""
    if len(marks.rows) != len(marks.xs) or look.chart.below:
        return
    format = look.columns[look.chart.y[0]].format
    labels = [None if row.value is None else format_mark(row.value, format) for row in marks.rows]
    # Nothing but the width of the tile, which the browser knows, may still hide them.
    width = len(labels) * (max((len(label) for label in labels if label), default=0) + 1) * CHARACTER
    if width > _CHART_WIDTH:
        return
    apart = _APART * _span(look, marks)
    for row, label in zip(marks.rows, labels, strict=True):
        row.mark_label, row.label_width = label, width
        row.label_at = None if row.value is None else row.value + (apart if row.value >= 0 else -apart)


def _label_steps(look: Look, marks: Marks) -> None:
    """A step's value and its share of the first; without a first value there are no shares."""
    format = look.columns[look.chart.y[0]].format
    whole = marks.rows[0].value if marks.rows else None
    for row in marks.rows:
        row.label_at = row.value or 0.0
        if row.value is None:
            row.mark_label = MISSING
            continue
        row.mark_label = format_mark(row.value, format)
        if whole:
            share = row.value / whole
            row.mark_label += f" · {share:.0%}" if share == 1 else f" · {share:.1%}"


def _label_rules(look: Look, marks: Marks) -> None:
    """The text of each rule; of texts that would overlap the later one stands."""
    ruled = [row for row in marks.firsts if row.rule is not None]
    if not ruled:
        return
    step, free = _NARROW_WIDTH / len(marks.xs), float(_NARROW_WIDTH)
    places = {x: (place + 0.5) * step for place, x in enumerate(marks.xs)}
    for row in reversed(ruled):
        width = len(row.rule or "") * CHARACTER + 8
        left = places[row.x] - (width if row.late else 0)
        if left + width <= free:
            row.rule_label, free = row.rule, left
    ruled[0].room = _highest(look, marks) * (1 + _ROOM)


def _highest(look: Look, marks: Marks) -> float:
    if look.chart.kind not in ("stacked_bar", "area"):
        return max(0.0, *_values(marks)) if _values(marks) else 0.0
    heights: dict[str, float] = {}
    for row in marks.rows:
        heights[row.x] = heights.get(row.x, 0.0) + max(0.0, row.value or 0.0)
    return max(heights.values(), default=0.0)


def _label_limit(look: Look, marks: Marks) -> None:
    """The limit's name at its left end, and where it changed the new one at its right end."""
    limited = [row for row in marks.firsts if row.limit is not None]
    if not limited or look.chart.limit is None:
        return
    column = look.columns[look.chart.limit]
    ends = [limited[0], limited[-1]] if limited[0].limit != limited[-1].limit else [limited[0]]
    for row in ends:
        limit = row.limit or 0.0
        row.limit_label = f"{format_mark(limit, column.format)} {column.unit or column.label.lower()}"
        row.limit_below = _is_crowded(look, marks, row, limit)
        row.room = max(row.room or 0.0, limit + _ROOM * _span(look, marks))


def _is_crowded(look: Look, marks: Marks, end: Mark, limit: float) -> bool:
    """Whether a line runs close above the limit at the end where its name stands, and none close below."""
    near = _NEAR * _span(look, marks)
    half = len(marks.xs) // 2 + 1
    xs: Sequence[str] = marks.xs[-half:] if end.late else marks.xs[:half]
    beside = [row.value - limit for row in marks.rows if row.value is not None and row.x in set(xs)]
    return any(0 <= gap < near for gap in beside) and not any(-near < gap < 0 for gap in beside)
