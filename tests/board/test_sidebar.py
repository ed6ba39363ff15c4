"""Chips: what they hold, show and mean."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from lib.board import choices
from lib.board.address import choose
from lib.board.sidebar import chip_values, error_words, quote, unquote
from lib.filters import Context, FilterError, parse
from lib.looks import catalogue

CONTEXT = Context(now=datetime(2025, 11, 19, tzinfo=UTC), zone="UTC")
NAMES = ["Acme, Inc.", "ACME ROBOTICS", "Acme Robotics", "Databricks"]
ODD = ['say "hi"', "back\\slash", "100%", "p_1", " leading", "null", "NULL", "-5", "=cmd", "Büro 😀", "a,b", "{{ x }}"]


def chips(text: str, name: str = "account_name") -> list[str]:
    return chip_values(choose(catalogue().filters[name], text, "", CONTEXT), NAMES)


@pytest.mark.parametrize("name", ODD)
def test_a_quoted_name_means_exactly_this_name_and_shows_as_it_is(name):
    (item,) = parse("string", quote(name)).items
    assert item.literal == name and not item.exclude
    assert unquote(quote(name)) == name


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("databricks", ['"Databricks"']),
        ('"Acme, Inc.",Data%', ['"Acme, Inc."', "Data%"]),
        ("-Free", ["-Free"]),
        ("NULL,EMPTY", ["NULL", "EMPTY"]),
        ("Nobody Ltd", ['"Nobody Ltd"']),
        ("Databricks,databricks", ['"Databricks"']),
        ('"open', []),
    ],
)
def test_chips_are_the_items_of_an_expression_in_the_names_spelling(text, expected):
    assert chips(text) == expected


def test_where_case_matters_the_typed_spelling_stays():
    assert chips("databricks", "products") == ['"databricks"']


def test_chips_read_back_as_the_same_expression():
    for text in ("databricks", '"Acme, Inc.",Data%,-Free', "-EMPTY", "t-shirt"):
        read_back = parse("string", ",".join(chips(text)))
        for value in (*NAMES, None, "", "Datatron", "t-shirt"):
            folded = Context(now=CONTEXT.now, zone="UTC", case_sensitive=False)
            assert read_back.matches(value, folded) == parse("string", text).matches(value, folded)


def test_an_error_beside_its_field_does_not_repeat_the_fields_name():
    with pytest.raises(FilterError) as caught:
        parse("date", "7 dayz")
    assert error_words(caught.value).startswith('"dayz" is not a unit')


def test_more_names_than_a_list_holds_become_a_search(warehouse, session):
    warehouse.names["account_name"] = [f"Account {number:05}" for number in range(choices.MOST_OPTIONS + 1)]
    chosen = choose(catalogue().filters["account_name"], "", "", CONTEXT)
    names, complete = choices.names("maya", chosen)
    assert len(names) == choices.MOST_OPTIONS and not complete
    warehouse.names["account_name"] = ["Account 00012"]
    assert choices.suggestions("maya", chosen, " ACCOUNT 0001 ") == ("Account 00012",)
    asked = {parameter.name: parameter.value for parameter in warehouse.asked[-1].parameters}
    assert asked == {"kind": "account_name", "text": "account 0001"}
    assert choices.suggestions("maya", chosen, " ") == ()


def test_a_page_with_very_many_names_offers_the_search_box(open_page, warehouse):
    warehouse.names["account_name"] = [f"Account {number:05}" for number in range(choices.MOST_OPTIONS + 1)]
    page = open_page(account_name='"Account 00007"')
    assert [field.label for field in page.sidebar.text_input] == ["Find account"]
    assert page.multiselect[0].value == ['"Account 00007"']
