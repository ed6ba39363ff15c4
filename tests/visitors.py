"""Everybody who may come to an installation: nobody, those whose session is worth nothing, and each role."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from lib.access.demo import PEOPLE
from lib.access.keys import key_of, new_token
from lib.access.people import Role, add_person, find_person, now
from lib.state import database, upgrade, writing
from lib.state.tables import SessionRow

DOMAIN = "people-of-this-house.example"
SIGNED_OUT = ("nobody", "made up", "empty", "expired", "ended", "locked", "demo, while demo is off")
SIGNED_IN = tuple(str(role) for role in Role)


def bring_visitors(var: Path) -> dict[str, str | None]:
    """A cookie's token by kind of visitor, in the state database of an installation whose demo mode is off."""
    engine = database(f"sqlite:///{var / 'state.sqlite'}")
    upgrade(engine)
    tokens: dict[str, str | None] = {"nobody": None, "made up": new_token(), "empty": ""}
    with writing(engine) as session:
        for kind in (*SIGNED_OUT[len(tokens) :], *SIGNED_IN):
            role = Role(kind) if kind in SIGNED_IN else Role.admin
            name = kind.split(",")[0]
            email = PEOPLE[Role.admin] if name == "demo" else f"{name}@{DOMAIN}"
            person = find_person(session, email) or add_person(session, email, role)
            person.demo = name == "demo"
            person.locked_at = now() if kind == "locked" else None
            tokens[kind] = token = new_token()
            session.add(
                SessionRow(
                    key=key_of(token),
                    person_id=person.id,
                    created_at=now(),
                    expires_at=now() + timedelta(hours=-1 if kind == "expired" else 1),
                    ended_at=now() if kind == "ended" else None,
                )
            )
    engine.dispose()
    return tokens


def end_session_of(var: Path, token: str) -> None:
    """End a session as an administrator does, by another process."""
    engine = database(f"sqlite:///{var / 'state.sqlite'}")
    with writing(engine) as session:
        row = session.get(SessionRow, key_of(token))
        assert row is not None
        row.ended_at = now()
    engine.dispose()
