"""The dialect step inside SQLMesh's process: models get the same mends and refusals."""

from __future__ import annotations

from datetime import date

import duckdb
import pytest
import sqlglot
from sqlglot.dialects.duckdb import DuckDB
from sqlmesh import Context
from sqlmesh.core.config import Config, DuckDBConnectionConfig, GatewayConfig, ModelDefaultsConfig
from sqlmesh.utils.errors import PlanError

from lib.warehouse.dialect import install_in_sqlglot
from lib.warehouse.query import QueryRefused

MODEL = """
MODEL (name analytics.{name}, kind FULL, columns ({columns}));
SELECT {items} FROM raw.pings {rest}
"""


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A SQLMesh project over a small raw table; returns how to add a model and how to build."""
    monkeypatch.setenv("SQLMESH_HOME", str(tmp_path / "home"))
    (tmp_path / "models").mkdir()
    file = tmp_path / "warehouse.duckdb"
    with duckdb.connect(str(file)) as connection:
        connection.execute("CREATE SCHEMA raw")
        connection.execute("CREATE TABLE raw.pings (site VARCHAR, day DATE, users VARCHAR)")
        connection.execute(
            "INSERT INTO raw.pings VALUES"
            " ('a', '2024-05-12', '3'), ('a', '2024-05-18', '12.5'), ('b', '2024-05-19', NULL)"
        )

    def add(name: str, columns: str, items: str, rest: str = "") -> None:
        text = MODEL.format(name=name, columns=columns, items=items, rest=rest)
        (tmp_path / "models" / f"{name}.sql").write_text(text)

    def build() -> None:
        install_in_sqlglot()
        connection = DuckDBConnectionConfig(database=str(file), connector_config={"TimeZone": "UTC"})
        config = Config(
            gateways={"duckdb": GatewayConfig(connection=connection)},
            model_defaults=ModelDefaultsConfig(dialect="bigquery", start=date(2024, 5, 1), optimize_query=False),
            cache_dir=str(tmp_path / "cache"),
            disable_anonymized_analytics=True,
        )
        context = Context(paths=[str(tmp_path)], config=config)
        try:
            context.plan(auto_apply=True, no_prompts=True, execution_time="2024-06-01")
        finally:
            context.close()

    def rows(name: str) -> list[tuple]:
        with duckdb.connect(str(file), read_only=True) as connection:
            return connection.execute(f"SELECT * FROM analytics.{name} ORDER BY ALL").fetchall()

    return add, build, rows


def test_a_model_is_mended(project):
    add, build, rows = project
    add(
        "weeks",
        "week DATE, users INT64, quiet INT64",
        "DATE_TRUNC(day, WEEK) AS week, SUM(SAFE_CAST(users AS INT64)) AS users, COUNTIF(users = 'none') AS quiet",
        "GROUP BY week",
    )
    build()
    assert rows("weeks") == [(date(2024, 5, 12), 3, 0), (date(2024, 5, 19), None, 0)]


def test_a_refusal_stops_the_model_and_names_the_construct(project):
    add, build, rows = project
    add("hashes", "hash INT64", "FARM_FINGERPRINT(site) AS hash")
    with pytest.raises(PlanError):
        build()
    with pytest.raises(duckdb.CatalogException):
        rows("hashes")
    query = sqlglot.parse_one("SELECT FARM_FINGERPRINT(site) AS hash FROM raw.pings", read="bigquery")
    with pytest.raises(QueryRefused, match="FARM_FINGERPRINT"):
        query.sql(dialect="duckdb")


def test_installing_twice_wraps_once():
    install_in_sqlglot()
    wrapped = DuckDB.Generator.generate
    install_in_sqlglot()
    assert DuckDB.Generator.generate is wrapped
