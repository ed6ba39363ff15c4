"""The head of a page: title, buttons, what the page answers, its filters in words, how old its data are."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from lib.access import NotSignedIn
from lib.board import address as addresses
from lib.board import own
from lib.board.ages import late_words, loaded_words, through_words
from lib.board.details import ENTRIES, open_details
from lib.board.downloads import open_board_downloads
from lib.board.drill import open_rows
from lib.board.footer import late_sources, sources_help
from lib.board.icons import named_icon
from lib.board.marks import Pick
from lib.board.part import Part
from lib.board.visit import Visit, ask, compile_tile, listened, sources
from lib.board.words import filter_badge, filter_badges, plain
from lib.looks import Look
from lib.warehouse.query import Freshness, QueryCancelled

REFRESH = "board.refresh"
ROWS = ":material/table_rows: Rows behind"


def draw_header(
    visit: Visit, title: str, question: str, looks: Sequence[Look], counters: Sequence[Look], parts: Sequence[Part]
) -> None:
    """Draw everything above the tiles but the notices."""
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.title(plain(title), anchor=False, width="stretch")
        # Fragments bring a container of their own, which would stretch.
        with st.container(width="content"):
            _draw_marks(visit.page)
        with st.container(width="content"):
            _draw_copy_link(visit)
        if parts:
            with st.container(width="content"):
                _draw_downloads(visit, title, question, parts)
        st.button(
            "Refresh",
            key=f"{visit.page}.refresh",
            icon=":material/refresh:",
            help="Clear cache and refresh",
            on_click=ask_anew,
        )
    with st.container(gap=None):
        if question:
            st.caption(plain(question))
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
            with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", width="content"):
                _draw_filters(visit)
            st.space("stretch")
            demo = ":gray-badge[Demo data] " if visit.origin.origin == "demo" else ""
            age, ages = (_age(visit, looks), sources_help(visit, looks)) if looks else ("", "")
            st.markdown(_small(f"{demo}{age}"), width="content", help=ages or None)
            if counters:
                with st.container(width="content"):
                    _draw_figures_menu(visit, counters)


def _draw_filters(visit: Visit) -> None:
    """All filters in words; those without a control in the sidebar are cleared here."""
    controlled = [chosen for chosen in visit.address.filters.values() if chosen.definition.sidebar]
    st.markdown(_small(filter_badges(controlled, visit.context)), width="content")
    for chosen in visit.address.filters.values():
        if chosen.changed and not chosen.definition.sidebar:
            st.button(
                _small(filter_badge(chosen, visit.context)),
                key=f"{visit.page}.clear.{chosen.name}",
                icon=":material/close:",
                icon_position="right",
                type="tertiary",
                help=f"Clear {plain(chosen.definition.label)}",
                on_click=addresses.write,
                args=(visit.address, {chosen.name: chosen.default}),
            )


def ask_anew() -> None:
    """Make the next run of this page ask the warehouse again (a callback)."""
    st.session_state[REFRESH] = True


@st.fragment
def _draw_marks(page: str) -> None:
    """Heart and subscription, in a fragment: a click on one draws no tile anew."""
    with st.container(horizontal=True, wrap=False, gap="xsmall"):
        own.draw_heart("page", page, "head")
        own.draw_subscribe(page, "head")
    own.tell_change()


@st.fragment
def _draw_copy_link(visit: Visit) -> None:
    # A dialog takes the keyboard's focus; what a popover shows comes behind the whole page.
    if st.button("Copy link", key=f"{visit.page}.copy_link", icon=":material/link:"):
        st.dialog("Copy link")(_draw_links)(visit)


def _draw_links(visit: Visit) -> None:
    base = (st.context.url or f"/{visit.page}").partition("?")[0]
    relative = addresses.link(base, visit.address)
    fixed = addresses.link(base, visit.address, visit.context)
    st.caption("As it is: relative dates stay relative")
    st.code(relative, language=None, wrap_lines=True)
    if fixed != relative:
        st.caption("With fixed dates")
        st.code(fixed, language=None, wrap_lines=True)


@st.fragment
def _draw_downloads(visit: Visit, title: str, question: str, parts: Sequence[Part]) -> None:
    """The files of the board are looked at in a dialog only, so that the page does not wait for them."""
    if st.button("Download", key=f"{visit.page}.download", icon=":material/download:"):
        open_board_downloads(visit, title, question, parts)


@st.fragment
def _draw_figures_menu(visit: Visit, counters: Sequence[Look]) -> None:
    """Counters have no room for a menu: the dialog of each opens from here, and the rows behind it."""
    by_label = {plain(look.label or look.title): look for look in counters}
    behind = {f"{ROWS} {label}": look for label, look in by_label.items() if look.drill}
    chosen = st.menu_button(
        named_icon("info", "About the figures"),
        [*by_label, *behind],
        key=f"{visit.page}.figures",
        type="tertiary",
        help="Definition, table, SQL and rows of the figures",
    )
    if chosen is None:
        return
    look = {**by_label, **behind}[chosen]
    if any(heard.error is not None for heard in listened(visit, look)):
        return
    compiled = compile_tile(visit, look)
    if chosen in behind:
        open_rows(visit, compiled, Pick(look.id))
        return
    try:
        open_details(visit, compiled, ask(visit, compiled, ".details"), next(iter(ENTRIES)))
    except (NotSignedIn, QueryCancelled):
        return


def _age(visit: Visit, looks: Sequence[Look]) -> str:
    known: dict[str, Freshness] = {}
    for look in looks:
        known.update(sources(visit, look))
    if behind := late_sources(visit, known):
        return f":orange[:material/warning: {plain(late_words(behind))}]"
    through, loaded = through_words(known), loaded_words(known, visit.now)
    words = ", ".join(part for part in (through, loaded) if part) or "Age of the data unknown"
    return f":gray[:material/schedule: {plain(words)}]"


def _small(text: str) -> str:
    return f":small[{text}]"
