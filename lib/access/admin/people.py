"""The tab of people: who is here, with which role and standing, and what can be done about it."""

from __future__ import annotations

from functools import partial

import pyarrow as pa
import streamlit as st

from lib.access.acts import change_role, end_all_sessions, invite_person, lock_person, renew_link, withdraw_link
from lib.access.admin.said import attempt, code, in_words, plain, tell
from lib.access.admin.tables import draw_choosing_table, times
from lib.access.form import on_primary
from lib.access.page import visitor_address
from lib.access.people import AccessError, Role
from lib.access.roster import Member, list_people, locked_addresses
from lib.access.sessions import NotSignedIn
from lib.log import fault
from lib.settings import settings
from lib.state import StateError

_CHOSEN, _LINK = "admin.person", "admin.link"


def draw_people(key: str | None) -> None:
    """Draw the tab. Raises NotAdmin, NotSignedIn and StateError."""
    members = list_people(key)
    top = st.container(horizontal=True, vertical_alignment="bottom", gap="small")
    _draw_table(members)
    addresses = locked_addresses(key)
    if addresses:
        listed = ", ".join(f"{code(address)} until {in_words(until)}" for address, until in sorted(addresses.items()))
        st.caption(f":material/block: Locked by failed tries: {listed}")
    with top:
        chosen = _choose(members)
        if st.button("Invite somebody", icon=":material/person_add:"):
            _invite(key)
    if chosen is not None:
        _draw_card(key, chosen)
    made = st.session_state.pop(_LINK, None)
    if made is not None:
        _show_link(*made)


def standing(member: Member) -> str:
    """How somebody stands, in a few words."""
    if member.locked:
        return "locked"
    if member.locked_out_until:
        return f"locked out until {in_words(member.locked_out_until)}"
    if member.demo:
        return "demo"
    if member.way == "none yet" and not settings().oidc:
        return f"invited, link until {in_words(member.link_until)}" if member.link_until else "invited, link over"
    return "invited" if member.way == "none yet" else "active"


def role_in_words(member: Member) -> str:
    """The role, and until when a higher one is lent."""
    return f"{member.role}, explorer until {in_words(member.lent_until)}" if member.lent_until else str(member.role)


def _draw_table(members: list[Member]) -> None:
    when = pa.timestamp("s", "UTC")
    table = pa.table(
        {
            "Name": [member.name for member in members],
            "Email": [member.email for member in members],
            "Role": [str(member.role) for member in members],
            "Explorer until, UTC": pa.array([member.lent_until for member in members], when),
            "Standing": [standing(member) for member in members],
            "Last seen, UTC": pa.array([member.last_seen_at for member in members], when),
            "Open sessions": [member.sessions for member in members],
            "Signs in by": [member.way for member in members],
        }
    )
    draw_choosing_table(
        "admin.people",
        table,
        [member.id for member in members],
        _CHOSEN,
        times("Last seen, UTC", "Explorer until, UTC") | {"Standing": st.column_config.Column(width=200)},
        "People with their role and standing. Choose one in the box above.",
    )


def _choose(members: list[Member]) -> Member | None:
    known = {member.id: member for member in members}
    if st.session_state.get(_CHOSEN) not in known:
        st.session_state[_CHOSEN] = None
    chosen = st.selectbox(
        "Person",
        list(known),
        format_func=lambda person_id: known[person_id].email,
        key=_CHOSEN,
        placeholder="Choose somebody here or in the table",
        filter_mode="contains",
        width=320,
    )
    return known.get(chosen) if chosen is not None else None


def _draw_card(key: str | None, member: Member) -> None:
    who, address, name = member.id, visitor_address(), member.email
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(f"**{plain(member.name)}** {code(member.email)}", width="content")
            st.badge(role_in_words(member), color="blue")
            st.badge(standing(member), color="red" if member.locked or member.locked_out_until else "gray")
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            role = st.selectbox(
                "Role",
                list(Role),
                index=list(Role).index(member.role),
                key=f"admin.role.{who}.{member.role}",
                width=140,
            )
            _button("Change role", change_role, key, who, role, done=f"{name} is {role} now.", off=role == member.role)
            if not settings().oidc:
                st.button("New one-time link", on_click=_make_link, args=(key, member, address), disabled=member.demo)
            if member.link_until:
                _button("Withdraw the link", withdraw_link, key, who, done=f"The link of {name} is good no more.")
            if member.locked or member.locked_out_until:
                _button("Unlock", lock_person, key, who, False, done=f"{name} may sign in again.")
            if not member.locked:
                _button("Lock", lock_person, key, who, True, done=f"{name} is locked; all sessions have ended.")
            words = f"End all sessions ({member.sessions})"
            done = f"{name} is signed out everywhere."
            _button(words, end_all_sessions, key, who, done=done, off=not member.sessions)
        if settings().oidc_role_claim:
            st.caption("The company's sign-in gives roles: one that is changed here lasts until the next sign-in.")


def _button(label: str, act, key: str | None, *given, done: str, off: bool = False) -> None:
    st.button(label, on_click=attempt, args=(partial(act, key, *given, address=visitor_address()), done), disabled=off)


def _make_link(key: str | None, member: Member, address: str | None) -> None:
    def make() -> None:
        st.session_state[_LINK] = (member.email, renew_link(key, member.id, address))

    attempt(make, f"There is a new link for {member.email}; earlier ones are good no more.")


@st.dialog("One-time link", icon=":material/link:")
def _show_link(email: str, link: str) -> None:
    _draw_link(email, link)


def _draw_link(email: str, link: str) -> None:
    if settings().oidc:
        st.markdown(f"{code(email)} signs in with the company account here:")
    else:
        st.markdown(
            f"This link sets the password of {code(email)}. It works once, for two days, and is shown only now."
        )
    st.code(link, language=None, wrap_lines=True)


@st.dialog("Invite somebody", icon=":material/person_add:", on_dismiss="rerun")
def _invite(key: str | None) -> None:
    with st.form("invite", border=False, enter_to_submit=True):
        email = st.text_input("Email", placeholder="ann.lee@company.com")
        role = st.selectbox("Role", list(Role))
        sent = st.form_submit_button(on_primary("Invite"), type="primary")
    if not sent:
        return
    try:
        link = invite_person(key, email, role, visitor_address())
    except (AccessError, NotSignedIn) as error:
        st.error(plain(str(error)), icon=":material/error:")
    except StateError as error:
        st.error(f"{error} ({fault(error, surface='admin')})", icon=":material/error:")
    else:
        _draw_link(email.strip().lower(), link)
        tell(f"{email.strip().lower()} is invited as {role}.")
