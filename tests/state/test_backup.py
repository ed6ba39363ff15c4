"""The steps of docs/operating.md, State: a backup is made while the server writes, and comes back whole."""

from __future__ import annotations

import shutil
import subprocess
import uuid
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from lib.access.keys import key_of
from lib.access.people import Role, add_person
from lib.access.sessions import add_ticket, begin_session, person_of
from lib.state import database, ready, writing
from tests.databases import INITDB, forget_settings


def sign_somebody_in(email: str) -> str:
    """The key of a new person's session."""
    with writing() as session:
        ticket = add_ticket(session, add_person(session, email, Role.viewer).id)
    return key_of(begin_session(ticket, None) or "")


def test_a_backup_of_the_running_server_comes_back_whole(
    state: str, own_settings: pytest.MonkeyPatch, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    before = sign_somebody_in("before@acme.example")
    restored = _copied(state, tmp_path, request)
    after = sign_somebody_in("after@acme.example")
    database().dispose()

    own_settings.setenv("BOARDROOM_STATE_URL", restored)
    forget_settings()
    ready()
    person = person_of(before)
    assert person is not None and person.email == "before@acme.example"
    assert person_of(after) is None


def _copied(state: str, folder: Path, request: pytest.FixtureRequest) -> str:
    """URL of a database restored from a backup that was made while connections to this one were open."""
    if state.startswith("sqlite"):
        if shutil.which("sqlite3") is None:
            pytest.skip("sqlite3 is not installed (apt-get install sqlite3)")
        file, target = make_url(state).database, folder / "restored.sqlite"
        subprocess.run(["sqlite3", str(file), f'.backup "{target}"'], check=True)
        return f"sqlite:///{target}"
    assert INITDB is not None
    server, name = request.getfixturevalue("postgres"), f"restored_{uuid.uuid4().hex}"
    admin = create_engine(server.format("postgres"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    admin.dispose()
    dump = folder / "state.dump"
    _run("pg_dump", "--format=custom", f"--file={dump}", f"--dbname={_plain(state)}")
    _run("pg_restore", "--no-owner", f"--dbname={_plain(server.format(name))}", str(dump))
    return server.format(name)


def _run(program: str, *arguments: str) -> None:
    assert INITDB is not None
    subprocess.run([INITDB.parent / program, *arguments], check=True, capture_output=True)


def _plain(url: str) -> str:
    """The address as PostgreSQL's own programs read it."""
    return url.replace("postgresql+psycopg", "postgresql")
