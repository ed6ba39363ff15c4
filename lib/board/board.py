"""A board: what a page says about itself, and the frame that draws it (docs/boards.md)."""

from __future__ import annotations

import inspect
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import streamlit as st

from lib.access import NotSignedIn, current_key, require
from lib.board import address as addresses
from lib.board import choices, navigation, own, results
from lib.board.address import Address
from lib.board.chooser import draw_choice
from lib.board.drill import asked_for, linked, open_asked
from lib.board.footer import beyond
from lib.board.header import REFRESH, draw_header
from lib.board.instance import Chooser, choose, dropping
from lib.board.marks import NoSuchMark
from lib.board.part import Part
from lib.board.sidebar import Controls, draw_sidebar
from lib.board.soon import soon
from lib.board.tile import begin_page, begins, counter_tile, fault_words, tile
from lib.board.visit import Visit, knowing_ages
from lib.board.words import plain
from lib.filters import Context
from lib.log import fault
from lib.looks import Catalogue, Look, LookError, catalogue, present
from lib.settings import settings
from lib.warehouse.query import QueryCancelled

# A sentence and a table of a few rows.
CHOOSER_HEIGHT = 180


# Below its first rows a board with so many tiles lets their charts wait for as long as a browser needs to load what
# draws charts and to draw the first screen (docs/performance.md).
FIRST_ROWS = 2
MANY_LATER = 12
FIRST_SCREEN_S = 1.5


