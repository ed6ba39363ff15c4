"""What administrators do with people and sessions; each act is checked, done and recorded in one transaction."""

from __future__ import annotations

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from lib.access.acting import acting
from lib.access.audit import audit
from lib.access.demo import demo_mode
from lib.access.invitations import DEMO_STAYS, make_link, set_lock, spend_invitations
from lib.access.people import DEMO_DOMAIN, AccessError, Person, Role, add_person, find_person, now, read_email
from lib.access.sessions import end_sessions_of
from lib.state.tables import GrantRow, PersonRow, SessionRow

GONE = "This person is not here any more."
LAST_ADMIN = "You are the last administrator who can sign in. Make somebody else an administrator first."
LOCKED_PERSON = "{email} is locked. Unlock them first."


def invite_person(session_key: str | None, email: str, role: Role, address: str | None = None) -> str:
    """Add somebody and hand out their one-time link. Raises AccessError, also when they are here already.

    This and all acts below raise NotAdmin, NotSignedIn and StateError too; nothing is done then.
    """
    email = read_email(email)
    if email.endswith(DEMO_DOMAIN):
        raise AccessError(DEMO_STAYS)
    with acting(session_key) as (session, actor):
        if find_person(session, email):
            raise AccessError(f"{email} is here already. Choose them in the list.")
        return make_link(session, add_person(session, email, role), actor.id, address)


def renew_link(session_key: str | None, person_id: int, address: str | None = None) -> str:
    """A new one-time link for somebody who is here; earlier ones end. Raises AccessError."""
    with acting(session_key) as (session, actor):
        person = _person(session, person_id)
        if person.locked_at is not None:
            raise AccessError(LOCKED_PERSON.format(email=person.email))
        return make_link(session, person, actor.id, address)


def withdraw_link(session_key: str | None, person_id: int, address: str | None = None) -> None:
    """End somebody's one-time link before it is used. Raises AccessError."""
    with acting(session_key) as (session, actor):
        spend_invitations(session, _person(session, person_id).id)
        audit(session, "link withdrawn", actor.id, address, subject_id=person_id)


def change_role(session_key: str | None, person_id: int, role: Role, address: str | None = None) -> None:
    """Give somebody another role, which counts from their next question on. Raises AccessError.

    What was lent to them ends: the new role says what they may.
    """
    with acting(session_key) as (session, actor):
        person = _person(session, person_id)
        if person.demo:
            raise AccessError(DEMO_STAYS)
        if role is not Role.admin:
            _check_not_last(session, actor, person)
        before, person.role = person.role, role
        session.execute(
            update(GrantRow)
            .where(GrantRow.person_id == person_id, GrantRow.ended_at.is_(None), GrantRow.ends_at > now())
            .values(ended_at=now())
        )
        audit(session, "role changed", actor.id, address, subject_id=person_id, detail=f"{before} to {role}")


def lock_person(session_key: str | None, person_id: int, locked: bool, address: str | None = None) -> None:
    """Lock somebody out with all their sessions and links, or take that and counted tries back. Raises AccessError."""
    with acting(session_key) as (session, actor):
        person = _person(session, person_id)
        if locked:
            _check_not_last(session, actor, person)
        set_lock(session, person, locked, actor.id, address)


def end_all_sessions(session_key: str | None, person_id: int, address: str | None = None) -> None:
    """Sign somebody out in all their browsers. Raises AccessError."""
    with acting(session_key) as (session, actor):
        end_sessions_of(session, _person(session, person_id).id, "admin")
        audit(session, "sessions ended", actor.id, address, subject_id=person_id)


def end_one_session(session_key: str | None, other_key: str, address: str | None = None) -> None:
    """Sign one browser out. Raises AccessError when its session is over."""
    with acting(session_key) as (session, actor):
        person_id = session.scalar(
            update(SessionRow)
            .where(SessionRow.key == other_key, SessionRow.ended_at.is_(None))
            .values(ended_at=now(), ended_by="admin")
            .returning(SessionRow.person_id)
        )
        if person_id is None:
            raise AccessError("This session is over already.")
        audit(session, "session ended", actor.id, address, subject_id=person_id)


def _person(session: Session, person_id: int) -> PersonRow:
    person = session.get(PersonRow, person_id)
    if person is None:
        raise AccessError(GONE)
    return person


def _check_not_last(session: Session, actor: Person, person: PersonRow) -> None:
    """Somebody must be left who can look after people."""
    if person.id != actor.id:
        return
    others = select(func.count()).where(
        PersonRow.role == Role.admin,
        PersonRow.locked_at.is_(None),
        PersonRow.id != actor.id,
        or_(PersonRow.password_hash.is_not(None), PersonRow.subject.is_not(None)),
    )
    if not demo_mode():
        others = others.where(PersonRow.demo.is_(False))
    if not session.scalar(others):
        raise AccessError(LAST_ADMIN)
