"""Both engines, each with a small warehouse of the tests' own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest

from lib.warehouse import Query, Warehouse
from lib.warehouse.bigquery import BigQueryWarehouse
from lib.warehouse.duckdb import DuckDBWarehouse
from lib.warehouse.folder import warehouse_file
from tests.warehouse.double import Answer, Double, Fault

TABLES = """
CREATE SCHEMA analytics;
CREATE TABLE analytics.days (day DATE, site_id VARCHAR, users BIGINT);
INSERT INTO analytics.days VALUES ('2024-05-13', 'a', 3), ('2024-05-13', 'b', NULL), ('2024-05-14', 'a', 5);
CREATE TABLE analytics.freshness (
    source VARCHAR, grows BOOLEAN, loaded_at TIMESTAMPTZ, data_since TIMESTAMPTZ, data_through TIMESTAMPTZ,
    edited_at TIMESTAMPTZ, edited_by VARCHAR
);
INSERT INTO analytics.freshness VALUES
    ('analytics.days', true, '2024-05-15 03:00:00+00', '2023-05-15 00:00:00+00', '2024-05-15 00:00:00+00', NULL, NULL),
    ('analytics.names', false, '2024-05-10 03:00:00+00', NULL, NULL, '2024-05-09 00:00:00+00', 'Eve');
CREATE TABLE analytics.names (site_id VARCHAR, name VARCHAR);
INSERT INTO analytics.names VALUES ('a', 'Databricks');
CREATE SCHEMA sqlmesh__analytics;
CREATE TABLE sqlmesh__analytics.hidden AS SELECT 1 AS x;
"""
SLOW = """
SELECT COUNT(*) AS x
FROM UNNEST(GENERATE_ARRAY(1, 100000)) AS a, UNNEST(GENERATE_ARRAY(1, 100000)) AS b
WHERE MOD(a * b, 7) = 3
"""


def make_warehouse(folder: Path, stamp: str, statements: str = TABLES, current: bool = True) -> Path:
    """Write the database of a stamp and make it current; its file."""
    path = warehouse_file(folder, stamp)
    path.parent.mkdir(parents=True)
    connection = duckdb.connect(str(path))
    connection.execute(statements)
    connection.close()
    if current:
        point_to(folder, stamp)
    return path


def point_to(folder: Path, stamp: str) -> None:
    """Switch `current`, as a refresh does: by a rename."""
    fresh = folder / "current.new"
    fresh.write_text(stamp, encoding="utf-8")
    fresh.replace(folder / "current")


@dataclass
class Engine:
    """One engine under the contract: on BigQuery what a query answers is scripted, on DuckDB it is computed."""

    warehouse: Warehouse
    folder: Path
    double: Double | None = None

    def answers_with(self, columns: list[tuple[str, str]], rows: list[Any], sql: str, **more: Any) -> None:
        """Script the double's answer to this query."""
        if self.double:
            self.double.answer(Answer(match=sql, columns=columns, rows=rows, **more))

    def slow_query(self, deadline_s: float = 30.0) -> Query:
        """A query that takes very much longer than its deadline."""
        if self.double:
            self.double.answer(Answer(match=SLOW, slow=True))
        return Query(SLOW, deadline_s=deadline_s)

    def vanish(self) -> None:
        """Take the warehouse away."""
        if self.double:
            self.double.fault(Fault("internalError", times=10_000))
        else:
            warehouse_file(self.folder, "one").unlink()


@pytest.fixture
def duckdb_engine(tmp_path: Path) -> Iterator[Engine]:
    make_warehouse(tmp_path, "one")
    warehouse = DuckDBWarehouse(tmp_path)
    yield Engine(warehouse, tmp_path)
    warehouse.close()


@pytest.fixture
def bigquery_engine(tmp_path: Path) -> Iterator[Engine]:
    with Double() as double:
        warehouse = BigQueryWarehouse("acme", "US", endpoint=double.url)
        yield Engine(warehouse, tmp_path, double)
        warehouse.close()


@pytest.fixture(params=["duckdb", "bigquery"])
def engine(request: pytest.FixtureRequest) -> Engine:
    return request.getfixturevalue(f"{request.param}_engine")
