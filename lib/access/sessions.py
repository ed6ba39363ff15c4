"""Sessions of signed-in browsers: begun by a one-time ticket, asked for at each query, ended at once."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta
from urllib.parse import urlencode

import streamlit as st
from sqlalchemy import Connection, bindparam, exists, select, update
from sqlalchemy.orm import Session

from lib.access.audit import audit
from lib.access.demo import demo_mode
from lib.access.journal import JOURNAL
from lib.access.keys import key_of, new_token, signature, signed
from lib.access.people import Person, Role, now
from lib.settings import settings
from lib.state import asking, writing
from lib.state.tables import GrantRow, PersonRow, SessionRow, TicketRow

COOKIE = "boardroom_session"
SESSION_LIFE = timedelta(days=7)
CLOCK_SLACK = timedelta(days=1)  # a clock that is set back by less signs nobody out
HELD_S = 0.1
TICKET_LIFE = timedelta(minutes=1)
SIGN_OUT = "sign-out"
LENT = Role.explorer  # what viewers may be lent for a while (lib/access/grants.py)
OIDC = "oidc"
_LENT = exists().where(
    GrantRow.person_id == PersonRow.id,
    GrantRow.approved.is_(True),
    GrantRow.ended_at.is_(None),
    GrantRow.ends_at > bindparam("moment"),
)
# Built once, and columns instead of objects: a page asks this for each of its tiles.
_VALID = (
    select(PersonRow.id, PersonRow.email, PersonRow.name, PersonRow.role, PersonRow.demo, _LENT.label("lent"))
    .join(SessionRow, SessionRow.person_id == PersonRow.id)
    .where(
        SessionRow.key == bindparam("key"),
        SessionRow.ended_at.is_(None),
        SessionRow.expires_at > bindparam("moment"),
        # Begun while the clock was far ahead: when it is right again, nobody stays signed in for longer than others.
        SessionRow.expires_at < bindparam("latest"),
        PersonRow.locked_at.is_(None),
    )
)


# Who was found valid in this run of a page, and when; the threads that draw its tiles have it too.
_run: ContextVar[dict[str, tuple[Person, float]] | None] = ContextVar("run", default=None)


class NotSignedIn(Exception):
    """Nobody valid is behind this session key."""

    def __init__(self) -> None:
        super().__init__("You are signed out. Sign in again to go on.")


def current_key() -> str | None:
    """The session key of the browser behind this page run, from its cookie; None without one.

    The cookie is the one of the websocket's beginning: it may have been ended since, so ask `person_of`.
    """
    token = st.context.cookies.get(COOKIE)
    return key_of(token) if token else None


def person_of(session_key: str | None) -> Person | None:
    """Who is behind a session key at this moment, by one short statement; None if nobody. Raises StateError."""
    if not session_key:
        return None
    run = _run.get()
    held = run.get(session_key) if run is not None else None
    if held is not None and time.monotonic() - held[1] < HELD_S:
        return held[0]
    with asking() as connection:
        person = person_in(connection, session_key)
    if run is not None and person is not None:
        run[session_key] = person, time.monotonic()
    return person


@contextmanager
def one_run() -> Iterator[None]:
    """While a page runs, whoever was found valid is so for a tenth of a second: its tiles ask once, not each."""
    token = _run.set({})
    try:
        yield
    finally:
        _run.reset(token)


def person_in(connection: Connection, session_key: str | None) -> Person | None:
    """As `person_of`, within the caller's transaction. The role is one's own, or a higher one that is lent."""
    moment = now()
    asked = {"key": session_key or "", "moment": moment, "latest": moment + SESSION_LIFE + CLOCK_SLACK}
    row = connection.execute(_VALID, asked).first()
    if row is None or session_key is None or (row.demo and not demo_mode()):
        return None
    JOURNAL.seen(session_key, moment)
    own = Role(row.role)
    return Person(id=row.id, email=row.email, name=row.name, role=LENT if row.lent and own is Role.viewer else own)


def require(session_key: str | None) -> Person:
    """Who is behind a session key; raises NotSignedIn if nobody, StateError if that cannot be told."""
    person = person_of(session_key)
    if person is None:
        raise NotSignedIn
    return person


def add_ticket(session: Session, person_id: int) -> str:
    """A ticket that lets one browser in, once, within a minute."""
    token = new_token()
    session.add(TicketRow(key=key_of(token), person_id=person_id, expires_at=now() + TICKET_LIFE))
    return token


def begin_session(ticket: str, address: str | None, browser: str | None = None) -> str | None:
    """Turn a ticket into a session; the cookie's token, or None if the ticket is used, too old or not ours."""
    with writing() as session:
        moment = now()
        person_id = session.scalar(
            update(TicketRow)
            .where(TicketRow.key == key_of(ticket), TicketRow.used_at.is_(None), TicketRow.expires_at > moment)
            .values(used_at=moment)
            .returning(TicketRow.person_id)
        )
        if person_id is None:
            return None
        token = new_token()
        session.add(
            SessionRow(
                key=key_of(token),
                person_id=person_id,
                created_at=moment,
                expires_at=moment + SESSION_LIFE,
                address=address,
                browser=browser,
                method=_method(),
            )
        )
        audit(session, "signed in", person_id, address)
    return token


def end_session(session_key: str, address: str | None = None) -> None:
    """Sign one browser out, for good."""
    with writing() as session:
        person_id = session.scalar(
            update(SessionRow)
            .where(SessionRow.key == session_key, SessionRow.ended_at.is_(None))
            .values(ended_at=now(), ended_by="sign-out")
            .returning(SessionRow.person_id)
        )
        if person_id is not None:
            audit(session, "signed out", person_id, address)


def end_sessions_of(session: Session, person_id: int, reason: str, but: str | None = None) -> None:
    """Sign a person out everywhere, except in the session `but`; joins the caller's transaction."""
    rows = update(SessionRow).where(SessionRow.person_id == person_id, SessionRow.ended_at.is_(None))
    if but is not None:
        rows = rows.where(SessionRow.key != but)
    session.execute(rows.values(ended_at=now(), ended_by=reason))
    session.execute(
        update(TicketRow).where(TicketRow.person_id == person_id, TicketRow.used_at.is_(None)).values(used_at=now())
    )


def end_sessions_of_other_methods() -> None:
    """Sign out whoever came in by a way that is off now: by password beside an OpenID provider, or the reverse."""
    with writing() as session:
        foreign = SessionRow.method != OIDC if settings().oidc else SessionRow.method == OIDC
        session.execute(
            update(SessionRow)
            .where(SessionRow.ended_at.is_(None), foreign)
            .values(ended_at=now(), ended_by="sign-in changed")
        )


def _method() -> str:
    return OIDC if settings().oidc else "password"


def sign_out_address(session_key: str) -> str:
    """The address that signs this browser out; signed, so that no other site can do it by a link."""
    return "/sign-out?" + urlencode({"token": signature(SIGN_OUT, session_key)})


def may_sign_out(session_key: str, token: str) -> bool:
    """Whether a sign-out address was made for this session."""
    return signed(SIGN_OUT, session_key, token)
