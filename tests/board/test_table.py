"""Tables: what a cell holds, how its column shows it."""

from __future__ import annotations

import pyarrow as pa
import pytest

from lib.board.table import column_config, shown_table
from tests.board.test_facts import a_look


def shown(values: list, kind: str, **said: object) -> list:
    look = a_look({"x": {"type": kind, **said}}, kind="table")
    return shown_table(look, pa.table({"x": values})).column("x").to_pylist()


def test_a_line_has_no_gaps_and_a_missing_one_stays_missing():
    lines = [[1, 2, None, 4], [], None, [float("nan"), 3.0]]
    assert shown(lines[:3], "ARRAY<INT64>", show="sparkline") == [[1.0, 2.0, 4.0], [], None]
    assert shown([lines[3]], "ARRAY<FLOAT64>", show="sparkline") == [[3.0]]


def test_a_fraction_as_a_bar_is_in_percent():
    assert shown([0.7101, 0.49, None], "FLOAT64", show="progress") == pytest.approx([71.01, 49.0, None], nan_ok=True)
    assert shown([0.5], "FLOAT64", show="progress", format="percent") == [50.0]


def test_names_stand_for_values():
    names = {"helm": "Helm"}
    assert shown(["helm", "pure", None], "STRING", names=names) == ["Helm", "pure", None]
    assert shown([["helm"], None], "ARRAY<STRING>", names=names) == [["Helm"], None]


@pytest.mark.parametrize(
    ("said", "kind", "format", "width"),
    [
        ({"type": "ARRAY<INT64>", "show": "sparkline"}, "line_chart", None, 112),
        ({"type": "FLOAT64", "show": "progress"}, "progress", "%.1f%%", 130),
        ({"type": "INT64", "format": "change"}, "number", "%+,d", None),
        ({"type": "FLOAT64", "format": "percent"}, "number", "%.1f%%", None),
    ],
)
def test_a_column_is_drawn_as_it_says(said, kind, format, width):
    config = column_config(a_look({"x": said}, kind="table"))["x"]
    assert (config["type_config"]["type"], config["type_config"].get("format"), config["width"]) == (
        kind,
        format,
        width,
    )
    assert config["type_config"].get("y_min", 0) == 0
    if kind == "progress":
        assert (config["type_config"]["min_value"], config["type_config"]["max_value"]) == (0, 100)


def test_an_id_is_text():
    assert shown(["0012"], "STRING", format="code") == ["0012"]


def test_yes_and_no_are_words_and_not_boxes():
    assert shown([True, False, None], "BOOL") == ["Yes", "No", None]
