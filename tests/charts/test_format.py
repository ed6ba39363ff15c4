import json
import re
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import vl_convert

from lib.charts.format import (
    axis_label,
    format_change,
    format_counter,
    format_drawn,
    format_mark,
    format_value,
    shorten,
)


@pytest.mark.parametrize(
    ("value", "format", "words"),
    [
        (123664, "integer", "123,664"),
        (0, "integer", "0"),
        (None, "integer", "—"),
        (float("nan"), "decimal", "—"),
        (0.3427, "percent", "34.3%"),
        (19661450, "usd", "$196,614.50"),
        (-900, "usd", "-$9.00"),
        (215, "change", "+215"),
        (-1031, "change", "−1,031"),
        (0, "change", "0"),
        (12.5, "decimal", "12.5"),
        (12.0, "decimal", "12"),
        (Decimal("1.25"), "decimal", "1.25"),
        (412_000_000_000, "bytes", "412 GB"),
        (1_500, "bytes", "1.5 kB"),
        (date(2025, 10, 1), "month", "Oct 2025"),
        (date(2025, 11, 3), "week", "week of 3 Nov 2025"),
        (date(2025, 11, 18), "date", "Tue 18 Nov 2025"),
        (datetime(2025, 11, 18, 22, 14, tzinfo=UTC), None, "Tue 18 Nov 2025 22:14 UTC"),
        (59.5, "duration", "59.5 s"),
        (61, "duration", "1 min 1 s"),
        (7260, "duration", "2 h 1 min"),
        (True, None, "Yes"),
        (["GitHub", "GitLab"], None, "GitHub, GitLab"),
        ([], None, "—"),
    ],
)
def test_a_value_reads_as_its_format_says(value: object, format: str | None, words: str) -> None:
    assert format_value(value, format) == words


def test_a_unit_stands_behind_plain_numbers_only() -> None:
    assert format_value(1204, "integer", "users") == "1,204 users"
    assert format_value(0.5, "percent", "users") == "50.0%"


@pytest.mark.parametrize(
    ("value", "format", "words"),
    [
        (999_999, "integer", "999,999"),
        (2_361_000, "integer", "2.36M"),
        (19_661_400, "usd", "$196,614"),
        (236_100_000, "usd", "$2.36M"),
        (-236_100_000, "usd", "-$2.36M"),
        (215, "change", "+215"),
        (-2_361_000, "change", "−2.36M"),
        (0.652, "percent", "65.2%"),
        (None, "integer", "—"),
    ],
)
def test_a_counter_is_full_up_to_a_million(value: object, format: str, words: str) -> None:
    assert format_counter(value, format) == words


def test_changes_are_percent_or_points() -> None:
    assert format_change(0.0561, "percent") == "5.6%"
    assert format_change(-0.041, "points") == "-4.1 pts"
    assert format_change(None, "percent") == "—"


def test_the_change_of_a_change_is_a_difference_whose_hyphen_tells_the_arrow() -> None:
    assert format_change(-31, "difference") == "-31"
    assert format_change(1204, "difference") == "1,204"


@pytest.mark.parametrize(
    ("format", "full", "ticks", "words"),
    [
        ("integer", False, [-5_000, 0, 5_000, 50_000, 1_200_000], ["−5,000", "0", "5,000", "50K", "1.2M"]),
        ("integer", True, [21_650, 21_700, 1_200_500], ["21,650", "21,700", "1.2005M"]),
        ("usd", False, [-2_000, 0, 2_000, 196_000], ["−$2,000", "0", "$2,000", "$196K"]),
        ("percent", False, [0, 0.025, 0.3, 1], ["0", "2.5%", "30%", "100%"]),
        ("change", False, [-50, 0, 50], ["−50", "0", "+50"]),
    ],
)
def test_an_axis_names_its_ticks(format: str, full: bool, ticks: list[float], words: list[str]) -> None:
    axis = {"labelExpr": axis_label(format, full), "values": ticks, "labelOverlap": False}
    spec = {
        "data": {"values": [{"value": tick} for tick in ticks]},
        "mark": "point",
        "height": 400,
        "encoding": {"y": {"field": "value", "type": "quantitative", "axis": axis}},
    }
    svg = vl_convert.vegalite_to_svg(json.dumps(spec))
    assert [word for word in re.findall(r">([^<>]+)</text>", svg) if word != "value"] == words


def test_marks_carry_no_cents() -> None:
    assert format_drawn(277_214, "usd") == "$2,772"
    assert format_drawn(None, "usd") == "—"
    assert format_mark(2772.14, "usd") == "$2,772"
    assert format_mark(123_400) == "123,400"
    assert format_mark(1_234_000) == "1.23M"
    assert shorten(1_200_000) == "1.2M"
