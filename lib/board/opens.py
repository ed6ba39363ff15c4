"""Where a row of a table leads: its own page filtered by the row, or another page (docs/boards.md, Rows that open)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any

import pyarrow as pa
import streamlit as st

from lib.board import address as addresses
from lib.board import navigation
from lib.board.navigation import Page
from lib.board.sidebar import quote
from lib.board.table import draw_table
from lib.board.visit import Visit
from lib.board.words import plain
from lib.looks import Catalogue, Look, LookError
from lib.looks.check import KIND_TYPES

_WAY = "row-opens"
# `st.switch_page` would leave this page with the other's filters in the browser's history; a followed link does not.
_FOLLOW = f"""<script>(() => {{
    const follow = () => {{
        const link = document.querySelector('.st-key-{_WAY} a')
        link ? link.click() : setTimeout(follow, 50)
    }}
    follow()
}})()</script>"""


def draw_rows(
    visit: Visit, look: Look, table: pa.Table, key: str = "", leaving: Callable[[], None] | None = None
) -> None:
    """Draw a look's rows; where the look says what they open, a click anywhere on a row opens it.

    `key` sets them apart from the same look's rows elsewhere; `leaving` is called before another page opens.
    """
    base = key or f"{visit.key(look.id)}.rows"
    if look.opens is None:
        draw_table(look, table, key=base)
        return
    if said := st.session_state.pop(f"{base}.said", ""):
        st.info(said, icon=":material/info:")
    # A new key is a table in which nothing is picked, so that the same row can be picked again.
    key = f"{base}.{st.session_state.get(f'{base}.turn', 0)}"
    rows = table.select(list(look.opens.filters.values())).to_pylist()
    draw_table(
        look,
        table,
        key=key,
        on_select=partial(_open_row, visit, look, base, key, rows, leaving),
        selection_mode=("single-row", "single-cell"),
    )
    if st.session_state.pop(f"{base}.opened", False):
        st.rerun()
    target, parameters = st.session_state.pop(f"{base}.going", (None, {}))
    if target is not None:
        _lead_to(target, parameters)


def picked_row(selection: Mapping[str, Any]) -> int | None:
    """The row that was picked by one of its cells or by its mark."""
    rows = [*(row for row, _ in selection["cells"]), *selection["rows"]]
    return int(rows[0]) if rows else None


def filter_texts(visit: Visit, look: Look, row: Mapping[str, object]) -> dict[str, str]:
    """The filters that a row sets, each to exactly its value; those without a value are left out."""
    filters = look.opens.filters if look.opens else {}
    values = {name: row[column] for name, column in filters.items()}
    return {
        name: _text(visit.catalogue.filters[name].kind, value)
        for name, value in values.items()
        if value not in (None, "")
    }


def wrong_opens(known: Catalogue, listed: Sequence[Page]) -> Iterator[LookError]:
    """The mistakes in what looks say their rows open: pages that are none, filters that those pages do not have.

    For the start and CI, since neither looks nor pages alone can tell.
    """
    by_key = {page.key: page for page in listed}
    for look in known.looks.values():
        if look.opens is None:
            continue
        if look.opens.page is not None and look.opens.page not in by_key:
            yield look.error("opens.page", f"the page {look.opens.page}", f"one of {', '.join(sorted(by_key))}")
            continue
        named = [by_key[look.opens.page]] if look.opens.page else [page for page in listed if look.id in page.looks]
        for name, column in look.opens.filters.items():
            place, kind = f"opens.filters.{name}", look.columns[column].type
            if name not in known.filters:
                yield look.error(place, f"the filter {name}", f"one of {', '.join(known.filters)}")
                continue
            types = [each for each in KIND_TYPES[known.filters[name].kind] if not each.startswith("ARRAY")]
            if kind not in types:
                yield look.error(place, f"{column} of type {kind}", f"{' or '.join(types)}")
            for page in named:
                if name not in page.filters:
                    found = f"the filter {name}, which the page {page.key} has not"
                    yield look.error(place, found, f"one of {', '.join(page.filters)}")


def _open_row(
    visit: Visit,
    look: Look,
    base: str,
    key: str,
    rows: Sequence[Mapping[str, object]],
    leaving: Callable[[], None] | None,
) -> None:
    at = picked_row(st.session_state[key].selection)
    st.session_state[f"{base}.turn"] = st.session_state.get(f"{base}.turn", 0) + 1
    if at is None or look.opens is None:
        return
    texts = filter_texts(visit, look, rows[at])
    missing = [look.columns[column].label for name, column in look.opens.filters.items() if name not in texts]
    if missing:
        st.session_state[f"{base}.said"] = f"This row opens nothing: it has no {plain(' and no '.join(missing))}."
        return
    if look.opens.page is None or look.opens.page == visit.page:
        addresses.write(visit.address, texts)
        st.session_state[f"{base}.opened"] = True
    elif target := navigation.page(look.opens.page):
        shared = {name: text for name, text in visit.address.changed.items() if name in target.filters}
        st.session_state[f"{base}.going"] = (target, {**shared, **texts})
        if leaving is not None:
            leaving()


def _lead_to(target: Page, parameters: Mapping[str, str]) -> None:
    (page,) = navigation.streamlit_pages([target]).values()
    with st.container(key=_WAY):
        st.page_link(page, label=f"Open {plain(target.title)}", icon=target.icon or None, query_params=parameters)
        st.html(_FOLLOW, unsafe_allow_javascript=True)


def _text(kind: str, value: object) -> str:
    if kind == "string":
        return quote(str(value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)
