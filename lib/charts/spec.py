"""A form becomes a Vega-Lite spec by Altair, once; data never enters it.

Streamlit's theme gives colours and fonts in the browser, so the spec names slots and not colours.
"""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any

import altair as alt

from lib.charts.form import Form
from lib.charts.layers import LAYERS, TEXT
from lib.charts.marks import SCHEMA

HEIGHT = 208
LABEL_OPACITY = 0.7
CHART_KINDS = tuple(LAYERS)


@cache
def base_spec(form: Form) -> dict[str, Any]:
    """The constant spec of a form, without data, colour domain and labelled periods.

    Kinds counter, table and facts have none: ValueError.
    """
    layers = LAYERS.get(form.kind)
    if layers is None:
        raise ValueError(f"a {form.kind} is not drawn as a chart")
    chart = alt.layer(*layers(form), padding={"left": 0, "right": 12, "top": 4, "bottom": 6}, config=_config())
    spec = chart.to_dict(validate=False)
    for part in (spec, *spec["layer"]):
        for name in ("data", "datasets", "$schema"):
            part.pop(name, None)
    return spec


def _config() -> alt.Config:
    return alt.Config(
        view=alt.ViewConfig(stroke=None),
        axis=alt.AxisConfig(
            labelFontSize=12, labelColor=TEXT, labelOpacity=LABEL_OPACITY, title=None, ticks=False, domain=False
        ),
        legend=alt.LegendConfig(
            orient="top",
            direction="horizontal",
            title=None,
            symbolType="square",
            symbolSize=110,
            symbolStrokeWidth=0,
            labelFontSize=12,
            labelColor=TEXT,
            labelOpacity=LABEL_OPACITY,
            labelLimit=180,
            offset=6,
            columnPadding=14,
            rowPadding=3,
        ),
    )


@cache
def drawn_columns(form: Form) -> tuple[str, ...]:
    """The columns of the marks that a form's spec speaks of: the browser reads every cell that it is sent."""
    words = set(re.findall(r"\w+", json.dumps(base_spec(form))))
    return tuple(name for name in SCHEMA.names if name in words)
