"""A build works beside what is read, switches at its end, and says in a sentence what keeps it from that.

Builds run in processes of their own: SQLMesh changes the SQL parser of whatever process imports it.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from lib.settings import ROOT
from lib.warehouse import dialect
from lib.warehouse.folder import current_stamp, read_origin, warehouse_file
from tests.sql.exports import DAYS, write_events, write_pings

PINGS = "sourcegraph_analytics.update_checks"
# What a build does while one of its parts is replaced: prints the sentence, then what is left in the folder.
WITH_FAULT = """
import errno, sys
from collections import namedtuple
from pathlib import Path
import duckdb
from sql import build, load, project
from sql.progress import Progress
folder, export, fault = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]

def fail(error):
    def failing(*given, **named):
        raise error
    return failing

if fault == "little room":
    build.shutil.disk_usage = lambda path: namedtuple("usage", "free")(build.MINIMUM_FREE_BYTES - 1)
elif fault == "disk full":
    load.load_export = fail(OSError(errno.ENOSPC, "No space left on device"))
elif fault == "disk full for DuckDB":
    load.load_export = fail(duckdb.IOException("IO Error: Could not write file: No space left on device"))
elif fault == "models":
    project.build = fail(project.ModelsFailed("A model failed."))
elif fault == "switch":
    build._switch = fail(OSError(errno.EIO, "Input/output error"))
with Progress(folder / "progress.json") as progress:
    build.build(folder, export, progress)
"""


def environment(var: Path) -> dict[str, str]:
    return {**os.environ, "BOARDROOM_VAR": str(var), "BOARDROOM_WAREHOUSE": "duckdb"}


def start(var: Path, *options: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "sql.build", *options],
        cwd=ROOT,
        env=environment(var),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def run(var: Path, *options: str) -> tuple[int, str, str]:
    process = start(var, *options)
    said, complained = process.communicate()
    return process.returncode, said, complained


def build_with(fault: str, folder: Path, export: Path) -> str:
    """The last line of what a build with that fault says."""
    folder.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(
        [sys.executable, "-c", WITH_FAULT, str(folder), str(export), fault],
        cwd=ROOT,
        env=environment(folder.parent),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    return done.stderr.strip().splitlines()[-1]


def users(folder: Path) -> dict[str, int]:
    stamp = current_stamp(folder)
    assert stamp is not None
    with duckdb.connect(str(warehouse_file(folder, stamp)), read_only=True) as connection:
        rows = connection.execute("SELECT CAST(day AS VARCHAR), daily_users FROM analytics.ping_days").fetchall()
    return dict(rows)


def stamps(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.is_dir())


@pytest.fixture(scope="module")
def export(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny export; never changed."""
    folder = tmp_path_factory.mktemp("export")
    write_pings(folder / f"{PINGS}.parquet", malformed=2)
    write_events(folder / "dotcom_events.events.parquet")
    return folder


