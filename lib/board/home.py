"""Home: one search, then favourites, my boards, all boards, recently opened, and what is new (docs/boards.md, Home)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from lib.access import NotSignedIn, Person, current_key, require
from lib.board import navigation, own
from lib.board.cards import Shelf, draw_cards
from lib.board.finding import draw_search, warm
from lib.board.navigation import Page
from lib.board.news import draw_arrivals, draw_news, note_content_now, read_news, told
from lib.board.recent import draw_recent
from lib.board.tile import begin_page
from lib.board.words import plain
from lib.log import fault
from lib.looks import Catalogue, LookError, catalogue
from lib.state import StateError
from lib.state.content import News
from lib.state.own import Marks

WITHOUT_OWN = "**Your own content cannot be shown now.** Everything else works. Favourites, boards and lists come back."


@dataclass(frozen=True)
class Home:
    """The page that lists all others; its arguments are read from the page's file like a board's."""

    title: str
    icon: str = ""

    def draw(self) -> None:
        """Draw Home for the signed-in person; a sentence for anybody else."""
        key = current_key()
        try:
            person = require(key)
        except NotSignedIn as error:
            st.warning(str(error), icon=":material/lock:")
            return
        begin_page(navigation.HOME)
        listed = [page for page in navigation.pages() if page.key != navigation.HOME]
        shelf = Shelf(key, listed, navigation.streamlit_pages(listed), _known_looks())
        warm(key, listed, shelf.known)
        note_content_now(listed, shelf.known)
        st.title(plain(self.title), anchor=False)
        draw_search(key, listed, shelf.links, shelf.known)
        _draw_sections(shelf, person)
        own.tell_change()


def _known_looks() -> Catalogue | None:
    """All looks; none while their filters cannot be read, since boards are found without them too."""
    try:
        return catalogue()
    except LookError as error:
        fault(error, page=navigation.HOME)
        return None


def _draw_sections(shelf: Shelf, person: Person) -> None:
    marks, news = own.read_marks(person.id), _news()
    if marks is None or news is None:
        st.warning(WITHOUT_OWN, icon=":material/cloud_off:")
    if marks is not None:
        _draw_favourites(shelf, marks)
        _draw_my_boards(shelf, marks, news or [])
    st.header("All boards", anchor=False)
    _draw_boards(shelf)
    recent, new = st.columns(2, gap="small")
    if marks is not None:
        with recent:
            st.header("Recently opened", anchor=False)
            draw_recent(shelf, person.id)
    with new:
        st.header("What is new", anchor=False)
        with st.container(border=True, gap="xsmall"):
            draw_news(shelf, news or [])
            draw_arrivals(shelf)


def _news() -> list[News] | None:
    try:
        return read_news()
    except StateError as error:
        fault(error, surface="what is new")
        return None


def _draw_favourites(shelf: Shelf, marks: Marks) -> None:
    st.header("Favourites", anchor=False)
    if marks.favourites:
        draw_cards(shelf, marks.favourites)
    else:
        st.caption(":material/heart_plus: A heart on a board, or in a tile's menu, puts it here.")


def _draw_my_boards(shelf: Shelf, marks: Marks, news: Sequence[News]) -> None:
    st.header("My boards", anchor=False)
    mine = [page for key in marks.boards if (page := shelf.page(key))]
    if not mine:
        st.caption(":material/library_add: Subscribe to a board below, and it stands here with what changed on it.")
        return
    with st.container(border=True, gap="xsmall"):
        for page in mine:
            own_news = next((item for item in news if item.page == page.key), None)
            _draw_row(shelf, page, page.question, told(shelf, own_news) if own_news else shelf.age(page), "mine")


def _draw_boards(shelf: Shelf) -> None:
    with st.container(border=True, gap="xsmall"):
        for section, members in navigation.by_section(shelf.listed).items():
            st.markdown(f":gray[**{plain(section)}**]")
            for page in members:
                _draw_row(shelf, page, page.question, page.audience, "all")


def _draw_row(shelf: Shelf, page: Page, text: str, right: str, place: str) -> None:
    name, what, last = st.columns([5, 12, 6], vertical_alignment="center", gap="small")
    with name:
        navigation.link(page, shelf.links)
    what.caption(plain(text))
    with last.container(horizontal=True, wrap=False, vertical_alignment="center", gap="small"):
        st.markdown(f":small[:gray[{plain(right)}]]", width="stretch", text_alignment="right")
        own.draw_subscribe(page.key, f"home.{place}")
