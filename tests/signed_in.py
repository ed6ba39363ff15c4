"""Somebody who is signed in on an installation of a test's own, without its form."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from lib.access.keys import key_of, new_token
from lib.access.people import Role, add_person, find_person, now
from lib.state import database, upgrade, writing
from lib.state.tables import SessionRow


def sign_in_at(var: Path, role: Role = Role.viewer) -> str:
    """A session of a person of that role in the installation's state database; the cookie's token."""
    engine = database(f"sqlite:///{var / 'state.sqlite'}")
    upgrade(engine)
    token = new_token()
    with writing(engine) as session:
        email = f"{role}@acme.example"
        person = find_person(session, email) or add_person(session, email, role)
        session.add(
            SessionRow(key=key_of(token), person_id=person.id, created_at=now(), expires_at=now() + timedelta(hours=1))
        )
    engine.dispose()
    return token