@pytest.fixture(scope="module")
def built(export: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The var folder of a warehouse made of the tiny export, and what its build said; never changed."""
    var = tmp_path_factory.mktemp("var")
    status, said, complained = run(var, "--from", str(export))
    assert (status, complained) == (0, "")
    return var, said


@pytest.fixture
def copied(built: tuple[Path, str], export: Path, tmp_path: Path) -> tuple[Path, Path]:
    """A warehouse folder and its export to change."""
    shutil.copytree(built[0] / "warehouse", tmp_path / "var" / "warehouse")
    shutil.copytree(export, tmp_path / "export")
    return tmp_path / "var" / "warehouse", tmp_path / "export"


def test_an_export_becomes_a_warehouse(built: tuple[Path, str], export: Path):
    folder = built[0] / "warehouse"
    stamp = current_stamp(folder)
    assert stamp is not None
    assert stamps(folder) == [stamp]
    assert not (folder / "progress.json").exists()
    assert list(users(folder).values()) == [5] * DAYS
    origin = read_origin(folder, stamp)
    assert (origin.origin, str(origin.last_day), origin.dialect) == ("export", "2025-09-12", dialect.VERSION)
    assert origin.missing["salesforce_data.accounts"] == (
        "salesforce_data.accounts: there is no salesforce_data.accounts.parquet in the folder."
    )
    stated = json.loads((folder / stamp / "origin.json").read_text())
    assert stated["folder"] == str(export)
    assert stated["malformed"] == {f"{PINGS}.growth_statistics": 2}
    assert stated["rows"][PINGS] == DAYS


def test_a_build_says_what_was_not_delivered_and_what_is_malformed(built: tuple[Path, str]):
    said = built[1].splitlines()
    assert "salesforce_data.accounts: there is no salesforce_data.accounts.parquet in the folder." in said
    assert f"{PINGS}: column license_key (STRING) is missing." in said
    assert f"{PINGS}.growth_statistics: 2 texts are no JSON and count as missing." in said


def test_nothing_is_built_from_a_folder_without_raw_tables(tmp_path: Path):
    (tmp_path / "empty").mkdir()
    for place, sentence in (
        (tmp_path / "nowhere", f"There is no folder {tmp_path / 'nowhere'}: "),
        (tmp_path / "empty", f"{tmp_path / 'empty'} holds none of the raw tables"),
    ):
        status, _, complained = run(tmp_path / "var", "--from", str(place))
        assert status == 1
        assert complained.startswith(sentence)
        assert len(complained.splitlines()) == 1
        assert stamps(tmp_path / "var" / "warehouse") == []
    error = json.loads((tmp_path / "var" / "warehouse" / "progress.json").read_text())["error"]
    assert error == complained.strip()


def test_nothing_is_built_from_tables_without_rows(tmp_path: Path):
    write_pings(tmp_path / "export" / f"{PINGS}.parquet", days=1)
    with duckdb.connect() as connection:
        path = tmp_path / "export" / f"{PINGS}.parquet"
        connection.execute(f"CREATE TABLE pings AS SELECT * FROM '{path}' LIMIT 0")
        connection.execute(f"COPY pings TO '{path}'")
    status, _, complained = run(tmp_path / "var", "--from", str(tmp_path / "export"))
    assert (status, complained.strip()) == (
        1,
        f"The export has no pings and no events: {PINGS} is empty.",
    )


def test_an_interrupted_build_leaves_nothing_and_is_begun_anew(export: Path, tmp_path: Path):
    process = start(tmp_path, "--from", str(export))
    assert process.stdout is not None
    assert any("Building analytics." in line for line in process.stdout)
    process.send_signal(signal.SIGTERM)
    _, complained = process.communicate()
    assert process.returncode == 130, complained
    assert complained.strip() == "Stopped. What was there before is unchanged."
    folder = tmp_path / "warehouse"
    assert current_stamp(folder) is None
    assert stamps(folder) == []
    # What a builder leaves that was killed outright.
    (folder / ".building-killed").mkdir()
    assert run(tmp_path, "--from", str(export))[0] == 0
    assert stamps(folder) == [current_stamp(folder)]
    assert len(users(folder)) == DAYS


def test_a_second_builder_waits_and_finds_the_work_done(built: tuple[Path, str], tmp_path: Path):
    folder = tmp_path / "warehouse"
    folder.mkdir()
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        second = start(tmp_path, "--demo")
        assert second.stdout is not None
        assert second.stdout.readline() == "Another build is running; waiting for it.\n"
        assert second.poll() is None
        shutil.copytree(built[0] / "warehouse", folder, dirs_exist_ok=True)
        before = stamps(folder)
        # Copied over the lock's own file, the lock itself holds until here.
        fcntl.flock(lock, fcntl.LOCK_UN)
    said, complained = second.communicate()
    assert (second.returncode, said, complained) == (0, "", "")
    assert stamps(folder) == before


def test_a_refresh_computes_a_changed_and_a_late_new_day(copied: tuple[Path, Path], tmp_path: Path):
    folder, export = copied
    before = current_stamp(folder)
    write_pings(export / f"{PINGS}.parquet", users={2: 8}, days=DAYS + 1, malformed=2)
    status, said, complained = run(folder.parent, "--from", str(export))
    assert (status, complained) == (0, "")
    assert "Copying the warehouse that is there" in said
    # The one that changed, and the new one: it too lies before the days that a refresh computes by itself.
    assert "Computing 2 changed days again" in said
    after = current_stamp(folder)
    assert stamps(folder) == sorted([str(before), str(after)])
    assert users(folder) == {f"2025-09-{n + 1:02}": 8 if n == 2 else 5 for n in range(DAYS + 1)}


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        ("little room", "The disk is too full: building the warehouse needs 3 GB free in {}."),
        ("disk full", "The disk is full: make room in {} and start again."),
        ("disk full for DuckDB", "The disk is full: make room in {} and start again."),
    ],
)
def test_a_full_disk_is_one_sentence(fault: str, sentence: str, export: Path, tmp_path: Path):
    folder = tmp_path / "warehouse"
    assert build_with(fault, folder, export) == "sql.progress.BuildError: " + sentence.format(folder)
    assert json.loads((folder / "progress.json").read_text())["error"] == sentence.format(folder)
    assert stamps(folder) == []


@pytest.mark.parametrize("fault", ["models", "switch"])
def test_current_names_a_warehouse_that_is_there_whatever_fails(fault: str, copied: tuple[Path, Path]):
    folder, export = copied
    before = current_stamp(folder)
    assert build_with(fault, folder, export).endswith("A model failed." if fault == "models" else "Input/output error")
    assert current_stamp(folder) == before
    assert len(users(folder)) == DAYS
    error = json.loads((folder / "progress.json").read_text())["error"]
    assert error == "The build stopped; the terminal says why."
