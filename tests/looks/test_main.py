"""`python -m lib.looks`: the rows of a look by the app's own path, and mistakes as one JSON object."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from lib.looks import __main__ as command
from lib.looks.catalogue import LOOKS_FOLDER, catalogue
from lib.settings import Settings
from tests.looks.tables import make_warehouse

EXAMPLE = yaml.safe_load((LOOKS_FOLDER / "company_metrics" / "monthly_users_by_instance_type.yaml").read_text("utf-8"))[
    0
]
LOOK = "company_metrics/monthly_users_by_instance_type"
FRESHNESS = [
    {"source": "sourcegraph_analytics.update_checks", "grows": True, "loaded_at": "2025-03-10T00:00:00+00:00"},
    {"source": "salesforce_data.accounts", "grows": False, "loaded_at": "2025-03-01T00:00:00+00:00"},
]


@pytest.fixture
def run(tmp_path: Path, monkeypatch, capsys):
    """Runs the command on the tables of a worked example; gives status and what was printed."""
    rows = [{**row, "loaded_at": _moment(row), "data_through": _moment(row)} for row in FRESHNESS]
    tables = {**EXAMPLE["tables"], "analytics.freshness": rows}
    make_warehouse(tmp_path / "warehouse", tables).close()
    monkeypatch.setattr(command, "settings", lambda: Settings(var=tmp_path))

    def call(*arguments: str) -> tuple[int, str]:
        status = command.main(arguments)
        return status, capsys.readouterr().out

    return call


def _moment(row: dict) -> object:
    return yaml.safe_load(row["loaded_at"])


def test_run_prints_rows_types_sql_and_parameters(run):
    status, text = run("run", LOOK, "--filter", "date=2025-01 to 2025-03", "--now", "2025-03-10T00:00:00Z")
    answer = json.loads(text)
    assert status == 0
    assert answer["columns"] == [
        {"name": "month", "type": "DATE"},
        {"name": "instance_type", "type": "STRING"},
        {"name": "monthly_users", "type": "INT64"},
    ]
    assert answer["rows"] == [
        ["2025-01-01", "Managed", 0],
        ["2025-01-01", "Self-hosted", 45],
        ["2025-02-01", "Self-hosted", 41],
    ]
    assert answer["parameters"] == [
        {"name": "date_1", "type": "DATE", "value": "2025-01-01"},
        {"name": "date_2", "type": "DATE", "value": "2025-03-01"},
    ]
    assert "(month >= @date_1 AND month < @date_2)" in answer["sql"]
    assert answer["data_through"] == "2025-03-10T00:00:00Z"


def test_rows_come_as_csv_and_as_a_table(run):
    date = ("--filter", "date=2025-02")
    assert (
        run("run", LOOK, *date, "--format", "csv")[1]
        == "month,instance_type,monthly_users\n2025-02-01,Self-hosted,41\n"
    )
    lines = run("run", LOOK, *date, "--format", "table")[1].splitlines()
    assert [line.split() for line in lines] == [
        ["month", "instance_type", "monthly_users"],
        ["2025-02-01", "Self-hosted", "41"],
    ]


def test_the_sql_is_printed_instead_with_its_parameters(run):
    status, text = run("run", LOOK, "--filter", "account_name=Databricks", "--sql")
    assert status == 0
    assert text.startswith("SELECT") and '-- @account_name_1 ARRAY<STRING> = ["databricks"]' in text
    assert json.loads(run("run", LOOK, "--sql", "--format", "json")[1])["parameters"] == []


def test_list_and_show(run):
    status, text = run("list")
    assert status == 0 and {line.split("\t")[0] for line in text.splitlines()} == set(catalogue().looks)
    shown = json.loads(run("show", LOOK)[1])
    assert (shown["title"], shown["chart"]["kind"]) == ("Monthly users by instance type", "stacked_bar")


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("run", LOOK, "--filter", "date=7 dayz"), "expected", "7 days"),
        (("run", LOOK, "--filter", "region=EMEA"), "usage", "no filter region"),
        (("run", LOOK, "--filter", "date"), "usage", "name=value"),
        (("run", LOOK, "--filter", "date=today", "--filter", "date=2025"), "usage", "twice"),
        (("run", LOOK, "--option", "grain=day"), "option", "no option grain"),
        (("run", LOOK, "--now", "soon"), "usage", "2025-11-19T00:00:00Z"),
        (("run", LOOK, "--format", "xml"), "usage", "xml"),
        (("run", "company_metrics/nothing"), "look", "no such file"),
        (("show", "company_metrics/nothing"), "look", "no such file"),
        (("run", "company_metrics/weekly_users"), "invalid", ""),
        ((), "usage", "command"),
    ],
)
def test_a_mistake_is_one_json_object_and_status_2(run, arguments, code, words):
    status, text = run(*arguments)
    error = json.loads(text)["error"]
    assert (status, error["code"]) == (2, code), error
    assert words in error["message"]
    assert "SELECT" not in error["message"] and "Traceback" not in error["message"]


def test_a_warehouse_that_is_not_there_is_said(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(command, "settings", lambda: Settings(var=tmp_path))
    assert command.main(["run", LOOK]) == 2
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "unavailable"
