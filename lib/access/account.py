"""The menu of the signed-in person."""

from __future__ import annotations

import json

import streamlit as st

from lib.access.grants import count_open
from lib.access.page import visitor_address
from lib.access.people import Person, Role
from lib.access.rights import rights_item
from lib.access.sessions import end_session, sign_out_address
from lib.log import fault
from lib.settings import settings
from lib.state import StateError

ADMINISTRATION = "Administration"
OLD_LINK, CHANGE_PASSWORD, SIGN_OUT = "Open an old link", "Change password", "Sign out"
RIGHTS = "rights"
_CHOSEN, _LEAVE = "access.chosen", "access.leave"


def draw_account(person: Person, key: str) -> None:
    """Who this is, and what they can do for themselves; administrators see how many requests wait."""
    try:
        waiting = count_open() if person.may(Role.admin) else 0
        rights = rights_item(person)
    except StateError as error:
        fault(error, surface="account")
        waiting, rights = 0, None
    labels = {RIGHTS: rights} if rights else {}
    if person.may(Role.admin):
        labels[ADMINISTRATION] = f"{ADMINISTRATION} ({waiting})" if waiting else ADMINISTRATION
    labels |= {choice: choice for choice in (OLD_LINK, CHANGE_PASSWORD, SIGN_OUT)}
    if settings().oidc:
        del labels[CHANGE_PASSWORD]
    told = f" · {waiting} {'request waits' if waiting == 1 else 'requests wait'}" if waiting else ""
    st.menu_button(
        f"{person.name} :orange-badge[{waiting}]" if waiting else person.name,
        list(labels),
        format_func=labels.__getitem__,
        key="account",
        icon=":material/account_circle:",
        type="tertiary",
        help=f"`{person.email}` · {person.role}{told}",
        on_click=_choose,
        args=(key,),
    )


def chosen_in_account() -> str | None:
    """What was chosen in the menu in this run, for the caller to show; None mostly."""
    return st.session_state.pop(_CHOSEN, None)


def leave_if_asked() -> bool:
    """After "Sign out": send the browser to lose its cookie, and tell the caller to draw nothing else."""
    address = st.session_state.pop(_LEAVE, None)
    if address:
        st.html(f"<script>location.replace({json.dumps(address)})</script>", unsafe_allow_javascript=True)
    return bool(address)


def _choose(key: str) -> None:
    chosen = st.session_state["account"]
    if chosen == SIGN_OUT:
        st.session_state[_LEAVE] = sign_out_address(key)
        end_session(key, visitor_address())
    else:
        st.session_state[_CHOSEN] = chosen
