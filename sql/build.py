"""Builds the warehouse file: raw tables from Parquet exports, models over them, then one switch (docs/operating.md).

    python -m sql.build                 refresh what is there; the demo when nothing is
    python -m sql.build --demo          the demo warehouse, only if it is missing or of another dialect
    python -m sql.build --from FOLDER   a warehouse of the company's own exports

Everything happens in a folder beside the one that is read; `current` is switched at the end. A build that was
interrupted leaves nothing that anybody reads.
"""

from __future__ import annotations

import argparse
import errno
import fcntl
import json
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import FrameType

import duckdb

from lib import demo
from lib.settings import settings
from lib.warehouse import dialect
from lib.warehouse.folder import models_digest
from sql import load, project
from sql.progress import BuildError, Progress

DATABASE = "warehouse.duckdb"
MINIMUM_FREE_BYTES = 3 * 1024**3
_LOOKBACK_DAYS = 2


def main(arguments: list[str] | None = None) -> int:
    """Command line; returns the exit status (0 built or nothing to do, 1 a sentence was printed, 130 stopped)."""
    parser = argparse.ArgumentParser(prog="python -m sql.build", description="Build or refresh the warehouse.")
    source = parser.add_mutually_exclusive_group()
    source.add_argument("--demo", action="store_true", help="build the demo warehouse if there is none")
    source.add_argument("--from", dest="export", type=Path, metavar="FOLDER", help="folder with Parquet exports")
    options = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, _stop)
    folder = settings().warehouse_folder
    try:
        with exclusive(folder):
            if options.demo and _is_current_demo(folder):
                return 0
            with Progress(folder / "progress.json") as progress:
                build(folder, options.export, progress)
        return 0
    except KeyboardInterrupt:
        print("Stopped. What was there before is unchanged.", file=sys.stderr)
        return 130
    except BuildError as error:
        print(error, file=sys.stderr)
        return 1


def build(folder: Path, export: Path | None, progress: Progress, demo_scale: float = 1.0, seed: int = 1) -> Path:
    """Build into a new stamp of `folder` and make it current; returns the stamp's folder.

    Without `export` the demo's exports are written first (at `demo_scale`, from `seed`), unless the warehouse that
    is there came from an export: then that export is read again. Raises `BuildError` with a sentence.
    """
    for left_over in folder.glob(".building-*"):
        shutil.rmtree(left_over, ignore_errors=True)
    if shutil.disk_usage(folder).free < MINIMUM_FREE_BYTES:
        raise BuildError(f"The disk is too full: building the warehouse needs 3 GB free in {folder}.")
    previous = _read_current(folder)
    origin = _read_origin(previous)
    if export is None and origin.get("origin") == "export":
        export = Path(str(origin["folder"]))
    same = origin.get("origin") == ("export" if export else "demo") and origin.get("dialect") == dialect.VERSION
    # An export is built again only where its rows changed; the demo is quicker made anew.
    reusable = previous if same and (export or origin.get("models") == models_digest()) else None
    stamp = f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}"
    work = Path(tempfile.mkdtemp(prefix=".building-", dir=folder))
    try:
        if reusable:
            progress.step("Copying the warehouse that is there", 0.0)
            shutil.copytree(reusable, work, dirs_exist_ok=True)
        described = _fill(work, export, progress, demo_scale, seed, refresh=reusable is not None)
        (work / "origin.json").write_text(json.dumps(described, indent=1))
        work.replace(folder / stamp)
        _switch(folder, stamp)
        progress.finish()
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise BuildError(f"The disk is full: make room in {folder} and start again.") from None
        raise
    except duckdb.Error as error:
        if "No space left" in str(error):
            raise BuildError(f"The disk is full: make room in {folder} and start again.") from None
        raise
    finally:
        shutil.rmtree(work, ignore_errors=True)
    _forget_old(folder, keep={stamp, previous.name if previous else stamp})
    return folder / stamp


def _fill(work: Path, export: Path | None, progress: Progress, scale: float, seed: int, refresh: bool) -> dict:
    if export is not None:
        return _fill_from(work, export, datetime.now(UTC), {"origin": "export", "folder": str(export.absolute())},
                          progress, refresh)  # fmt: skip
    with tempfile.TemporaryDirectory(prefix=".exports-", dir=work) as exports:
        demo.write_exports(
            Path(exports),
            seed=seed,
            scale=scale,
            on_progress=lambda step, share: progress.step(f"Writing demo data: {step}", 0.35 * share),
        )
        midnight_after = datetime.combine(demo.LAST_DAY + timedelta(days=1), datetime.min.time(), UTC)
        return _fill_from(work, Path(exports), midnight_after, {"origin": "demo"}, progress, refresh)


