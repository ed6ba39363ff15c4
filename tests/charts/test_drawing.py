import json
import re
from datetime import date, timedelta

import pyarrow as pa
import pytest
import vl_convert

from lib.charts import CHART_KINDS, draw
from lib.charts.colors import assign_slots, color_domain
from tests.charts.looks import DAY, MONTH, MONTHS, look, look_of, number, rows


def _svg(drawing, width: int = 400) -> str:
    spec = drawing.spec | {"data": {"values": drawing.table.to_pylist()}, "width": width, "height": drawing.height}
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


@pytest.mark.parametrize("kind", CHART_KINDS)
def test_a_chart_is_sent_the_columns_it_draws_from_and_no_others(kind: str) -> None:
    drawing = draw(look(kind, series=kind == "stacked_bar"), rows([10, 20], instance_type="App"), "month", None)
    spoken = set(re.findall(r"\w+", json.dumps(drawing.spec)))
    fields = set(re.findall(r'"field": "(\w+)"', json.dumps(drawing.spec)))
    assert fields <= set(drawing.table.column_names) <= spoken
    assert not {"key_x", "key_series"} & set(drawing.table.column_names)


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


def test_values_on_bars_give_way_in_a_narrow_tile() -> None:
    drawing = draw(look("bar"), rows([434, 555, 523, 549, 620, 591]), "month", None)
    assert "434" in _words(_svg(drawing, width=400))
    assert "434" not in _words(_svg(drawing, width=120))


@pytest.mark.parametrize(("values", "labels"), [([0, 0], "01"), ([1, 2], "012"), ([4, 1], "01234")])
def test_an_axis_of_whole_numbers_starts_at_its_foot_and_has_no_halves(values, labels) -> None:
    svg = _svg(draw(look("line"), rows(values), "month", MONTHS[0]))
    assert _words(svg) == ["Jan", "2024", "Feb", *labels]


