"""The state database comes up to date by itself, once, and never by halves."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, text

import lib.state.connection
from lib.settings import ROOT
from lib.state import StateNewer, StateUnavailable, database, upgrade
from lib.state.tables import Table


def test_the_migrations_make_the_tables_of_the_models(state: str) -> None:
    with database().connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Table.metadata) == []
    assert set(Table.metadata.tables) < set(inspect(database()).get_table_names())


def test_a_second_upgrade_changes_nothing(state: str) -> None:
    with database().begin() as connection:
        connection.execute(
            text(
                "INSERT INTO people (id, email, name, role, demo, created_at)"
                " VALUES (7, 'a@b.c', 'A', 'viewer', FALSE, '2025-01-01 00:00:00')"
            )
        )
    upgrade(database())
    with database().connect() as connection:
        assert connection.scalar(text("SELECT id FROM people")) == 7


def test_several_processes_may_start_at_once(state_url: str, tmp_path: Path) -> None:
    environment = {**os.environ, "BOARDROOM_STATE_URL": state_url, "BOARDROOM_VAR": str(tmp_path)}
    program = "from lib.state import ready; ready()"
    starts = [
        subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, env=environment, stderr=subprocess.PIPE)
        for _ in range(4)
    ]
    for start in starts:
        _, errors = start.communicate(timeout=60)
        assert start.returncode == 0, errors.decode()


def test_a_newer_database_is_refused_and_left_alone(state: str) -> None:
    with database().begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StateNewer, match="newer Boardroom"):
        upgrade(database())
    with database().connect() as connection:
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == "9999"


def test_an_interrupted_upgrade_leaves_nothing_behind(state_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = command.upgrade

    def interrupted(*given: object) -> None:
        whole(*given)
        raise OSError("the machine stops here")

    engine = database(state_url)
    monkeypatch.setattr(command, "upgrade", interrupted)
    with pytest.raises(StateUnavailable):
        upgrade(engine)
    assert inspect(engine).get_table_names() == []
    monkeypatch.undo()
    upgrade(engine)
    assert "people" in inspect(engine).get_table_names()


def test_the_file_is_for_its_owner_only(tmp_path: Path) -> None:
    upgrade(database(f"sqlite:///{tmp_path / 'deep' / 'state.sqlite'}"))
    assert (tmp_path / "deep" / "state.sqlite").stat().st_mode & 0o077 == 0


def test_a_locked_database_is_told_in_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lib.state.connection, "BUSY_SECONDS", 0.1)
    file = tmp_path / "state.sqlite"
    upgrade(database(f"sqlite:///{file}"))
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(StateUnavailable, match=r"^The state database is locked by another program\. Try again"):
        upgrade(database(f"sqlite:///{file}"))
    other.close()
    upgrade(database(f"sqlite:///{file}"))


def test_a_folder_that_cannot_be_made_is_told_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StateUnavailable) as told:
        upgrade(database(f"sqlite:///{tmp_path / 'file' / 'state.sqlite'}"))
    assert str(tmp_path) not in str(told.value)
