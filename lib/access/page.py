"""The pages of access: sign-in and setting a password."""

from __future__ import annotations

import json

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from lib.access import demo
from lib.access.form import EMAIL_KEY, PASSWORD_KEY, draw_form, on_primary
from lib.access.invitations import SPENT, accept_invitation, change_password, invited
from lib.access.people import AccessError, Person, Role
from lib.access.sessions import current_key, person_of
from lib.access.sign_in import SignInRefused, sign_in
from lib.log import fault
from lib.settings import settings
from lib.state import StateError

WIDTH = 380
MARK = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="32" height="32" viewBox="0 0 32 32">'
    '<rect width="32" height="32" rx="7" fill="#5472E8"/>'
    '<g fill="#FFFFFF"><rect x="7" y="14" width="5" height="11" rx="1"/>'
    '<rect x="13.5" y="7" width="5" height="18" rx="1"/>'
    '<rect x="20" y="11" width="5" height="14" rx="1"/></g></svg>'
)
SET_PASSWORD = "set-password"


def show_sign_in() -> None:
    """Draw the sign-in page; a right password sends the browser to the route that sets its cookie, and back here."""
    with narrow_page("Sign in"):
        st.caption("Customers, product and revenue in numbers.")
        draw_form(_check)
        st.caption("Forgotten it? Ask an administrator for a one-time link.")
        if demo.demo_mode():
            _show_demo_people()


def show_set_password() -> None:
    """Draw the page that sets a password: by a one-time link, or one's own by the current one."""
    if settings().oidc:
        with narrow_page("Set a password"):
            st.info("People sign in with their company account here. There is no password to set.")
        return
    token = st.query_params.get("token")
    key = current_key()
    person = invited(token) if token else person_of(key)
    if token and person:
        _accept(token, person)
    elif person and key:
        _change(person, key)
    else:
        with narrow_page("Set a password"):
            st.info(
                SPENT if token else "Open the one-time link that an administrator gave you.", icon=":material/link:"
            )


def narrow_page(title: str) -> DeltaGenerator:
    """The narrow column in the page's middle, headed by the product's name and a title."""
    column = st.container(horizontal_alignment="center").container(width=WIDTH)
    column.space("large")
    brand = column.container(horizontal=True, vertical_alignment="center", gap="small")
    brand.image(MARK, width=32, alt="")
    brand.title(":primary[Boardroom]", anchor=False, width="content")
    column.title(title, anchor=False)
    return column


def visitor_address() -> str | None:
    """The network address behind this page run; behind `BOARDROOM_PROXIES` proxies the one they noted."""
    return forwarded_address(st.context.ip_address, st.context.headers.get("x-forwarded-for"))


def forwarded_address(direct: str | None, forwarded_for: str | None) -> str | None:
    """Count the trusted proxies from the right: what stands further left was written by the visitor."""
    proxies = settings().proxies
    noted = [part.strip() for part in (forwarded_for or "").split(",") if part.strip()]
    return noted[-proxies][:64] if proxies and len(noted) >= proxies else direct


def _check(email: str, password: str) -> None:
    if not email.strip() or not password:
        st.error("Enter your email and password.", icon=":material/error:")
        return
    try:
        _go_to_session(sign_in(email, password, visitor_address()), "location.pathname + location.search")
    except SignInRefused as refused:
        st.error(str(refused), icon=":material/error:")
    except StateError as error:
        st.error(f"**{error}** ({fault(error, surface='sign-in')})", icon=":material/error:")


def _accept(token: str, person: Person) -> None:
    with narrow_page("Set your password"):
        st.caption(f"For `{person.email}`. At least 10 characters.")
        with st.form("accept", enter_to_submit=True):
            password = st.text_input("New password", type="password", autocomplete="new-password")
            again = st.text_input("Again", type="password", autocomplete="new-password")
            sent = st.form_submit_button(on_primary("Set password"), type="primary", width="stretch")
        if sent:
            try:
                _go_to_session(accept_invitation(token, password, again, visitor_address()), "'/'")
            except AccessError as error:
                st.error(str(error), icon=":material/error:")


def _change(person: Person, key: str) -> None:
    with narrow_page("Change your password"):
        st.caption(f"For `{person.email}`. At least 10 characters. Other browsers are signed out.")
        with st.form("change", enter_to_submit=True):
            current = st.text_input("Current password", type="password", autocomplete="current-password")
            password = st.text_input("New password", type="password", autocomplete="new-password")
            again = st.text_input("Again", type="password", autocomplete="new-password")
            sent = st.form_submit_button(on_primary("Change password"), type="primary", width="stretch")
        if sent:
            try:
                change_password(person, key, current, password, again, visitor_address())
                st.success("Your password is changed.", icon=":material/check:")
            except (AccessError, SignInRefused) as error:
                st.error(str(error), icon=":material/error:")


def _go_to_session(ticket: str, back: str) -> None:
    address = f"'/session?ticket=' + {json.dumps(ticket)} + '&to=' + encodeURIComponent({back})"
    st.html(f"<script>location.replace({address})</script>", unsafe_allow_javascript=True)


def _show_demo_people() -> None:
    with st.container(border=True):
        st.markdown(":material/groups: **Demo people**")
        st.caption(f"Demo data only. These people cannot sign in anywhere else. Password: `{demo.PASSWORD}`")
        for role in Role:
            st.button(
                f"{role.capitalize()} · {demo.PEOPLE[role]}",
                key=f"demo_{role}",
                on_click=_fill,
                args=(role,),
                width="stretch",
            )


def _fill(role: Role) -> None:
    st.session_state[EMAIL_KEY] = demo.PEOPLE[role]
    st.session_state[PASSWORD_KEY] = demo.PASSWORD
