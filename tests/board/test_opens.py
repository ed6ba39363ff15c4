"""Rows that open: this page filtered by a row, another page, or nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from urllib.parse import parse_qsl

import pytest

from lib.board.navigation import PAGES, pages
from lib.board.opens import filter_texts, picked_row, wrong_opens
from lib.looks import Catalogue, catalogue
from tests.board.instances import LIST_PAGE, pick
from tests.board.test_board import everything, said

ACCOUNTS = "single_instance/accounts"
TARGET = LIST_PAGE.replace('"account_name": ""', '"account_name": "", "site": ""').replace(
    'title="Accounts"', 'title="Single instance"'
)


def test_what_looks_open_are_pages_of_ours_with_those_filters():
    assert not [*wrong_opens(catalogue(), pages(PAGES))]


def opening(known: Catalogue, look: str, opens: dict) -> Catalogue:
    changed = type(known.looks[look]).model_validate({**known.looks[look].model_dump(), "opens": opens})
    return replace(known, looks={**known.looks, look: changed})


@pytest.mark.parametrize(
    ("look", "opens", "found", "expected"),
    [
        (ACCOUNTS, {"page": "single_instanc", "filters": {"site": "site_id"}}, "the page single_instanc", "accounts"),
        (ACCOUNTS, {"page": "accounts", "filters": {"site": "site_id"}}, "the page accounts has not", "account_name"),
        (ACCOUNTS, {"filters": {"site": "site_id"}}, "site, which the page accounts has not", "account_name"),
        (ACCOUNTS, {"page": "single_instance", "filters": {"sight": "site_id"}}, "the filter sight", "site"),
        (ACCOUNTS, {"page": "single_instance", "filters": {"date": "site_id"}}, "site_id of type STRING", "DATE"),
        ("single_instance/matches", {"filters": {"site": "users_by_month"}}, "ARRAY<INT64>", "STRING"),
    ],
)  # fmt: skip
def test_what_a_look_says_of_pages_is_checked(instances, look, opens, found, expected):
    listed = pages(instances.pages)
    assert not [*wrong_opens(instances.known(), listed)]
    (error,) = wrong_opens(opening(instances.known(), look, opens), listed)
    assert found in error.found and expected in error.expected
    assert error.file == f"sql/looks/{look}.sql"


@pytest.mark.parametrize(
    ("selection", "row"),
    [
        ({"rows": [2], "cells": []}, 2),
        ({"rows": [], "cells": [(3, "site_id")]}, 3),
        ({"rows": [], "cells": []}, None),
    ],
)
def test_a_row_is_picked_by_its_mark_or_a_cell(selection, row):
    assert picked_row(selection) == row


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("site", 'a"b,c%', r'"a\"b,c%"'),
        ("site", "NULL", '"NULL"'),
        ("site", "-x", '"-x"'),
        ("chosen_day", date(2025, 11, 18), "2025-11-18"),
        ("site", None, None),
        ("site", "", None),
    ],
)
def test_a_filter_is_set_to_exactly_the_rows_value(instances, name, value, text):
    known = opening(instances.known(), ACCOUNTS, {"filters": {name: "site_id"}})
    visit = instances.visit(known)
    texts = filter_texts(visit, known.looks[ACCOUNTS], {"site_id": value, "account_name": "A"})
    assert texts == ({} if text is None else {name: text})


def test_a_row_filters_its_own_page(instances):
    instances.write_look(ACCOUNTS, ("page: single_instance, ", ""), (", account_name: account_name}", "}"))
    page = instances.open(TARGET)
    assert said(page) == {}
    pick(page, 1, column="account_name")
    assert said(page) == {"account_name": "", "site": "src-hf-odd", "account_type": "Customer"}
    pick(page, 1)
    assert said(page)["site"] == "src-hf-odd"
    pick(page, 0)
    assert said(page)["site"] == "src-hf-emea"


def test_a_row_opens_another_page_with_its_filters_and_what_was_changed(instances):
    (instances.pages / "single_instance.py").write_text(TARGET)
    page = instances.route("accounts", account_type="Free")
    assert page.title[0].value == "Accounts"
    assert not page.get("page_link")
    pick(page, 1, column="site_id")
    assert not page.exception
    (link,) = page.get("page_link")
    assert (link.proto.page, link.proto.label) == ("single_instance", "Open Single instance")
    assert dict(parse_qsl(link.proto.query_string)) == {
        "account_type": "Free",
        "site": '"src-kestrel"',
        "account_name": '"Kestrel Labs"',
    }
    assert "link.click()" in page.get("html")[0].proto.body
    page.run()
    assert not page.get("page_link")


def test_a_row_without_a_value_opens_nothing_and_says_so(instances):
    page = instances.route("accounts", account_type="")
    pick(page, 0)
    assert page.title[0].value == "Accounts"
    assert "This row opens nothing: it has no Account." in everything(page)
    page.run()
    assert "opens nothing" not in everything(page)


def test_taking_a_choice_back_opens_nothing(instances):
    page = instances.open(LIST_PAGE)
    before = said(page)
    states = page._tree.get_widget_states()
    state = states.widgets.add()
    state.id = page.dataframe[0].proto.id
    state.string_value = '{"selection": {"rows": [], "columns": [], "cells": []}}'
    page._run(states)
    assert not page.exception and said(page) == before
