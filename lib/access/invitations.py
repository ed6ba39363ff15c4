"""One-time links that set a password, and what else changes a person's access."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlencode

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lib.access.audit import audit
from lib.access.keys import key_of, new_token
from lib.access.passwords import check_new_password, hash_password
from lib.access.people import (
    DEMO_DOMAIN,
    AccessError,
    Person,
    Role,
    add_person,
    as_person,
    find_person,
    now,
    read_email,
)
from lib.access.sessions import add_ticket, end_sessions_of
from lib.access.sign_in import OFF, check_password, forgive
from lib.settings import settings
from lib.state import reading, writing
from lib.state.tables import InvitationRow, PersonRow

INVITATION_LIFE = timedelta(days=2)
DEMO_STAYS = "Demo people keep their password and roles. Use an address of your own."
SPENT = "This link was used already, or is older than two days. Ask an administrator for a new one."


def invite(email: str, role: Role | None = None) -> str:
    """A one-time link that sets the password of a person, who is added if unknown (as a viewer unless `role` says).

    A given role is also given to a person who is there. Earlier links of the person end. Where an OpenID provider signs
    people in, it is the plain address of Boardroom. Raises AccessError.
    """
    email = read_email(email)
    if email.endswith(DEMO_DOMAIN):
        raise AccessError(DEMO_STAYS)
    with writing() as session:
        person = find_person(session, email) or add_person(session, email, role or Role.viewer)
        person.role = role or person.role
        return make_link(session, person, None)


def make_link(session: Session, person: PersonRow, actor_id: int | None, address: str | None = None) -> str:
    """What `invite` hands out, for a person who is there; joins the caller's transaction. Raises AccessError."""
    if person.demo:
        raise AccessError(DEMO_STAYS)
    token = new_token()
    spend_invitations(session, person.id)
    if not settings().oidc:
        life = {"created_at": now(), "expires_at": now() + INVITATION_LIFE}
        session.add(InvitationRow(key=key_of(token), person_id=person.id, **life))
    audit(session, "invited", actor_id, address, subject_id=person.id, detail=person.role)
    return base_address() + ("" if settings().oidc else f"/set-password?{urlencode({'token': token})}")


def invited(token: str) -> Person | None:
    """Whose link this is; None once it is used, too old or replaced."""
    with reading() as session:
        row = session.scalar(
            select(PersonRow)
            .join(InvitationRow, InvitationRow.person_id == PersonRow.id)
            .where(
                InvitationRow.key == key_of(token),
                InvitationRow.used_at.is_(None),
                InvitationRow.expires_at > now(),
                PersonRow.locked_at.is_(None),
            )
        )
    return as_person(row) if row else None


def accept_invitation(token: str, password: str, again: str, address: str | None) -> str:
    """Set the password by a one-time link; a ticket to sign in with. Ends all sessions and counted tries.

    Raises AccessError when the link is spent or the password cannot be taken (the link stays good then).
    """
    if settings().oidc:
        raise AccessError(OFF)
    check_new_password(password, again)
    hashed = hash_password(password)
    with writing() as session:
        person_id = session.scalar(
            update(InvitationRow)
            .where(
                InvitationRow.key == key_of(token), InvitationRow.used_at.is_(None), InvitationRow.expires_at > now()
            )
            .values(used_at=now())
            .returning(InvitationRow.person_id)
        )
        person = session.get(PersonRow, person_id) if person_id is not None else None
        if person is None or person.locked_at is not None:
            raise AccessError(SPENT)
        person.password_hash = hashed
        spend_invitations(session, person.id)
        forgive(session, person.email)
        end_sessions_of(session, person.id, "password")
        audit(session, "password set", person.id, address)
        return add_ticket(session, person.id)


def change_password(person: Person, key: str, current: str, password: str, again: str, address: str | None) -> None:
    """Change one's own password; every other session of the person ends, the one with this key stays.

    Raises AccessError, or SignInRefused when the current password is wrong (counted as a try to sign in).
    """
    if person.email.endswith(DEMO_DOMAIN):
        raise AccessError("Demo people keep their password.")
    check_new_password(password, again)
    person_id = check_password(person.email, current, address)
    hashed = hash_password(password)
    with writing() as session:
        session.execute(update(PersonRow).where(PersonRow.id == person_id).values(password_hash=hashed))
        spend_invitations(session, person_id)
        end_sessions_of(session, person_id, "password", but=key)
        audit(session, "password changed", person_id, address)


def lock(email: str, locked: bool = True) -> None:
    """Lock a person out until that is taken back, ending all sessions at once. Raises AccessError."""
    with writing() as session:
        person = find_person(session, read_email(email))
        if person is None:
            raise AccessError(f"Nobody here has the email {email.strip()}.")
        set_lock(session, person, locked, None)


def set_lock(
    session: Session, person: PersonRow, locked: bool, actor_id: int | None, address: str | None = None
) -> None:
    """Lock a person or take that back, and forgive failed tries with it; joins the caller's transaction."""
    person.locked_at = now() if locked else None
    if locked:
        spend_invitations(session, person.id)
        end_sessions_of(session, person.id, "lock-out")
    else:
        forgive(session, person.email)
    audit(session, "locked" if locked else "unlocked", actor_id, address, subject_id=person.id)


def everybody() -> list[tuple[Person, str]]:
    """All people by email, each with `active`, `invited` (no password yet), `locked` or `demo`."""
    with reading() as session:
        rows = session.scalars(select(PersonRow).order_by(PersonRow.email)).all()
    return [(as_person(row), _standing(row)) for row in rows]


def base_address() -> str:
    """Where people reach this installation: `BOARDROOM_ADDRESS`, else host and port."""
    if settings().address:
        return str(settings().address).rstrip("/")
    host = "localhost" if settings().host in ("0.0.0.0", "::", "") else settings().host
    return f"http://{f'[{host}]' if ':' in host else host}:{settings().port}"


def _standing(row: PersonRow) -> str:
    if row.locked_at:
        return "locked"
    if row.demo:
        return "demo"
    return "active" if row.password_hash or row.subject else "invited"


def spend_invitations(session: Session, person_id: int) -> None:
    """End a person's one-time links; joins the caller's transaction."""
    session.execute(
        update(InvitationRow)
        .where(InvitationRow.person_id == person_id, InvitationRow.used_at.is_(None))
        .values(used_at=now())
    )
