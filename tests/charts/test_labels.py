from datetime import date, timedelta

import pyarrow as pa

from lib.charts import draw
from lib.charts.rows import marks_of
from tests.charts.looks import DAY, MONTH, MONTHS, look_of, number

_STEPS = {"step": {"label": "Step", "type": "STRING"}, "changesets": number("Changesets")}
_ACCOUNTS = {"month": MONTH, "accounts": number("User accounts"), "seats": number("Seats")}
_PINGS = {"day": DAY, "pings": number("Pings"), "version": {"label": "Upgrade to", "type": "STRING"}}


def _steps(values: list[int | None]) -> list[str | None]:
    table = pa.table({"step": ["In batch specs", "Published", "Merged"], "changesets": pa.array(values, pa.int64())})
    marks = marks_of(look_of("funnel", _STEPS, {"y": "changesets"}), table, "day", None)
    return [row.mark_label for row in marks.rows]


def test_each_step_of_a_funnel_tells_its_value_and_its_share_of_the_first() -> None:
    assert _steps([48_950, 36_410, 21_980]) == ["48,950 · 100%", "36,410 · 74.4%", "21,980 · 44.9%"]


def test_a_funnel_without_a_first_value_tells_no_shares() -> None:
    assert _steps([None, 36_410, 0]) == ["—", "36,410", "0"]
    assert _steps([0, 3, None]) == ["0", "3", "—"]


def _accounts(accounts: list[int], seats: list[int | None], **chart: object) -> list:
    table = pa.table({"month": MONTHS[: len(accounts)], "accounts": accounts, "seats": pa.array(seats, pa.int64())})
    drawn = look_of("line", _ACCOUNTS, {"y": "accounts", "limit": "seats", **chart})
    return marks_of(drawn, table, "month", None).rows


def test_a_limit_has_its_name_once_where_it_starts() -> None:
    named = [(row.x, row.limit_label) for row in _accounts([1, 2, 3], [1_800] * 3) if row.limit_label]
    assert named == [("2024-01-01", "1,800 seats")]


def test_a_limit_that_changed_tells_both_values() -> None:
    named = [(row.x, row.limit_label) for row in _accounts([1, 2, 3], [1_500, 1_500, 1_800]) if row.limit_label]
    assert named == [("2024-01-01", "1,500 seats"), ("2024-03-01", "1,800 seats")]


def test_a_limit_s_name_gives_way_to_a_line_close_above_it() -> None:
    assert [row.limit_below for row in _accounts([1_900, 1_950], [1_800] * 2) if row.limit_label] == [True]
    assert [row.limit_below for row in _accounts([900, 950], [1_800] * 2) if row.limit_label] == [False]


def test_the_axis_reaches_beyond_a_limit_so_that_its_name_has_room() -> None:
    assert max(row.room or 0 for row in _accounts([900, 950], [1_800] * 2)) > 1_800


def test_a_value_keeps_clear_of_its_dot_on_an_axis_that_reaches_to_a_limit() -> None:
    (row,) = [row for row in _accounts([900, 950], [9_500] * 2) if row.mark_label]
    assert row.label_at - row.value > 9_500 * 0.05


def test_an_unknown_limit_is_not_drawn() -> None:
    assert [row.limit for row in _accounts([1, 2], [None, 100])] == [None, 100]


def _rules(texts: dict[int, str], days: int) -> list[tuple[str, str | None]]:
    first = date(2024, 12, 1)
    table = pa.table(
        {
            "day": [first + timedelta(day) for day in range(days)],
            "pings": [48] * days,
            "version": pa.array([texts.get(day) for day in range(days)], pa.string()),
        }
    )
    drawn = look_of("bar", _PINGS, {"y": "pings", "rules": "version"}, period="day")
    marks = marks_of(drawn, table, "day", None)
    assert max(row.room or 0 for row in marks.rows) > 48
    return [(row.rule, row.rule_label) for row in marks.rows if row.rule is not None]


def test_a_text_becomes_a_rule_with_its_words() -> None:
    assert _rules({30: "6.6", 60: "6.7"}, 80) == [("6.6", "6.6"), ("6.7", "6.7")]


def test_of_two_texts_that_would_overlap_the_later_stands_and_both_rules_do() -> None:
    assert _rules({30: "6.6", 32: "6.7"}, 80) == [("6.6", None), ("6.7", "6.7")]
    assert _rules({78: "6.6", 79: "6.7"}, 80) == [("6.6", None), ("6.7", "6.7")]


def test_a_rule_stands_once_where_a_place_has_several_series() -> None:
    columns = {"month": MONTH, "new": number("New"), "left": number("Left"), "version": _PINGS["version"]}
    table = pa.table({"month": MONTHS[:2], "new": [1, 2], "left": [3, 4], "version": [None, "6.6"]})
    drawn = look_of("stacked_bar", columns, {"y": ["new", "left"], "rules": "version"})
    rows = marks_of(drawn, table, "month", None).rows
    assert [(row.series, row.rule) for row in rows if row.rule] == [("New", "6.6")]
    # A stack is as high as its parts together.
    assert max(row.room or 0 for row in rows) > 6


def test_values_of_bars_below_zero_stand_below_them() -> None:
    columns = {"month": MONTH, "net": number("Net change", format="change")}
    table = pa.table({"month": MONTHS[:2], "net": [215, -31]})
    rows = marks_of(look_of("bar", columns, {"y": "net"}), table, "month", None).rows
    assert [row.mark_label for row in rows] == ["+215", "−31"]
    assert rows[0].label_at > 215
    assert rows[1].label_at < -31


_ACTIVE = {"month": MONTH, "active": number("Active subscribers")}


def _active(values: list[int], caption: str = "") -> tuple[str | None, bool]:
    drawn = look_of("line", _ACTIVE, {"y": "active", "zero": False}, caption=caption)
    drawing = draw(drawn, pa.table({"month": MONTHS[: len(values)], "active": values}), "month", None)
    return drawing.note, drawing.spec["layer"][0]["encoding"]["y"]["scale"]["zero"]


def test_an_axis_that_does_not_start_at_zero_says_so_once() -> None:
    assert _active([21_650, 21_850]) == ("The axis does not start at zero.", False)
    assert _active([21_650, 21_850], caption="Each day. The axis does not start at zero.") == (None, False)


def test_an_axis_starts_at_zero_where_that_costs_little() -> None:
    assert _active([100, 900]) == (None, True)


def test_a_value_stands_below_where_another_is_close_above_on_an_axis_of_its_own() -> None:
    columns = {"month": MONTH, "active": number("Active"), "paid": number("Paid")}
    table = pa.table({"month": MONTHS[:2], "active": [21_600, 21_900], "paid": [21_500, 21_650]})
    apart = marks_of(look_of("line", columns, {"y": ["active", "paid"], "zero": False}), table, "month", None)
    near = marks_of(look_of("line", columns, {"y": ["active", "paid"]}), table, "month", None)
    assert [row.label_at > row.value for row in apart.rows if row.mark_label and row.series == "Paid"] == [True]
    assert [row.label_at > row.value for row in near.rows if row.mark_label and row.series == "Paid"] == [False]
