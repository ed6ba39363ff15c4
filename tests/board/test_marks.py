"""Which mark is meant: clicks, rows and addresses become a mark, and a mark the values of its rows."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

import pyarrow as pa
import pytest

from lib.board.marks import (
    NoSuchMark,
    Pick,
    drawn,
    fields_of,
    figure_of,
    first_pick,
    of_click,
    of_row,
    read_text,
    to_text,
    values_of,
)
from lib.charts.layers import CLICK
from lib.charts.marks import OTHER_KEY
from lib.looks import CompiledLook, Rest, catalogue, compile_look
from lib.looks.look import Chart, Column
from tests.board.conftest import NOW

STACK = "company_metrics/instances_by_deployment_type"
MEASURES = "batch_changes/created_and_closed"
SEPTEMBER, OCTOBER, NOVEMBER = (date(2025, month, 1) for month in (9, 10, 11))


def compiled(name: str, **changes: Any) -> CompiledLook:
    look = catalogue().looks[name]
    return compile_look(look.model_copy(update=changes), {}, {}, NOW, NOW)


def with_columns(name: str, x: str, series: str) -> CompiledLook:
    """A look whose x and series are of these types."""
    columns = {
        "x": Column(label="Place", type=x),  # pyright: ignore
        "series": Column(label="Kind", type=series),  # pyright: ignore
        "n": Column(label="Rows", type="INT64"),
    }
    return compiled(name, columns=columns, chart=Chart(kind="stacked_bar", x="x", y="n", series="series"))  # pyright: ignore


def click(x: object, series: object) -> Mapping[str, Any]:
    """A selection as it comes from the browser: through JSON."""
    return json.loads(json.dumps({CLICK: [{"key_x": x, "key_series": series}]}))


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("DATE", [SEPTEMBER, OCTOBER, None]),
        ("STRING", ["5.10", "5.9", "", "null", None]),
        ("INT64", [0, 5, None]),
        ("FLOAT64", [0.5, 2.0]),
        ("BOOL", [True, False]),
    ],
)
def test_a_click_finds_the_values_in_their_own_types(kind, values):
    found = with_columns(STACK, kind, "STRING")
    table = pa.table({"x": values, "series": ["a"] * len(values), "n": [*range(1, len(values) + 1)]})
    marks = drawn(found, table)
    for mark, value in zip(marks, values, strict=True):
        pick = of_click(found.look, click(mark.key_x, mark.key_series))
        assert pick is not None
        assert pick == read_text(to_text(pick)), "an address keeps it"
        place = values_of(found.look, table, marks, pick)
        assert place == {"x": value, "series": "a"} and type(place["x"]) is type(value)
        assert figure_of(found, table, place, None) == values.index(value) + 1


def test_a_click_that_takes_a_choice_back_is_no_mark():
    look = catalogue().looks[STACK]
    assert of_click(look, {CLICK: []}) is None
    assert of_click(look, {}) is None


def test_of_several_measures_the_one_that_was_clicked_is_meant():
    found = compiled(MEASURES)
    table = pa.table({name: [OCTOBER] if name == "month" else [at] for at, name in enumerate(found.look.columns)})
    pick = of_click(found.look, click("2025-10-01", "closed"))
    assert pick is not None and pick == Pick(MEASURES, {"month": "2025-10-01"}, "closed")
    values = values_of(found.look, table, drawn(found, table), pick)
    assert figure_of(found, table, values, pick.measure) == [*found.look.columns].index("closed")
    assert to_text(pick) == "batch_changes/created_and_closed.closed~month:2025-10-01"


@pytest.fixture
def many() -> tuple[CompiledLook, pa.Table]:
    """Fifteen deployment types, one of them missing, one called other: the four smallest are drawn together."""
    names = [None, "other", *(f"kind {at}" for at in range(13))]
    rows = [(OCTOBER, name, 100 - at) for at, name in enumerate(names)]
    rows += [(SEPTEMBER, "kind 12", 7), (SEPTEMBER, "kind 0", 9)]
    columns = dict(zip(("month", "deployment_type", "instances"), zip(*rows, strict=True), strict=True))
    return compiled(STACK), pa.table({name: [*values] for name, values in columns.items()})


def test_other_means_all_that_have_no_mark_of_their_own(many):
    found, table = many
    marks = drawn(found, table)
    (key,) = {mark.key_series for mark in marks} - {*table.column("deployment_type").to_pylist()}
    assert key == OTHER_KEY
    pick = Pick(STACK, {"month": "2025-10-01", "deployment_type": OTHER_KEY})
    assert to_text(pick).endswith("~deployment_type:other") and read_text(to_text(pick)) == pick
    values = values_of(found.look, table, marks, pick)
    rest = values["deployment_type"]
    assert isinstance(rest, Rest) and {None, "other", "kind 0"} < {*rest.shown} and len(rest.shown) == 11
    # Kinds 8 to 11 are the smallest: kind 12 has some in September too.
    drawn_as_other = [mark for mark in marks if mark.key_series == OTHER_KEY and mark.key_x == "2025-10-01"]
    assert figure_of(found, table, values, None) == drawn_as_other[0].value == 90 + 89 + 88 + 87
    named = Pick(STACK, {"month": "2025-10-01", "deployment_type": "other"})
    assert read_text(to_text(named)) == named, "a value of that name is another mark"
    assert figure_of(found, table, values_of(found.look, table, marks, named), None) == 99


def test_an_address_may_name_what_is_drawn_within_other(many):
    found, table = many
    marks, pick = drawn(found, table), Pick(STACK, {"month": "2025-10-01", "deployment_type": "kind 9"})
    assert values_of(found.look, table, marks, pick) == {"month": OCTOBER, "deployment_type": "kind 9"}
    assert [*fields_of(found.look, marks, pick)["deployment_type"].words.items()][-2:] == [
        (OTHER_KEY, "other"),
        ("kind 9", "kind 9"),
    ]


def test_other_is_no_mark_where_nothing_is_drawn_together(many):
    found, table = many
    few = table.slice(0, 5)
    with pytest.raises(NoSuchMark, match="no Deployment type"):
        values_of(
            found.look, few, drawn(found, few), Pick(STACK, {"month": "2025-10-01", "deployment_type": OTHER_KEY})
        )


def test_gaps_keep_the_key_of_their_line():
    found = compiled("company_metrics/dau_mau")
    months = [date(2025, 8, 1), OCTOBER]
    table = pa.table({"month": months, "dau_mau": [0.1, 0.2], "customers": [0.1, 0.2]})
    assert {mark.key_series for mark in drawn(found, table)} == {"dau_mau", "customers"}


def test_without_a_click_the_biggest_of_the_last_complete_period_is_meant(many):
    found, table = many
    running = pa.table({"month": [NOVEMBER], "deployment_type": ["kind 3"], "instances": [999]})
    table = pa.concat_tables([table, running])
    assert first_pick(found.look, drawn(found, table)).keys == {"month": "2025-10-01", "deployment_type": None}
    fields = fields_of(found.look, drawn(found, table), first_pick(found.look, drawn(found, table)))
    assert [*fields["month"].words.values()] == ["Nov 2025", "Oct 2025", "Sep 2025"]
    assert fields["deployment_type"].words[None] == "(none)" and fields["deployment_type"].words[OTHER_KEY] == "other"


def test_a_row_of_a_table_is_a_mark():
    found = compiled("company_metrics/customer_months")
    row = {"month": OCTOBER, "account_id": "001", "monthly_users": 5}
    pick = of_row(found.look, row)
    assert pick == Pick("company_metrics/customer_months", {"month": "2025-10-01", "account_id": "001"})
    table = pa.table({name: [row.get(name)] for name in found.look.columns})
    marks = drawn(found, table)
    assert values_of(found.look, table, marks, pick) == {"month": OCTOBER, "account_id": "001"}
    assert first_pick(found.look, marks) == pick


@pytest.mark.parametrize(
    "key",
    ["a~b:c", 'say "so"', "null", "other", "", " lead", "trail ", "back\\slash", "ünï / code % +", "a=b&c;d", None],
)
def test_an_address_keeps_every_text(key):
    pick = Pick(STACK, {"month": "2025-10-01", "deployment_type": key})
    assert read_text(to_text(pick)) == pick


@pytest.mark.parametrize(
    "text",
    [
        "~", "look~", "look~month", "look ~month:x", 'look~a:"open', 'look~a:"bad\\u12"', "<b>look</b>", "a.b.c",
        "look~a:x~" + "b" * 2_000, "../../etc", "';--",
    ],
)  # fmt: skip
def test_a_text_that_names_no_mark_is_refused(text):
    with pytest.raises(NoSuchMark, match="names no mark of a chart"):
        read_text(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (STACK, "names no mark of “Instances by deployment type”"),
        (f"{STACK}~month:2025-10-01", "names no mark"),
        (f"{STACK}~month:2025-10-01~deployment_type:kind 0~site_id:1", "names no mark"),
        (f"{STACK}.instances~month:2025-10-01~deployment_type:kind 0", "names no mark"),
        (f"{STACK}~month:2025-10-02~deployment_type:kind 0", "has no Month 2025-10-02"),
        (f"{STACK}~month:2025-10-01~deployment_type:' OR 1=1", "has no Deployment type ' OR 1=1"),
    ],
)
def test_a_mark_that_the_figures_do_not_have_is_refused(text, said, many):
    found, table = many
    with pytest.raises(NoSuchMark, match=said):
        values_of(found.look, table, drawn(found, table), read_text(text))
