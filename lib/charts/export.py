"""A drawing for paper: the light theme's colours and fonts put into the spec, the rows inside it, then SVG.

On a page Streamlit's theme gives colours in the browser; a file has none, so they are read from the same settings.
"""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import dataclass
from functools import cache
from itertools import count
from typing import Any

from lib.charts.drawing import Drawing
from lib.charts.layers import TEXT
from lib.charts.renderer import renderer
from lib.charts.spec import LABEL_OPACITY
from lib.settings import ROOT

# The converter brings this font along, so files look the same whatever the server has installed.
FONT = "Liberation Sans"
_NUMBERS = count()
# Marks that are only there to be pointed at: in a PDF each would be an object of its own.
_UNSEEN = re.compile(r'<path [^>]*\bopacity="0"[^>]*/?>(?:</path>)?')
_IDS = re.compile(r'\bid="([^"]+)"')


@dataclass(frozen=True)
class Paper:
    """The colours of the light theme, as files use them."""

    ink: str
    gray: str
    line: str
    good: str
    bad: str
    categories: tuple[str, ...]
    ramp: tuple[str, ...]


@cache
def paper() -> Paper:
    """The colours of `.streamlit/config.toml`, light."""
    light = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))["theme"]["light"]
    return Paper(
        ink=light["textColor"],
        gray=light["grayTextColor"],
        line=light["borderColor"],
        good=light["greenTextColor"],
        bad=light["redTextColor"],
        categories=tuple(light["chartCategoricalColors"]),
        ramp=tuple(light["chartSequentialColors"]),
    )


def paper_spec(drawing: Drawing, width: float, height: float) -> dict[str, Any]:
    """The drawing's spec for a picture of that size, with its rows, colours and fonts; nothing is left to a theme."""
    colors = paper()
    spec = json.loads(json.dumps(drawing.spec).replace(f'"{TEXT}"', f'"{colors.ink}"'))
    spec.pop("usermeta", None)
    words = {"labelColor": colors.ink, "labelOpacity": LABEL_OPACITY}
    one_series = {"color": colors.categories[0]}
    config = spec.get("config", {})
    spec["config"] = config | {
        "background": None,
        "font": FONT,
        "range": {"category": list(colors.categories), "ramp": list(colors.ramp), "heatmap": list(colors.ramp)},
        "axis": config.get("axis", {}) | words | {"gridColor": colors.line},
        "legend": config.get("legend", {}) | words,
        **{mark: one_series | config.get(mark, {}) for mark in ("bar", "rect", "line", "area", "point")},
    }
    return spec | {
        "width": width,
        "height": height,
        "autosize": {"type": "fit", "contains": "padding"},
        "data": {"values": [_plain(row) for row in drawing.table.to_pylist()]},
    }


def chart_svg(drawing: Drawing, width: float, height: float) -> str:
    """The drawing as an SVG element of that size that may stand beside others in one page. Raises `NotRendered`."""
    svg = _UNSEEN.sub("", renderer().chart_svg(paper_spec(drawing, width, height)))
    number = next(_NUMBERS)
    for name in set(_IDS.findall(svg)):
        svg = svg.replace(f'id="{name}"', f'id="{name}-{number}"').replace(f"url(#{name})", f"url(#{name}-{number})")
    return svg


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    """The row as JSON can say it: a number that is none is missing."""
    return {name: None if value != value else value for name, value in row.items()}
