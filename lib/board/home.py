"""Home: a search over boards and tiles, and every board by section with what it answers and for whom it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from lib.access import NotSignedIn, current_key, require
from lib.board import navigation
from lib.board.navigation import Page
from lib.board.tile import begin_page
from lib.board.words import plain
from lib.log import fault
from lib.looks import Look, LookError, catalogue


@dataclass(frozen=True)
class Home:
    """The page that lists all others; its arguments are read from the page's file like a board's."""

    title: str
    icon: str = ""

    def draw(self) -> None:
        """Draw Home for the signed-in person; a sentence for anybody else."""
        try:
            require(current_key())
        except NotSignedIn as error:
            st.warning(str(error), icon=":material/lock:")
            return
        begin_page(navigation.HOME)
        navigation.draw_logo()
        st.title(plain(self.title), anchor=False)
        sought = st.text_input(
            "Search",
            key="home.search",
            type="search",
            placeholder="Search boards and tiles",
            icon=":material/search:",
            label_visibility="collapsed",
        )
        listed = [page for page in navigation.pages() if page.key != navigation.HOME]
        links = navigation.streamlit_pages(listed)
        looks = _known_looks()
        if sought and sought.strip():
            _draw_found(find(listed, looks.values(), sought), links, sought)
        else:
            st.subheader("All boards", anchor=False)
            _draw_boards(listed, links)


def _known_looks() -> Mapping[str, Look]:
    """All looks; none while their filters cannot be read, since boards are found without them too."""
    try:
        return catalogue().looks
    except LookError as error:
        fault(error, page=navigation.HOME)
        return {}


@dataclass(frozen=True)
class Found:
    """One page that a search found, with the tiles of it that matched."""

    page: Page
    tiles: tuple[str, ...] = ()


def find(listed: Sequence[Page], looks: Iterable[Look], sought: str) -> list[Found]:
    """Pages whose title, question or audience, or one of whose tiles, has every word that is sought; case aside."""
    words = sought.casefold().split()
    by_id = {look.id: look for look in looks}
    found = []
    for page in listed:
        own = " ".join((page.title, page.question, page.audience, page.section, *page.looker)).casefold()
        tiles = tuple(
            dict.fromkeys(
                by_id[name].title
                for name in page.looks
                if name in by_id and _has(words, f"{by_id[name].title} {by_id[name].question} {by_id[name].definition}")
            )
        )
        if tiles or all(word in own for word in words):
            found.append(Found(page, tiles))
    return found


def _has(words: Sequence[str], text: str) -> bool:
    folded = text.casefold()
    return all(word in folded for word in words)


def _draw_found(found: Sequence[Found], links: dict[str, st.Page], sought: str) -> None:
    if not found:
        st.info(f"**Nothing found for {plain(sought.strip()[:60])}.** Try one word of a board's or tile's title.")
        return
    with st.container(border=True, gap="xsmall"):
        for hit in found:
            _draw_row(hit.page, links, ", ".join(hit.tiles) or hit.page.question)


def _draw_boards(listed: Sequence[Page], links: dict[str, st.Page]) -> None:
    with st.container(border=True, gap="xsmall"):
        for section, members in navigation.by_section(listed).items():
            st.markdown(f":gray[**{plain(section)}**]")
            for page in members:
                _draw_row(page, links, page.question)


def _draw_row(page: Page, links: dict[str, st.Page], text: str) -> None:
    name, what, audience = st.columns([2, 6, 2], vertical_alignment="center", gap="small")
    with name:
        navigation.link(page, links)
    what.caption(plain(text))
    audience.markdown(f":small[:gray[{plain(page.audience)}]]", text_alignment="right")
