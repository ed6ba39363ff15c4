"""One chart ready for the browser: rows as Arrow, the look's spec with this selection's names, words for readers."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

import pyarrow as pa

from lib.charts.colors import SLATE, assign_slots, color_domain
from lib.charts.form import Form, form_of
from lib.charts.labels import CHARACTER
from lib.charts.marks import NO_SERIES, Marks
from lib.charts.rows import marks_of, series_column
from lib.charts.spec import HEIGHT, base_spec, drawn_columns
from lib.looks.look import Look

# A year of weeks. Each SVG mark is a node of the page; canvas is quicker beyond.
_SVG_POINTS = 60
# A canvas does not know the page's text colour, and no gray reads on light and on dark (4.5:1): of the theme's own
# colours slate does, and the scale of the series has it, whatever name stands there.
_CANVAS_SLOT = SLATE
_COLORED_BY_SERIES = ("line", "area", "bar", "stacked_bar", "scatter")
_MOST_LABELS = 13
_MONTH_STEPS = (1, 2, 3, 4, 6, 12)
_NOT_FROM_ZERO = "The axis does not start at zero."
_ALT_LENGTH = 300


@dataclass(frozen=True)
class Drawing:
    """What `st.vega_lite_chart(table, spec, height=height, alt=alt)` needs; `note` says what was left out, if any."""

    table: pa.Table
    spec: dict[str, Any]
    height: int
    alt: str
    note: str | None


def draw(look: Look, table: pa.Table, period: str, unfinished_from: date | None) -> Drawing:
    """Draw a look's rows.

    `period` is the look's period unit under its options; marks from `unfinished_from` on are dashed or pale.
    The same look with the same series and periods yields an equal spec, so the browser keeps its chart.
    """
    marks = marks_of(look, table, period, unfinished_from)
    form = form_of(look, marks, period)
    labelled = _labelled(marks.xs, form.by_month) if form.timed and period != "instant" else ()
    spec = _finished_spec(form, series_column(look), tuple(marks.series), tuple(marks.xs), labelled)
    notes = [marks.note] if marks.note else []
    if not form.from_zero and _NOT_FROM_ZERO not in look.caption:
        notes.append(_NOT_FROM_ZERO)
    return Drawing(marks.table(drawn_columns(form)), spec, HEIGHT, _alt(look, marks), " ".join(notes) or None)


@lru_cache(maxsize=512)
def _finished_spec(
    form: Form, column: str, series: tuple[str, ...], xs: tuple[str, ...], labelled: tuple[str, ...]
) -> dict[str, Any]:
    slots = assign_slots(column, [name for name in series if name != NO_SERIES])
    domain = color_domain(slots) if slots else [NO_SERIES, *(" " * slot for slot in range(2, 14))]
    canvas = len(xs) > _SVG_POINTS and form.kind in _COLORED_BY_SERIES
    text = json.dumps(base_spec(form))
    if canvas:
        themed = {"expr": f"scale('color', {json.dumps(domain[_CANVAS_SLOT - 1])})"}
        text = text.replace('"currentColor"', json.dumps(themed))
    spec = json.loads(text)
    if canvas:
        for part in ("axis", "legend"):
            del spec["config"][part]["labelOpacity"]
    spec["usermeta"] = {"embedOptions": {"renderer": "canvas" if canvas else "svg", "actions": False}}
    for layer in spec["layer"]:
        encoding = layer["encoding"]
        color = encoding.get("color", {})
        if color.get("field") == "series":
            color["scale"] = {"domain": domain}
            color["legend"] = _legend(series) if len(slots) > 1 else None
        for channel in ("x", "y"):
            place = encoding.get(channel, {})
            if place.get("field") == "x":
                place.setdefault("scale", {})["domain"] = list(xs)
                if labelled:
                    place["axis"]["values"] = list(labelled)
    return spec


def _legend(series: Sequence[str]) -> dict[str, Any]:
    widths = [len(name) * CHARACTER + 34 for name in series]
    # The browser knows the chart's width: one row where all names fit, else as many columns as the widest allows.
    columns = f"width + 50 >= {sum(widths):.0f} ? {len(series)} : max(1, floor((width + 50) / {max(widths):.0f}))"
    return {"values": list(series), "columns": {"expr": columns}, "title": None}


def _labelled(xs: Sequence[str], by_month: bool) -> tuple[str, ...]:
    places = [datetime.fromisoformat(x) for x in xs]
    if by_month:
        firsts = [
            x for x, place, before in zip(xs, places, [None, *places], strict=False)
            if before is None or (place.year, place.month) != (before.year, before.month)
        ]  # fmt: skip
        if len(firsts) > 1 and places[0].day > 21:
            firsts = firsts[1:]
        return _thinned_months(firsts)
    step = -(-len(xs) // _MOST_LABELS) or 1
    return tuple(xs[::step])


def _thinned_months(firsts: Sequence[str]) -> tuple[str, ...]:
    """Months at equal steps through which every January stays, since the year stands there."""
    months = [datetime.fromisoformat(x).month for x in firsts]
    for step in _MONTH_STEPS:
        kept = [x for x, month in zip(firsts, months, strict=True) if (month - 1) % step == 0]
        if len(kept) <= _MOST_LABELS:
            return tuple(kept)
    januaries = [x for x, month in zip(firsts, months, strict=True) if month == 1]
    return tuple(januaries[:: -(-len(januaries) // _MOST_LABELS)])


def _alt(look: Look, marks: Marks) -> str:
    kind = look.chart.kind.replace("_", " ")
    if not marks.rows:
        return f"{look.title}: no rows."
    words = {row.x: row.x_words for row in marks.rows}
    ends = f", from {words[marks.xs[0]]} to {words[marks.xs[-1]]}" if look.time_column and marks.xs else ""
    last = [
        f"{row.series + ' ' if row.series else ''}{row.mark_label} in {row.x_words}"
        for row in marks.rows
        if row.mark_label is not None
    ]
    told = f". {'; '.join(last)}" if last else f". Series: {', '.join(marks.series)}" if len(marks.series) > 1 else ""
    return f"{look.title}: {kind} chart{ends}{told}."[:_ALT_LENGTH]
