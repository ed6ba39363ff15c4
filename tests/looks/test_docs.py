"""docs/looks.md holds a paragraph for every header key, chart kind, format, period and key within."""

from __future__ import annotations

import re
from typing import get_args

import pytest

from lib.looks.look import HEADER_KEYS, Chart, ChartKind, Column, Format, Period
from lib.settings import ROOT

TEXT = (ROOT / "docs" / "looks.md").read_text("utf-8")


def section(title: str) -> str:
    """The text under a heading up to the next heading of its level or above."""
    found = re.search(rf"^(#+) {re.escape(title)}\n(.*?)(?=^#{{1,2}} |\Z)", TEXT, re.DOTALL | re.MULTILINE)
    assert found, f"docs/looks.md has no heading {title}"
    return found[2]


def paragraph(part: str, title: str) -> str:
    found = re.search(rf"^### `{title}`\n(.*?)(?=^#|\Z)", section(part), re.DOTALL | re.MULTILINE)
    assert found, f"docs/looks.md, {part}: no heading for {title}"
    return found[1].strip()


@pytest.mark.parametrize("key", HEADER_KEYS)
def test_every_header_key_has_its_paragraph(key):
    assert len(paragraph("Header keys", key)) > 20


@pytest.mark.parametrize("kind", get_args(ChartKind))
def test_every_chart_kind_has_its_paragraph(kind):
    assert len(paragraph("Charts", kind)) > 20


@pytest.mark.parametrize("name", get_args(Format))
def test_every_format_has_its_line(name):
    assert re.search(rf"^\| `{name}` \| .+ \|$", section("Formats"), re.MULTILINE)


@pytest.mark.parametrize("name", get_args(Period))
def test_every_period_is_named(name):
    assert f"`{name}`" in paragraph("Header keys", "period")


@pytest.mark.parametrize("key", Column.model_fields)
def test_every_key_of_a_column_has_its_line(key):
    assert re.search(rf"^\| `{key}` \| .+ \|$", paragraph("Header keys", "columns"), re.MULTILINE)


@pytest.mark.parametrize("key", Chart.model_fields)
def test_every_key_of_a_chart_is_named(key):
    assert re.search(rf"`(chart: \{{)?{key}\b", section("Charts"))


def test_no_heading_is_left_of_a_key_that_is_gone():
    headings = re.findall(r"^### `(\w+)`$", section("Header keys"), re.MULTILINE)
    assert headings == list(HEADER_KEYS)
    assert re.findall(r"^### `(\w+)`$", section("Charts"), re.MULTILINE) == list(get_args(ChartKind))
