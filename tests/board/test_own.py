"""What a board keeps of a visit, its heart and its place among one's own boards."""

from __future__ import annotations

import pytest

from lib.state import StateUnavailable


def opened(session) -> list[tuple]:
    """What was given to be noted: page, about what, parameters."""
    return [write.args[1:] for write in session.writes]


def test_a_visit_is_noted_once_for_each_address_and_audited_with_its_filters(open_page, session):
    page = open_page(account_name="databricks")
    page.run()
    assert opened(session) == [("test_board", "databricks", {"account_name": "databricks"})]
    page.query_params["account_name"] = ""
    page.query_params["date"] = "last quarter"
    page.run()
    assert opened(session)[1:] == [("test_board", "last quarter", {"date": "last quarter"})]
    assert [(event, person) for event, person, _ in session.audit] == [("opened", 1)] * 2
    assert session.audit[0][2]["page"] == "test_board"
    assert "account_name=databricks" in session.audit[0][2]["filters"]


@pytest.mark.parametrize(
    ("filters", "about"),
    [
        ({}, ""),
        ({"account_type": ""}, "all account types"),
        ({"account_name": "Data%"}, "account"),
        ({"account_name": '"Acme, Inc.",Databricks'}, "Acme, Inc. or Databricks"),
        ({"date": "7 dayz"}, ""),
    ],
)
def test_a_visit_is_about_the_filters_that_were_changed(open_page, session, filters, about):
    open_page(**filters)
    ((_, words, _),) = opened(session)
    assert words.startswith(about) and bool(words) == bool(about)


def test_the_heart_of_a_board_is_given_by_its_button(open_page, session, monkeypatch):
    kept: list[tuple] = []
    monkeypatch.setattr("lib.board.own.set_favourite", lambda *given: kept.append(given))
    page = open_page()
    page.button(key="head.heart.page.test_board").click().run()
    assert kept == [(1, "page", "test_board", True)] and page.toast[0].value == "Added to favourites"


def test_a_board_stands_when_marks_cannot_be_read(open_page, monkeypatch):
    def locked(person):
        raise StateUnavailable("The state database is locked by another program. Try again in a moment.")

    monkeypatch.setattr("lib.board.own.marks_of", locked)
    page = open_page()
    assert not page.exception and page.title[0].value == "Test board" and page.get("vega_lite_chart")


def test_who_was_signed_out_keeps_nothing(open_page, session, monkeypatch):
    monkeypatch.setattr("lib.board.own.set_favourite", lambda *given: pytest.fail("kept for nobody"))
    page = open_page()
    session.valid = False
    page.button(key="head.heart.page.test_board").click().run()
    assert "signed out" in page.warning[0].value
