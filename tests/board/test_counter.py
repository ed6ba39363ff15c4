"""Counters: which change is none, and what the line draws."""

import math

import pytest

from lib.board.counter import is_level, line_of
from lib.looks import CounterFigures


@pytest.mark.parametrize(
    ("change", "kind", "level"),
    [(None, "percent", False), (0.0, "percent", True), (0.0004, "percent", True), (0.056, "percent", False),
     (-0.041, "points", False), (-0.0002, "points", True)],
)  # fmt: skip
def test_a_change_too_small_to_show_is_neither_good_nor_bad(change, kind, level):
    assert is_level(CounterFigures(1, 1, change, kind, "vs Sep", ())) is level


def test_a_line_begins_with_the_first_known_period_and_keeps_gaps():
    line = line_of([None, 1, None, 3, None])
    assert line is not None and line[0] == 1.0 and math.isnan(line[1]) and line[2:] == [3.0]


@pytest.mark.parametrize("line", [[], [None, None], [None, 4]])
def test_one_point_makes_no_line(line):
    assert line_of(line) is None
