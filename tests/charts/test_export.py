"""Charts for paper: explicit colours and fonts, the rows inside, several in one page."""

from __future__ import annotations

import json
import re
from xml.etree import ElementTree

import pytest

from lib.charts import draw
from lib.charts.export import FONT, chart_svg, paper, paper_spec
from lib.charts.renderer import NotRendered, Renderer, renderer
from tests.charts.looks import look, rows

LINE = draw(look("line"), rows([3, None, 5]), "month", None)
BARS = draw(look("stacked_bar", series=True), rows([3, 4], instance_type=["Self-hosted", "Managed"]), "month", None)


@pytest.fixture(scope="module", autouse=True)
def _end_the_drawing_process():
    yield
    renderer().close()


def test_nothing_is_left_to_the_page_that_a_chart_stands_on():
    spec = paper_spec(BARS, 500, 208)
    text = json.dumps(spec)
    assert "currentColor" not in text and "usermeta" not in spec
    assert spec["config"]["font"] == FONT
    assert spec["config"]["range"]["category"] == list(paper().categories)
    assert spec["config"]["axis"]["labelColor"] == paper().ink
    assert (spec["width"], spec["height"]) == (500, 208)
    assert [row["value"] for row in spec["data"]["values"]] == [3, 4]


def test_the_drawing_that_the_page_keeps_is_left_as_it_was():
    before = json.dumps(BARS.spec)
    paper_spec(BARS, 500, 208)
    assert json.dumps(BARS.spec) == before


def test_a_chart_has_the_theme_s_colours_and_its_words_as_text():
    svg = chart_svg(BARS, 500, 208)
    assert paper().categories[0].lower() in svg.lower() and paper().categories[1].lower() in svg.lower()
    assert 'width="500"' in svg and 'height="208"' in svg
    for words in ("Self-hosted", "Managed", "Jan", FONT):
        assert words in svg


def test_marks_that_are_only_pointed_at_stay_out_and_seen_ones_stay():
    svg = chart_svg(draw(look("line"), rows([3, 4, 5, 6]), "month", None), 400, 208)
    assert 'opacity="0"' not in svg
    assert svg.count('aria-roledescription="point"') == 1
    ElementTree.fromstring(svg)


def test_two_charts_may_stand_in_one_page():
    both = [chart_svg(LINE, 400, 208) for _ in range(2)]
    names = [set(re.findall(r'\bid="([^"]+)"', svg)) for svg in both]
    assert not names[0] & names[1]
    for svg, own in zip(both, names, strict=True):
        assert set(re.findall(r"url\(#([^)]+)\)", svg)) <= own


def test_a_gap_in_a_line_stays_a_gap():
    values = [row["value"] for row in paper_spec(LINE, 400, 208)["data"]["values"]]
    assert None in values and all(value is None or value == value for value in values)


def test_what_cannot_be_drawn_is_an_error_and_the_next_picture_comes():
    with pytest.raises(NotRendered):
        renderer().chart_svg({"mark": "nonsense"})
    assert renderer().png('<svg xmlns="http://www.w3.org/2000/svg" width="2" height="2"/>', 1).startswith(b"\x89PNG")


def test_a_drawing_process_that_died_is_replaced():
    mine = Renderer()
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="2" height="2"/>'
    try:
        first = mine.pdf(svg)
        assert mine._process is not None
        mine._process.kill()
        assert mine.pdf(svg)[:5] == first[:5] == b"%PDF-"
    finally:
        mine.close()
