"""The command line `python -m lib.warehouse`."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from lib import settings as settings_module
from lib.settings import ROOT, Settings
from lib.warehouse import __main__ as command
from tests.warehouse.conftest import make_warehouse


@pytest.fixture
def var(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    make_warehouse(tmp_path / "warehouse", "one")
    monkeypatch.setattr(command, "settings", lambda: Settings(var=tmp_path))
    return tmp_path


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, dict]:
    status = command.main(["run", *arguments])
    return status, json.loads(capsys.readouterr().out)


def test_rows_come_as_one_json_object(var: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, answer = run(capsys, "--sql", "SELECT day, users FROM analytics.days WHERE site_id = 'a' ORDER BY day")
    assert status == 0
    assert answer["columns"] == [{"name": "day", "type": "DATE"}, {"name": "users", "type": "INT64"}]
    assert answer["rows"] == [["2024-05-13", 3], ["2024-05-14", 5]]
    assert answer["data_through"] == "2024-05-15T00:00:00Z"


def test_a_file_and_standard_input_are_read(
    var: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = var / "query.sql"
    file.write_text("SELECT 1 AS x", encoding="utf-8")
    assert run(capsys, str(file))[1]["rows"] == [[1]]
    monkeypatch.setattr(sys, "stdin", io.StringIO("SELECT 2 AS x"))
    assert run(capsys)[1]["rows"] == [[2]]


@pytest.mark.parametrize(("form", "text"), [("csv", "n,t\n1,\n"), ("table", "n  t\n-  -\n1\n")])
def test_other_forms(var: Path, capsys: pytest.CaptureFixture[str], form: str, text: str) -> None:
    assert command.main(["run", "--sql", "SELECT 1 AS n, CAST(NULL AS STRING) AS t", "--format", form]) == 0
    assert capsys.readouterr().out == text


@pytest.mark.parametrize(
    ("sql", "code"),
    [
        ("SELECT 1 AS x FROM read_csv('/etc/passwd')", "refused"),
        ("DELETE FROM analytics.days WHERE TRUE", "refused"),
        ("SELECT FORMAT('%d', 1) AS x", "refused"),
        ("SELEC 1", "invalid"),
        ("SELECT nope FROM analytics.days", "invalid"),
        ("SELECT 1 / 0 AS x FROM analytics.days", "invalid"),
    ],
)
def test_a_mistake_is_an_error_object_and_status_2(
    var: Path, capsys: pytest.CaptureFixture[str], sql: str, code: str
) -> None:
    status, answer = run(capsys, "--sql", sql)
    assert (status, answer["error"]["code"]) == (2, code)
    assert answer["error"]["message"]
    if code == "refused":
        assert answer["error"]["construct"]


def test_a_missing_file_is_an_error_object(var: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, answer = run(capsys, str(var / "none.sql"))
    assert (status, answer["error"]["code"]) == (2, "bad_request")


def test_without_a_warehouse_tables_are_unavailable_and_the_rest_answers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "settings", lambda: Settings(var=tmp_path))
    assert run(capsys, "--sql", "SELECT 1 + 1 AS x")[1]["rows"] == [[2]]
    status, answer = run(capsys, "--sql", "SELECT 1 AS x FROM analytics.days")
    assert (status, answer["error"]["code"]) == (2, "unavailable")
    assert "make warehouse" in answer["error"]["message"]


def test_a_batch_answers_each_line_in_order(var: Path) -> None:
    lines = [
        {"sql": "SELECT 1 AS x"},
        {"sql": "SELECT FORMAT('%d', 1) AS x"},
        {"sql": "SELECT @n + 1 AS x", "parameters": [["n", "INT64", 41]]},
        {"sql": "SELECT COUNT(*) AS x FROM UNNEST(@l) AS e", "parameters": [["l", "ARRAY<STRING>", []]]},
        {"sql": "SELECT 1 AS x", "columns": [["x", "NUMERIC"]]},
        {"sql": "SELEC"},
        {"query": "SELECT 1"},
        [],
        {"sql": "SELECT 1 AS x", "parameters": [["n"]]},
        {"sql": "SELECT 'Zürich' AS x"},
    ]
    asked = io.StringIO("\n".join([*map(json.dumps, lines), "not json", ""]))
    out = io.StringIO()
    warehouse = command.open_warehouse(Settings(var=var))
    assert command.run_batch(warehouse, asked, out) == 0
    answers = [json.loads(line) for line in out.getvalue().splitlines()]
    found = [a["rows"] if "rows" in a else a["error"]["code"] for a in answers]
    assert found == [
        [[1]],
        "refused",
        [[42]],
        [[0]],
        [["1"]],
        "invalid",
        "bad_request",
        "bad_request",
        "bad_request",
        [["Zürich"]],
        "bad_request",
    ]


def test_the_program_itself_answers(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "lib.warehouse", "run", "--batch"],
        input='{"sql": "SELECT DATE \'2024-05-13\' AS d"}\n{"sql": "nonsense"}\n',
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env={**os.environ, "BOARDROOM_VAR": str(tmp_path)},
    )
    first, second = map(json.loads, done.stdout.splitlines())
    assert first["rows"] == [["2024-05-13"]]
    assert second["error"]["code"] == "invalid"


def test_a_wrong_setting_is_an_error_object(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BOARDROOM_WAREHOUSE", "oracle")
    monkeypatch.setattr(command, "settings", settings_module.Settings)
    status, answer = run(capsys, "--sql", "SELECT 1 AS x")
    assert (status, answer["error"]["code"]) == (2, "bad_settings")
    assert "BOARDROOM_WAREHOUSE" in answer["error"]["message"]
