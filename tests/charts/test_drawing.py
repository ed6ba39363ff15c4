import json
from datetime import date

import pytest
import vl_convert

from lib.charts import CHART_KINDS, draw
from lib.charts.colors import assign_slots, color_domain
from tests.charts.looks import MONTHS, look, rows


def _svg(drawing) -> str:
    spec = drawing.spec | {"data": {"values": drawing.table.to_pylist()}, "width": 400, "height": drawing.height}
    return vl_convert.vegalite_to_svg(json.dumps(spec))


@pytest.mark.parametrize("kind", CHART_KINDS)
def test_every_kind_draws_a_mark_for_its_rows(kind: str) -> None:
    drawn = look(kind, series=kind in ("heatmap", "stacked_bar"))
    if kind in ("scatter", "histogram"):
        drawn = drawn.model_copy(update={"chart": drawn.chart.model_copy(update={"x": "users"})})
    table = rows([10, 20, 30], instance_type="App")
    drawing = draw(drawn, table, "month", None)
    assert _svg(drawing).count("aria-roledescription") >= 3
    assert drawing.alt.startswith("Monthly users: ")


def test_equal_names_and_periods_give_the_very_same_spec() -> None:
    drawn = look("stacked_bar", series=True)
    first = draw(drawn, rows([1, 2], instance_type="App"), "month", None)
    second = draw(drawn, rows([30, 40], instance_type="App"), "month", None)
    assert first.spec is second.spec
    assert "data" not in first.spec
    assert all("data" not in layer for layer in first.spec["layer"])


def test_a_name_keeps_its_colour_when_the_others_are_filtered_away() -> None:
    domain = color_domain(assign_slots("instance_type", ["Managed"]))
    assert domain[1] == "Managed"
    assert len(set(domain)) == 13
    assert not domain[0].strip()


def test_unnamed_series_take_free_slots_biggest_first() -> None:
    assert assign_slots("account", ["Acme", "Zeta", "other"]) == {"Acme": 1, "Zeta": 2, "other": 13}


def test_a_long_series_is_drawn_on_canvas_a_short_one_as_svg() -> None:
    days = [date.fromordinal(date(2024, 1, 1).toordinal() + day) for day in range(200)]
    drawn = look("line", period="day")
    long = draw(drawn, rows([1] * 200, months=days), "day", None)
    short = draw(drawn, rows([1] * 6), "month", None)
    assert long.spec["usermeta"]["embedOptions"]["renderer"] == "canvas"
    assert short.spec["usermeta"]["embedOptions"]["renderer"] == "svg"


def test_axis_names_at_most_thirteen_periods_and_starts_with_the_first() -> None:
    days = [date.fromordinal(date(2024, 1, 1).toordinal() + day) for day in range(200)]
    drawing = draw(look("line", period="day"), rows([1] * 200, months=days), "day", None)
    values = drawing.spec["layer"][0]["encoding"]["x"]["axis"]["values"]
    assert len(values) <= 13
    assert values[0] == "2024-01-01"


def test_values_stand_on_bars_only_where_each_has_room() -> None:
    few = draw(look("bar"), rows([1, 2, 3]), "month", None)
    many = draw(look("bar"), rows([12_345] * 24, months=_two_years()), "month", None)
    assert few.table["mark_label"].to_pylist() == ["1", "2", "3"]
    assert many.table["mark_label"].null_count == 24


def _two_years() -> list[date]:
    return [date(2023 + month // 12, month % 12 + 1, 1) for month in range(24)]


def test_the_description_names_chart_range_and_last_value() -> None:
    drawing = draw(look("line"), rows([10, 12, 5]), "month", MONTHS[2])
    assert drawing.alt == "Monthly users: line chart, from Jan 2024 to Mar 2024. 12 in Feb 2024."


def test_counters_and_tables_are_no_charts() -> None:
    with pytest.raises(ValueError, match="not drawn"):
        draw(look("table"), rows([1]), "month", None)
