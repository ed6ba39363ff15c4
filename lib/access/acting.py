"""Who acts: whatever an administrator sees or does is checked against the session in the same transaction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from lib.access.people import AccessError, Person, Role
from lib.access.sessions import NotSignedIn, person_in
from lib.state import reading, serialise, writing

ONLY_ADMINS = "Only administrators see this page."


class NotAdmin(AccessError):
    """Somebody asked for what administrators may; nothing was done."""

    def __init__(self) -> None:
        super().__init__(ONLY_ADMINS)


@contextmanager
def acting(session_key: str | None) -> Iterator[tuple[Session, Person]]:
    """A transaction in which an administrator does something, one such at a time; rolled back when the block raises.

    Raises NotSignedIn, NotAdmin and StateError.
    """
    with writing() as session:
        # One after another: two administrators who take each other's role away would leave none.
        serialise(session, "administration")
        yield session, _admin(session, session_key)


@contextmanager
def looking(session_key: str | None) -> Iterator[Session]:
    """A transaction in which an administrator reads. Raises NotSignedIn, NotAdmin and StateError."""
    with reading() as session:
        _admin(session, session_key)
        yield session


def _admin(session: Session, session_key: str | None) -> Person:
    person = person_in(session.connection(), session_key)
    if person is None:
        raise NotSignedIn
    if not person.may(Role.admin):
        raise NotAdmin
    return person
