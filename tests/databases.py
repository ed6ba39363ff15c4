"""State databases for tests: SQLite in a folder, and PostgreSQL started once a worker from the installed programs."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import threading
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from lib.access import audit, keys
from lib.access.journal import JOURNAL
from lib.settings import settings
from lib.state import database, ready

# Newest first, wherever Debian or a path of one's own has them.
INITDB = next(
    iter(
        sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: -int(path.parts[-3]))
        or [Path(found) for found in [shutil.which("initdb")] if found]
    ),
    None,
)


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """URL of a running PostgreSQL without its database's name; `{}` stands in its place."""
    if INITDB is None:
        pytest.skip("PostgreSQL is not installed (apt-get install postgresql)")
    folder = Path(tempfile.mkdtemp(prefix="boardroom-postgres-"))
    # PostgreSQL refuses to run as root.
    as_user = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
    user = "postgres" if as_user else pwd.getpwuid(os.getuid()).pw_name
    if as_user:
        shutil.chown(folder, "postgres")
    data = folder / "data"
    run = {"check": True, "stdout": subprocess.DEVNULL, "cwd": folder}
    subprocess.run([*as_user, INITDB, "-D", data, "-U", user, "-A", "trust", "-E", "UTF8", "--no-sync"], **run)
    options = f"-c listen_addresses='' -c unix_socket_directories='{folder}' -c fsync=off -c max_connections=50"
    control = [*as_user, INITDB.parent / "pg_ctl", "-D", data, "-l", folder / "log"]
    subprocess.run([*control, "-o", options, "-w", "start"], **run)
    try:
        yield f"postgresql+psycopg://{user}@/{{}}?host={folder}"
    finally:
        subprocess.run([*control, "-m", "immediate", "-w", "stop"], **run)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session", autouse=True)
def still_journal() -> Iterator[None]:
    """Write the audit only when a test asks for it (`JOURNAL.flush()`), never into the database of this checkout."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(JOURNAL, "_thread", threading.current_thread())
        patch.setattr(audit, "AT_ONCE", frozenset())
        yield


@pytest.fixture(params=["sqlite", "postgresql"])
def state_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """URL of an empty state database, of each kind in turn."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'state.sqlite'}"
    server = request.getfixturevalue("postgres")
    name = f"state_{uuid.uuid4().hex}"
    admin = create_engine(server.format("postgres"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    admin.dispose()
    return server.format(name)


@pytest.fixture
def own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """Settings of a fresh installation in a folder of its own; set more by the environment, then `forget_settings`."""
    for name in [name for name in os.environ if name.startswith("BOARDROOM_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("BOARDROOM_VAR", str(tmp_path / "var"))
    forget_settings()
    yield monkeypatch
    forget_settings()


@pytest.fixture
def state(state_url: str, own_settings: pytest.MonkeyPatch) -> Iterator[str]:
    """An installation whose state database is up to date, on each kind of database; its URL."""
    own_settings.setenv("BOARDROOM_STATE_URL", state_url)
    forget_settings()
    ready()
    yield state_url
    JOURNAL.flush()
    database().dispose()


def forget_settings() -> None:
    """Let the next reader see the environment as it is now; what waits to be written belongs to the one before."""
    with JOURNAL._write_lock:
        JOURNAL._rows.clear()
        JOURNAL._seen.clear()
        JOURNAL._minutes.clear()
    settings.cache_clear()
    database.cache_clear()
    keys._made_secret.cache_clear()
