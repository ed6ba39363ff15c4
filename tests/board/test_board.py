"""A board from its address to its tiles, as AppTest sees it."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from lib.access import NotSignedIn
from lib.looks import catalogue
from lib.warehouse.folder import Origin
from lib.warehouse.query import QueryInvalid, WarehouseUnavailable


def texts(page, kind: str) -> str:
    return "\n".join(str(element.value) for element in getattr(page, kind))


def said(page) -> dict[str, str]:
    return {name: text if isinstance(text, str) else text[-1] for name, text in page.query_params.items()}


def everything(page) -> str:
    kinds = ("markdown", "caption", "warning", "error", "info", "title", "header")
    return "\n".join(texts(page, kind) for kind in kinds)


def bound(warehouse, look: str) -> dict[str, object]:
    query = [query for query in warehouse.asked if query.look == look][-1]
    return {parameter.name: parameter.value for parameter in query.parameters}


def test_a_board_draws_its_title_counters_and_tiles(open_page):
    page = open_page()
    assert not page.exception
    assert page.title[0].value == "Test board"
    assert "What a frame must do." in texts(page, "caption")
    assert [metric.label for metric in page.metric] == ["Monthly users"]
    assert len(page.get("vega_lite_chart")) == 2
    assert "Pings through Tue 18 Nov 2025" in texts(page, "markdown")


def test_each_chart_has_words_for_readers(open_page):
    for chart in open_page().get("vega_lite_chart"):
        assert len(chart.proto.alt) > 20


def test_opening_a_page_writes_nothing_into_its_address(open_page):
    page = open_page(account_name="databricks")
    assert said(page) == {"account_name": "databricks"}


def test_an_absent_filter_has_its_default_and_an_empty_one_lets_all_through(open_page, warehouse):
    open_page()
    by_default = bound(warehouse, "company_metrics/dau_mau")
    open_page(account_type="")
    by_empty = bound(warehouse, "company_metrics/dau_mau")
    assert ("Customer",) in by_default.values() and ("Customer",) not in by_empty.values()


def test_changing_one_filter_writes_all_of_them_in_order(open_page):
    page = open_page()
    page.selectbox[0].set_value("90 days").run()
    assert list(said(page)) == ["account_name", "installer_email", "account_type", "date"]
    assert said(page)["date"] == "90 days"
    assert said(page)["account_name"] == ""


def test_a_chosen_name_is_meant_literally_and_a_typed_one_is_an_expression(open_page, warehouse):
    page = open_page()
    page.multiselect[0].set_value(['"Evergrid 100%"', "Data%", "-Free"]).run()
    assert said(page)["account_name"] == '"Evergrid 100%",Data%,-Free'
    values = bound(warehouse, "company_metrics/dau_mau").values()
    assert ("evergrid 100%",) in values and "data%" in values
    assert page.multiselect[0].value == ['"Evergrid 100%"', "Data%", "-Free"]


def test_a_name_of_a_link_becomes_the_chip_of_the_names_spelling(open_page):
    assert open_page(account_name="databricks").multiselect[0].value == ['"Databricks"']


def test_a_name_that_no_longer_exists_stays_chosen(open_page):
    page = open_page(account_name="Gone Ltd")
    page.multiselect[1].set_value(['"ops@acme.example"']).run()
    assert said(page)["account_name"] == "Gone Ltd"
    assert page.multiselect[0].value == ['"Gone Ltd"']


def test_the_address_wins_over_the_widgets(open_page):
    page = open_page(account_name="Databricks")
    page.query_params["account_name"] = "-Free"
    page.run()
    assert page.multiselect[0].value == ["-Free"]


def test_an_expression_that_segments_cannot_show_is_a_text_in_their_place(open_page):
    page = open_page(account_type="-Free")
    field = next(field for field in page.text_input if field.label.startswith("Account type"))
    assert field.value == "-Free"
    assert 'is not "Free"' in texts(page, "caption")


def test_a_wrong_filter_stops_only_the_tiles_that_listen_to_it(open_page, warehouse):
    page = open_page(date="7 dayz")
    assert "unit" in texts(page.sidebar, "error")
    assert texts(page.main, "error").count("Date filter is not understood") == 2
    assert not page.get("vega_lite_chart")
    assert page.metric[0].value == "—"
    assert warehouse.looks_asked() == []
    assert page.selectbox[0].value == "7 dayz"


def test_a_wrong_text_in_a_field_of_chips_stays_as_text_until_it_is_mended(open_page):
    page = open_page(account_name='"open')
    field = next(field for field in page.text_input if field.label.startswith("Account name"))
    assert field.value == '"open' and len(texts(page.sidebar, "error")) > 10
    field.set_value("Databricks").run()
    assert said(page)["account_name"] == "Databricks"
    assert page.multiselect[0].value == ['"Databricks"']


def test_a_date_beyond_all_years_is_a_wrong_filter_and_no_fault(open_page):
    page = open_page(date="99999 years ago")
    assert not page.exception
    assert "Date filter is not understood" in texts(page.main, "error")


def test_the_proposal_for_a_wrong_filter_is_one_click(open_page):
    page = open_page(date="7 dayz")
    next(button for button in page.sidebar.button if button.label == "Use 7 days").click().run()
    assert said(page)["date"] == "7 days"
    assert len(page.get("vega_lite_chart")) == 2


def test_what_a_link_has_too_much_is_named(open_page):
    notice = texts(open_page(Region="EMEA"), "warning")
    assert "Region. This board has no such filters." in notice


def test_a_changed_filter_is_marked_and_reset_gives_the_defaults_back(open_page):
    page = open_page(date="7 days")
    assert "1 changed" in texts(page.sidebar, "markdown")
    assert "changed" in page.selectbox[0].label
    next(button for button in page.sidebar.button if button.label == "Reset").click().run()
    assert said(page)["date"] == "12 months"
    assert "changed" not in page.selectbox[0].label


def test_another_spelling_of_the_default_is_no_change(open_page):
    assert "changed" not in open_page(date="last 12 month").selectbox[0].label


def test_the_date_says_what_it_means(open_page):
    said_below = texts(open_page().sidebar, "caption")
    assert "Sun 1 Dec 2024 – Sun 30 Nov 2025" in said_below and "(365 days, UTC)" in said_below


def test_a_tile_says_which_filter_does_not_reach_it(open_page):
    page = open_page(filters={**FILTERS_ALL, "products": "Cody"})
    assert texts(page.main, "markdown").count("does not follow Products purchased") == 2


def test_nothing_among_customers_offers_free_when_that_finds_something(open_page, warehouse):
    warehouse.empty = lambda values: ("Customer",) in values.values()
    page = open_page()
    assert "No rows for these filters" in texts(page.main, "info")
    next(button for button in page.main.button if button.label == "Show account type Free").click().run()
    assert said(page)["account_type"] == "Free"
    assert len(page.get("vega_lite_chart")) == 2


def test_nothing_anywhere_offers_nothing(open_page, warehouse):
    warehouse.empty = lambda values: True
    page = open_page()
    assert "No rows for these filters" in texts(page.main, "info")
    assert not [button for button in page.main.button if "Free" in button.label]
    assert page.metric[0].value == "—"


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (WarehouseUnavailable("The warehouse file is locked."), "The warehouse did not answer."),
        (QueryInvalid("No.", detail="Binder Error at /srv/x"), "This tile is broken."),
        (RuntimeError("password=hunter2"), "This tile could not be drawn."),
    ],
)
def test_a_failing_tile_says_so_and_the_others_stand(open_page, warehouse, error, sentence):
    warehouse.errors["company_metrics/dau_mau"] = error
    page = open_page()
    assert len(page.get("vega_lite_chart")) == 1
    assert sentence in texts(page.main, "error")
    told = everything(page)
    assert "Error " in told and not any(word in told for word in ("Binder", "hunter2", "/srv", "Traceback"))


def test_try_again_asks_again(open_page, warehouse):
    warehouse.errors["company_metrics/dau_mau"] = WarehouseUnavailable("The warehouse file is locked.")
    page = open_page()
    warehouse.errors.clear()
    next(button for button in page.main.button if button.label == "Try again").click().run()
    assert len(page.get("vega_lite_chart")) == 2


def test_a_broken_look_stops_its_own_tile(open_page):
    page = open_page(
        'from lib.board import Board\nboard = Board(title="T", filters={"date": "12 months"})\n'
        'with board:\n    board.row("company_metrics/dau_mau", "company_metrics/no_such_look")\n'
    )
    assert len(page.get("vega_lite_chart")) == 1
    assert "This tile is broken." in texts(page, "error")
    assert "no_such_look" not in everything(page)


def test_a_second_visitor_asks_the_warehouse_nothing(open_page, warehouse):
    open_page()
    before = len(warehouse.asked)
    open_page()
    assert len(warehouse.asked) == before


def test_refresh_asks_each_question_of_the_page_anew_once(open_page, warehouse):
    page = open_page()
    warehouse.asked.clear()
    next(button for button in page.main.button if button.label == "Refresh").click().run()
    assert sorted(warehouse.looks_asked()) == [
        "company_metrics/dau_mau",
        "company_metrics/monthly_users",
        "company_metrics/monthly_users_by_instance_type",
    ]
    warehouse.asked.clear()
    page.run()
    assert warehouse.looks_asked() == []


def test_signed_out_a_board_shows_no_row(open_page, session, warehouse):
    session.key = None
    page = open_page()
    assert "signed out" in texts(page, "warning")
    assert not page.get("vega_lite_chart") and not page.metric and not page.sidebar.multiselect
    assert warehouse.asked == []


@pytest.mark.parametrize("place", ["lib.board.tile.ask", "lib.board.counter.ask"])
def test_a_session_that_ends_between_frame_and_tile_gets_no_row(open_page, monkeypatch, place):
    def ask(*args):
        raise NotSignedIn

    monkeypatch.setattr(place, ask)
    page = open_page()
    assert not page.exception
    assert "You are signed out" in texts(page, "warning")
    assert len(page.get("vega_lite_chart")) == (0 if "tile" in place else 2)
    assert len(page.metric) == (1 if "tile" in place else 0)


def test_a_session_that_ends_while_the_frame_is_drawn_ends_the_page(open_page, monkeypatch):
    def names(*args):
        raise NotSignedIn

    monkeypatch.setattr("lib.board.choices.names", names)
    page = open_page()
    assert not page.exception
    assert "signed out" in texts(page, "warning") and not page.get("vega_lite_chart")


def test_a_page_that_forgot_the_frame_gets_nothing(open_page, warehouse):
    page = open_page(
        "import streamlit as st\n"
        "from lib.access import NotSignedIn\n"
        "from lib.board import results\n"
        "from lib.warehouse.query import Query\n"
        "try:\n"
        '    st.write(results.rows(None, Query("SELECT 1")).result)\n'
        "except NotSignedIn as error:\n"
        "    st.warning(str(error))\n"
    )
    assert "signed out" in texts(page, "warning").lower()
    assert warehouse.looks_asked() == []


def test_a_board_is_named_after_its_file(open_page, warehouse):
    open_page()
    assert {dict(query.labels)["page"] for query in warehouse.asked if query.look != "names"} == {"test_board"}


FILTERS_ALL = {"account_name": "", "date": "12 months"}


def test_a_tiles_option_stands_in_the_tile_and_in_the_address(open_page, warehouse, monkeypatch):
    known = catalogue()
    look = known.looks["company_metrics/dau_mau"]
    choice = {"options": {"grain": ("month", "week")}, "period": "grain"}
    switched = replace(known, looks={**known.looks, look.id: look.model_copy(update=choice)})
    monkeypatch.setattr("lib.board.board.catalogue", lambda: switched)
    page = open_page(date="2025-01-01 to 2025-02-01", **{"dau_mau.grain": "week"})
    switch = next(group for group in page.get("button_group") if group.label == "Grain")
    assert switch.value == "week"
    by_week = bound(warehouse, look.id)["date_1"]
    switch.set_value("month").run()
    assert said(page)["dau_mau.grain"] == "month"
    assert bound(warehouse, look.id)["date_1"] != by_week
    page.selectbox[0].set_value("90 days").run()
    assert said(page)["dau_mau.grain"] == "month"


def test_what_was_not_delivered_is_said_on_its_tiles(open_page, monkeypatch):
    gone = {"sourcegraph_analytics.update_checks": "The export has no pings."}
    monkeypatch.setattr("lib.board.results.origin", lambda: Origin("export", missing=gone))
    page = open_page()
    assert texts(page.main, "info").count("The export has no pings.") == 2
    assert page.metric[0].value == "—" and "The export has no pings." in page.metric[0].proto.help
    assert not page.get("vega_lite_chart")


def test_a_missing_column_is_said_only_on_the_tiles_that_need_it(open_page, monkeypatch):
    sentence = "The pings have no users of today."
    gone = {"sourcegraph_analytics.update_checks.unique_users_today": sentence}
    monkeypatch.setattr("lib.board.results.origin", lambda: Origin("export", missing_columns=gone))
    page = open_page()
    assert texts(page.main, "info").count(sentence) == 1
    assert page.metric[0].value != "—" and len(page.get("vega_lite_chart")) == 1


WHEN = """from lib.board import Board

