"""Signing in through an OpenID provider (docs/access): whom it vouches for, who that is here, and with which role."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lib.access.audit import audit
from lib.access.invitations import base_address
from lib.access.keys import key_of, signature
from lib.access.people import DEMO_DOMAIN, AccessError, Role, add_person, find_person, now, read_email
from lib.access.sessions import TICKET_LIFE, end_sessions_of
from lib.access.sign_in import SignInRefused
from lib.settings import settings
from lib.state import serialise, writing
from lib.state.tables import PersonRow, TicketRow

# How long after the provider vouched for somebody a browser may turn that into a session.
FRESH = timedelta(minutes=10)
SPENT = "You are signed out."
UNNAMED = "Your company's sign-in did not say who you are. Ask an administrator of Boardroom."
UNVERIFIED = "Your company's sign-in has not verified your email address. Ask its administrator."
TAKEN = "Somebody else here has the email {email}. Ask an administrator of Boardroom."
ELSEWHERE = "{email} is not let in here. Sign in with an account of {domains}."
LOCKED_OUT = "You cannot sign in here at the moment. Ask an administrator of Boardroom."


class SignInSpent(SignInRefused):
    """What the provider said was turned into a session before, or is too old to be."""


@dataclass(frozen=True)
class Voucher:
    """What a provider says of somebody; `verified` is None when it does not say whether the email is theirs."""

    issuer: str
    subject: str
    issued_at: datetime
    email: str
    verified: bool | None
    name: str
    claims: Mapping[str, Any]


def streamlit_secrets() -> dict[str, Any] | None:
    """What `st.login` reads as its section `auth`; None when no provider is configured."""
    given = settings()
    if given.oidc_metadata_url is None or given.oidc_client_secret is None:
        return None
    return {
        "auth": {
            "redirect_uri": f"{base_address()}/oauth2callback",
            "cookie_secret": signature("oidc-cookie", ""),
            "client_id": given.oidc_client_id or "",
            "client_secret": given.oidc_client_secret.get_secret_value(),
            "server_metadata_url": given.oidc_metadata_url,
        }
    }


def sign_in_by_provider(claims: Mapping[str, Any], address: str | None) -> str:
    """A ticket for the route /session, by what the provider says; the same claims become one session at most.

    Issuer, subject and issue time make the ticket, so that a session that ended never begins again by the cookie
    that began it. Raises SignInSpent, SignInRefused with a sentence for the person, and StateError.
    """
    try:
        voucher = read_voucher(claims)
        _check(voucher)
        return _ticket(voucher, address)
    except SignInSpent:
        raise
    except SignInRefused as refused:
        with writing() as session:
            audit(session, "sign-in failed", None, address, detail=f"provider: {refused}")
        raise


def read_voucher(claims: Mapping[str, Any]) -> Voucher:
    """The claims that count; raises SignInRefused when one that is needed is missing or of another kind."""
    issuer, subject, issued, email = (claims.get(name) for name in ("iss", "sub", "iat", "email"))
    named = all(isinstance(text, str) and text for text in (issuer, subject, email))
    if not named or isinstance(issued, bool) or not isinstance(issued, int | float):
        raise SignInRefused(UNNAMED)
    try:
        read = read_email(str(email))
    except AccessError:
        raise SignInRefused(UNNAMED) from None
    verified = claims.get("email_verified")
    return Voucher(
        issuer=str(issuer),
        subject=str(subject),
        issued_at=datetime.fromtimestamp(issued, UTC),
        email=read,
        # Some providers write the word.
        verified=None if verified is None else verified is True or verified == "true",
        name=str(claims.get("name") or "").strip()[:200],
        claims=claims,
    )


def role_by_claim(claims: Mapping[str, Any]) -> Role | None:
    """The highest role that the configured claim gives, viewer if it gives none; None when no claim is configured."""
    claim = settings().oidc_role_claim
    if claim is None:
        return None
    said = claims.get(claim)
    values = [str(value) for value in (said if isinstance(said, list | tuple) else [said])]
    meaning = settings().oidc_role_values or {str(role): str(role) for role in Role}
    given = {meaning[value] for value in values if value in meaning}
    return next((role for role in reversed(Role) if role in given), Role.viewer)


def domains() -> tuple[str, ...]:
    """The domains of emails that are let in; `*` is any."""
    return tuple(part.strip().lower().lstrip("@") for part in settings().oidc_domains.split(",") if part.strip())


def _check(voucher: Voucher) -> None:
    if now() - voucher.issued_at > FRESH:
        raise SignInSpent(SPENT)
    if voucher.verified is False:
        raise SignInRefused(UNVERIFIED)
    allowed = domains()
    if "*" not in allowed and voucher.email.rpartition("@")[2] not in allowed:
        raise SignInRefused(ELSEWHERE.format(email=voucher.email, domains=" or ".join(allowed)))


def _ticket(voucher: Voucher, address: str | None) -> str:
    ticket = signature("oidc-ticket", f"{voucher.issuer}\n{voucher.subject}\n{voucher.issued_at.isoformat()}")
    with writing() as session:
        serialise(session, "oidc")
        known = session.get(TicketRow, key_of(ticket))
        if known is None:
            person = _admitted(session, voucher, address)
            session.add(TicketRow(key=key_of(ticket), person_id=person.id, expires_at=now() + TICKET_LIFE))
        elif known.used_at is not None or known.expires_at <= now():
            raise SignInSpent(SPENT)
    return ticket


def _admitted(session: Session, voucher: Voucher, address: str | None) -> PersonRow:
    """The person of a voucher, new or known, as the provider says they are now."""
    person = _known(session, voucher)
    role = role_by_claim(voucher.claims)
    if person is None:
        person = add_person(session, voucher.email, role or Role.viewer)
        audit(session, "added", person.id, address, detail=person.role)
    if person.locked_at is not None:
        raise SignInRefused(LOCKED_OUT)
    if person.subject is None and person.password_hash is not None:
        end_sessions_of(session, person.id, "provider")
    person.issuer, person.subject = voucher.issuer, voucher.subject
    person.name = voucher.name or person.name
    if find_person(session, voucher.email) is None:
        person.email = voucher.email
    if role is not None and role != person.role:
        words = f"{person.role} to {role}, by the provider"
        person.role = role
        audit(session, "role changed", None, address, subject_id=person.id, detail=words)
    return person


def _known(session: Session, voucher: Voucher) -> PersonRow | None:
    """Who that is here: by issuer and subject, whatever the email; else by an email that is surely theirs."""
    theirs = (PersonRow.issuer == voucher.issuer, PersonRow.subject == voucher.subject)
    person = session.scalar(select(PersonRow).where(*theirs))
    if person is not None:
        return person
    same_email = find_person(session, voucher.email)
    sure = voucher.verified or (voucher.verified is None and settings().oidc_trust_email)
    taken = same_email is not None and (same_email.demo or same_email.subject is not None or not sure)
    if taken or voucher.email.endswith(DEMO_DOMAIN):
        raise SignInRefused(TAKEN.format(email=voucher.email))
    return same_email
