"""What runs for each visit: state check, first build, sign-in under every page's address, navigation, the page."""

from __future__ import annotations

from functools import partial

import streamlit as st

from lib import first_build
from lib.access import current_key, person_of
from lib.access.page import show_sign_in
from lib.log import fault
from lib.settings import ROOT
from lib.state import StateError, ready


def visit() -> None:
    """Show the page of this address, or what stands in its place."""
    st.set_page_config(page_title="Boardroom", page_icon=":material/bar_chart:", layout="wide")
    try:
        ready()
        person = person_of(current_key())
    except StateError as error:
        stand_in(partial(_show_state_error, error))
        return
    if first_build.warehouse_missing():
        stand_in(first_build.show_build)
    elif person is None:
        stand_in(show_sign_in)
    else:
        st.navigation({"": [st.Page(path, url_path=path.stem) for path in _page_files()]}, position="top").run()


def stand_in(show) -> None:
    """Show one thing under every page's address, so that the address stays in the bar."""
    pages = [
        st.Page(partial(show), title="Boardroom", url_path=path.stem, default=index == 0)
        for index, path in enumerate(_page_files())
    ] or [st.Page(partial(show), title="Boardroom", url_path="home", default=True)]
    st.navigation(pages, position="hidden").run()


def _page_files():
    return sorted((ROOT / "pages").glob("*.py"))


def _show_state_error(error: StateError) -> None:
    st.error(f"**{error}** ({fault(error, surface='page')})", icon=":material/error:")
    st.button("Try again")


visit()