class Board:
    """A page of tiles. Use it as `with board:` and say inside which looks stand where.

    title, question: the head of the page; without a question the page's docstring says it.
    filters: name -> default expression, in the sidebar's order ("" lets everything through).
    filters_note: a sentence beneath the filters.
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
        filters_note: str = "",
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
        self.filters_note = filters_note
        self._parts: list[Part] = []
        self._chooser: Chooser | None = None

    def choose(self, look: str, *, filter: str, otherwise: str, unfound: str = "") -> None:
        """Let people choose one instance, above all tiles; these speak of that one.

        look: lists the instances that fit the other filters; what its rows open is `filter`. The first row is shown
        until another is chosen. otherwise: the look that stands there alone while nothing is chosen. unfound: the look
        that stands there alone when a search finds no instance.
        """
        self._chooser = Chooser(look, self._own(filter), otherwise, unfound)

    def counters(self, *looks: str, when: str | Sequence[str] = ()) -> None:
        """A row of counters, six at most beside each other."""
        self._parts.append(Part("counters", looks, when=self._all_own(when)))

    def row(self, *looks: str, wide: bool = False, when: str | Sequence[str] = ()) -> None:
        """A row of tiles: two, or three beside each other, or one over the whole width (`wide`).

        when: filters of the board; the row stands there only while one of them selects something.
        """
        self._parts.append(Part("row", looks, wide=wide, when=self._all_own(when)))

    def section(self, title: str, *, when: str | Sequence[str] = ()) -> None:
        """A heading above the rows that follow."""
        self._parts.append(Part("section", title=title, when=self._all_own(when)))

    def _own(self, filter: str) -> str:
        if filter and filter not in self.filters:
            raise ValueError(f"{filter} is no filter of the board {self.title!r}: {', '.join(self.filters)}.")
        return filter

    def _all_own(self, filters: str | Sequence[str]) -> tuple[str, ...]:
        return tuple(self._own(name) for name in ((filters,) if isinstance(filters, str) else filters))

    def __enter__(self) -> Self:
        self._parts.clear()
        self._chooser = None
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self._draw()

    def _draw(self) -> None:
        try:
            key = current_key()
            person = require(key)
            own.read_marks(person.id)
            visit = self._draw_parts(self._visit(key, catalogue()))
            own.remember_visit(visit, person.id)
            own.tell_change()
        except NotSignedIn as error:
            st.warning(str(error), icon=":material/lock:")
        except QueryCancelled:
            return
        except Exception as error:
            identity = fault(error, page=self.page)
            st.error(
                f"**This board could not be drawn.** Try again in a moment. Error {identity}.", icon=":material/error:"
            )

    def _draw_parts(self, visit: Visit) -> Visit:
        begin_page(self.page)
        navigation.carry(visit.address.changed)
        draw_sidebar(self._controls(visit), visit.address)
        parts = [part for part in self._parts if _stands(part, visit.address)]
        head = st.container()
        if self._chooser is not None:
            visit, parts = self._draw_chooser(visit, self._chooser, parts, head)
        else:
            self._draw_head(visit, parts, head)
        visit = _put_first_screen_first(visit, parts)
        asked = asked_for(visit, _all_looks(visit.catalogue, parts))
        for part in parts:
            _draw_part(visit, part)
        open_asked(visit, asked)
        return visit

    def _draw_head(self, visit: Visit, parts: Sequence[Part], head: Any) -> None:
        with head:
            tiles, counters = (_looks(visit.catalogue, parts, kind) for kind in ("row", "counters"))
            draw_header(visit, self.title, self.question, tiles, counters, parts)
            for notice in visit.address.notices:
                st.warning(plain(notice), icon=":material/link_off:")
            try:
                linked([*tiles, *counters])
            except NoSuchMark as error:
                st.warning(plain(str(error)), icon=":material/link_off:")

    def _draw_chooser(self, visit: Visit, chooser: Chooser, parts: list[Part], head: Any) -> tuple[Visit, list[Part]]:
        """The chooser, and the head, which tells of what was chosen; the visit and the parts that are left to draw."""
        place = st.container()
        slot = place.skeleton(height=CHOOSER_HEIGHT) if begins(visit.page) else place
        try:
            visit = knowing_ages(visit)
            choice = choose(visit, chooser)
        except LookError as error:
            choice = None
            slot.error(fault_words(error, chooser.look), icon=":material/build:")
        if choice is not None and choice.shown is not None:
            visit = choice.visit
        elif choice is not None and choice.nothing:
            parts = [Part("row", (chooser.otherwise,), wide=True)]
            visit = replace(visit, reaching={})
        elif choice is not None and choice.unfound and chooser.unfound:
            parts = [Part("row", (chooser.unfound,), wide=True)]
        else:
            parts = []
        self._draw_head(visit, parts, head)
        if choice is not None:
            with slot.container():
                draw_choice(visit, chooser, choice)
        return visit, parts

    def _visit(self, key: str | None, known: Catalogue) -> Visit:
        now = present(settings())
        looks = _all_looks(known, self._parts)
        zone = next((look.zone for look in looks), "UTC")
        context = Context(now=now, zone=zone)
        refresh = st.session_state.pop(REFRESH, False)
        address = self._read_address(known, context)
        choices.ask_ahead(key, address)
        return Visit(
            page=self.page,
            session_key=key,
            address=address,
            now=now,
            context=context,
            catalogue=known,
            freshness=soon(("freshness", key), partial(results.freshness, key, anew=refresh), {}),
            origin=results.origin(),
            refreshed=set() if refresh else None,
        )

    def _controls(self, visit: Visit) -> Controls:
        return Controls(
            page=self.page,
            read_address=lambda: self._read_address(visit.catalogue, visit.context),
            choices=lambda chosen: choices.names(visit.session_key, chosen),
            suggest=lambda chosen, text: choices.suggestions(visit.session_key, chosen, text),
            context=visit.context,
            beyond=partial(beyond, visit, _all_looks(visit.catalogue, self._parts)),
            note=self.filters_note,
        )

    def _read_address(self, known: Catalogue, context: Context) -> Address:
        drops = dropping(self._chooser, known, self.filters) if self._chooser else {}
        return addresses.read(self.filters, known.filters, context, drops=drops)


def _looks(known: Catalogue, parts: Sequence[Part], kind: str) -> list[Look]:
    ids = [look for part in parts if part.kind == kind for look in part.looks]
    return [known.looks[look] for look in dict.fromkeys(ids) if look in known.looks]


def _all_looks(known: Catalogue, parts: Sequence[Part]) -> list[Look]:
    return [look for kind in ("row", "counters") for look in _looks(known, parts, kind)]


def _stands(part: Part, address: Address) -> bool:
    expressions = [address.filters[name].expression for name in part.when]
    return not part.when or any(expression is not None and not expression.any for expression in expressions)


def _put_first_screen_first(visit: Visit, parts: Sequence[Part]) -> Visit:
    """On the first visit of a long board its lower charts wait a moment, since a browser draws all it has at once."""
    rows = [part for part in parts if part.kind == "row"]
    later = [look for part in rows[FIRST_ROWS:] for look in part.looks]
    if len(later) < MANY_LATER or not begins(visit.page):
        return visit
    return replace(visit, later=frozenset(later), later_at=time.monotonic() + FIRST_SCREEN_S)


def _draw_part(visit: Visit, part: Part) -> None:
    if part.kind == "section":
        st.header(plain(part.title), anchor=False)
        return
    if part.kind == "counters":
        with st.grid(6, min_column_width=137, gap="xsmall"):
            for look in part.looks:
                counter_tile(visit, look)
        return
    across = 1 if part.wide else min(len(part.looks), 3)
    width = 276 if across == 3 else 380
    with st.grid(max(across, 1 if part.wide else 2), min_column_width=width, gap="small", border=True):
        for look in part.looks:
            tile(visit, look)