board = Board(title="T", filters={"account_name": "", "date": "12 months"}, filters_note="No *emails* here.")
with board:
    board.section("Always")
    board.row("company_metrics/dau_mau", wide=True)
    board.section("Its rows", when="account_name")
    board.counters("company_metrics/monthly_users", when="account_name")
    board.row("company_metrics/monthly_users_by_instance_type", wide=True, when="account_name")
"""


def test_a_row_that_needs_a_filter_stands_there_only_while_it_selects_something(open_page, warehouse):
    page = open_page(WHEN)
    assert texts(page, "header") == "Always"
    assert len(page.get("vega_lite_chart")) == 1 and not page.metric
    assert warehouse.looks_asked() == ["company_metrics/dau_mau"]
    page = open_page(WHEN, account_name="Databricks")
    assert texts(page, "header") == "Always\nIts rows"
    assert len(page.get("vega_lite_chart")) == 2 and len(page.metric) == 1


@pytest.mark.parametrize("text", ["", '"open', "%"])
def test_a_filter_that_selects_nothing_brings_no_row(open_page, text):
    page = open_page(WHEN, account_name=text)
    assert ("Its rows" in texts(page, "header")) == (text == "%")


def test_a_row_may_need_one_of_several_filters(open_page):
    code = WHEN.replace('when="account_name"', 'when=["account_name", "date"]')
    assert "Its rows" in texts(open_page(code), "header")
    assert "Its rows" not in texts(open_page(code, date=""), "header")
    assert "Its rows" in texts(open_page(code, date="", account_name="Databricks"), "header")


def test_a_row_that_needs_a_filter_of_another_board_is_a_mistake(open_page):
    page = open_page(WHEN.replace('wide=True, when="account_name"', 'wide=True, when="site"'))
    assert page.exception and not page.get("vega_lite_chart")


def test_a_note_stands_beneath_the_filters(open_page):
    assert r"No \*emails\* here." in texts(open_page(WHEN).sidebar, "caption")


def test_a_day_chosen_on_the_page_is_no_control_and_can_be_cleared(open_page, warehouse):
    filters = {"date": "12 months", "chosen_day": ""}
    page = open_page(filters=filters, chosen_day="2025-11-18")
    assert [box.label for box in page.sidebar.selectbox] == ["Date"]
    assert "does not follow" not in everything(page)
    clear = next(button for button in page.main.button if "Chosen day is Tue 18 Nov 2025" in button.label)
    clear.click().run()
    assert said(page) == {"date": "12 months", "chosen_day": ""}
    assert "Chosen day" not in everything(page)
    assert not [button for button in page.main.button if "Chosen day" in button.label]


def test_a_wrong_text_of_what_is_chosen_on_the_page_is_told_and_cleared_above(open_page):
    page = open_page(filters={"date": "12 months", "chosen_day": ""}, chosen_day="some day")
    next(button for button in page.main.button if "Chosen day not understood" in button.label).click().run()
    assert said(page)["chosen_day"] == ""


def test_on_the_first_visit_of_a_long_board_lower_charts_wait_for_the_first_screen(open_page, monkeypatch):
    monkeypatch.setattr("lib.board.board.FIRST_ROWS", 0)
    monkeypatch.setattr("lib.board.board.FIRST_SCREEN_S", 30.0)
    waited: list[float] = []
    real = time.sleep
    monkeypatch.setattr("lib.board.tile.time.sleep", lambda s: waited.append(s) if s > 20 else real(s))
    open_page()
    assert not waited, "a short board draws all at once"
    monkeypatch.setattr("lib.board.board.MANY_LATER", 1)
    page = open_page()
    assert waited and len(page.get("vega_lite_chart")) == len(waited)
    before = len(waited)
    page.run()
    assert len(waited) == before, "who has seen the board waits no more"
