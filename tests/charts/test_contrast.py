"""Contrast of what no checker in a browser sees: marks, words and lines of charts, in both themes (WCAG 2 AA)."""

from __future__ import annotations

import json
import re
import tomllib
from datetime import date, timedelta

import pyarrow as pa
import pytest
import vl_convert

from lib.charts import draw
from lib.charts.colors import SLATE, SLOTS
from lib.settings import ROOT
from tests.charts.looks import DAY, look, look_of, rows

THEMES = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["theme"]
TEXT, MARK = 4.5, 3.0
BOTH = pytest.mark.parametrize("theme", ["light", "dark"])
NAMED = ("blue", "gray", "green", "red", "orange", "yellow")


def luminance(color: str) -> float:
    """Relative luminance of `#RRGGBB`, 0 to 1, as WCAG 2 defines it."""
    parts = (int(color[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def over(color: str, ground: str, opacity: float) -> str:
    """The colour that is seen where one lies over another with some opacity."""
    parts = (int(color[at : at + 2], 16) * opacity + int(ground[at : at + 2], 16) * (1 - opacity) for at in (1, 3, 5))
    return "#" + "".join(f"{round(part):02X}" for part in parts)


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [("#000000", "#FFFFFF", 21.0), ("#777777", "#FFFFFF", 4.48), ("#FFFFFF", "#FFFFFF", 1.0)],
)
def test_contrast_is_measured_as_wcag_says(one: str, other: str, ratio: float) -> None:
    assert contrast(one, other) == pytest.approx(ratio, abs=0.005)


@BOTH
def test_every_series_is_seen(theme: str) -> None:
    colors = THEMES[theme]["chartCategoricalColors"]
    assert len(colors) == SLOTS
    low = {color: contrast(color, THEMES[theme]["backgroundColor"]) for color in colors}
    assert min(low.values()) >= MARK, low


@BOTH
def test_words_of_a_chart_are_read(theme: str) -> None:
    ground, text = THEMES[theme]["backgroundColor"], THEMES[theme]["textColor"]
    config = _config("line")
    for part in ("axis", "legend"):
        assert config[part]["labelColor"] == "currentColor"
        assert contrast(over(text, ground, config[part]["labelOpacity"]), ground) >= TEXT
    assert contrast(text, ground) >= TEXT


@BOTH
def test_words_on_a_canvas_are_read_and_have_a_colour_of_the_theme(theme: str) -> None:
    colors, ground = THEMES[theme]["chartCategoricalColors"], THEMES[theme]["backgroundColor"]
    assert contrast(colors[SLATE - 1], ground) >= TEXT
    drawn = _drawn_on_canvas(colors)
    assert {">Feb<", ">6.7<"} <= set(re.findall(r">[^<>]+<", drawn))
    words = re.findall(r"<text[^>]*>", drawn)
    assert all(f'fill="{colors[SLATE - 1].lower()}"' in word.lower() for word in words)
    assert all("opacity" not in word or 'opacity="1"' in word for word in words)


@BOTH
def test_words_of_messages_and_badges_are_read(theme: str) -> None:
    says = THEMES[theme]
    for name in NAMED:
        grounds = {says["backgroundColor"], says["sidebar"]["backgroundColor"]}
        grounds |= {says[key] for key in (f"{name}BackgroundColor",) if key in says}
        for ground in grounds:
            assert contrast(says[f"{name}TextColor"], ground) >= TEXT, (name, ground)


@BOTH
def test_captions_are_read(theme: str) -> None:
    says = THEMES[theme]
    # Streamlit writes captions with the text's colour at 60 %.
    for ground in (says["backgroundColor"], says["sidebar"]["backgroundColor"]):
        assert contrast(over(says["textColor"], ground, 0.6), ground) >= TEXT


@BOTH
def test_words_in_and_on_the_primary_colour_are_read(theme: str) -> None:
    says = THEMES[theme]
    primary, ground = says["primaryColor"], says["backgroundColor"]
    # Streamlit's own: a chosen segment lies on a tenth of the colour in which it is written.
    assert contrast(primary, over(primary, ground, 0.1)) >= TEXT
    # Buttons name this colour for their words; chips, which stand in the sidebar, are white.
    assert contrast(says["violetTextColor"], primary) >= TEXT
    beneath_chips = says["sidebar"].get("primaryColor", primary)
    assert contrast("#FFFFFF", beneath_chips) >= TEXT
    assert contrast(beneath_chips, says["sidebar"]["backgroundColor"]) >= MARK


def _config(kind: str) -> dict:
    return draw(look(kind), rows([10, 20]), "month", None).spec["config"]


def _drawn_on_canvas(colors: list[str]) -> str:
    days = [date(2024, 1, 1) + timedelta(days=day) for day in range(365)]
    columns = {
        "day": DAY,
        "pings": {"label": "Pings", "type": "INT64", "format": "integer"},
        "version": {"label": "Version", "type": "STRING"},
    }
    told = look_of("line", columns, {"y": ["pings"], "rules": "version"}, period="day")
    versions = ["6.7" if day == 200 else None for day in range(365)]
    drawing = draw(told, pa.table({"day": days, "pings": [48] * 365, "version": versions}), "day", None)
    spec = drawing.spec | {"data": {"values": drawing.table.to_pylist()}, "width": 900, "height": drawing.height}
    spec["config"] = {**spec["config"], "range": {"category": colors}}
    assert spec["usermeta"]["embedOptions"]["renderer"] == "canvas"
    return vl_convert.vegalite_to_svg(json.dumps(spec))
