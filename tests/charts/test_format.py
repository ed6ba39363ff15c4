from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from lib.charts.format import format_change, format_counter, format_mark, format_value, shorten


@pytest.mark.parametrize(
    ("value", "format", "words"),
    [
        (123664, "integer", "123,664"),
        (0, "integer", "0"),
        (None, "integer", "—"),
        (float("nan"), "decimal", "—"),
        (0.3427, "percent", "34.3%"),
        (19661450, "usd", "$196,614.50"),
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


def test_marks_carry_no_cents() -> None:
    assert format_mark(2772.14, "usd") == "$2,772"
    assert format_mark(123_400) == "123,400"
    assert format_mark(1_234_000) == "1.23M"
    assert shorten(1_200_000) == "1.2M"
