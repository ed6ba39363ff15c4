"""Faults of the state database end in one sentence each; transactions wait for each other instead of failing."""

from __future__ import annotations

import sqlite3
import threading
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import exc, func, select, text, update

from lib.access.people import Role, add_person
from lib.state import (
    StateError,
    StateOlder,
    StateUnavailable,
    asking,
    connection,
    database,
    reading,
    ready,
    serialise,
    writing,
)
from lib.state.tables import PersonRow, Table


@pytest.fixture
def file(own_settings: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The SQLite file of a fresh installation."""
    ready()
    return tmp_path / "var" / "state.sqlite"


def people() -> int:
    with reading() as session:
        return session.scalar(select(func.count()).select_from(PersonRow)) or 0


def test_moments_come_back_in_utc(state: str) -> None:
    noon_in_rome = datetime(2025, 6, 1, 12, tzinfo=timezone(timedelta(hours=2)))
    with writing() as session:
        add_person(session, "a@b.example", Role.viewer).created_at = noon_in_rome
    with reading() as session:
        read = session.scalars(select(PersonRow.created_at)).one()
    assert (read, read.tzinfo) == (datetime(2025, 6, 1, 10, tzinfo=UTC), UTC)


def test_a_moment_without_a_zone_is_refused(state: str) -> None:
    with pytest.raises(exc.StatementError, match="zone"), writing() as session:
        session.execute(update(PersonRow).values(created_at=datetime(2025, 1, 1)))


def test_a_failing_block_writes_nothing(state: str) -> None:
    with pytest.raises(RuntimeError), writing() as session:
        add_person(session, "a@b.example", Role.viewer)
        raise RuntimeError
    assert people() == 0


def test_an_email_is_there_once(state: str) -> None:
    with writing() as session:
        add_person(session, "a@b.example", Role.viewer)
    with pytest.raises(exc.IntegrityError), writing() as session:
        add_person(session, "a@b.example", Role.viewer)


def test_writers_side_by_side_all_succeed(state: str) -> None:
    together, faults = threading.Barrier(8), []

    def read_then_write(number: int) -> None:
        together.wait()
        try:
            with writing() as session:
                session.scalar(select(func.count()).select_from(PersonRow))
                add_person(session, f"{number}@b.example", Role.viewer)
        except StateError as error:
            faults.append(error)

    threads = [threading.Thread(target=read_then_write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (faults, people()) == ([], 8)


def test_one_transaction_of_a_name_at_a_time(state: str) -> None:
    together = threading.Barrier(6)

    def add_if_none() -> None:
        together.wait()
        with writing() as session:
            serialise(session, "the first one")
            if not session.scalar(select(func.count()).select_from(PersonRow)):
                add_person(session, "first@b.example", Role.viewer)

    threads = [threading.Thread(target=add_if_none) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert people() == 1


def test_missing_columns_mean_an_older_database(state: str) -> None:
    with database().begin() as connection:
        connection.execute(text("ALTER TABLE people DROP COLUMN locked_at"))
    with pytest.raises(StateOlder, match="older than this Boardroom"), reading() as session:
        session.scalars(select(PersonRow)).all()


def test_missing_tables_mean_an_older_database(state: str) -> None:
    with database().begin() as connection:
        for table in reversed(Table.metadata.sorted_tables):
            connection.execute(text(f"DROP TABLE {table.name}"))
    with pytest.raises(StateOlder):
        people()


def test_a_deleted_file_is_noticed_behind_open_connections(file: Path) -> None:
    assert people() == 0
    file.unlink()
    with pytest.raises(StateUnavailable, match=r"^The state database is missing\."):
        people()
    assert not file.exists()


def test_a_single_question_ends_in_the_same_sentences(state: str) -> None:
    with asking() as one:
        assert one.scalar(select(func.count()).select_from(PersonRow)) == 0
    with database().begin() as change:
        change.execute(text("ALTER TABLE people DROP COLUMN locked_at"))
    with pytest.raises(StateOlder, match="older than this Boardroom"), asking() as one:
        one.execute(select(PersonRow.locked_at)).all()


def test_a_replaced_file_is_read_afresh(file: Path, tmp_path: Path) -> None:
    with writing() as session:
        add_person(session, "a@b.example", Role.viewer)
    with sqlite3.connect(file) as source, sqlite3.connect(tmp_path / "backup") as target:
        source.backup(target)
    with writing() as session:
        add_person(session, "b@b.example", Role.viewer)
    database().dispose()
    for left in file.parent.glob("state.sqlite-*"):
        left.unlink()
    (tmp_path / "backup").replace(file)
    assert people() == 1


def test_a_locked_file_is_told_after_a_short_wait(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "BUSY_SECONDS", 0.1)
    database().dispose()
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert people() == 0  # readers do not wait for a writer
    with pytest.raises(StateUnavailable, match="locked by another program"), writing() as session:
        add_person(session, "a@b.example", Role.viewer)
    other.execute("ROLLBACK")
    other.close()
    with writing() as session:
        add_person(session, "a@b.example", Role.viewer)


@pytest.mark.parametrize("content", [b"no database, but long enough" * 200, b"SQLite format 3\0" + b"\7" * 5000])
def test_a_damaged_file_is_told(file: Path, content: bytes) -> None:
    database().dispose()
    for left in file.parent.glob("state.sqlite-*"):
        left.unlink()
    file.write_bytes(content)
    with pytest.raises(StateUnavailable, match="damaged"):
        people()


def test_a_server_that_does_not_answer_is_told_without_its_password() -> None:
    engine = database("postgresql://somebody:hunter2@127.0.0.1:1/boardroom")
    with pytest.raises(StateUnavailable) as told, reading(engine) as session:
        session.execute(text("SELECT 1"))
    assert str(told.value) == "The state database did not answer. Try again in a moment."
