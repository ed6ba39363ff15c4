"""Home: its sections in their order, favourites as cards, the search, and what stands when something is missing."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from streamlit.testing.v1 import AppTest

from lib.board import news, recent
from lib.board.news import content_of
from lib.board.recent import moment_words, title_of
from lib.board.words import plain
from lib.looks import catalogue
from lib.state import StateUnavailable
from lib.state.content import News
from lib.state.own import Marks, Opened
from tests.board.conftest import PATIENCE_S

ROUTER = """import streamlit as st
from lib.board import navigation

pages = navigation.streamlit_pages(navigation.pages())
st.navigation([pages["home"], *(page for key, page in pages.items() if key != "home")]).run()
"""
NOON = datetime(2025, 11, 18, 12, tzinfo=UTC)


@pytest.fixture
def home(session, warehouse, tmp_path, monkeypatch):
    """Home among all pages of this installation; `opened` and `news` stand for the state database."""
    session.opened, session.news, session.noted = [], [], []
    monkeypatch.setattr(recent, "recently_opened", lambda person, most: session.opened)
    monkeypatch.setattr(news, "news_since", lambda moment: session.news)
    monkeypatch.setattr(news, "write_later", session.noted.append)
    warehouse.names["account_name"].append("Harrow & Finch")
    router = tmp_path / "router.py"
    router.write_text(ROUTER)

    def open_(sought: str = "") -> AppTest:
        page = AppTest.from_file(str(router), default_timeout=PATIENCE_S).run()
        return page.text_input(key="home.search").set_value(sought).run() if sought else page

    return open_


def links(page: AppTest) -> list[tuple[str, str, str]]:
    """Label, page and parameters of each link."""
    found = [element.proto for element in page.get("page_link")]
    return [(link.label, link.page, link.query_string) for link in found]


def labels(page: AppTest) -> list[str]:
    return [label for label, *_ in links(page)]


def said(page: AppTest) -> str:
    return "\n".join(
        str(element.value) for kind in ("markdown", "caption", "info", "warning") for element in page.get(kind)
    )


def test_the_sections_stand_in_their_order(home):
    page = home()
    assert not page.exception
    assert [heading.value for heading in page.header] == [
        "Favourites", "My boards", "All boards", "Recently opened", "What is new",
    ]  # fmt: skip
    assert labels(page) == ["Company metrics", "Single instance", "Batch changes", "Cody Pro"]
    assert "A heart on a board" in said(page) and "Subscribe to a board" in said(page)
    assert "sales, support" in said(page)


def test_favourites_are_cards_and_a_counter_shows_its_figure_with_its_change(home, session):
    session.marks = Marks((("page", "cody_pro"), ("look", "company_metrics/monthly_users"), ("look", "gone/gone")))
    page = home()
    assert not page.exception
    assert labels(page)[:2] == ["Cody Pro", "Monthly users"]
    (figure,) = page.metric
    assert figure.value == "1,090" and "%" in figure.delta
    assert "Pings through Tue 18 Nov 2025" in said(page)
    assert "It is not here any more." in said(page)


def test_a_chart_among_the_favourites_shows_its_question_and_leads_to_its_board(home, session):
    session.marks = Marks((("look", "company_metrics/dau_mau"),))
    page = home()
    look = catalogue().looks["company_metrics/dau_mau"]
    assert links(page)[0][:2] == (plain(look.title), "company_metrics")
    assert plain(look.question) in said(page) and not page.metric


def test_my_boards_say_what_is_new_on_them(home, session):
    session.marks = Marks(boards=("cody_pro", "company_metrics"))
    session.news = [News("cody_pro", "cody_pro/revenue", True, datetime.now(UTC))]
    page = home()
    title = catalogue().looks["cody_pro/revenue"].title
    assert f"new tile {title}, today" in said(page)
    assert labels(page)[:2] == ["Cody Pro", "Company metrics"]
    assert f"Cody Pro: {title}" in [label.replace("\\", "") for label in labels(page)]


def test_what_was_opened_leads_back_with_its_filters(home, session):
    session.opened = [Opened("single_instance", "Harrow & Finch", {"account_name": '"Harrow & Finch"'}, NOON)]
    link = next(link for link in links(home()) if link[0] == "Single instance\\: Harrow & Finch")
    assert link[1] == "single_instance" and "Harrow" in link[2] and "%26" in link[2]


def test_a_search_offers_the_accounts_single_instance_first(home):
    page = home("databr")
    assert not page.exception
    label, target, query = links(page)[0]
    assert (label, target) == ("Databricks", "single_instance")
    assert query.startswith("account_name=") and "Databricks" in query
    assert "**Account** · opens Single instance" in said(page)


def test_a_pasted_link_of_the_old_tool_leads_to_its_page_with_its_filters(home):
    page = home("https://company.looker.com/dashboards/409?Account%20name=Databricks")
    label, target, query = links(page)[0]
    assert (label, target) == ("Single instance", "single_instance") and "Databricks" in query
    assert "409" in said(page)


@pytest.mark.parametrize("sought", ["dashboard 99999", "https://x.example/dashboards/99999", "zzzz qqqq"])
def test_what_is_not_found_is_said(home, sought):
    page = home(sought)
    assert labels(page)[0] == "Company metrics"
    assert "has not moved here yet" in said(page) or "Nothing found for zzzz qqqq" in said(page)


def test_home_stands_without_the_state_database(home, session, monkeypatch):
    def locked(*_):
        raise StateUnavailable("The state database is locked by another program. Try again in a moment.")

    monkeypatch.setattr("lib.board.own.marks_of", locked)
    monkeypatch.setattr(news, "news_since", locked)
    page = home("databr")
    assert not page.exception
    assert [warning.value for warning in page.warning] == [
        "**Your own content cannot be shown now.** Everything else works. Favourites, boards and lists come back."
    ]
    assert labels(page)[0] == "Databricks" and "All boards" in [heading.value for heading in page.header]


def test_home_stands_without_the_warehouse(home, warehouse, session):
    session.marks = Marks((("look", "company_metrics/monthly_users"),))
    warehouse.errors = {name: StateUnavailable("x") for name in ("names", "company_metrics/monthly_users")}
    page = home("monthly users")
    assert not page.exception
    assert "Accounts and installers are not searched now" in said(page)
    assert "Monthly users" in labels(page) and page.metric[0].value == "—"


def test_a_heart_and_a_subscription_are_kept_and_taken_back(home, session, monkeypatch):
    kept: list[tuple] = []
    monkeypatch.setattr("lib.board.own.set_favourite", lambda *given: kept.append(given))
    monkeypatch.setattr("lib.board.own.set_subscription", lambda *given: kept.append(given))
    session.marks = Marks((("page", "cody_pro"),))
    page = home()
    page.button(key="home.all.subscribe.cody_pro").click().run()
    page.button(key="home.heart.page.cody_pro").click().run()
    assert kept == [(1, "cody_pro", True), (1, "page", "cody_pro", False)]
    assert not page.exception


def test_a_heart_that_cannot_be_kept_is_said(home, session, monkeypatch):
    def locked(*_):
        raise StateUnavailable("The state database is locked by another program. Try again in a moment.")

    monkeypatch.setattr("lib.board.own.set_subscription", locked)
    page = home().button(key="home.all.subscribe.cody_pro").click().run()
    assert not page.exception
    assert page.toast[0].value.startswith("**Not kept.** The state database is locked")


def test_signed_out_home_lists_nothing(home, session):
    session.key = None
    page = home()
    assert not page.exception and "signed out" in page.warning[0].value and not page.title


def test_a_session_that_ended_finds_no_names(home, session, monkeypatch):
    page = home()
    session.valid = False
    page.text_input(key="home.search").set_value("databr").run()
    assert "Databricks" not in labels(page)


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (datetime(2025, 11, 18, 9, 12, tzinfo=UTC), "today 09:12"),
        (datetime(2025, 11, 17, 16, 40, tzinfo=UTC), "yesterday 16:40"),
        (datetime(2025, 11, 14, 16, 40, tzinfo=UTC), "Fri 14 Nov"),
        (datetime(2024, 11, 14, tzinfo=UTC), "14 Nov 2024"),
    ],
)
def test_moments_in_words(at, words):
    assert moment_words(at, NOON) == words
    assert title_of(Opened("x", "", {}, at), "Cody Pro") == "Cody Pro"


def test_a_tile_counts_as_changed_when_its_meaning_does_not_when_its_layout_does():
    known = catalogue()
    page = SimpleNamespace(key="p", looks=("company_metrics/dau_mau", "no/such"))
    look = known.looks["company_metrics/dau_mau"]

    def digest(**changes):
        looks = {look.id: look.model_copy(update=changes)}
        return content_of([page], SimpleNamespace(looks=looks))[("p", look.id)]

    assert digest() == digest(sql=look.sql.replace("\n", "\n   "), budget="1 GB", caption="Other.")
    assert len({digest(), digest(sql=look.sql + " LIMIT 1"), digest(definition="Other."), digest(title="Other")}) == 4
    assert set(content_of([page], known)) == {("p", ""), ("p", look.id)}
