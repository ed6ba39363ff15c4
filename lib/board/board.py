"""A board: what a page says about itself, and the frame that draws it (docs/boards.md)."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import streamlit as st

from lib.access import NotSignedIn, current_key, require
from lib.board import address as addresses
from lib.board import choices, navigation, results
from lib.board.header import REFRESH, draw_header
from lib.board.opens import go_where_asked
from lib.board.sidebar import Controls, draw_sidebar
from lib.board.tile import begin_page, counter_tile, tile
from lib.board.visit import Visit
from lib.board.words import plain
from lib.filters import Context
from lib.log import fault
from lib.looks import Catalogue, Look, catalogue, present
from lib.settings import settings


@dataclass(frozen=True)
class _Part:
    """One line of a board: counters, a row of tiles, or a section's title."""

    kind: str
    looks: tuple[str, ...] = ()
    title: str = ""
    wide: bool = False


class Board:
    """A page of tiles. Use it as `with board:` and say inside which looks stand where.

    title, question: the head of the page; without a question the page's docstring says it.
    filters: name -> default expression, in the sidebar's order ("" lets everything through).
    looker: old numbers that lead here, such as "dashboard 422".
    section, icon, audience, order: where the page stands in the navigation and on Home, and for whom it is; they are
    read from the file without running it (`lib/board/navigation.py`), so write them as plain text.
    """

    def __init__(
        self,
        *,
        title: str,
        filters: Mapping[str, str],
        looker: Sequence[str] = (),
        question: str = "",
        section: str = "",
        icon: str = "",
        audience: str = "",
        order: int = 100,
    ) -> None:
        frame = inspect.currentframe()
        names = frame.f_back.f_globals if frame and frame.f_back else {}
        file = names.get("__file__")
        self.title = title
        self.filters = dict(filters)
        self.looker = tuple(looker)
        self.question = question or navigation.question_of(names.get("__doc__") or "")
        self.page = Path(file).stem if file else title.lower().replace(" ", "_")
        self.place = (section, icon, audience, order)
        self._parts: list[_Part] = []

    def counters(self, *looks: str) -> None:
        """A row of counters, six at most beside each other."""
        self._parts.append(_Part("counters", looks))

    def row(self, *looks: str, wide: bool = False) -> None:
        """A row of tiles: two, or three beside each other, or one over the whole width (`wide`)."""
        self._parts.append(_Part("row", looks, wide=wide))

    def section(self, title: str) -> None:
        """A heading above the rows that follow."""
        self._parts.append(_Part("section", title=title))

    def __enter__(self) -> Self:
        self._parts.clear()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self._draw()

    def _draw(self) -> None:
        try:
            key = current_key()
            require(key)
            self._draw_parts(self._visit(key, catalogue()))
        except NotSignedIn as error:
            st.warning(str(error), icon=":material/lock:")
        except Exception as error:
            identity = fault(error, page=self.page)
            st.error(
                f"**This board could not be drawn.** Try again in a moment. Error {identity}.", icon=":material/error:"
            )

    def _draw_parts(self, visit: Visit) -> None:
        go_where_asked()
        begin_page(self.page)
        navigation.draw_logo()
        navigation.carry(visit.address.changed)
        draw_sidebar(self._controls(visit), visit.address)
        tiles, counters = (self._looks(visit.catalogue, (kind,)) for kind in ("row", "counters"))
        draw_header(visit, self.title, self.question, tiles, counters)
        for notice in visit.address.notices:
            st.warning(plain(notice), icon=":material/link_off:")
        for slot, draw, look in [drawing for part in self._parts for drawing in _slots(part)]:
            with slot:
                draw(visit, look)

    def _visit(self, key: str | None, known: Catalogue) -> Visit:
        now = present(settings())
        zone = next((look.zone for look in self._looks(known, ("row", "counters"))), "UTC")
        context = Context(now=now, zone=zone)
        refresh = st.session_state.pop(REFRESH, False)
        return Visit(
            page=self.page,
            session_key=key,
            address=addresses.read(self.filters, known.filters, context),
            now=now,
            context=context,
            catalogue=known,
            freshness=results.freshness(key),
            origin=results.origin(),
            refreshed=set() if refresh else None,
        )

    def _controls(self, visit: Visit) -> Controls:
        return Controls(
            page=self.page,
            read_address=lambda: addresses.read(self.filters, visit.catalogue.filters, visit.context),
            choices=lambda chosen: choices.names(visit.session_key, chosen),
            suggest=lambda chosen, text: choices.suggestions(visit.session_key, chosen, text),
            context=visit.context,
        )

    def _looks(self, known: Catalogue, kinds: Iterable[str]) -> list[Look]:
        ids = [look for part in self._parts if part.kind in kinds for look in part.looks]
        return [known.looks[look] for look in dict.fromkeys(ids) if look in known.looks]


def _slots(part: _Part) -> list[tuple[Any, Any, str]]:
    """The containers of a part, made in order before any of its tiles draws, each with how to fill it."""
    if part.kind == "section":
        st.header(plain(part.title), anchor=False)
        return []
    if part.kind == "counters":
        with st.grid(6, min_column_width=137, gap="xsmall"):
            return [(st.container(height="stretch"), counter_tile, look) for look in part.looks]
    across = 1 if part.wide else min(len(part.looks), 3)
    width = 276 if across == 3 else 380
    with st.grid(max(across, 1 if part.wide else 2), min_column_width=width, gap="small", border=True):
        return [(st.container(gap="xsmall"), tile, look) for look in part.looks]
