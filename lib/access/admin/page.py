"""Draws the page of administrators, and nothing of it for anybody else."""

from __future__ import annotations

import streamlit as st

from lib.access.acting import ONLY_ADMINS
from lib.access.admin.people import draw_people
from lib.access.admin.records import draw_records
from lib.access.admin.requests import draw_requests
from lib.access.admin.said import draw_said
from lib.access.admin.sessions import draw_sessions
from lib.access.grants import count_open
from lib.access.people import AccessError, Role
from lib.access.sessions import NotSignedIn, current_key, require

ADMIN = "admin"
TABS = {"People": draw_people, "Sessions": draw_sessions, "Requests": draw_requests, "Audit": draw_records}


def show_admin() -> None:
    """Draw the page for an administrator; a sentence for everybody else. Raises StateError."""
    key = current_key()
    try:
        if not require(key).may(Role.admin):
            _refuse(ONLY_ADMINS)
            return
        _draw(key)
    except (AccessError, NotSignedIn) as error:
        # The role or the session ended while the page was drawn.
        _refuse(str(error))


def _draw(key: str | None) -> None:
    st.title("Administration", anchor=False)
    waiting = count_open()
    if waiting:
        words = "1 request for explorer rights waits" if waiting == 1 else f"{waiting} requests for rights wait"
        st.badge(words, icon=":material/approval_delegation:", color="orange")
    draw_said()
    # Only the open tab runs; its name stands in the address.
    tabs = st.tabs(list(TABS), key="tab", on_change="rerun", bind="query-params")
    for tab, draw in zip(tabs, TABS.values(), strict=True):
        if tab.open:
            with tab:
                draw(key)


def _refuse(sentence: str) -> None:
    st.title("Administration", anchor=False)
    st.info(sentence, icon=":material/lock:")
