"""The head of a page: title, buttons, what the page answers, its filters in words, how old its data are."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from lib.access import NotSignedIn
from lib.board import address as addresses
from lib.board.details import ENTRIES, download_button, open_details
from lib.board.visit import Visit, ask, compile_tile, listened, sources
from lib.board.words import filter_badge, filter_badges, loaded_words, plain, through_words
from lib.looks import Look
from lib.warehouse.query import Freshness, QueryCancelled

REFRESH = "board.refresh"


def draw_header(visit: Visit, title: str, question: str, looks: Sequence[Look], counters: Sequence[Look]) -> None:
    """Draw everything above the tiles but the notices."""
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.title(plain(title), anchor=False, width="stretch")
        with st.popover("Copy link", icon=":material/link:"):
            _draw_links(visit)
        with st.popover("Download", icon=":material/download:"):
            _draw_downloads(visit, looks)
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
            age = f":gray[:material/schedule: {_age(visit, looks)}]" if looks else ""
            st.markdown(_small(f"{demo}{age}"), width="content")
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


def _draw_links(visit: Visit) -> None:
    base = (st.context.url or f"/{visit.page}").partition("?")[0]
    relative = addresses.link(base, visit.address)
    fixed = addresses.link(base, visit.address, visit.context)
    st.caption("As it is: relative dates stay relative")
    st.code(relative, language=None, wrap_lines=True)
    if fixed != relative:
        st.caption("With fixed dates")
        st.code(fixed, language=None, wrap_lines=True)


def _draw_downloads(visit: Visit, looks: Sequence[Look]) -> None:
    drawn = 0
    for look in looks:
        if any(chosen.error is not None for chosen in listened(visit, look)):
            continue
        compiled = compile_tile(visit, look)
        download_button(visit, compiled, key=f"{visit.key(look.id)}.page-csv", label=plain(f"{look.title}, CSV"))
        drawn += 1
    if not drawn:
        st.caption("Nothing to download while a filter is wrong.")


@st.fragment
def _draw_figures_menu(visit: Visit, counters: Sequence[Look]) -> None:
    """Counters have no room for a menu: the dialog of each opens from here."""
    by_label = {plain(look.label or look.title): look for look in counters}
    chosen = st.menu_button(
        "",
        list(by_label),
        key=f"{visit.page}.figures",
        icon=":material/info:",
        type="tertiary",
        help="Definition, table and SQL of the figures",
    )
    if chosen is None:
        return
    look = by_label[chosen]
    if any(heard.error is not None for heard in listened(visit, look)):
        return
    compiled = compile_tile(visit, look)
    try:
        open_details(visit, compiled, ask(visit, compiled, ".details"), next(iter(ENTRIES)))
    except (NotSignedIn, QueryCancelled):
        return


def _age(visit: Visit, looks: Sequence[Look]) -> str:
    known: dict[str, Freshness] = {}
    for look in looks:
        known.update(sources(visit, look))
    through, loaded = through_words(known), loaded_words(known, visit.now)
    return ", ".join(part for part in (through, loaded) if part) or "Age of the data unknown"


def _small(text: str) -> str:
    return f":small[{text}]"
