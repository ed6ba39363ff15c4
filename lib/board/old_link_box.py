"""The box that takes a pasted address of the old tool and leads to the page that took its place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from lib.board.navigation import HOME, Page
from lib.board.old_links import NoOldLink, OldLink, read_pasted, unmapped_words
from lib.board.words import plain


@st.dialog("Open an old link", icon=":material/history:")
def open_box(listed: Sequence[Page], links: Mapping[str, st.Page]) -> None:
    """Ask for an address and offer the page that it means, with its filters. Only outside a parallel run."""
    pasted = st.text_input(
        "Address of a Looker look, dashboard or board",
        key="old-link.pasted",
        placeholder="https://company.looker.com/dashboards/409?…",
        icon=":material/link:",
    )
    if not pasted:
        st.caption("Paste it and press Enter. Its filters come along.")
        return
    try:
        old = read_pasted(pasted)
    except NoOldLink as error:
        st.warning(plain(str(error)), icon=":material/link_off:")
        return
    page = next((page for page in listed if page.key == old.page), None)
    if page is None:
        st.info(plain(unmapped_words(old.name)), icon=":material/info:")
        st.page_link(links[HOME], label="Search on Home", icon=":material/search:")
        return
    st.page_link(
        links[page.key],
        label=f"Open **{plain(page.title)}**",
        icon=page.icon or None,
        query_params=grouped(old),
        width="stretch",
    )
    st.caption(plain(f"It took the place of {old.name}."))


def grouped(old: OldLink) -> dict[str, str | list[str]]:
    """The parameters as Streamlit's addresses take them: those that are repeated as lists, all in order."""
    found: dict[str, list[str]] = {}
    for name, text in old.parameters:
        found.setdefault(name, []).append(text)
    return {name: texts[0] if len(texts) == 1 else texts for name, texts in found.items()}
