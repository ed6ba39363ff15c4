"""Without a warehouse one build is started, once for all visitors, and ended with the server."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator

import pytest

from lib import first_build
from lib.first_build import start_build, stop_build, warehouse_missing
from lib.settings import settings
from tests.databases import forget_settings
from tests.server import put_warehouse

Builds = Callable[[str], list[subprocess.Popen[bytes]]]


@pytest.fixture
def builds(own_settings: pytest.MonkeyPatch, monkeypatch: pytest.MonkeyPatch) -> Iterator[Builds]:
    """Puts a small program in the builder's place; the list of its runs."""
    real, runs = subprocess.Popen, []
    monkeypatch.setattr(first_build, "_build", first_build._Build())

    def put(program: str) -> list[subprocess.Popen[bytes]]:
        def popen(command: list[str], **given: object) -> subprocess.Popen[bytes]:
            assert command[1:] == ["-m", "sql.build", "--demo"]
            runs.append(real([sys.executable, "-c", program]))
            return runs[-1]

        monkeypatch.setattr(first_build.subprocess, "Popen", popen)
        return runs

    yield put
    for run in runs:
        run.kill()
        run.wait()


def test_many_visitors_start_one_build(builds: Builds) -> None:
    runs = builds("import time; time.sleep(60)")
    together = threading.Barrier(8)

    def visit() -> None:
        together.wait()
        start_build()

    visitors = [threading.Thread(target=visit) for _ in range(8)]
    for visitor in visitors:
        visitor.start()
    for visitor in visitors:
        visitor.join()
    assert len(runs) == 1


def test_a_failed_build_is_not_begun_again_by_itself(builds: Builds) -> None:
    runs = builds("raise SystemExit(1)")
    start_build()
    runs[0].wait()
    start_build()
    start_build()
    assert len(runs) == 1
    assert first_build._build.failed


def test_a_build_ends_with_the_server(builds: Builds) -> None:
    runs = builds("import time; time.sleep(60)")
    start_build()
    stop_build()
    assert runs[0].poll() is not None
    stop_build()


def test_nothing_is_built_where_a_warehouse_was_made(builds: Builds) -> None:
    runs = builds("pass")
    put_warehouse(settings().var)
    (settings().warehouse_folder / "stamp" / "warehouse.duckdb").unlink()
    assert not warehouse_missing()
    start_build()
    assert runs == []


def test_nothing_is_built_beside_bigquery(builds: Builds, own_settings: pytest.MonkeyPatch) -> None:
    runs = builds("pass")
    assert warehouse_missing()
    own_settings.setenv("BOARDROOM_WAREHOUSE", "bigquery")
    forget_settings()
    assert not warehouse_missing()
    start_build()
    assert runs == []


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '"x"'])
def test_progress_that_cannot_be_read_is_none(own_settings: pytest.MonkeyPatch, text: str) -> None:
    settings().warehouse_folder.mkdir(parents=True)
    (settings().warehouse_folder / "progress.json").write_text(text)
    assert first_build._read_progress() == {}
