"""What may be written a moment later: a queue that a thread of its own empties into the state database."""

from __future__ import annotations

import atexit
import threading
from collections import deque
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, delete, insert, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lib.access.people import now
from lib.log import fault, log
from lib.state import StateError, writing
from lib.state.tables import AuditRow, SessionRow

MOST_KEPT = 20_000
BATCH = 500
EVERY_S = 1.0
RETRY_S = 5.0
AUDIT_KEPT = timedelta(days=400)
_SEEN = update(SessionRow).where(SessionRow.key == bindparam("session")).values(last_seen_at=bindparam("moment"))


class Journal:
    """Rows of the audit, and when sessions were last seen, kept until the state database has them.

    While it cannot be written up to `most_kept` rows wait; further ones are lost, counted, and told in the log.
    """

    def __init__(self, most_kept: int = MOST_KEPT) -> None:
        self._rows: deque[Mapping[str, Any]] = deque()
        self._seen: dict[str, datetime] = {}  # to be written
        self._minutes: dict[str, datetime] = {}  # known, so that a page's other tiles cost nothing
        self._most_kept = most_kept
        self._lost = 0
        self._cleaned_on = now().date() - timedelta(days=1)
        self._lock = threading.Lock()  # of what waits; never held while the database is asked
        self._write_lock = threading.Lock()
        self._there_is_some = threading.Event()
        self._thread: threading.Thread | None = None

    def add(self, row: Mapping[str, Any]) -> None:
        """Keep a row of the audit, to be written within about a second."""
        with self._lock:
            if len(self._rows) >= self._most_kept:
                self._lost += 1
                return
            self._rows.append(row)
        self._wake()

    def seen(self, session_key: str, moment: datetime) -> None:
        """Keep when a session was last seen, to the minute."""
        minute = moment.replace(second=0, microsecond=0)
        if self._minutes.get(session_key) == minute:
            return
        with self._lock:
            if len(self._minutes) >= self._most_kept:
                self._minutes.clear()
            self._minutes[session_key] = self._seen[session_key] = minute
        self._wake()

    def flush(self) -> bool:
        """Write all that waits; False, with the reason in the log, when the state database cannot take it now."""
        with self._write_lock:
            try:
                while self._write_batch():
                    pass
            except StateError as error:
                log.warning("audit waits", waiting=len(self._rows), lost=self._lost, reason=str(error))
                return False
            except Exception as error:
                fault(error, surface="audit", waiting=len(self._rows), lost=self._lost)
                return False
        return True

    def waiting(self) -> int:
        """How many rows of the audit are not written yet."""
        return len(self._rows)

    def _wake(self) -> None:
        if self._thread is None:
            with self._lock:
                if self._thread is None:
                    self._thread = threading.Thread(target=self._work, name="journal", daemon=True)
                    self._thread.start()
                    atexit.register(self.flush)
        self._there_is_some.set()

    def _work(self) -> None:
        pause = threading.Event()
        while True:
            self._there_is_some.wait()
            pause.wait(EVERY_S)
            self._there_is_some.clear()
            if not self.flush():
                pause.wait(RETRY_S)
                self._there_is_some.set()

    def _write_batch(self) -> bool:
        """Write the oldest rows, in one transaction; they are dropped only when it is through. False: none left."""
        with self._lock:
            rows = [self._rows[index] for index in range(min(BATCH, len(self._rows)))]
            seen, self._seen = self._seen, {}
            lost = self._lost
        if not rows and not seen and not lost:
            return False
        today = now().date()
        try:
            with writing() as session:
                if self._cleaned_on < today:
                    session.execute(delete(AuditRow).where(AuditRow.at < now() - AUDIT_KEPT))
                if rows:
                    _insert(session, rows)
                if lost:
                    session.add(AuditRow(at=now(), event="records lost", rows=lost))
                if seen:
                    values = [{"session": key, "moment": moment} for key, moment in seen.items()]
                    session.connection().execute(_SEEN, values)
        except BaseException:
            with self._lock:
                self._seen = {**seen, **self._seen}
            raise
        self._cleaned_on = today
        with self._lock:
            for _ in rows:
                self._rows.popleft()
            self._lost -= lost
        if lost:
            log.error("audit records lost", lost=lost)
        return True


def _insert(session: Session, rows: list[Mapping[str, Any]]) -> None:
    try:
        with session.begin_nested():
            session.execute(insert(AuditRow), rows)
    except IntegrityError:
        # A backup put in place does not know somebody who acted since: the record stays, without the person.
        for row in rows:
            try:
                with session.begin_nested():
                    session.execute(insert(AuditRow), [row])
            except IntegrityError:
                session.execute(insert(AuditRow), [{**row, "person_id": None, "subject_id": None}])


JOURNAL = Journal()
