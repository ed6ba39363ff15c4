"""Favourites as cards on Home: a board with what it answers, a counter with its figure, a tile with its question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial

import streamlit as st

from lib.access import NotSignedIn
from lib.board import address as addresses
from lib.board import navigation, results
from lib.board.ages import through_words
from lib.board.counter import draw_counter
from lib.board.navigation import Page
from lib.board.own import draw_heart
from lib.board.soon import soon
from lib.board.tile import fault_words
from lib.board.visit import Visit, sources
from lib.board.words import SIGNED_OUT, plain
from lib.filters import Context
from lib.looks import Catalogue, Look, present
from lib.settings import settings
from lib.warehouse.query import Freshness, QueryCancelled

CARD_WIDTH = 230
FIGURE_HEIGHT = 64


@dataclass(frozen=True)
class Shelf:
    """What Home shows things from: who looks, the pages and the looks."""

    session_key: str | None
    listed: Sequence[Page]
    links: Mapping[str, st.Page]
    known: Catalogue | None

    @cached_property
    def freshness(self) -> Mapping[str, Freshness]:
        """How new the sources are; empty while the warehouse keeps one waiting."""
        return soon(("freshness", self.session_key), partial(results.freshness, self.session_key), {})

    def page(self, key: str) -> Page | None:
        """The page of that address."""
        return next((page for page in self.listed if page.key == key), None)

    def page_of(self, look_id: str) -> Page | None:
        """The first page on which a look stands, its own board's before others."""
        standing = [page for page in self.listed if look_id in page.looks]
        return next((page for page in standing if page.key == look_id.partition("/")[0]), next(iter(standing), None))

    def look(self, look_id: str) -> Look | None:
        """The look of that id, if it can be shown."""
        return self.known.looks.get(look_id) if self.known else None

    def visit(self, page: Page) -> Visit | None:
        """A run of that page with its default filters, for figures of it on Home."""
        if self.known is None:
            return None
        now = present(settings())
        zone = next((look.zone for name in page.looks if (look := self.look(name))), "UTC")
        context = Context(now=now, zone=zone)
        defaults = {name: text for name, text in page.filters.items() if name in self.known.filters}
        address = addresses.read(defaults, self.known.filters, context, [])
        return Visit(
            navigation.HOME, self.session_key, address, now, context, self.known, self.freshness, results.origin()
        )

    def age(self, page: Page, look: Look | None = None) -> str:
        """Up to when the data of a page, or of one look of it, reach; empty where that is not known."""
        visit = self.visit(page)
        looks = [look] if look else [found for name in page.looks if (found := self.look(name))]
        known: dict[str, Freshness] = {}
        for found in looks if visit else []:
            known.update(sources(visit, found) if visit else {})
        return through_words(known)


def draw_cards(shelf: Shelf, favourites: Sequence[tuple[str, str]]) -> None:
    """One card a favourite, in the order in which they were chosen."""
    figures: list[tuple[object, Visit, Look]] = []
    with st.grid(4, min_column_width=CARD_WIDTH, gap="small", border=True):
        for kind, key in favourites:
            with st.container(gap="xsmall", height="stretch"):
                page = shelf.page(key) if kind == "page" else shelf.page_of(key)
                look = shelf.look(key) if kind == "look" else None
                if page is None or (kind == "look" and look is None):
                    _draw_gone(kind, key)
                    continue
                _draw_head(shelf, page, look, kind, key)
                visit = shelf.visit(page) if look and look.chart.kind == "counter" and not page.chooses else None
                if look and visit:
                    figures.append((st.container(), visit, look))
                else:
                    st.caption(plain(look.question if look else page.question))
                st.markdown(f":small[:gray[{_below(shelf, page, look)}]]")
    # All cards stand before the first figure is asked for.
    for place, visit, look in figures:
        with place:  # pyright: ignore[reportGeneralTypeIssues]
            _figure(visit, look)


def _draw_head(shelf: Shelf, page: Page, look: Look | None, kind: str, key: str) -> None:
    with st.container(horizontal=True, wrap=False, vertical_alignment="center", gap="xsmall"):
        navigation.link(
            page,
            shelf.links,
            label=plain(look.title if look else page.title),
            icon=":material/insert_chart:" if look else page.icon,
        )
        draw_heart("look" if kind == "look" else "page", key, "home")


def _below(shelf: Shelf, page: Page, look: Look | None) -> str:
    age = shelf.age(page, look)
    return " · ".join(part for part in (plain(page.title) if look else "", plain(age)) if part)


def _draw_gone(kind: str, key: str) -> None:
    with st.container(horizontal=True, wrap=False, vertical_alignment="center", gap="xsmall"):
        st.markdown(f"`{key}`", width="stretch")
        draw_heart("look" if kind == "look" else "page", key, "home")
    st.caption("It is not here any more.")


@st.fragment(parallel=True)
def _figure(visit: Visit, look: Look) -> None:
    slot = st.skeleton(height=FIGURE_HEIGHT)
    try:
        draw_counter(visit, look, slot.container(), card=True)
    except NotSignedIn:
        slot.caption(SIGNED_OUT)
    except QueryCancelled:
        return
    except Exception as error:
        slot.caption(fault_words(error, look.id))
