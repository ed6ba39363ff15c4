"""Explorer rights, lent for a while: asked for with a reason, approved or refused, ended to the second."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, aliased

from lib.access.acting import acting, looking
from lib.access.audit import audit
from lib.access.people import AccessError, Role, now
from lib.access.sessions import LENT, require
from lib.state import reading, serialise, writing
from lib.state.tables import GrantRow, PersonRow

# What may be asked for and given, in hours, with its words.
LENGTHS = {1: "1 hour", 4: "4 hours", 8: "8 hours", 24: "1 day", 72: "3 days", 120: "5 days"}
SHORTEST_REASON, LONGEST_REASON = 5, 500
# A refusal is told this long; afterwards the menu just offers to ask again.
REFUSAL_TOLD = timedelta(days=7)


@dataclass(frozen=True)
class Grant:
    """A request for explorer rights and what became of it; moments in UTC."""

    id: int
    person_id: int
    email: str
    reason: str
    hours: int
    asked_at: datetime
    decided_at: datetime | None
    decided_by: str | None
    approved: bool | None
    ends_at: datetime | None
    ended_at: datetime | None

    def state(self, moment: datetime) -> str:
        """`asked`, `lent`, `refused`, `taken back` or `over`."""
        if self.approved is None:
            return "asked"
        if not self.approved:
            return "refused"
        if self.ended_at is not None:
            return "taken back"
        return "lent" if self.ends_at is not None and self.ends_at > moment else "over"


def ask_for_rights(session_key: str | None, reason: str, hours: int, address: str | None = None) -> None:
    """Ask to be lent explorer rights. Raises AccessError (with the reason why not), NotSignedIn and StateError."""
    person = require(session_key)
    reason = reason.strip()
    if len(reason) < SHORTEST_REASON:
        raise AccessError("Say in a few words what you need it for.")
    if len(reason) > LONGEST_REASON:
        raise AccessError(f"Say it in at most {LONGEST_REASON} characters.")
    _check_length(hours)
    with writing() as session:
        serialise(session, f"grants of {person.id}")
        row = session.get_one(PersonRow, person.id)
        if Role(row.role) is not Role.viewer:
            raise AccessError("You have these rights already.")
        if session.scalar(select(GrantRow.id).where(GrantRow.person_id == person.id, GrantRow.approved.is_(None))):
            raise AccessError("You have asked already. An administrator will answer.")
        session.add(GrantRow(person_id=person.id, role=LENT, reason=reason, hours=hours, asked_at=now()))
        audit(session, "rights asked for", person.id, address, detail=f"{LENGTHS[hours]}: {reason}")


def approve(session_key: str | None, grant_id: int, hours: int, address: str | None = None) -> None:
    """Lend what was asked for, from now on for so many hours; an earlier loan of the person ends.

    Raises AccessError when it was decided already, NotAdmin, NotSignedIn and StateError.
    """
    _check_length(hours)
    with acting(session_key) as (session, actor):
        moment = now()
        person_id = _decide(session, grant_id, actor.id, approved=True, ends_at=moment + timedelta(hours=hours))
        session.execute(_running(moment).where(GrantRow.person_id == person_id, GrantRow.id != grant_id))
        audit(session, "rights lent", actor.id, address, subject_id=person_id, detail=LENGTHS[hours])


def refuse(session_key: str | None, grant_id: int, address: str | None = None) -> None:
    """Refuse what was asked for. Raises as `approve` does."""
    with acting(session_key) as (session, actor):
        person_id = _decide(session, grant_id, actor.id, approved=False)
        audit(session, "rights refused", actor.id, address, subject_id=person_id)


def take_back(session_key: str | None, grant_id: int, address: str | None = None) -> None:
    """End a loan before its time. Raises AccessError when it is over, NotAdmin, NotSignedIn and StateError."""
    with acting(session_key) as (session, actor):
        ended = _running(now()).where(GrantRow.id == grant_id).returning(GrantRow.person_id)
        person_id = session.scalar(ended)
        if person_id is None:
            raise AccessError("These rights are not lent any more.")
        audit(session, "rights taken back", actor.id, address, subject_id=person_id)


def list_grants(session_key: str | None) -> list[Grant]:
    """All requests for an administrator: open ones first, then the newest. Raises as `looking` does."""
    with looking(session_key) as session:
        return _grants(session)


def count_open() -> int:
    """How many requests wait for an answer. Raises StateError."""
    with reading() as session:
        return session.scalar(select(func.count()).where(GrantRow.approved.is_(None))) or 0


def latest_grant(person_id: int) -> Grant | None:
    """What became of a person's own latest request: an open one, else the last decided; None without any."""
    with reading() as session:
        found = _grants(session, person_id)
    return found[0] if found else None


def _grants(session: Session, person_id: int | None = None) -> list[Grant]:
    decider = aliased(PersonRow)
    asked = (
        select(GrantRow, PersonRow.email, decider.email)
        .join(PersonRow, PersonRow.id == GrantRow.person_id)
        .outerjoin(decider, decider.id == GrantRow.decided_by)
        .order_by(GrantRow.approved.is_(None).desc(), GrantRow.id.desc())
        .limit(200)
    )
    if person_id is not None:
        asked = asked.where(GrantRow.person_id == person_id).limit(1)
    return [_grant(row, email, by) for row, email, by in session.execute(asked)]


def _grant(row: GrantRow, email: str, decided_by: str | None) -> Grant:
    return Grant(
        id=row.id,
        person_id=row.person_id,
        email=email,
        reason=row.reason,
        hours=row.hours,
        asked_at=row.asked_at,
        decided_at=row.decided_at,
        decided_by=decided_by,
        approved=row.approved,
        ends_at=row.ends_at,
        ended_at=row.ended_at,
    )


def _decide(session: Session, grant_id: int, actor_id: int, approved: bool, ends_at: datetime | None = None) -> int:
    person_id = session.scalar(
        update(GrantRow)
        .where(GrantRow.id == grant_id, GrantRow.approved.is_(None))
        .values(approved=approved, decided_at=now(), decided_by=actor_id, ends_at=ends_at)
        .returning(GrantRow.person_id)
    )
    if person_id is None:
        raise AccessError("Another administrator has answered this already.")
    return person_id


def _running(moment: datetime):
    return (
        update(GrantRow)
        .where(GrantRow.approved.is_(True), GrantRow.ended_at.is_(None), GrantRow.ends_at > moment)
        .values(ended_at=moment)
    )


def _check_length(hours: int) -> None:
    if hours not in LENGTHS:
        raise AccessError(f"Choose one of {', '.join(LENGTHS.values())}.")
