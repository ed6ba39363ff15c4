"""The tab of sessions: which browsers are signed in, and the button that ends one."""

from __future__ import annotations

from functools import partial

import pyarrow as pa
import streamlit as st

from lib.access.acts import end_one_session
from lib.access.admin.said import attempt, in_words
from lib.access.admin.tables import draw_choosing_table, times
from lib.access.page import visitor_address
from lib.access.roster import OpenSession, list_sessions

_CHOSEN = "admin.session"


def draw_sessions(key: str | None) -> None:
    """Draw the tab. Raises NotAdmin, NotSignedIn and StateError."""
    found = list_sessions(key)
    known = {session.key: session for session in found}
    if st.session_state.get(_CHOSEN) not in known:
        st.session_state[_CHOSEN] = None
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        chosen = st.selectbox(
            "Session",
            list(known),
            format_func=lambda other: _in_words(known[other]),
            key=_CHOSEN,
            placeholder="Choose one here or in the table",
            filter_mode="contains",
            width=480,
        )
        st.button(
            "End this session",
            disabled=chosen is None,
            on_click=attempt,
            args=(
                partial(end_one_session, key, chosen or "", visitor_address()),
                f"The session of {known[chosen].email} has ended." if chosen else "",
            ),
        )
    _draw_table(found, key)


def _draw_table(found: list[OpenSession], own: str | None) -> None:
    when = pa.timestamp("s", "UTC")
    table = pa.table(
        {
            "Email": [session.email for session in found],
            "Browser": [f"{session.browser or '—'}{' (this one)' * (session.key == own)}" for session in found],
            "Address": pa.array([session.address for session in found], pa.string()),
            "Last seen, UTC": pa.array([session.last_seen_at for session in found], when),
            "Since, UTC": pa.array([session.created_at for session in found], when),
            "Ends, UTC": pa.array([session.expires_at for session in found], when),
            "Signed in by": [session.way for session in found],
        }
    )
    draw_choosing_table(
        "admin.sessions",
        table,
        [session.key for session in found],
        _CHOSEN,
        times("Last seen, UTC", "Since, UTC", "Ends, UTC"),
        "Open sessions. Choose one in the box above.",
    )


def _in_words(session: OpenSession) -> str:
    return f"{session.email}, {session.browser or 'browser not known'}, since {in_words(session.created_at)}"