def _fill_from(
    work: Path, export: Path, loaded_at: datetime, described: dict, progress: Progress, refresh: bool
) -> dict:
    if not export.is_dir():
        raise BuildError(f"There is no folder {export}: FROM= takes a folder with Parquet exports.")
    tables = load.raw_tables()
    inspection = load.inspect_export(export, tables)
    for finding in inspection.findings:
        progress.note(finding.sentence)
    if not inspection.files:
        raise BuildError(f"{export} holds none of the raw tables; docs/operating.md lists them. Nothing was built.")
    database = work / DATABASE
    with _opened(database) as connection:
        before = _fingerprints(connection) if refresh else {}
        loaded = load.load_export(
            connection,
            tables,
            inspection,
            loaded_at,
            lambda table, share: progress.step(f"Loading {table}", 0.35 + 0.25 * share),
        )
        after = _fingerprints(connection) if refresh else {}
        days = _days_held(connection)
        if days is None:
            raise BuildError("The export has no pings and no events: sourcegraph_analytics.update_checks is empty.")
        first_day, last_day = days
    for column, count in loaded.malformed.items():
        progress.note(f"{column}: {count:,} texts are no JSON and count as missing.")
    project.build(
        database,
        # A ping may report users of the day before it.
        start=first_day - timedelta(days=1),
        execution_time=loaded_at + timedelta(hours=1),
        on_step=lambda model, done, total: progress.step(f"Building {model}", 0.6 + 0.4 * done / max(total, 1)),
    )
    _restate_changed_days(database, before, after, loaded_at, progress)
    left = [path.name for path in work.glob("*.wal")]
    if left:
        raise BuildError("The build did not close its files; start it again.")
    return {
        **described,
        "last_day": str(last_day),
        "loaded_at": loaded_at.isoformat(),
        "dialect": dialect.VERSION,
        "models": models_digest(),
        **_missing(inspection),
        "malformed": loaded.malformed,
        "rows": loaded.rows,
    }


def _restate_changed_days(
    database: Path,
    before: dict[date, object],
    after: dict[date, object],
    loaded_at: datetime,
    progress: Progress,
) -> None:
    """A day that holds other rows than before, further back than the look-back from today, is computed again.

    An export may lag by days: what is new in it can lie before the days that a refresh computes by itself.
    """
    if not before:
        return
    recent = loaded_at.date() - timedelta(days=_LOOKBACK_DAYS)
    changed = [day for day in before.keys() | after.keys() if before.get(day) != after.get(day) and day < recent]
    if changed:
        progress.step(f"Computing {len(changed)} changed days again", 0.97)
        for model in ("analytics.ping_days", "analytics.dotcom_user_days"):
            project.restate(
                database, model, min(changed) - timedelta(days=1), max(changed), loaded_at + timedelta(hours=1)
            )


def _missing(inspection: load.Inspection) -> dict[str, dict[str, str]]:
    """The sentences for the tiles that need what was not delivered: per table, and per `dataset.table.column`."""
    tables: dict[str, list[str]] = {}
    columns: dict[str, str] = {}
    for finding in inspection.findings:
        if finding.column is None:
            tables.setdefault(finding.table, []).append(finding.sentence)
        else:
            columns[f"{finding.table}.{finding.column}"] = finding.sentence
    return {
        "missing": {table: " ".join(sentences) for table, sentences in tables.items()},
        "missing_columns": columns,
    }


@contextmanager
def _opened(database: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(database), config={"threads": 2, "memory_limit": "1500MB"}) as connection:
        connection.execute("SET GLOBAL TimeZone = 'UTC'")
        connection.execute(f"SET temp_directory = '{database.parent}'")
        yield connection
        connection.execute("CHECKPOINT")


def _fingerprints(connection: duckdb.DuckDBPyConnection) -> dict[date, object]:
    """Per UTC day of arrival a checksum over pings and events; equal checksums mean equal rows in any order."""
    rows = connection.execute(
        """
        SELECT CAST(received_at AS DATE) AS day, SUM(n), BIT_XOR(h)
        FROM (
            SELECT received_at, 1 AS n, HASH(p) AS h FROM sourcegraph_analytics.update_checks AS p
            UNION ALL
            SELECT received_at, 1 AS n, HASH(e) AS h FROM dotcom_events.events AS e
        )
        WHERE received_at IS NOT NULL
        GROUP BY day
        """
    ).fetchall()
    return {day: (count, checksum) for day, count, checksum in rows}


def _days_held(connection: duckdb.DuckDBPyConnection) -> tuple[date, date] | None:
    """The UTC days on which the oldest and the newest ping or event arrived; None without any."""
    row = connection.execute(
        """
        SELECT CAST(MIN(received_at) AS DATE), CAST(MAX(received_at) AS DATE)
        FROM (
            SELECT received_at FROM sourcegraph_analytics.update_checks
            UNION ALL
            SELECT received_at FROM dotcom_events.events
        )
        """
    ).fetchone()
    return (row[0], row[1]) if row and row[0] else None


def _is_current_demo(folder: Path) -> bool:
    origin = _read_origin(_read_current(folder))
    made = (dialect.VERSION, models_digest())
    return bool(origin) and (origin["origin"] != "demo" or (origin.get("dialect"), origin.get("models")) == made)


def _read_current(folder: Path) -> Path | None:
    with suppress(FileNotFoundError):
        stamp = folder / (folder / "current").read_text().strip()
        return stamp if (stamp / DATABASE).exists() else None
    return None


def _read_origin(stamp: Path | None) -> dict:
    if stamp is None:
        return {}
    with suppress(FileNotFoundError, json.JSONDecodeError):
        return json.loads((stamp / "origin.json").read_text())
    return {}


def _switch(folder: Path, stamp: str) -> None:
    pointer = folder / f"current.{os.getpid()}"
    pointer.write_text(stamp)
    pointer.replace(folder / "current")


def _forget_old(folder: Path, keep: set[str]) -> None:
    for path in folder.iterdir():
        if path.is_dir() and path.name[:1].isdigit() and path.name not in keep:
            shutil.rmtree(path, ignore_errors=True)


@contextmanager
def exclusive(folder: Path) -> Iterator[None]:
    """Hold the build lock of `folder`; waits for another build with one line in the terminal."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("Another build is running; waiting for it.", flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _stop(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
