"""The demo's people, and when they may sign in: on demo data only, never beside real rows."""

from __future__ import annotations

import json
from functools import cache

from sqlalchemy.exc import IntegrityError

from lib.access.passwords import hash_password
from lib.access.people import DEMO_DOMAIN, Role, add_person, find_person
from lib.settings import settings
from lib.state import writing

PASSWORD = "boardroom"
PEOPLE = {role: f"{role}{DEMO_DOMAIN}" for role in Role}


class DemoRefused(Exception):
    """Demo mode was asked for where real data is; the message says what to change."""


def demo_mode() -> bool:
    """Whether the demo's people may sign in now; asked each time, as the warehouse can change under us."""
    return settings().demo is not False and not settings().oidc and _obstacle() is None


def check_demo_mode() -> None:
    """Raise DemoRefused when `BOARDROOM_DEMO` is switched on beside real data (checked at start)."""
    obstacle = _obstacle()
    if settings().demo and obstacle:
        raise DemoRefused(f"BOARDROOM_DEMO is on, but {obstacle}. Demo people must not see real data: take it away.")


def add_demo_people() -> None:
    """Put the demo's people into the state database, with their password and roles as they should be."""
    try:
        _add_demo_people()
    except IntegrityError:
        # A server that started at the same moment put them in first; now they are found.
        _add_demo_people()


def _add_demo_people() -> None:
    with writing() as session:
        for role, email in PEOPLE.items():
            person = find_person(session, email) or add_person(session, email, role)
            person.demo, person.role = True, role
            person.password_hash = person.password_hash or _hash()


@cache
def _hash() -> str:
    return hash_password(PASSWORD)


def _obstacle() -> str | None:
    if settings().warehouse != "duckdb":
        return "the warehouse is BigQuery"
    folder = settings().warehouse_folder
    current = folder / "current"
    try:
        if not current.exists():
            return None  # the demo is what will be built
        origin = json.loads((folder / current.read_text().strip() / "origin.json").read_text())
    except (OSError, ValueError):
        return "it is not known where the warehouse's data is from"
    if isinstance(origin, dict) and origin.get("origin") == "demo":
        return None
    return "the warehouse was made from an export"
