"""Streamlit-authenticator's sign-in form, with our check behind it and our words and keys on its fields."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from lib.access.authenticator import Authenticate, AuthenticationController, authentication_view

EMAIL_KEY = "sign_in_email"
PASSWORD_KEY = "sign_in_password"
_FIELDS = {"Form name": "Sign in", "Username": "Email", "Password": "Password", "Login": "Sign in"}
_DRESS: dict[str, dict[str, Any]] = {
    "Email": {"key": EMAIL_KEY, "placeholder": "you@company.com", "autocomplete": "username"},
    "Password": {"key": PASSWORD_KEY, "autocomplete": "current-password"},
}


class SignInForm(Authenticate):
    """The library's form over our people.

    Its cookie is left out altogether: it would be written by script, readable by scripts, and beyond recall.
    """

    def __init__(self, check: Callable[[str, str], None]) -> None:
        self.path = None
        self.attrs = {"login_sleep_time": 0}
        self.cookie_controller = _NoCookie()
        self.authentication_controller = _Check(check)


class _NoCookie:
    def get_cookie(self) -> None:
        return None

    def set_cookie(self) -> None:
        return None


class _Check(AuthenticationController):
    """Hands what was typed to our own check, as it was typed (the library cuts blanks off passwords)."""

    def __init__(self, check: Callable[[str, str], None]) -> None:
        self._check = check

    def login(self, username: str | None = None, password: str | None = None, *_: Any, **__: Any) -> bool:
        self._check(username or "", password or "")
        return False


def draw_form(check: Callable[[str, str], None]) -> None:
    """Draw the form; `check(email, password)` is called in the run in which it was sent."""
    SignInForm(check).login(fields=_FIELDS, key="sign_in")


def on_primary(words: str) -> str:
    """Words for a primary button: Streamlit writes white on it, which cannot be read where the colour is pale.

    The theme's violet is the colour for words on the primary colour, and stands for nothing else.
    """
    return f":violet[{words}]"


class _DressedForm:
    """A form whose fields get keys (to be filled by a click), placeholders, and names for password managers."""

    def __init__(self, form: DeltaGenerator) -> None:
        self._form = form

    def subheader(self, *_: Any) -> None:
        """The page has its own heading above the form."""

    def text_input(self, label: str, **given: Any) -> str:
        return self._form.text_input(label, **{**given, **_DRESS.get(label, {})}) or ""

    def form_submit_button(self, label: str) -> bool:
        return self._form.form_submit_button(on_primary(label), type="primary", width="stretch")


class _DressedStreamlit:
    """Streamlit as the library's form sees it."""

    def __getattr__(self, name: str) -> Any:
        return getattr(st, name)

    def form(self, **given: Any) -> _DressedForm:
        return _DressedForm(st.form(**given))


# The library offers no way to name its fields; without names no click can fill them and no password manager knows them.
setattr(authentication_view, "st", _DressedStreamlit())  # noqa: B010
