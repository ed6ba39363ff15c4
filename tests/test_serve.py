"""What `make run` says about the machine, and how it ends."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from lib import serve
from lib.serve import NotServed, check_disk, check_port, demo_due
from lib.settings import ROOT, Settings
from tests.server import BARE, MADE, put_warehouse, serving


def test_a_taken_port_is_one_sentence() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(NotServed, match=rf"^Port {port} is taken\. .* BOARDROOM_PORT={port + 1}\.$"):
            check_port("127.0.0.1", port)
    check_port("127.0.0.1", port)


def test_a_host_of_another_machine_is_one_sentence() -> None:
    with pytest.raises(NotServed, match="no address of this machine"):
        check_port("no such host", 8501)


def test_a_full_disk_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    check_disk(Settings(var=tmp_path))
    monkeypatch.setattr(serve.shutil, "disk_usage", lambda _: type("Usage", (), {"free": 5 * 1024**2}))
    with pytest.raises(NotServed, match="is full: 5 MB are free, 200 MB are needed"):
        check_disk(Settings(var=tmp_path))


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(NotServed, match="cannot be written"):
        check_disk(Settings(var=tmp_path / "file" / "var"))


def test_the_demo_is_built_when_none_is_there_or_models_or_their_translation_changed(tmp_path: Path) -> None:
    given = Settings(var=tmp_path)
    assert demo_due(given)
    put_warehouse(tmp_path)
    assert not demo_due(given)
    made = tmp_path / "warehouse" / "stamp" / "origin.json"
    now = json.loads(made.read_text())
    for other in ({"dialect": "older"}, {"models": "others"}):
        made.write_text(json.dumps(now | other))
        assert demo_due(given)
    put_warehouse(tmp_path, "export")
    assert not demo_due(given)
    assert not demo_due(Settings(var=tmp_path / "empty", warehouse="bigquery"))


@pytest.mark.parametrize("how", [MADE, BARE], ids=["make-run", "streamlit-run"])
@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        (
            {"BOARDROOM_DEMO": "1", "BOARDROOM_WAREHOUSE": "bigquery"},
            "BOARDROOM_DEMO is on, but the warehouse is BigQuery.",
        ),
        (
            {"BOARDROOM_WAREHOUSE": "oracle"},
            "Wrong setting: BOARDROOM_WAREHOUSE: Input should be 'duckdb' or 'bigquery'.",
        ),
    ],
)
def test_wrong_settings_stop_the_start_with_one_sentence(
    tmp_path: Path, how: tuple[str, ...], environment: dict[str, str], sentence: str
) -> None:
    with pytest.raises(AssertionError) as stopped, serving(tmp_path, how, **environment):
        pass
    told = str(stopped.value)
    assert f"Boardroom did not start. {sentence}" in told
    assert "Traceback" not in told


def test_a_python_that_is_too_old_is_one_sentence() -> None:
    program = "import sys; sys.version_info = (3, 9, 2); import lib.serve"
    ran = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (1, "Boardroom needs Python 3.11 or later; this is 3.9.\n")


def test_ctrl_c_ends_the_server_quietly_and_a_second_start_answers_in_time(tmp_path: Path) -> None:
    put_warehouse(tmp_path)
    with serving(tmp_path, MADE) as server:
        server.process.send_signal(signal.SIGINT)
        assert server.process.wait(30) == 0
        said = server.output.read_text()
    assert "Traceback" not in said
    assert "Aborted" not in said
    assert server.base in said
    begun = time.monotonic()
    with serving(tmp_path, MADE):
        taken = time.monotonic() - begun
    assert taken < 10 * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


def test_the_builders_status_is_passed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    real, handler = subprocess.Popen, signal.getsignal(signal.SIGINT)
    for status in (0, 1, 130):
        program = [sys.executable, "-c", f"import sys; sys.exit({status})"]
        monkeypatch.setattr(serve.subprocess, "Popen", lambda *_, p=program, **__: real(p))
        assert serve.build_demo() == status
    assert signal.getsignal(signal.SIGINT) is handler
