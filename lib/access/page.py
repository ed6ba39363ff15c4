"""The sign-in page, drawn under the address of every page as long as nobody is signed in."""

from __future__ import annotations

import json

import streamlit as st

from lib.access import demo
from lib.access.form import EMAIL_KEY, PASSWORD_KEY, draw_form
from lib.access.people import Role
from lib.access.sign_in import SignInRefused, sign_in
from lib.settings import settings

WIDTH = 380
_MARK = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="32" height="32" viewBox="0 0 32 32">'
    '<rect width="32" height="32" rx="7" fill="#5472E8"/>'
    '<g fill="#FFFFFF"><rect x="7" y="14" width="5" height="11" rx="1"/>'
    '<rect x="13.5" y="7" width="5" height="18" rx="1"/>'
    '<rect x="20" y="11" width="5" height="14" rx="1"/></g></svg>'
)


def show_sign_in() -> None:
    """Draw the page; a right password sends the browser to the route that sets its cookie, and back here."""
    with narrow_page("Sign in"):
        st.caption("Customers, product and revenue in numbers.")
        draw_form(_check)
        st.caption("Forgotten it? Ask an administrator for a one-time link.")
        if demo.demo_mode():
            _show_demo_people()


def narrow_page(title: str):
    """The narrow column in the page's middle, headed by the product's name and a title."""
    outer = st.container(horizontal_alignment="center")
    column = outer.container(width=WIDTH)
    column.space("large")
    brand = column.container(horizontal=True, vertical_alignment="center", gap="small")
    brand.image(_MARK, width=32)
    brand.markdown("## :primary[Boardroom]", width="content")
    column.header(title, anchor=False)
    return column


def go_to_session(ticket: str) -> None:
    """Let the browser exchange a ticket for its cookie and come back to the address that it shows now."""
    back = "encodeURIComponent(location.pathname + location.search)"
    st.html(
        f"<script>location.replace('/session?ticket=' + {json.dumps(ticket)} + '&to=' + {back})</script>",
        unsafe_allow_javascript=True,
    )


def visitor_address() -> str | None:
    """The network address behind this page run."""
    forwarded = st.context.headers.get("x-forwarded-for")
    noted = [part.strip() for part in (forwarded or "").split(",") if part.strip()]
    proxies = settings().proxies
    return noted[-proxies][:64] if proxies and len(noted) >= proxies else st.context.ip_address


def _check(email: str, password: str) -> None:
    try:
        go_to_session(sign_in(email, password, visitor_address()))
    except SignInRefused as refused:
        st.error(str(refused), icon=":material/error:")


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
                help="Fill in the form",
            )


def _fill(role: Role) -> None:
    st.session_state[EMAIL_KEY] = demo.PEOPLE[role]
    st.session_state[PASSWORD_KEY] = demo.PASSWORD
