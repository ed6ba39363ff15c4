"""Logs are JSON lines without secrets; a fault's id leads from the page to its entry."""

from __future__ import annotations

import json
import logging
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from lib.log import configure, fault, log
from lib.settings import ROOT


class EngineError(Exception):
    """An error with the engine's words, as those of the warehouse have them."""

    detail = "Table not found: secret_project.table"


@pytest.fixture(autouse=True)
def configured() -> Iterator[None]:
    root = logging.getLogger()
    before = (root.handlers[:], root.level)
    configure()
    yield
    root.handlers[:], _ = before
    root.setLevel(before[1])
    structlog.reset_defaults()


def entries(capsys: pytest.CaptureFixture[str]) -> list[dict]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_a_fault_has_an_id_its_context_and_its_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    try:
        raise EngineError("It did not answer.")
    except EngineError as error:
        identity = fault(error, surface="tile", look="a/b")
    (entry,) = entries(capsys)
    assert len(identity) == 8
    assert int(identity, 16) >= 0
    assert {name: entry[name] for name in ("id", "error", "message", "surface", "look", "detail", "level")} == {
        "id": identity,
        "error": "EngineError",
        "message": "It did not answer.",
        "surface": "tile",
        "look": "a/b",
        "detail": EngineError.detail,
        "level": "error",
    }
    assert "test_log.py" in entry["exception"]


def test_two_faults_have_two_ids() -> None:
    assert fault(ValueError("x")) != fault(ValueError("x"))


@pytest.mark.parametrize("name", ["password", "new_password", "BOARDROOM_SECRET", "token", "Cookie", "session_key"])
def test_what_is_named_like_a_secret_is_hidden_at_any_depth(capsys: pytest.CaptureFixture[str], name: str) -> None:
    log.warning("seen", **{name: "hunter2"}, deep={"list": [{name: "hunter2"}]})
    printed = capsys.readouterr().err
    assert "hunter2" not in printed
    assert json.loads(printed)[name] == "[hidden]"


def test_passwords_in_addresses_are_hidden(capsys: pytest.CaptureFixture[str]) -> None:
    configure()  # the capture of this phase
    fault(ValueError("cannot reach postgresql://maya:hunter2@db.example/boardroom"))
    logging.getLogger("sqlalchemy").warning("no answer from %s", "postgresql://maya:hunter2@db.example")
    printed = capsys.readouterr().err
    assert "hunter2" not in printed
    assert "postgresql://maya:[hidden]@db.example" in printed


def test_local_variables_stay_out_of_the_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    def sign_in(typed: str) -> None:
        raise ValueError(len(typed))

    try:
        sign_in("hunter" + "2")
    except ValueError as error:
        fault(error)
    assert "hunter2" not in capsys.readouterr().err


def test_libraries_warn_in_the_same_form(capsys: pytest.CaptureFixture[str]) -> None:
    configure()  # the capture of this phase
    logging.getLogger("google.cloud").warning("slow: %d s", 5)
    logging.getLogger("google.cloud").info("not this")
    (entry,) = entries(capsys)
    assert (entry["event"], entry["level"]) == ("slow: 5 s", "warning")
    assert entry["timestamp"].endswith("Z")


def test_a_full_disk_of_the_log_stops_nothing() -> None:
    program = "from lib.log import configure, fault, log; configure(); log.info('a'); print(fault(ValueError('b')))"
    with Path("/dev/full").open("w") as full:
        ran = subprocess.run(
            [sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE, stderr=full, text=True, check=True
        )
    assert re.fullmatch(r"[0-9a-f]{8}\n", ran.stdout)
