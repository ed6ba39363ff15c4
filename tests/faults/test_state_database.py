"""The state database locked, missing, damaged, older or newer than the code, under a running server."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.faults.conftest import ID, House, MakeHouse, assert_whole
from tests.tab import opened


def take_away(file: Path) -> None:
    file.unlink()


def scribble(file: Path) -> None:
    put(file, b"This is no database. " * 1000)


def make_older(file: Path) -> None:
    change(file, "ALTER TABLE sessions DROP COLUMN ended_by", "ALTER TABLE people DROP COLUMN locked_at")


def empty(file: Path) -> None:
    put(file, b"")


CASES: dict[str, tuple[Callable[[Path], None], str]] = {
    "missing": (take_away, "The state database is missing. Restore it from a backup, or start Boardroom again."),
    "damaged": (scribble, "The state database is damaged. Restore it from a backup."),
    "older": (make_older, "The state database is older than this Boardroom. Start Boardroom again"),
    "emptied": (empty, "The state database is older than this Boardroom. Start Boardroom again"),
}


def put(file: Path, content: bytes) -> None:
    """Replace a file, as a restored backup does; what SQLite kept beside the old one goes with it."""
    for beside in (f"{file.name}-wal", f"{file.name}-shm"):
        file.with_name(beside).unlink(missing_ok=True)
    fresh = file.with_suffix(".fresh")
    fresh.write_bytes(content)
    fresh.replace(file)


def change(file: Path, *statements: str) -> None:
    """Put a changed copy in the file's place."""
    copy = file.with_suffix(".changed")
    shutil.copy(file, copy)
    with closing(sqlite3.connect(copy)) as database:
        for statement in statements:
            database.execute(statement)
        database.commit()
    put(file, copy.read_bytes())


@pytest.fixture
def state(house: House) -> Iterator[Path]:
    """The state database's file, with all its content in it; as it was, afterwards."""
    file = house.var / "state.sqlite"
    with closing(sqlite3.connect(file)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    whole = file.read_bytes()
    yield file
    put(file, whole)


@pytest.mark.parametrize("case", CASES)
def test_a_state_database_that_cannot_be_used_is_told_and_shows_nothing(house: House, state: Path, case: str) -> None:
    break_file, sentence = CASES[case]
    whole = state.read_bytes()
    with house.open() as (tab, shown):
        assert_whole(shown)
        break_file(state)
        told = tab.reload()
        (entry,) = house.assert_told(told, sentence).values()
        assert entry["error"] in ("StateUnavailable", "StateOlder")
        assert not told.of("metric") and not told.of("vega_lite_chart")
        assert house.server.get("/healthz").status == 503
        put(state, whole)
        assert house.server.get("/healthz").status == 200
        assert_whole(tab.press(told.buttons("Try again")[0]))


def test_a_writer_who_holds_the_database_stops_sign_in_and_nobody_who_reads(house: House, state: Path) -> None:
    with closing(sqlite3.connect(state, isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        with house.open() as (_, shown):
            assert_whole(shown)
        answer = house.server.get("/session?ticket=any&to=/home")
        assert answer.status == 503
        assert answer.text.startswith("The state database is locked by another program. Try again in a moment. (")
        (identity,) = ("".join(found) for found in ID.findall(answer.text))
        assert "locked" in house.faults()[identity]["message"]
        writer.execute("ROLLBACK")
    assert house.server.get("/session?ticket=any&to=/home").status == 303


def test_a_database_of_a_newer_boardroom_is_told_at_the_start_and_left_alone(
    make_house: MakeHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.faults import conftest  # the start must find the newer database, so it is changed before it

    signed_in = conftest.sign_in_at
    versions: list[str] = []

    def sign_in_and_age(var: Path) -> str:
        cookie = signed_in(var)
        with closing(sqlite3.connect(var / "state.sqlite")) as database:
            (ours,) = database.execute("SELECT version_num FROM alembic_version").fetchone()
        versions.append(ours)
        change(var / "state.sqlite", "UPDATE alembic_version SET version_num = '9999_later'")
        return cookie

    monkeypatch.setattr(conftest, "sign_in_at", sign_in_and_age)
    with make_house() as house, opened(house.server, "company_metrics", house.cookie) as (tab, shown):
        house.assert_told(shown, "The state database was written by a newer Boardroom. Start that version, or restore")
        assert "StateNewer" in {entry["error"] for entry in house.faults().values()}
        file = house.var / "state.sqlite"
        with closing(sqlite3.connect(file)) as database:
            assert database.execute("SELECT version_num FROM alembic_version").fetchall() == [("9999_later",)]
        change(file, f"UPDATE alembic_version SET version_num = '{versions[0]}'")
        restored = tab.press(shown.buttons("Try again")[0])
        assert_whole(restored)
