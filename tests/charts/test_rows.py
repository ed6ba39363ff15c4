from datetime import date

import pyarrow as pa

from lib.charts.rows import marks_of
from tests.charts.looks import MONTHS, look, rows


def test_a_missing_month_becomes_a_gap_and_not_a_shorter_axis() -> None:
    table = rows([10, 12, 13], months=[MONTHS[0], MONTHS[1], MONTHS[3]])
    marks = marks_of(look("line"), table, "month", None)
    assert marks.xs == ["2024-01-01", "2024-02-01", "2024-03-01", "2024-04-01"]
    assert [row.value for row in marks.rows] == [10, 12, None, 13]


def test_zero_is_drawn_and_null_is_not() -> None:
    marks = marks_of(look("line"), rows([0, None, 3]), "month", None)
    assert [row.value for row in marks.rows] == [0, None, 3]
    assert [row.value_words for row in marks.rows] == ["0", "—", "3"]


def test_an_unfinished_month_is_dashed_and_joined_to_the_last_finished_one() -> None:
    marks = marks_of(look("line"), rows([10, 12, 5]), "month", date(2024, 3, 1))
    dashed = [(row.x, row.value) for row in marks.rows if row.part == "dashed"]
    assert sorted(dashed) == [("2024-02-01", 12), ("2024-03-01", 5)]
    assert [row.mark_label for row in marks.rows if row.mark_label] == ["12"]


def test_the_value_at_the_end_stands_below_where_another_line_is_close_above() -> None:
    table = rows([10, 100], seats=[10, 105])
    marks = marks_of(look("line", several=True), table, "month", None)
    above = {row.series: (row.label_at or 0) > (row.value or 0) for row in marks.rows if row.mark_label}
    assert above == {"Monthly users": False, "Seats": True}


def test_a_mark_without_neighbours_gets_a_dot() -> None:
    marks = marks_of(look("line"), rows([10, None, 12, 13]), "month", None)
    assert [row.alone for row in marks.rows] == [True, False, False, False]


def _thirteen_and_more(count: int) -> pa.Table:
    return pa.table(
        {
            "month": [MONTHS[0]] * count,
            "users": list(range(count, 0, -1)),
            "instance_type": [f"type {number:02}" for number in range(count)],
        }
    )


def test_more_than_twelve_series_are_added_up_where_the_measure_may_be() -> None:
    marks = marks_of(look("stacked_bar", series=True, rollup="sum"), _thirteen_and_more(15), "month", None)
    assert len(marks.series) == 12
    assert marks.series[-1] == "other"
    assert sum(row.value or 0 for row in marks.rows) == sum(range(1, 16))
    assert [row.value_words for row in marks.rows if row.series == "other"] == ["10"]
    assert marks.note == "The 4 smallest are drawn together as other."


def test_more_than_twelve_series_are_cut_and_told_where_it_may_not() -> None:
    marks = marks_of(look("stacked_bar", series=True), _thirteen_and_more(15), "month", None)
    assert len(marks.rows) == 12
    assert "other" not in marks.series
    assert marks.note == "The top 12 of 15 are drawn."


def test_exactly_twelve_series_stay_as_they_are() -> None:
    marks = marks_of(look("stacked_bar", series=True, rollup="sum"), _thirteen_and_more(12), "month", None)
    assert marks.series == [f"type {number:02}" for number in range(12)]
    assert marks.note is None


def test_a_missing_series_name_keeps_its_empty_key_for_the_drill() -> None:
    table = pa.table({"month": MONTHS[:1], "users": [4], "instance_type": pa.array([None], pa.string())})
    row = marks_of(look("stacked_bar", series=True), table, "month", None).rows[0]
    assert (row.series, row.key_series, row.key_x) == ("(none)", None, "2024-01-01")


def test_shown_names_replace_the_data_s_own() -> None:
    named = look("stacked_bar", series=True).model_dump()
    named["columns"]["instance_type"]["names"] = {"app": "App"}
    table = rows([4], instance_type="app")
    row = marks_of(type(look("line")).model_validate(named), table, "month", None).rows[0]
    assert (row.series, row.key_series) == ("App", "app")


def test_no_rows_make_no_marks() -> None:
    marks = marks_of(look("line"), rows([]), "month", None)
    assert (marks.rows, marks.xs) == ([], [])
    assert marks.table().num_rows == 0


def test_dollars_are_drawn_and_told_without_cents() -> None:
    dollars = look("stacked_bar").model_dump()
    dollars["columns"]["users"]["format"] = "usd"
    row = marks_of(type(look("line")).model_validate(dollars), rows([277_214]), "month", None).rows[0]
    assert (row.value, row.value_words) == (2_772.14, "$2,772")
