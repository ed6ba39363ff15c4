"""Mark builders: a look's header becomes a Vega-Lite spec by Altair, once a look; data never enters it.

Streamlit's theme gives colours and fonts in the browser, so the spec names slots and not colours.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import altair as alt

from lib.charts.format import axis_label
from lib.looks.look import Look

HEIGHT = 208
_UNFINISHED_OPACITY = 0.45
_LABEL_OPACITY = 0.7
_TEXT = "currentColor"
_PERIOD_LABELS = {
    # The year stands under the first label and under each January.
    "month": "[utcFormat(toDate(datum.value), '%b'), !(datum.index > 0) || utcmonth(toDate(datum.value)) == 0 "
    "? utcFormat(toDate(datum.value), '%Y') : '']",
    "day": "utcFormat(toDate(datum.value), '%-d %b')",
}


@dataclass(frozen=True)
class Form:
    """All of a look's header that its spec depends on; looks of equal form share one spec."""

    kind: str
    timed: bool
    by_month: bool
    x_label: str
    x_format: str | None
    value_label: str
    value_format: str | None
    series_label: str | None
    limit: bool


def form_of(look: Look, by_month: bool) -> Form:
    """The form of a look; `by_month`: month names on its time axis."""
    chart, columns = look.chart, look.columns
    x = columns[chart.x] if chart.x else None
    value = columns[chart.y[0]] if chart.y else None
    several = len(chart.y) > 1
    return Form(
        kind=chart.kind,
        timed=look.time_column is not None,
        by_month=by_month,
        x_label=x.label if x else "",
        x_format=x.format if x else None,
        value_label="Value" if several else value.label if value else "Rows",
        value_format=value.format if value else None,
        series_label=columns[chart.series].label if chart.series else "Measure" if several else None,
        limit=chart.limit is not None,
    )


@cache
def base_spec(form: Form) -> dict[str, Any]:
    """The constant spec of a form, without data, colour domain and labelled periods.

    Kinds counter and table have none: ValueError.
    """
    layers = _LAYERS.get(form.kind)
    if layers is None:
        raise ValueError(f"a {form.kind} is not drawn as a chart")
    chart = (
        alt.layer(*layers(form))
        .properties(padding={"left": 0, "right": 12, "top": 4, "bottom": 6})
        .configure_view(stroke=None)
        .configure_axis(
            labelFontSize=12, labelColor=_TEXT, labelOpacity=_LABEL_OPACITY, title=None, ticks=False, domain=False
        )
        .configure_legend(
            orient="top",
            direction="horizontal",
            title=None,
            symbolType="square",
            symbolSize=110,
            symbolStrokeWidth=0,
            labelFontSize=12,
            labelColor=_TEXT,
            labelOpacity=_LABEL_OPACITY,
            labelLimit=180,
            offset=6,
            columnPadding=14,
            rowPadding=3,
        )
    )
    spec = chart.to_dict(validate=False)
    for part in (spec, *spec["layer"]):
        for name in ("data", "datasets", "$schema"):
            part.pop(name, None)
    return spec


def _time_or_category(form: Form, band: bool) -> alt.X:
    labels = _PERIOD_LABELS["month" if form.by_month else "day"] if form.timed else "datum.label"
    scale = alt.Scale(paddingInner=0.28, paddingOuter=0.14) if band else alt.Scale(padding=0)
    axis = alt.Axis(
        labelExpr=labels,
        grid=False,
        labelAngle=0,
        labelPadding=6,
        labelOverlap="greedy",
        labelSeparation=3,
        labelFlush=False,
    )
    return alt.X("x:N", sort=None, scale=scale, axis=axis, title=None)


def _value_axis(form: Form, stack: bool | None = None) -> alt.Y:
    axis = alt.Axis(labelExpr=axis_label(form.value_format), tickCount=4, grid=True, labelPadding=8)
    return alt.Y("value:Q", axis=axis, stack=stack, scale=alt.Scale(zero=True, nice=True), title=None)


def _color() -> alt.Color:
    return alt.Color("series:N", sort=None, legend=None, title=None)


def _tooltip(form: Form) -> list[alt.Tooltip]:
    parts = [alt.Tooltip("x_words:N", title=form.x_label)]
    parts += [alt.Tooltip("series:N", title=form.series_label)] if form.series_label else []
    return [*parts, alt.Tooltip("value_words:N", title=form.value_label)]


