"""What administrators see of people, their standing and their sessions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from lib.access.acting import looking
from lib.access.keys import key_of
from lib.access.people import Role, now
from lib.access.sign_in import TRIES_OF_A_PERSON, TRIES_OF_AN_ADDRESS, WINDOW
from lib.state.tables import AttemptRow, GrantRow, InvitationRow, PersonRow, SessionRow


@dataclass(frozen=True)
class Member:
    """A person as administrators see them; moments in UTC.

    `locked`: by an administrator. `locked_out_until`: by failed tries. `link_until`: an unused one-time link is out.
    """

    id: int
    email: str
    name: str
    role: Role
    lent_until: datetime | None
    locked: bool
    locked_out_until: datetime | None
    link_until: datetime | None
    last_seen_at: datetime | None
    sessions: int
    way: str  # how they sign in: `password`, `company account`, `none yet`
    demo: bool


@dataclass(frozen=True)
class OpenSession:
    """One signed-in browser; moments in UTC."""

    key: str
    person_id: int
    email: str
    created_at: datetime
    last_seen_at: datetime | None
    expires_at: datetime
    address: str | None
    browser: str | None
    way: str


def list_people(session_key: str | None) -> list[Member]:
    """Everybody by email. Raises NotAdmin, NotSignedIn and StateError."""
    with looking(session_key) as session:
        moment = now()
        people = session.scalars(select(PersonRow).order_by(PersonRow.email)).all()
        lent = _latest(session, GrantRow.person_id, GrantRow.ends_at, _running(moment))
        links = _latest(
            session,
            InvitationRow.person_id,
            InvitationRow.expires_at,
            (InvitationRow.used_at.is_(None), InvitationRow.expires_at > moment),
        )
        seen = _latest(session, SessionRow.person_id, func.coalesce(SessionRow.last_seen_at, SessionRow.created_at), ())
        counted = select(SessionRow.person_id, func.count()).where(*_open(moment)).group_by(SessionRow.person_id)
        counts = dict(session.execute(counted).all())
        locked_out = _locked_out(session, moment)
    return [
        Member(
            id=row.id,
            email=row.email,
            name=row.name,
            role=Role(row.role),
            lent_until=lent.get(row.id),
            locked=row.locked_at is not None,
            locked_out_until=locked_out.get(key_of(row.email)),
            link_until=links.get(row.id),
            last_seen_at=seen.get(row.id),
            sessions=counts.get(row.id, 0),
            way="company account" if row.subject else "password" if row.password_hash else "none yet",
            demo=row.demo,
        )
        for row in people
    ]


def list_sessions(session_key: str | None) -> list[OpenSession]:
    """All open sessions, the last seen first. Raises NotAdmin, NotSignedIn and StateError."""
    with looking(session_key) as session:
        asked = (
            select(SessionRow, PersonRow.email)
            .join(PersonRow, PersonRow.id == SessionRow.person_id)
            .where(*_open(now()))
            .order_by(func.coalesce(SessionRow.last_seen_at, SessionRow.created_at).desc(), SessionRow.key)
        )
        rows = session.execute(asked).all()
    return [
        OpenSession(
            key=row.key,
            person_id=row.person_id,
            email=email,
            created_at=row.created_at,
            last_seen_at=row.last_seen_at,
            expires_at=row.expires_at,
            address=row.address,
            browser=row.browser,
            way="company account" if row.method == "oidc" else row.method,
        )
        for row, email in rows
    ]


def locked_addresses(session_key: str | None) -> dict[str, datetime]:
    """Network addresses locked by failed tries, and until when. Raises NotAdmin, NotSignedIn and StateError."""
    with looking(session_key) as session:
        moment = now()
        asked = select(AttemptRow.address, AttemptRow.at).where(AttemptRow.at > moment - WINDOW, AttemptRow.failed)
        return _until(session.execute(asked), TRIES_OF_AN_ADDRESS)


def _locked_out(session: Session, moment: datetime) -> dict[str, datetime]:
    asked = select(AttemptRow.email_key, AttemptRow.at).where(
        AttemptRow.at > moment - WINDOW, AttemptRow.failed, AttemptRow.forgiven.is_(False)
    )
    return _until(session.execute(asked), TRIES_OF_A_PERSON)


def _until(tries: Iterable[tuple[str, datetime]], limit: int) -> dict[str, datetime]:
    """Who reached the limit, and when the oldest of the tries that keep them there grows too old."""
    moments: dict[str, list[datetime]] = defaultdict(list)
    for who, at in tries:
        moments[who].append(at)
    return {who: sorted(at)[-limit] + WINDOW for who, at in moments.items() if len(at) >= limit}


def _latest(
    session: Session, person_id: InstrumentedAttribute[int], moment: Any, conditions: tuple[ColumnElement[bool], ...]
) -> dict[int, datetime]:
    asked = select(person_id, func.max(moment)).where(*conditions).group_by(person_id)
    return {row[0]: row[1] for row in session.execute(asked)}


def _open(moment: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        SessionRow.ended_at.is_(None),
        SessionRow.expires_at > moment,
        SessionRow.person_id.in_(select(PersonRow.id).where(PersonRow.locked_at.is_(None))),
    )


def _running(moment: datetime) -> tuple[ColumnElement[bool], ...]:
    return (GrantRow.approved.is_(True), GrantRow.ended_at.is_(None), GrantRow.ends_at > moment)
