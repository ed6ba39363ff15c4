"""The audit is complete: what cannot be written waits, what cannot wait is counted."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

import lib.state.connection
from lib.access import audit
from lib.access.audit import note
from lib.access.journal import Journal
from lib.access.people import Person, now
from lib.settings import ROOT
from lib.state import database, reading, ready, writing
from lib.state.tables import AuditRow, SessionRow
from tests.databases import forget_settings


@pytest.fixture(autouse=True)
def own(monkeypatch: pytest.MonkeyPatch) -> Journal:
    """A journal that is written only when told to."""
    own = Journal(most_kept=1_000)
    own._thread = threading.current_thread()
    monkeypatch.setattr(audit, "JOURNAL", own)
    monkeypatch.setattr(audit, "AT_ONCE", frozenset({"export"}))
    return own


def kept() -> Sequence[AuditRow]:
    with reading() as session:
        return session.scalars(select(AuditRow).order_by(AuditRow.id)).all()


def test_a_note_is_written_with_all_that_it_says(own: Journal, add: Callable[..., Person]) -> None:
    maya = add()
    note("query", maya.id, page="cody_pro", look="cody_pro/growth", filters="date=7 days", bytes=3 * 10**12, rows=7)
    assert own.flush()
    [row] = kept()
    assert (row.event, row.person_id, row.page, row.look) == ("query", maya.id, "cody_pro", "cody_pro/growth")
    assert (row.filters, row.bytes, row.rows, row.detail) == ("date=7 days", 3 * 10**12, 7, None)
    assert now() - row.at < timedelta(seconds=30)


def test_notes_of_many_threads_are_all_written_in_order(own: Journal, state: str) -> None:
    def write(number: int) -> None:
        for count in range(50):
            note("query", None, look=f"{number}", rows=count)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert own.flush()
    rows = kept()
    assert len(rows) == 400
    for number in range(8):
        assert [row.rows for row in rows if row.look == str(number)] == list(range(50))


def test_an_export_is_written_before_it_goes_on(own: Journal, state: str) -> None:
    note("export", None, look="cody_pro/growth")
    assert [row.event for row in kept()] == ["export"]


def test_long_and_odd_texts_are_cut_and_cleaned(own: Journal, state: str) -> None:
    note("e" * 99, None, address="a" * 99, page="p" * 199, look="l" * 300, filters="f\0\ud800" * 2_000)
    assert own.flush()
    [row] = kept()
    assert [len(text or "") for text in (row.event, row.address, row.page, row.look)] == [32, 64, 100, 200]
    assert row.filters is not None
    assert len(row.filters) == 2_000
    assert row.filters.startswith("f\ufffd?f")
    assert row.filters.endswith("…")


def test_somebody_unknown_does_not_stop_the_others(own: Journal, add: Callable[..., Person]) -> None:
    maya = add()
    note("query", maya.id, look="first")
    note("query", 4_711, subject_id=4_712, look="second")
    note("query", maya.id, look="third")
    assert own.flush()
    assert [(row.look, row.person_id) for row in kept()] == [("first", maya.id), ("second", None), ("third", maya.id)]


def test_notes_wait_while_the_state_database_is_locked(
    own: Journal, own_settings: pytest.MonkeyPatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lib.state.connection, "BUSY_SECONDS", 0.1)
    ready()
    other = sqlite3.connect(database().url.database or "", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    note("export", None, look="kept")
    with capture_logs() as logs:
        assert not own.flush()
    assert [(entry["event"], entry["waiting"]) for entry in logs] == [("audit waits", 1)]
    other.close()
    assert own.flush()
    assert own.waiting() == 0
    assert [row.look for row in kept()] == ["kept"]
    database().dispose()


def test_more_than_can_wait_is_counted_and_told(state: str) -> None:
    full = Journal(most_kept=3)
    full._thread = threading.current_thread()
    for look in "abcde":
        full.add({"at": now(), "event": "query", "look": look})
    with capture_logs() as logs:
        assert full.flush()
    assert {"event": "audit records lost", "lost": 2, "log_level": "error"} in logs
    assert [(row.event, row.look, row.rows) for row in kept()] == [
        ("query", "a", None),
        ("query", "b", None),
        ("query", "c", None),
        ("records lost", None, 2),
    ]
    full.add({"at": now(), "event": "query", "look": "f"})
    assert full.flush()
    assert kept()[-1].look == "f"


def test_a_note_is_written_within_seconds_by_itself(state: str) -> None:
    written = threading.Event()
    own = Journal()  # with its thread
    whole = own._write_batch

    def write_batch() -> bool:
        some = whole()
        if some:
            written.set()
        return some

    own._write_batch = write_batch
    own.add({"at": now(), "event": "query"})
    assert written.wait(10)
    assert [row.event for row in kept()] == ["query"]


def test_a_process_that_ends_leaves_nothing_unwritten(own_settings: pytest.MonkeyPatch, tmp_path: Path) -> None:
    ready()
    program = "from lib.access.audit import note; note('query', None, look='last')"
    environment = {**os.environ, "BOARDROOM_VAR": str(tmp_path / "var")}
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, env=environment, check=True)
    assert [row.look for row in kept()] == ["last"]
    database().dispose()


def test_records_are_kept_400_days(own: Journal, state: str) -> None:
    with writing() as session:
        session.add(AuditRow(at=now() - timedelta(days=401), event="old"))
        session.add(AuditRow(at=now() - timedelta(days=399), event="younger"))
    note("new", None)
    assert own.flush()
    assert [row.event for row in kept()] == ["younger", "new"]


def test_when_a_session_was_seen_is_written_too(own: Journal, add: Callable[..., Person]) -> None:
    maya, moment = add(), now()
    with writing() as session:
        session.add(SessionRow(key="k" * 64, person_id=maya.id, created_at=moment, expires_at=moment))
    own.seen("k" * 64, moment)
    own.seen("unknown", moment)
    assert own.flush()
    with reading() as session:
        row = session.get(SessionRow, "k" * 64)
        assert row is not None
        assert row.last_seen_at == moment.replace(second=0, microsecond=0)
    own.seen("k" * 64, moment)
    assert not own._seen  # a page's other tiles cost nothing


def test_a_note_never_raises(own: Journal, own_settings: pytest.MonkeyPatch, monkeypatch: pytest.MonkeyPatch) -> None:
    own_settings.setenv("BOARDROOM_STATE_URL", "postgresql://a:hunter2@127.0.0.1:1/b")
    forget_settings()
    with capture_logs() as logs:
        note("export", None)
        monkeypatch.setattr(own, "add", lambda row: 1 / 0)
        note("query", None)
    assert "hunter2" not in str(logs)
    assert [entry["event"] for entry in logs] == ["audit waits", "fault"]
