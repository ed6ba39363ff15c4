"""Brings the state database to the tables of this version, one process at a time."""

from __future__ import annotations

import fcntl
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, exc, text

from lib.state.connection import StateNewer, StateUnavailable, database, sqlite_file, translate

LOCK_SECONDS = 20
POSTGRES_LOCK = 0x626F617264  # any number that all our processes share

_done: set[Engine] = set()
_guard = threading.Lock()


def ready() -> None:
    """Make sure, once a process, that the state database fits this version; raises StateError, also the next time."""
    engine = database()
    with _guard:
        if engine not in _done:
            upgrade(engine)
            _done.add(engine)


def upgrade(engine: Engine) -> None:
    """Create the database or bring it up to date; several processes may call this at once.

    Raises StateNewer when it was written by a later version (nothing is changed then) and StateUnavailable when it
    is locked, damaged or does not answer.
    """
    try:
        with _lock(engine), engine.execution_options(writes=True).begin() as connection:
            configuration = Config()
            configuration.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
            configuration.attributes["connection"] = connection
            known = {revision.revision for revision in ScriptDirectory.from_config(configuration).walk_revisions()}
            if not set(MigrationContext.configure(connection).get_current_heads()) <= known:
                raise StateNewer(
                    "The state database was written by a newer Boardroom. Start that version, or restore a backup."
                )
            command.upgrade(configuration, "head")
    except (exc.DBAPIError, exc.TimeoutError, OSError, CommandError) as error:
        raise translate(engine, error) from error


@contextmanager
def _lock(engine: Engine) -> Iterator[None]:
    file = sqlite_file(engine)
    if file is None:
        with engine.connect() as connection, _postgres_lock(connection):
            yield
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.with_name(file.name + ".lock").open("w") as handle:
        _wait_for(lambda: fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB))
        if not file.exists():
            os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))
        yield


@contextmanager
def _postgres_lock(connection: Connection) -> Iterator[None]:
    number = {"number": POSTGRES_LOCK}

    def take() -> None:
        if not connection.scalar(text("SELECT pg_try_advisory_lock(:number)"), number):
            raise BlockingIOError

    _wait_for(take)
    try:
        yield
    finally:
        connection.execute(text("SELECT pg_advisory_unlock(:number)"), number)


def _wait_for(take: Callable[[], None]) -> None:
    deadline = time.monotonic() + LOCK_SECONDS
    while True:
        try:
            return take()
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise StateUnavailable(
                    "The state database is being brought up to date. Try again in a minute."
                ) from None
            time.sleep(0.05)
