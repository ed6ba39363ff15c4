"""The same worked examples, and each model's declared columns, on Google's own engine."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

import pytest
import yaml
from sqlglot import exp
from sqlmesh.core.model import Model

from sql.schema import FILE
from tests.models.cases import Case, cases, project, table_name
from tests.oracle import Table, analyze, execute

Columns = Mapping[str, str]


@cache
def _schema() -> dict[str, dict[str, Any]]:
    return yaml.safe_load(FILE.read_text(encoding="utf-8"))


@cache
def _models() -> dict[str, Model]:
    return {table_name(name): model for name, model in project().models.items() if not model.kind.is_external}


def _googlesql(model: str, variables: Mapping[str, Any]) -> str:
    query = _models()[model].render_query_or_raise(
        **{key: variables[key] for key in ("start", "end", "execution_time") if key in variables}
    )
    for table in query.find_all(exp.Table):
        table.set("catalog", None)
    return query.sql(dialect="bigquery")


@pytest.mark.parametrize("name", sorted(_models()))
def test_a_model_yields_the_columns_that_it_declares(name: str) -> None:
    found = analyze(_googlesql(name, {"start": "2024-05-14", "end": "2024-05-15"}), _schema())
    assert found == list(_schema()[name]["columns"].items())


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.id)
def test_a_worked_example_holds_on_the_reference_engine(case: Case) -> None:
    tables = {name: _table(_schema()[name]["columns"], entry["rows"]) for name, entry in case.body["inputs"].items()}
    columns, rows = execute(_googlesql(case.body["model"], case.body.get("vars", {})), tables)
    names = [name for name, _ in columns]
    expected = case.body["outputs"]["query"]["rows"]
    listed = list(dict.fromkeys(name for row in expected for name in row))
    declared = _schema()[case.body["model"]]["columns"]
    wanted = [[_plain(row.get(name), declared[name]) for name in listed] for row in expected]
    got = [[_plain(row[names.index(name)], declared[name]) for name in listed] for row in rows]
    assert sorted(got, key=repr) == sorted(wanted, key=repr)


def _table(columns: Columns, rows: list[dict[str, Any]]) -> Table:
    return Table(columns, [[_input(row.get(name), kind) for name, kind in columns.items()] for row in rows])


def _input(value: Any, kind: str) -> Any:
    if value is None:
        return [] if kind.startswith("ARRAY<STRUCT") else None
    if kind == "JSON":
        return _json(value)
    if kind.startswith("ARRAY<STRUCT"):
        return [list(entry.values()) for entry in value]
    return value


def _json(text: str) -> str | None:
    # As the loader has it: malformed text is no JSON value.
    try:
        json.loads(text)
    except ValueError:
        return None
    return text


def _plain(value: Any, kind: str) -> Any:
    if value is None:
        return None
    if kind == "TIMESTAMP":
        return value.isoformat() if hasattr(value, "isoformat") else str(value)
    if kind == "FLOAT64":
        return round(float(value), 9)
    if kind.startswith("ARRAY<STRUCT"):
        return [
            [str(v) if hasattr(v, "isoformat") else v for v in (e.values() if isinstance(e, dict) else e)]
            for e in value
        ]
    return str(value) if hasattr(value, "isoformat") else value
