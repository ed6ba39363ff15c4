"""The sign-in page when an OpenID provider does it: one button, and back to the address that was wanted."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

import streamlit as st

from lib.access.admin.said import plain
from lib.access.form import on_primary
from lib.access.invitations import base_address
from lib.access.oidc import SignInSpent, sign_in_by_provider
from lib.access.page import narrow_page, visitor_address
from lib.access.sign_in import SignInRefused
from lib.log import fault
from lib.state import StateError

# The provider leads back to `/`, so each tab keeps for itself where its person wanted to go.
_WANTED = "boardroom.wanted"
_HERE = "location.pathname + location.search"
_REFUSED = "access.refused"


def show_provider_sign_in() -> None:
    """Draw the page with the button to the provider; whoever comes back from it vouched for is let in."""
    claims = dict(st.user) if st.user.get("is_logged_in") else {}
    with narrow_page("Sign in"):
        st.caption("Customers, product and revenue in numbers.")
        refused = bool(claims) and _refused(claims)
        if _at_the_public_address():
            _keep_wanted()
            st.button(
                on_primary("Sign in with another account" if refused else "Sign in with your company account"),
                on_click=st.login,
                type="primary",
                width="stretch",
                key="provider",
            )
        else:
            # The provider leads back to that address only, and the cookie set there counts there only.
            there = base_address() + urlsplit(st.context.url or "").path
            query = urlencode(st.query_params.to_dict())
            label = on_primary(f"Sign in at {base_address()}")
            st.link_button(label, f"{there}?{query}" if query else there, type="primary", width="stretch")


def _refused(claims: Mapping[str, Any]) -> bool:
    """Let the person in, or say why not; whether another account may help."""
    refused = st.session_state.get(_REFUSED)
    try:
        ticket = None if refused else sign_in_by_provider(claims, visitor_address())
    except SignInSpent as spent:
        st.info(str(spent), icon=":material/logout:")
    except SignInRefused as error:
        refused = st.session_state[_REFUSED] = str(error)
    except StateError as error:
        st.error(f"**{error}** ({fault(error, surface='sign-in')})", icon=":material/error:")
    else:
        if ticket:
            _go_to_session(ticket)
    if refused:
        st.error(plain(refused), icon=":material/error:")
    return bool(refused)


def _go_to_session(ticket: str) -> None:
    st.html(
        f"""<script>
        const key = {json.dumps(_WANTED)}
        const wanted = location.pathname === '/' && sessionStorage.getItem(key) || {_HERE}
        sessionStorage.removeItem(key)
        location.replace('/session?ticket=' + {json.dumps(ticket)} + '&to=' + encodeURIComponent(wanted))
        </script>""",
        unsafe_allow_javascript=True,
    )


def _keep_wanted() -> None:
    st.html(
        f"<script>if ({_HERE} !== '/') sessionStorage.setItem({json.dumps(_WANTED)}, {_HERE})</script>",
        unsafe_allow_javascript=True,
    )


def _at_the_public_address() -> bool:
    here = st.context.url
    return here is None or urlsplit(here).netloc == urlsplit(base_address()).netloc