def _two_years() -> list[date]:
    return [date(2023 + month // 12, month % 12 + 1, 1) for month in range(24)]


def test_the_description_names_chart_range_and_last_value() -> None:
    drawing = draw(look("line"), rows([10, 12, 5]), "month", MONTHS[2])
    assert drawing.alt == "Monthly users: line chart, from Jan 2024 to Mar 2024. 12 in Feb 2024."


def test_counters_and_tables_are_no_charts() -> None:
    with pytest.raises(ValueError, match="not drawn"):
        draw(look("table"), rows([1]), "month", None)


_GROWTH = {"month": MONTH, "new": number("New"), "back": number("Came back"), "left": number("Left")}


def _bars(svg: str) -> list[tuple[float, float, float, float]]:
    """Left, top, width and height of each bar, as drawn."""
    path = r'aria-roledescription="bar"[^>]* d="M([-\d.]+),([-\d.]+)h([-\d.]+)v([-\d.]+)'
    return [tuple(map(float, found)) for found in re.findall(path, svg)]


def _words(svg: str) -> list[str]:
    return re.findall(r">([^<>]+)</(?:text|tspan)>", svg)


def test_measures_below_zero_are_drawn_there_and_told_as_they_are() -> None:
    table = pa.table({"month": MONTHS[:1], "new": [40], "back": [20], "left": [30]})
    drawing = draw(
        look_of("stacked_bar", _GROWTH, {"y": ["new", "back", "left"], "below": "left"}), table, "month", None
    )
    new, back, left = _bars(_svg(drawing))
    # The biggest share of growth lies on zero, what came back upon it, what left hangs from zero.
    assert (new[1] + new[3], back[1] + back[3]) == pytest.approx((left[1], new[1]))
    assert drawing.table["value_words"].to_pylist() == ["40", "20", "30"]
    assert drawing.spec["layer"][0]["encoding"]["color"]["legend"]["values"] == ["New", "Came back", "Left"]


def test_a_bar_above_and_one_below_zero_share_their_place() -> None:
    table = pa.table({"month": MONTHS[:2], "new": [40, 50], "left": [30, 20]})
    columns = {name: _GROWTH[name] for name in ("month", "new", "left")}
    above, below, *_ = _bars(
        _svg(draw(look_of("bar", columns, {"y": ["new", "left"], "below": "left"}), table, "month", None))
    )
    assert (above[0], above[2]) == (below[0], below[2])


def test_bars_of_several_measures_stand_side_by_side() -> None:
    columns = {"month": MONTH, "created": number("Created"), "closed": number("Closed")}
    table = pa.table({"month": MONTHS[:2], "created": [40, 50], "closed": [30, 20]})
    svg = _svg(draw(look_of("bar", columns, {"y": ["created", "closed"]}), table, "month", MONTHS[1]))
    (created, closed, next_created, next_closed) = sorted(_bars(svg))
    assert created[0] + created[2] == pytest.approx(closed[0])
    assert closed[0] + closed[2] < next_created[0]
    assert svg.count('opacity="0.45"') == 2
    assert next_closed[2] == created[2]


def test_a_series_that_only_colours_bars_leaves_them_their_width() -> None:
    alone = _bars(_svg(draw(look("bar"), rows([3, 4]), "month", None)))
    coloured = _bars(
        _svg(draw(look("bar", series=True), rows([3, 4], instance_type=["App", "Managed"]), "month", None))
    )
    assert [bar[2] for bar in coloured] == [bar[2] for bar in alone]


def test_a_funnel_draws_its_steps_in_order_with_their_words() -> None:
    columns = {"step": {"label": "Step", "type": "STRING"}, "changesets": number("Changesets")}
    table = pa.table({"step": ["In batch specs", "Published", "Merged"], "changesets": [400, 300, None]})
    svg = _svg(draw(look_of("funnel", columns, {"y": "changesets"}), table, "day", None))
    words = _words(svg)
    assert words == ["In batch specs", "Published", "Merged", "400 · 100%", "300 · 75.0%", "—"]
    (first, second) = _bars(svg)
    assert second[2] == pytest.approx(first[2] * 0.75)
    # The words of the longest bar fit beside it.
    assert first[2] < 400 - 100


def test_a_limit_and_rules_are_drawn_with_their_words() -> None:
    columns = {
        "month": MONTH,
        "users": number("Users"),
        "seats": number("Seats"),
        "version": {"label": "V", "type": "STRING"},
    }
    chart = {"y": "users", "limit": "seats", "rules": "version"}
    table = pa.table(
        {"month": MONTHS, "users": [5] * 6, "seats": [9] * 6, "version": [None, "6.6", *[None] * 3, "6.7"]}
    )
    for kind in ("line", "bar"):
        svg = _svg(draw(look_of(kind, columns, chart), table, "month", None))
        words = _words(svg)
        assert {"9 seats", "6.6", "6.7"} <= set(words)
        assert len(re.findall(r'aria-label="[^"]*V: 6\.[67]"', svg)) == 2


def _year(kind: str, chart: dict) -> tuple:
    columns = {"day": DAY, "pings": number("Pings"), "version": {"label": "Upgrade to", "type": "STRING"}}
    days = [date(2024, 12, 1) + timedelta(day) for day in range(365)]
    table = pa.table(
        {"day": days, "pings": [48] * 365, "version": ["6.7" if day == 200 else None for day in range(365)]}
    )
    drawing = draw(look_of(kind, columns, {"y": "pings", **chart}, period="day"), table, "day", None)
    return drawing, _svg(drawing)


@pytest.mark.parametrize("kind", ["bar", "line"])
def test_a_year_of_days_is_drawn_on_canvas_with_month_names(kind: str) -> None:
    drawing, svg = _year(kind, {"rules": "version"})
    words = _words(svg)
    assert drawing.spec["usermeta"]["embedOptions"]["renderer"] == "canvas"
    assert {"Feb", "Apr", "6.7"} <= set(words)
    assert "currentColor" not in json.dumps(drawing.spec)


def test_bars_of_a_year_of_days_leave_no_gaps() -> None:
    bars = sorted(_bars(_year("bar", {})[1]))
    assert bars[0][0] + bars[0][2] == pytest.approx(bars[1][0], abs=0.01)


def test_two_years_of_weeks_name_every_other_month_and_each_january_s_year() -> None:
    weeks = [date(2023, 11, 27) + timedelta(7 * week) for week in range(104)]
    drawn = look("line", period="week_monday")
    drawing = draw(drawn, rows([1] * 104, months=weeks), "week_monday", None)
    named = drawing.spec["layer"][0]["encoding"]["x"]["axis"]["values"]
    assert [date.fromisoformat(place).month for place in named] == [1, 3, 5, 7, 9, 11] * 2


def test_names_of_one_meaning_keep_colours_of_their_own() -> None:
    slots = assign_slots("y", ["Created", "Published", "Merged"])
    assert slots["Created"] == 1
    assert len(set(slots.values())) == 3
