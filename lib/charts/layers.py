"""Mark builders: the layers of each kind of chart.

Every channel is written as its class (`alt.ColorValue`, `alt.Text`): plain text, `alt.value` and `alt.condition` make
Altair search its schema, which takes many times as long.
"""

from __future__ import annotations

from itertools import product
from typing import Any

import altair as alt

from lib.charts.form import Form
from lib.charts.format import axis_label

TEXT = "currentColor"
_UNFINISHED_OPACITY = 0.45
_WHOLE = ("integer", "change")
# How far an axis from zero reaches at least, so that nothing but zeros lies at its foot and not in the middle.
_LEAST_AXIS = {"integer": 1, "change": 1, "usd": 1, "percent": 0.01}
# Half a user is none: an axis shorter than four has a line a whole number. (tickMinStep allows halves below three.)
_WHOLE_TICKS = "clamp(floor(domain('y')[1] - domain('y')[0]), 1, 4)"
# What a funnel's bars leave free for the words to their right, in pixels.
_STEP_WORDS = 112
CLICK = "mark"
"""The name of the selection that holds the mark that was clicked."""
_CLICKED = "clicked"
_DOTTED = {"strokeDash": [2, 3], "strokeWidth": 1.5}
_PERIOD_LABELS = {
    # The year stands under the first label and under each January.
    "month": "[utcFormat(toDate(datum.value), '%b'), !(datum.index > 0) || utcmonth(toDate(datum.value)) == 0 "
    "? utcFormat(toDate(datum.value), '%Y') : '']",
    "day": "utcFormat(toDate(datum.value), '%-d %b')",
}


def _clickable(form: Form, marks: alt.Chart) -> alt.Chart:
    """The layer whose marks open their rows. Only its own: of a line, a click would name the first point."""
    if not form.opens:
        return marks
    click = alt.selection_point(
        name=CLICK, fields=["key_x", "key_series"], on=f"@{_CLICKED}_marks:click", clear=False, toggle=False
    )
    return marks.properties(name=_CLICKED).add_params(click)


def _cursor(form: Form) -> dict[str, Any]:
    return {"cursor": "pointer"} if form.opens else {}


def _time_or_category(form: Form, band: bool) -> alt.X:
    labels = _PERIOD_LABELS["month" if form.by_month else "day"] if form.timed else "datum.label"
    gaps = alt.Scale(padding=0) if form.dense else alt.Scale(paddingInner=0.28, paddingOuter=0.14)
    scale = gaps if band else alt.Scale(padding=0)
    axis = alt.Axis(
        labelExpr=labels,
        grid=False,
        labelAngle=0,
        labelPadding=6,
        labelOverlap="parity" if form.timed else "greedy",
        labelSeparation=3,
        labelFlush=False,
    )
    return alt.X("x:N", sort=None, scale=scale, axis=axis, title=None)


def _value_axis(form: Form, stack: bool | None = None) -> alt.Y:
    labels = axis_label(form.value_format, full=not form.from_zero)
    ticks = alt.ExprRef(_WHOLE_TICKS) if form.value_format in _WHOLE else 4
    axis = alt.Axis(labelExpr=labels, tickCount=ticks, grid=True, labelPadding=8)
    return alt.Y("value:Q", axis=axis, stack=stack, scale=_value_scale(form), title=None)


def _value_scale(form: Form) -> alt.Scale:
    least = _LEAST_AXIS.get(form.value_format or "")
    if form.from_zero and least:
        return alt.Scale(zero=True, nice=True, domain={"unionWith": [0, least]})
    return alt.Scale(zero=form.from_zero, nice=True)


def _color() -> alt.Color:
    return alt.Color("series:N", sort=None, legend=None, title=None)


def _tooltip(form: Form) -> list[alt.Tooltip]:
    parts = [alt.Tooltip("x_words:N", title=form.x_label)]
    parts += [alt.Tooltip("series:N", title=form.series_label)] if form.series_label else []
    return [*parts, alt.Tooltip("value_words:N", title=form.value_label)]


