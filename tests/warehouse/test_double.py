"""The double as a program, scripted from outside, with answers of a real warehouse behind it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest

from lib.settings import ROOT
from lib.warehouse import Parameter, Query, QueryInvalid, QueryRefused
from lib.warehouse.bigquery import BigQueryWarehouse
from tests.warehouse.conftest import make_warehouse


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    make_warehouse(tmp_path, "one")
    command = [sys.executable, "-m", "tests.warehouse.double", "--port", "0", "--warehouse", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as program:
        assert program.stdout is not None
        yield program.stdout.readline().strip()
        program.terminate()


def tell(address: str, what: str, body: dict[str, Any] | None = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    with urlopen(Request(f"{address}/double/{what}", data=data), timeout=20) as answer:
        return json.load(answer)


def test_whole_queries_are_answered_scripted_and_recorded(address: str) -> None:
    warehouse = BigQueryWarehouse("acme", "US", endpoint=address)
    sql = "SELECT day, SUM(users) AS users FROM analytics.days WHERE day >= @a AND site_id IN UNNEST(@s) GROUP BY day"
    query = Query(sql, (Parameter("a", "DATE", date(2024, 5, 14)), Parameter("s", "ARRAY<STRING>", ["a"])))
    result = warehouse.run(query)
    assert result.table.to_pylist() == [{"day": date(2024, 5, 14), "users": 5}]
    assert result.data_through is not None
    with pytest.raises(QueryInvalid):
        warehouse.run(Query("SELECT nope FROM analytics.days"))

    tell(address, "script", {"fault": {"kind": "accessDenied"}})
    with pytest.raises(QueryRefused):
        warehouse.run(query)
    tell(address, "script", {"answer": {"match": "SUM(users)", "rows": [[5]]}})
    assert warehouse.run(query).table.to_pylist() == [{"x": 5}]
    recorded = tell(address, "requests")["requests"]
    assert sql in [r["body"].get("configuration", {}).get("query", {}).get("query") for r in recorded]
    tell(address, "reset", {})
    assert tell(address, "requests")["requests"] == []
    assert warehouse.run(query).table.num_rows == 1
