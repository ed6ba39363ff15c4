"""Passwords, hashed and compared by streamlit-authenticator's hasher (bcrypt)."""

from __future__ import annotations

from functools import cache

from lib.access.authenticator import Hasher
from lib.access.people import AccessError

SHORTEST = 10
LONGEST_BYTES = 72  # bcrypt reads no further


def hash_password(password: str) -> str:
    """The hash to store."""
    return Hasher.hash(password)


def password_fits(password: str, password_hash: str | None) -> bool:
    """Whether the password is right; takes as long for somebody without one, so that time tells nothing."""
    if not password or len(password.encode()) > LONGEST_BYTES or "\0" in password:
        return False
    right = Hasher.check_pw(password, password_hash or _nobody())
    return right and password_hash is not None


def check_new_password(password: str, again: str) -> None:
    """Raise AccessError with the reason why a new password cannot be taken."""
    if len(password) < SHORTEST:
        raise AccessError(f"Choose at least {SHORTEST} characters.")
    if len(password.encode()) > LONGEST_BYTES:
        raise AccessError(f"Choose at most {LONGEST_BYTES} characters; letters beyond a-z count more than once.")
    if "\0" in password:
        raise AccessError("This password holds a character that cannot be typed again.")
    if password != again:
        raise AccessError("The two passwords differ.")


@cache
def _nobody() -> str:
    return Hasher.hash("nobody has this password")
