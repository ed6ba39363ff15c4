"""The tab of requests: explorer rights that are asked for, lent, and what became of earlier ones."""

from __future__ import annotations

from functools import partial

import pyarrow as pa
import streamlit as st

from lib.access.admin.said import attempt, code, in_words, plain
from lib.access.admin.tables import times
from lib.access.form import on_primary
from lib.access.grants import LENGTHS, Grant, approve, list_grants, refuse, take_back
from lib.access.page import visitor_address
from lib.access.people import now


def draw_requests(key: str | None) -> None:
    """Draw the tab. Raises NotAdmin, NotSignedIn and StateError."""
    moment, grants = now(), list_grants(key)
    states = [(grant, grant.state(moment)) for grant in grants]
    asked = [grant for grant, state in states if state == "asked"]
    lent = [grant for grant, state in states if state == "lent"]
    past = [(grant, state) for grant, state in states if state not in ("asked", "lent")]
    if not asked:
        st.caption("Nobody waits for explorer rights.")
    for grant in asked:
        _draw_asked(key, grant)
    if lent:
        st.subheader("Lent now", anchor=False)
    for grant in lent:
        _draw_lent(key, grant)
    if past:
        st.subheader("Earlier", anchor=False)
        _draw_past(past)


def _draw_asked(key: str | None, grant: Grant) -> None:
    with st.container(border=True):
        asked = f"asks for {LENGTHS[grant.hours]}, since {in_words(grant.asked_at)}"
        st.markdown(f"{code(grant.email)} {asked}  \n{plain(' '.join(grant.reason.split()))}")
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            hours = st.selectbox(
                "Lend for",
                list(LENGTHS),
                index=list(LENGTHS).index(grant.hours),
                format_func=LENGTHS.__getitem__,
                key=f"admin.hours.{grant.id}",
                width=140,
            )
            st.button(
                on_primary("Approve"),
                key=f"admin.approve.{grant.id}",
                type="primary",
                on_click=attempt,
                args=(
                    partial(approve, key, grant.id, hours, visitor_address()),
                    f"{grant.email} has explorer rights for {LENGTHS[hours]}.",
                ),
            )
            st.button(
                "Refuse",
                key=f"admin.refuse.{grant.id}",
                on_click=attempt,
                args=(partial(refuse, key, grant.id, visitor_address()), f"The request of {grant.email} is refused."),
            )


def _draw_lent(key: str | None, grant: Grant) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center", gap="small"):
        until = in_words(grant.ends_at) if grant.ends_at else ""
        given = f", given by {code(grant.decided_by)}" if grant.decided_by else ""
        st.markdown(f"{code(grant.email)} until {until}{given}  \n{plain(' '.join(grant.reason.split()))}")
        st.space("stretch")
        st.button(
            "Take back",
            key=f"admin.take_back.{grant.id}",
            on_click=attempt,
            args=(partial(take_back, key, grant.id, visitor_address()), f"{grant.email} is a viewer again."),
        )


def _draw_past(past: list[tuple[Grant, str]]) -> None:
    when = pa.timestamp("s", "UTC")
    table = pa.table(
        {
            "Email": [grant.email for grant, _ in past],
            "Asked, UTC": pa.array([grant.asked_at for grant, _ in past], when),
            "For": [LENGTHS.get(grant.hours, f"{grant.hours} hours") for grant, _ in past],
            "Reason": [grant.reason for grant, _ in past],
            "What became of it": [state for _, state in past],
            "Ended, UTC": pa.array([grant.ended_at or grant.ends_at for grant, _ in past], when),
            "Answered by": pa.array([grant.decided_by for grant, _ in past], pa.string()),
        }
    )
    st.dataframe(
        table,
        hide_index=True,
        column_config=times("Asked, UTC", "Ended, UTC"),
        placeholder="—",
        alt="Earlier requests for explorer rights",
    )
