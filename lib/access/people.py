"""People and their roles, as the state database has them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from lib.state.tables import PersonRow

DEMO_DOMAIN = "@demo.example"


class Role(StrEnum):
    """What a person may do; each role may do all that the one before may."""

    viewer = "viewer"
    explorer = "explorer"
    admin = "admin"


@dataclass(frozen=True)
class Person:
    """Somebody who is signed in."""

    id: int
    email: str
    name: str
    role: Role

    def may(self, role: Role | str) -> bool:
        """Whether this person's role includes the given one."""
        order = list(Role)
        return order.index(self.role) >= order.index(Role(role))


class AccessError(Exception):
    """Something about access that cannot be done; the message is a sentence for people."""


def now() -> datetime:
    """The clock; never `BOARDROOM_NOW`, which moves the data's time and must not make a session immortal."""
    return datetime.now(UTC)


def read_email(text: str) -> str:
    """An email in the form in which it is stored; raises AccessError."""
    email = text.strip().lower()
    if not re.fullmatch(r"[^\s@]+@[^\s@]+\.[^\s@]+", email) or len(email) > 320:
        raise AccessError(f"“{text.strip()}” is not an email address.")
    return email


def find_person(session: Session, email: str) -> PersonRow | None:
    """The person of an email, written in any case."""
    return session.scalar(select(PersonRow).where(PersonRow.email == email.strip().lower()))


def add_person(session: Session, email: str, role: Role) -> PersonRow:
    """A new person, named after the email, without a password."""
    person = PersonRow(email=email, name=_name_of(email), role=role, demo=False, created_at=now())
    session.add(person)
    session.flush()
    return person


def as_person(row: PersonRow) -> Person:
    """The person whom a row describes."""
    return Person(id=row.id, email=row.email, name=row.name, role=Role(row.role))


def _name_of(email: str) -> str:
    return " ".join(part.capitalize() for part in re.split(r"[._+-]+", email.split("@")[0]) if part) or email
