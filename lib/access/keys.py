"""Random tokens, the keys under which they are stored, and the secret that signs what we hand out."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from contextlib import suppress
from functools import cache
from pathlib import Path

from lib.settings import settings


def new_token() -> str:
    """An unguessable text for a cookie or a link (256 bits)."""
    return secrets.token_urlsafe(32)


def key_of(token: str) -> str:
    """The key under which a token is stored: its SHA-256, so that reading the database lets nobody in."""
    return hashlib.sha256(token.encode()).hexdigest()


def signature(purpose: str, text: str) -> str:
    """A text's signature for one purpose, made with the secret of this installation."""
    return hmac.new(_secret(), f"{purpose}:{text}".encode(), hashlib.sha256).hexdigest()


def signed(purpose: str, text: str, given: str) -> bool:
    """Whether a signature is ours."""
    return hmac.compare_digest(signature(purpose, text).encode(), given.encode())


def _secret() -> bytes:
    given = settings().secret
    return given.get_secret_value().encode() if given else _made_secret(settings().var / "secret")


@cache
def _made_secret(file: Path) -> bytes:
    """`BOARDROOM_SECRET`, or a text made once that only this user may read."""
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_name(f"secret.{os.getpid()}.{secrets.token_hex(4)}")
    fresh.touch(mode=0o600)
    fresh.write_text(new_token())
    with suppress(FileExistsError):  # several processes start at once: the first link wins, and is never half-written
        os.link(fresh, file)
    fresh.unlink()
    return file.read_bytes()
