"""What the account menu says about explorer rights, and the dialog that asks for them."""

from __future__ import annotations

import streamlit as st

from lib.access.admin.said import in_words, plain
from lib.access.form import on_primary
from lib.access.grants import LENGTHS, LONGEST_REASON, REFUSAL_TOLD, Grant, ask_for_rights, latest_grant
from lib.access.page import visitor_address
from lib.access.people import AccessError, Person, Role, now
from lib.access.sessions import NotSignedIn
from lib.log import fault
from lib.state import StateError

ASK = "Ask for explorer rights"


def rights_item(person: Person) -> str | None:
    """The account menu's line about explorer rights; None for those who have them for good. Raises StateError."""
    if person.may(Role.admin):
        return None
    grant, moment = latest_grant(person.id), now()
    state = grant.state(moment) if grant else ""
    if grant and state == "lent" and grant.ends_at:
        return f"Explorer rights until {in_words(grant.ends_at)}"
    if person.may(Role.explorer):
        return None
    if state == "asked":
        return "Explorer rights: asked for"
    if grant and state == "refused" and grant.decided_at and grant.decided_at > moment - REFUSAL_TOLD:
        return "Explorer rights: refused"
    return ASK


@st.dialog("Explorer rights", icon=":material/approval_delegation:", on_dismiss="rerun")
def show_rights(person: Person, key: str) -> None:
    """The dialog: how one's request stands, and the form where one may ask."""
    grant = latest_grant(person.id)
    state = grant.state(now()) if grant else ""
    if grant and state == "asked":
        _show_asked(grant)
        return
    if grant and state == "lent" and grant.ends_at:
        st.success(f"You have explorer rights until {in_words(grant.ends_at)}.", icon=":material/check:")
        return
    if grant and state == "refused" and grant.decided_at and grant.decided_at > now() - REFUSAL_TOLD:
        st.info(f"Your last request was refused ({in_words(grant.decided_at)}).", icon=":material/info:")
    st.markdown("Explorers ask questions of their own. The rights are lent for a while, by an administrator.")
    with st.form("rights", border=False):
        reason = st.text_area("What do you need them for?", max_chars=LONGEST_REASON, height=100)
        hours = st.selectbox("For how long?", list(LENGTHS), index=2, format_func=LENGTHS.__getitem__)
        sent = st.form_submit_button(on_primary("Ask"), type="primary")
    if not sent:
        return
    try:
        ask_for_rights(key, reason, hours, visitor_address())
    except (AccessError, NotSignedIn) as error:
        st.error(plain(str(error)), icon=":material/error:")
    except StateError as error:
        st.error(f"{error} ({fault(error, surface='rights')})", icon=":material/error:")
    else:
        st.success("Asked. The account menu tells you when an administrator has answered.", icon=":material/check:")


def _show_asked(grant: Grant) -> None:
    st.info(
        f"You asked for {LENGTHS[grant.hours]} ({in_words(grant.asked_at)}). An administrator has not answered yet.",
        icon=":material/hourglass_top:",
    )
    st.markdown(plain(" ".join(grant.reason.split())))