def _line(form: Form) -> list[Any]:
    base = alt.Chart().encode(x=_time_or_category(form, band=False), y=_value_axis(form), color=_color())
    dash = alt.StrokeDash("part:N", scale=alt.Scale(domain=["solid", "dashed"], range=[[1, 0], [4, 3]]), legend=None)
    each = [alt.Detail("series:N"), alt.Detail("part:N")]
    line = base.mark_line(strokeWidth=2, interpolate="linear").encode(strokeDash=dash, detail=each)
    area = base.mark_area(opacity=0.16).encode(detail=each) if form.kind == "area" else None
    # Each value can be pointed at; a dot is seen where a value has words or no neighbours.
    dots = base.transform_filter("datum.part == 'solid' || datum.unfinished").mark_point(filled=True, **_cursor(form))
    seen = "datum.alone || datum.mark_label != null"
    dots = dots.encode(
        size=alt.SizeValue(260, condition={"test": seen, "value": 46}),
        opacity=alt.OpacityValue(0, condition={"test": seen, "value": 1}),
        tooltip=_tooltip(form),
    )
    layers = [
        area,
        line,
        *_of_places(form, band=False),
        _clickable(form, dots),
        _mark_labels(form, base, fontWeight=600),
    ]
    return [layer for layer in layers if layer is not None]


def _mark_labels(form: Form, base: alt.Chart, **style: Any) -> alt.Chart:
    """The words of each mark, at a place of their own beside it, to which the axis reaches."""
    shown = "datum.mark_label != null && datum.label_width <= width"
    labelled = base.transform_filter(shown).mark_text(fontSize=12, **style)
    at = alt.Y("label_at:Q", scale=_value_scale(form), stack=None, title=None)
    return labelled.encode(y=at, text=alt.Text("mark_label:N"), color=alt.ColorValue(TEXT))


def _of_places(form: Form, band: bool) -> list[Any]:
    """What belongs to places and not to series: limits, rules, and the room that words need."""
    if not form.limit and form.rules is None:
        return []
    base = alt.Chart().encode(x=_time_or_category(form, band))
    # An invisible mark up to which the value axis reaches.
    reach = alt.Y("room:Q", scale=_value_scale(form), stack=None, title=None)
    room = base.transform_filter("datum.room != null").mark_point(opacity=0, size=0).encode(y=reach)
    return [*_limit(form, base), *_rules(form, base), room]


def _limit(form: Form, base: alt.Chart) -> list[alt.Chart]:
    if not form.limit:
        return []
    at = alt.Y("limit:Q", scale=_value_scale(form), stack=None, title=None)
    at_limit = base.encode(y=at, color=alt.ColorValue(TEXT))
    rule = at_limit.transform_filter("datum.first").mark_line(interpolate="step-after", **_DOTTED)
    return [rule, *_beside(at_limit, "limit_label", {"datum.limit_below": 12, "!datum.limit_below": -8})]


def _rules(form: Form, base: alt.Chart) -> list[alt.Chart]:
    if form.rules is None:
        return []
    told = [alt.Tooltip("x_words:N", title=form.x_label), alt.Tooltip("rule:N", title=form.rules)]
    ruled = base.mark_rule(**_DOTTED).encode(color=alt.ColorValue(TEXT), y2=alt.Y2Value("height"), tooltip=told)
    named = ruled.transform_filter("datum.first && datum.rule_label != null").encode(y=alt.YValue(0))
    # A rule without room for its text starts below the texts of its neighbours.
    nameless = ruled.transform_filter("datum.first && datum.rule != null && datum.rule_label == null")
    words = base.encode(y=alt.YValue(6), color=alt.ColorValue(TEXT))
    return [named, nameless.encode(y=alt.YValue(15)), *_beside(words, "rule_label", {"true": 0})]


def _beside(base: alt.Chart, words: str, shifts: dict[str, int]) -> list[alt.Chart]:
    """Words that start at their place, or end there where it is late; `shifts`: how far down under which condition."""
    sides = {"!datum.late": {"align": "left", "dx": 4}, "datum.late": {"align": "right", "dx": -4}}
    return [
        base.encode(text=alt.Text(f"{words}:N"))
        .transform_filter(f"datum.first && datum.{words} != null && {late} && {shifted}")
        .mark_text(fontSize=12, baseline="middle", dy=shift, **side)
        for (late, side), (shifted, shift) in product(sides.items(), shifts.items())
    ]


