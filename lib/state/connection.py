"""Connections to the state database (SQLite or PostgreSQL), and its errors as sentences for people."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, exc, make_url, text
from sqlalchemy.orm import Session

from lib.settings import settings

BUSY_SECONDS = 3


class StateError(Exception):
    """The state database cannot be used; the message is one sentence for people, free of SQL text and paths."""


class StateUnavailable(StateError):
    """Missing, locked, broken or not reachable."""


class StateNewer(StateError):
    """Written by a later version of Boardroom than this one."""


class StateOlder(StateError):
    """Lacks tables or columns that this version needs."""


LOCKED = "The state database is locked by another program. Try again in a moment."
# What drivers say (SQLite its words, PostgreSQL its codes), and what that means; the first match counts.
SENTENCES: tuple[tuple[tuple[str, ...], type[StateError], str], ...] = (
    (
        ("no such table", "no such column", "has no column named", "42p01", "42703"),
        StateOlder,
        "The state database is older than this Boardroom. Start Boardroom again to bring it up to date.",
    ),
    (("is locked", "55p03"), StateUnavailable, LOCKED),
    (
        ("malformed", "not a database"),
        StateUnavailable,
        "The state database is damaged. Restore it from a backup.",
    ),
    (
        ("disk is full", "disk i/o error", "53100", "58030"),
        StateUnavailable,
        "The disk of the state database is full or broken. Make room and try again.",
    ),
    (
        ("readonly", "25006", "permission denied", "42501"),
        StateUnavailable,
        "The state database cannot be written. Check the rights that Boardroom has on it.",
    ),
)


@cache
def database(url: str | None = None) -> Engine:
    """The engine of a state database, by default the one of the settings; opens nothing yet.

    SQLite keeps a write-ahead log, waits three seconds for a lock and never creates a missing file by itself
    (`upgrade` does), so that a deleted database is told from an empty one.
    """
    target = make_url(url or settings().database_url)
    if target.drivername == "postgres":  # what many hosts write
        target = target.set(drivername="postgresql")
    if target.drivername == "postgresql":
        target = target.set(drivername="postgresql+psycopg")
    if target.get_backend_name() == "sqlite":
        return _sqlite(Path(target.database or ""))
    return create_engine(
        target,
        pool_pre_ping=True,
        pool_size=5,
        max_overflow=15,
        pool_timeout=BUSY_SECONDS,
        hide_parameters=True,
        connect_args={"connect_timeout": 5},
    )


def sqlite_file(engine: Engine) -> Path | None:
    """The file of a SQLite database, None for any other engine."""
    return Path(engine.url.database) if engine.dialect.name == "sqlite" and engine.url.database else None


def _sqlite(file: Path) -> Engine:
    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(
            f"{file.absolute().as_uri()}?mode=rw", uri=True, timeout=BUSY_SECONDS, check_same_thread=False
        )
        connection.isolation_level = None  # transactions are begun below, so that schema changes are in them too
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA journal_mode = WAL")
        return connection

    engine = create_engine(
        f"sqlite:///{file}",
        creator=connect,
        pool_size=5,
        max_overflow=15,
        pool_timeout=BUSY_SECONDS,
        hide_parameters=True,  # error texts go to the log, and parameters are people's
    )

    @event.listens_for(engine, "connect")
    def remember(_connection: Any, record: Any) -> None:
        record.info["file"] = file.stat().st_ino

    @event.listens_for(engine, "checkout")
    def compare(_connection: Any, record: Any, _proxy: Any) -> None:
        # An open connection would go on with a file that was deleted or replaced.
        if not file.exists() or file.stat().st_ino != record.info["file"]:
            raise exc.DisconnectionError

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # One that reads first and writes later fails at once, without waiting, when another one wrote between.
        writes = connection.get_execution_options().get("writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


@contextmanager
def reading(engine: Engine | None = None) -> Iterator[Session]:
    """A short transaction that only reads; raises StateError and what the caller's own code raises."""
    with _session(engine or database(), writes=False) as session:
        yield session


@contextmanager
def writing(engine: Engine | None = None) -> Iterator[Session]:
    """A short transaction that writes, committed at the end of the block; raises StateError."""
    with _session(engine or database(), writes=True) as session:
        yield session


@contextmanager
def asking(engine: Engine | None = None) -> Iterator[Connection]:
    """A connection for one statement that only reads, without a session's cost; raises as `reading` does."""
    engine = engine or database()
    with _translated(engine), engine.connect() as connection:
        yield connection


@contextmanager
def _session(engine: Engine, writes: bool) -> Iterator[Session]:
    options = engine.execution_options(writes=writes)
    with _translated(engine), Session(options, expire_on_commit=False) as session, session.begin():
        yield session


@contextmanager
def _translated(engine: Engine) -> Iterator[None]:
    try:
        yield
    except exc.IntegrityError:
        raise
    except (exc.DBAPIError, exc.TimeoutError, OSError) as error:
        raise translate(engine, error) from error


def serialise(session: Session, name: str) -> None:
    """Let one transaction at a time pass for a name; SQLite's writers wait for each other anyway."""
    if session.get_bind().dialect.name == "postgresql":
        number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)
        session.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": number})


def translate(engine: Engine, error: Exception) -> StateError:
    """The sentence for a driver's error; the driver's own words go to the log with it, never to a page."""
    file = sqlite_file(engine)
    if file is not None and not file.exists():
        return StateUnavailable("The state database is missing. Restore it from a backup, or start Boardroom again.")
    if isinstance(error, exc.TimeoutError):
        return StateUnavailable(LOCKED)
    cause = getattr(error, "orig", None) or error
    words = f"{getattr(cause, 'sqlstate', None) or ''} {cause}".lower()
    for signs, kind, sentence in SENTENCES:
        if any(sign in words for sign in signs):
            return kind(sentence)
    return StateUnavailable("The state database did not answer. Try again in a moment.")
