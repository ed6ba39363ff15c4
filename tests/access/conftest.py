"""People to sign in with."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import bcrypt
import pytest

from lib.access import passwords
from lib.access.keys import key_of
from lib.access.passwords import hash_password
from lib.access.people import Person, Role, add_person, as_person
from lib.access.sessions import add_ticket, begin_session
from lib.state import writing

PASSWORD = "correct horse battery"


@pytest.fixture(scope="session", autouse=True)
def quick_hashes() -> Iterator[None]:
    """Hash with few rounds: what is tested is who gets in, not how long a guess takes."""
    with pytest.MonkeyPatch.context() as patch:
        salt = bcrypt.gensalt
        patch.setattr(bcrypt, "gensalt", lambda: salt(4))
        passwords._nobody.cache_clear()
        yield
    passwords._nobody.cache_clear()


@pytest.fixture(scope="session")
def password_hash() -> str:
    """The hash of `PASSWORD`, made once: hashing is slow on purpose."""
    return hash_password(PASSWORD)


@pytest.fixture
def add(state: str, password_hash: str) -> Callable[..., Person]:
    """Adds a person whose password is `PASSWORD`."""

    def add(email: str = "maya@acme.example", role: Role = Role.viewer) -> Person:
        with writing() as session:
            row = add_person(session, email, role)
            row.password_hash = password_hash
            session.flush()
            return as_person(row)

    return add


@pytest.fixture
def key_for(add: Callable[..., Person]) -> Callable[..., str]:
    """Adds a person of a role and signs them in; the session's key."""

    def key_for(role: Role = Role.viewer, name: str | None = None) -> str:
        person = add(f"{name or role}@acme.example", role)
        with writing() as session:
            ticket = add_ticket(session, person.id)
        return key_of(begin_session(ticket, None) or "")

    return key_for