def _bar(form: Form) -> list[Any]:
    base = alt.Chart().encode(x=_time_or_category(form, band=True), y=_value_axis(form))
    pale = alt.OpacityValue(1, condition={"test": "datum.unfinished", "value": _UNFINISHED_OPACITY})
    bars = base.mark_bar(**_cursor(form)).encode(color=_color(), opacity=pale, tooltip=_tooltip(form))
    if form.beside:
        bars = bars.encode(xOffset=alt.XOffset("rank:O", title=None))
    elif form.kind == "stacked_bar":
        bars = bars.encode(y=_value_axis(form, stack=True), order=alt.Order("rank:Q", sort="ascending"))
    words = [_mark_labels(form, base)] if form.kind == "bar" and not form.beside else []
    return [_clickable(form, bars), *words, *_of_places(form, band=True)]


def _funnel(form: Form) -> list[Any]:
    steps = alt.Axis(
        grid=False, labelExpr="datum.label", labelOpacity=1, labelPadding=8, labelLimit=170, minExtent=0, title=None
    )
    y = alt.Y("x:N", sort=None, scale=alt.Scale(paddingInner=0.56, paddingOuter=0.34), axis=steps, title=None)
    reach: list[Any] = [0, {"expr": f"max(24, width - {_STEP_WORDS})"}]
    x = alt.X("value:Q", scale=alt.Scale(zero=True, nice=False, range=reach), axis=None, title=None)
    base = alt.Chart().encode(y=y, x=x)
    # A step without a value has no bar, and its dash stands where the bar would start.
    words = base.mark_text(align="left", dx=8, fontSize=12).encode(
        x=alt.X("label_at:Q", axis=None), text=alt.Text("mark_label:N"), color=alt.ColorValue(TEXT)
    )
    bars = base.mark_bar(**_cursor(form)).encode(color=_color(), tooltip=_tooltip(form))
    return [_clickable(form, bars), words]


def _heatmap(form: Form) -> list[Any]:
    y = alt.Y("series:N", sort=None, axis=alt.Axis(grid=False, labelPadding=8, labelLimit=140), title=None)
    color = alt.Color("value:Q", scale=alt.Scale(range="ramp"), legend=None)
    cells = alt.Chart().mark_rect(**_cursor(form)).encode(x=_time_or_category(form, band=True), y=y, color=color)
    return [_clickable(form, cells.encode(tooltip=_tooltip(form)))]


def _scatter(form: Form) -> list[Any]:
    x = alt.X("x_number:Q", axis=alt.Axis(labelExpr=axis_label(form.x_format), tickCount=5, grid=False), title=None)
    points = alt.Chart().mark_point(filled=True, size=46, opacity=0.75, **_cursor(form))
    return [_clickable(form, points.encode(x=x, y=_value_axis(form), color=_color(), tooltip=_tooltip(form)))]


def _histogram(form: Form) -> list[Any]:
    axis = alt.Axis(labelExpr=axis_label(form.x_format), grid=False)
    x = alt.X("x_number:Q", bin=alt.Bin(maxbins=20), axis=axis, title=None)
    y = alt.Y("count():Q", axis=alt.Axis(tickCount=4, labelExpr=axis_label("integer"), labelPadding=8), title=None)
    counted = [
        alt.Tooltip("x_number:Q", bin=alt.Bin(maxbins=20), title="Range"),
        alt.Tooltip("count():Q", title="Rows"),
    ]
    return [alt.Chart().mark_bar(binSpacing=1).encode(x=x, y=y, tooltip=counted)]


LAYERS = {
    "line": _line,
    "area": _line,
    "bar": _bar,
    "stacked_bar": _bar,
    "funnel": _funnel,
    "heatmap": _heatmap,
    "scatter": _scatter,
    "histogram": _histogram,
}
