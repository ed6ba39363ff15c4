"""The chooser as it stands on the page: search box, sentence, matches; a click writes the address (docs/boards.md)."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import pyarrow as pa
import streamlit as st

from lib.board import address as addresses
from lib.board import results
from lib.board.address import Address
from lib.board.instance import ACCOUNT, SEARCH, Choice, Chooser, Offer, part_of
from lib.board.opens import picked_row
from lib.board.sidebar import quote
from lib.board.table import draw_table
from lib.board.visit import Visit
from lib.board.words import plain
from lib.filters import contains_text
from lib.looks import Look

_BOXES = {"error": st.error, "warning": st.warning, "info": st.info}


def draw_choice(visit: Visit, chooser: Chooser, choice: Choice) -> None:
    """Draw the search box, the sentence and the matches, as far as the choice has them."""
    if choice.searching and SEARCH in visit.address.filters:
        _draw_search(visit)
    if choice.notice is not None:
        _BOXES[choice.notice.tone](choice.notice.text, icon=choice.notice.icon)
        if choice.again is not None:
            st.button(
                "Try again",
                key=f"{visit.page}.choose.again",
                icon=":material/refresh:",
                on_click=results.forget_trouble,
                args=(choice.again.query,),
            )
    if choice.rows is None:
        if choice.sentence:
            st.info(choice.sentence, icon=":material/info:")
        _draw_offer(visit, choice.offer)
        return
    with st.container(border=True, gap="small"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(choice.sentence, width="content")
            _draw_offer(visit, choice.offer)
        _draw_matches(visit, chooser, choice)


def _draw_matches(visit: Visit, chooser: Chooser, choice: Choice) -> None:
    assert choice.rows is not None
    ids = choice.ids
    turn = f"{visit.page}.choose.turn"
    state = (ids, choice.shown, st.session_state.get(turn, 0))
    # Other rows, or another one of them: a table of its own, in which the one that is shown is picked.
    key = f"{visit.page}.choose.{zlib.crc32(repr(state).encode()):08x}"
    draw_table(
        _without_one_account(choice.look, choice.rows),
        choice.rows,
        key=key,
        on_select=partial(_pick, visit.address, chooser.filter, ids, key, turn),
        selection_mode=("single-row" if choice.shown is None else "single-row-required", "single-cell"),
        selected=choice.shown,
    )


def _without_one_account(look: Look, rows: pa.Table) -> Look:
    if ACCOUNT not in look.columns or len(set(rows.column(ACCOUNT).to_pylist())) > 1:
        return look
    hidden = look.columns[ACCOUNT].model_copy(update={"hidden": True})
    return look.model_copy(update={"columns": {**look.columns, ACCOUNT: hidden}})


def _draw_offer(visit: Visit, offer: Offer | None) -> None:
    if offer is not None:
        st.button(
            plain(offer.label),
            key=f"{visit.page}.choose.offer",
            icon=":material/filter_alt:",
            on_click=addresses.write,
            args=(visit.address, offer.changes),
        )


def _draw_search(visit: Visit) -> None:
    chosen = visit.address.filters[SEARCH]
    key = f"{visit.page}.choose.search"
    text = part_of(chosen)
    sought = chosen.text if text is None else text
    if st.session_state.get(key) != sought:
        st.session_state[key] = sought
    st.text_input(
        "Find an instance",
        key=key,
        type="search",
        placeholder=chosen.definition.help,
        icon=":material/search:",
        on_change=_search,
        args=(visit.address, key),
    )


def _search(address: Address, key: str) -> None:
    text = str(st.session_state.get(key) or "").strip()
    addresses.write(address, {SEARCH: contains_text(text) if text else ""})


def _pick(address: Address, filter: str, ids: Sequence[object], key: str, turn: str) -> None:
    selection: Mapping[str, Any] = st.session_state[key].selection
    st.session_state[turn] = st.session_state.get(turn, 0) + 1
    at = picked_row(selection)
    if at is not None:
        addresses.write(address, {filter: quote(str(ids[at]))})
