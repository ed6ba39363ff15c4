"""Signing in by password, with its lock-out (numbers: docs/access)."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.orm import Session

from lib.access.audit import audit
from lib.access.demo import demo_mode
from lib.access.keys import key_of
from lib.access.passwords import password_fits
from lib.access.people import find_person, now
from lib.access.sessions import add_ticket, end_sessions_of
from lib.settings import settings
from lib.state import reading, serialise, writing
from lib.state.tables import AttemptRow

TRIES_OF_A_PERSON = 5
TRIES_OF_AN_ADDRESS = 20
WINDOW = timedelta(minutes=15)
KEPT = timedelta(days=30)


WRONG = "Email or password is not right."
OFF = "Passwords let nobody in here. Sign in with your company account."
LOCKED = "Too many tries. Wait 15 minutes, or ask an administrator for a one-time link."


class SignInRefused(Exception):
    """Not let in; the message is the same whether the email is known or not."""


def sign_in(email: str, password: str, address: str | None) -> str:
    """Check email and password; a ticket for the route /session. Raises SignInRefused and StateError."""
    person_id = check_password(email, password, address)
    with writing() as session:
        return add_ticket(session, person_id)


def check_password(email: str, password: str, address: str | None) -> int:
    """The id of the person whose email and password these are; each call counts as a try to sign in.

    Raises SignInRefused, with a message that is the same whether the email is known or not, and StateError.
    """
    if settings().oidc:
        raise SignInRefused(OFF)
    email = email.strip().lower()
    attempt = _begin_attempt(email, address or "local")
    with reading() as session:
        person = find_person(session, email)
    usable = person is not None and person.locked_at is None and (demo_mode() or not person.demo)
    fits = password_fits(password, person.password_hash if person and usable else None)
    with writing() as session:
        if person is None or not fits:
            _end_failed_attempt(session, email, address)
            locked = _locked(session, email, address or "local")
        else:
            session.execute(update(AttemptRow).where(AttemptRow.id == attempt).values(failed=False))
            forgive(session, email)
            return person.id
    raise SignInRefused(LOCKED if locked else WRONG)


def forgive(session: Session, email: str) -> None:
    """Count a person's failed tries no more (a right password, a new password)."""
    session.execute(update(AttemptRow).where(AttemptRow.email_key == key_of(email)).values(forgiven=True))


def _begin_attempt(email: str, address: str) -> int:
    """Note the attempt as failed before the password is looked at, so that tries side by side are counted too."""
    with writing() as session:
        serialise(session, f"sign-in {email}")
        if _locked(session, email, address):
            raise SignInRefused(LOCKED)
        session.execute(delete(AttemptRow).where(AttemptRow.at < now() - KEPT))
        attempt = AttemptRow(email_key=key_of(email), address=address, at=now(), failed=True, forgiven=False)
        session.add(attempt)
        session.flush()
        return attempt.id


def _end_failed_attempt(session: Session, email: str, address: str | None) -> None:
    person = find_person(session, email)
    audit(session, "sign-in failed", person.id if person else None, address)
    if person is not None and _tries_of_person(session, email) >= TRIES_OF_A_PERSON:
        audit(session, "locked out", person.id, address)
        end_sessions_of(session, person.id, "lock-out")


def _locked(session: Session, email: str, address: str) -> bool:
    if _tries_of_person(session, email) >= TRIES_OF_A_PERSON:
        return True
    tries = select(func.count()).where(AttemptRow.address == address, _recent(), AttemptRow.failed.is_(True))
    return (session.scalar(tries) or 0) >= TRIES_OF_AN_ADDRESS


def _tries_of_person(session: Session, email: str) -> int:
    tries = select(func.count()).where(
        AttemptRow.email_key == key_of(email),
        _recent(),
        AttemptRow.failed.is_(True),
        AttemptRow.forgiven.is_(False),
    )
    return session.scalar(tries) or 0


def _recent() -> ColumnElement[bool]:
    """Tries within the window on either side: those of a clock that ran ahead must not lock anybody for long."""
    return AttemptRow.at.between(now() - WINDOW, now() + WINDOW)