def _line(form: Form) -> list[Any]:
    base = alt.Chart().encode(x=_time_or_category(form, band=False), y=_value_axis(form), color=_color())
    dash = alt.StrokeDash("part:N", scale=alt.Scale(domain=["solid", "dashed"], range=[[1, 0], [4, 3]]), legend=None)
    line = base.mark_line(strokeWidth=2, interpolate="linear").encode(strokeDash=dash, detail=["series:N", "part:N"])
    area = base.mark_area(opacity=0.16).encode(detail=["series:N", "part:N"]) if form.kind == "area" else None
    alone = base.transform_filter("datum.alone").mark_point(filled=True, size=30, opacity=1)
    marks = base.transform_filter("datum.part == 'solid' || datum.unfinished").mark_point(
        filled=True, size=260, opacity=0
    )
    marks = marks.encode(tooltip=_tooltip(form))
    dot = base.transform_filter("datum.mark_label != null").mark_point(filled=True, size=46, opacity=1)
    layers = [area, line, alone, dot, *_last_values(base), *_limit(form), marks]
    return [layer for layer in layers if layer is not None]


def _last_values(base: alt.Chart) -> list[alt.Chart]:
    text = {"fontWeight": 600, "fontSize": 12, "align": "center"}
    labelled = base.encode(text="mark_label:N", color=alt.value(_TEXT))
    return [
        labelled.transform_filter("datum.mark_label != null && !datum.below").mark_text(dy=-11, **text),
        labelled.transform_filter("datum.mark_label != null && datum.below").mark_text(dy=13, **text),
    ]


def _limit(form: Form) -> list[alt.Chart]:
    if not form.limit:
        return []
    rule = alt.Chart().mark_line(strokeDash=[2, 3], strokeWidth=1.5, interpolate="step-after")
    return [rule.encode(x=_time_or_category(form, band=False), y=alt.Y("limit:Q", title=None), color=alt.value(_TEXT))]


def _bar(form: Form) -> list[Any]:
    stacked = form.kind == "stacked_bar"
    base = alt.Chart().encode(x=_time_or_category(form, band=True), y=_value_axis(form, stack=stacked or None))
    pale = alt.condition("datum.unfinished", alt.value(_UNFINISHED_OPACITY), alt.value(1))
    bars = base.mark_bar().encode(color=_color(), opacity=pale, tooltip=_tooltip(form))
    if stacked:
        return [bars.encode(order=alt.Order("rank:Q", sort="ascending"))]
    values = base.transform_filter("datum.mark_label != null").mark_text(dy=-8, fontSize=12)
    # An invisible mark an eighth above each bar keeps room for its value.
    room = base.transform_filter("datum.mark_label != null").transform_calculate(value="datum.value * 1.12")
    return [
        bars,
        room.mark_point(opacity=0, size=0),
        values.encode(text="mark_label:N", color=alt.value(_TEXT)),
    ]


def _heatmap(form: Form) -> list[Any]:
    y = alt.Y("series:N", sort=None, axis=alt.Axis(grid=False, labelPadding=8, labelLimit=140), title=None)
    color = alt.Color("value:Q", scale=alt.Scale(range="ramp"), legend=None)
    cells = alt.Chart().mark_rect().encode(x=_time_or_category(form, band=True), y=y, color=color)
    return [cells.encode(tooltip=_tooltip(form))]


def _scatter(form: Form) -> list[Any]:
    x = alt.X("x_number:Q", axis=alt.Axis(labelExpr=axis_label(form.x_format), tickCount=5, grid=False), title=None)
    points = alt.Chart().mark_point(filled=True, size=46, opacity=0.75)
    return [points.encode(x=x, y=_value_axis(form), color=_color(), tooltip=_tooltip(form))]


def _histogram(form: Form) -> list[Any]:
    axis = alt.Axis(labelExpr=axis_label(form.x_format), grid=False)
    x = alt.X("x_number:Q", bin=alt.Bin(maxbins=20), axis=axis, title=None)
    y = alt.Y("count():Q", axis=alt.Axis(tickCount=4, labelExpr=axis_label("integer"), labelPadding=8), title=None)
    counted = [
        alt.Tooltip("x_number:Q", bin=alt.Bin(maxbins=20), title="Range"),
        alt.Tooltip("count():Q", title="Rows"),
    ]
    return [alt.Chart().mark_bar(binSpacing=1).encode(x=x, y=y, tooltip=counted)]


_LAYERS = {
    "line": _line,
    "area": _line,
    "bar": _bar,
    "stacked_bar": _bar,
    "heatmap": _heatmap,
    "scatter": _scatter,
    "histogram": _histogram,
}
CHART_KINDS = tuple(_LAYERS)
