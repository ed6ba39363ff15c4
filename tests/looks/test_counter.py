"""A counter's value, change, words and line from its rows."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pyarrow as pa
import pytest

from lib.looks import counter_figures
from lib.looks.counter import compute_change, period_word
from tests.looks.test_compile import COUNTER, RANGE, a_look, compiled


def months(**users: float | None) -> pa.Table:
    """Rows of a monthly counter: `m2025_10=5`."""
    starts = [date(int(name[1:5]), int(name[6:]), 1) for name in users]
    return pa.table({"month": pa.array(starts, pa.date32()), "users": list(users.values())})


def test_the_last_complete_period_is_told_and_compared_with_the_one_before():
    found = counter_figures(
        compiled(a_look(**COUNTER), date="12 months"), months(m2025_09=80, m2025_10=100, m2025_08=50)
    )
    assert (found.value, found.previous, found.change, found.versus) == (100, 80, 0.25, "vs Sep")
    assert found.line == (None,) * 9 + (50, 80, 100)
    assert (found.change_kind, found.period) == ("percent", date(2025, 10, 1))


def test_a_missing_period_is_missing_and_not_the_one_before_it():
    found = counter_figures(compiled(a_look(**COUNTER), date="12 months"), months(m2025_09=80))
    assert (found.value, found.previous, found.change, found.versus) == (None, 80, None, "")


def test_rows_that_arrive_in_any_order_make_the_same_figures():
    compiled_look = compiled(a_look(**COUNTER), date="12 months")
    rows = months(m2025_09=80, m2025_10=100)
    assert counter_figures(compiled_look, rows) == counter_figures(compiled_look, rows.take([1, 0]))


def test_a_ratio_changes_in_points():
    columns = {
        "month": {"label": "Month", "type": "DATE"},
        "users": {"label": "Share", "type": "FLOAT64", "format": "percent"},
    }
    look = a_look(columns=columns, **COUNTER)
    found = counter_figures(compiled(look, date="12 months"), months(m2025_09=0.30, m2025_10=0.25))
    assert found.change_kind == "points"
    assert found.change == pytest.approx(-0.05)


def test_a_change_changes_by_the_plain_difference():
    columns = {
        "month": {"label": "Month", "type": "DATE"},
        "users": {"label": "Net", "type": "INT64", "format": "change"},
    }
    found = counter_figures(
        compiled(a_look(**COUNTER | {"columns": columns}), date="12 months"), months(m2025_09=246, m2025_10=215)
    )
    assert (found.change, found.change_kind) == (-31, "difference")


@pytest.mark.parametrize("text", ["2025-01,2025-10", "after 2025-01-01", ""])
def test_several_or_open_ranges_show_no_change(text):
    found = counter_figures(compiled(a_look(**COUNTER), date=text), months(m2025_09=80, m2025_10=100))
    assert (found.value, found.change, found.versus) == (100, None, "")


def test_no_complete_period_shows_nothing():
    found = counter_figures(compiled(a_look(**COUNTER), date="null"), months())
    assert (found.value, found.previous, found.change, found.versus, found.line, found.period) == (
        None,
        None,
        None,
        "",
        (),
        None,
    )


def range_look(**more: object):
    return a_look("SELECT SUM(users) AS users FROM d.t WHERE @filters", **RANGE, **more)


def test_a_range_is_compared_with_as_much_time_before():
    rows = pa.table({"stretch": ["before", "range"], "users": [40, 50]})
    trend = pa.table({"month": [1, 2, 3], "users": [3, None, 5]})
    found = counter_figures(compiled(range_look(), date="3 months"), rows, trend)
    assert (found.value, found.previous, found.change, found.versus) == (50, 40, 0.25, "vs before")
    assert found.line == (3, None, 5)


def test_a_range_without_complete_period_shows_nothing():
    rows = pa.table({"stretch": ["range"], "users": pa.array([None], pa.int64())})
    found = counter_figures(compiled(range_look(), date="this month"), rows)
    assert (found.value, found.change, found.versus, found.line) == (None, None, "", ())


def test_a_counter_without_time_axis_tells_its_one_figure():
    columns = {"users": {"label": "Users", "type": "INT64"}}
    look = a_look(
        "SELECT users FROM d.t WHERE @filters", columns=columns, chart={"kind": "counter", "y": "users"}, over="last"
    )
    found = counter_figures(compiled(look, date="12 months"), pa.table({"users": [7]}))
    assert (found.value, found.change, found.period) == (7, None, date(2025, 10, 1))


@pytest.mark.parametrize(
    ("new", "old", "ratio", "change"),
    [
        (110, 100, False, 0.1),
        (0, 100, False, -1.0),
        (5, 0, False, None),
        (5, None, False, None),
        (None, 5, False, None),
        (0.5, 0.0, True, 0.5),
        (0.5, None, True, None),
    ],
)
def test_change_is_relative_or_in_points_and_missing_without_base(new, old, ratio, change):
    assert compute_change(new, old, ratio) == (pytest.approx(change) if change is not None else None)


@pytest.mark.parametrize(
    ("unit", "word"), [("month", "Nov"), ("week_sunday", "3 Nov"), ("week_monday", "3 Nov"), ("day", "3 Nov")]
)
def test_periods_have_short_names(unit, word):
    assert period_word(date(2025, 11, 3), unit) == word
    assert period_word(datetime(2025, 11, 3, tzinfo=UTC), unit) == word
