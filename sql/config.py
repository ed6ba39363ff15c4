"""Configuration of the SQLMesh project (docs/models.md): one DuckDB file, or BigQuery where a project is named."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
# SQLMesh's own command puts this folder on the path, not the one above it.
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from sqlalchemy import make_url  # noqa: E402
from sqlmesh.core.config import (  # noqa: E402
    BigQueryConnectionConfig,
    CategorizerConfig,
    Config,
    DuckDBConnectionConfig,
    GatewayConfig,
    ModelDefaultsConfig,
    PlanConfig,
    PostgresConnectionConfig,
)
from sqlmesh.core.config.connection import BigQueryConnectionMethod, ConnectionConfig  # noqa: E402

from lib.settings import settings  # noqa: E402
from lib.warehouse.dialect import install_in_sqlglot  # noqa: E402
from lib.warehouse.schema import SchemaMissing, table_columns  # noqa: E402

DATABASE = "warehouse.duckdb"
STATE = "models_state.duckdb"
# Without a zone results change with the host's.
SESSION = {
    "TimeZone": "UTC",
    "threads": 2,
    "memory_limit": "2200MB",
    "preserve_insertion_order": False,
    "autoinstall_known_extensions": False,
}

_METHODS = {True: BigQueryConnectionMethod.SERVICE_ACCOUNT, False: BigQueryConnectionMethod.OAUTH}


def configuration(database: Path | None, start: date) -> Config:
    """The project's configuration for the DuckDB file `database` (None: in memory, to read the models only).

    Models count from `start` on. State, cache and spilled data lie beside the file, nowhere else. With
    `BOARDROOM_BIGQUERY_PROJECT` there is a gateway `bigquery` too.
    """
    install_in_sqlglot(_declared_columns)
    folder = database.absolute().parent if database else settings().var.absolute() / "sqlmesh"
    gateways = {"duckdb": _duckdb(database, folder)}
    if settings().bigquery_project:
        gateways["bigquery"] = _bigquery()
    return Config(
        gateways=gateways,
        default_test_connection=DuckDBConnectionConfig(connector_config=SESSION),
        default_gateway="bigquery" if database is None and settings().bigquery_project else "duckdb",
        model_defaults=ModelDefaultsConfig(
            dialect="bigquery",
            start=start,
            cron="@daily",
            # SQLMesh's optimizer changes what some queries mean, on BigQuery too: what is written is what runs.
            optimize_query=False,
            # Today's rows count before the day is over; what is unfinished, the looks say.
            allow_partials=True,
        ),
        plan=PlanConfig(
            auto_categorize_changes=CategorizerConfig.all_full(),
        ),
        cache_dir=str(folder / "sqlmesh-cache"),
        disable_anonymized_analytics=True,
    )


def _declared_columns(table: str) -> Mapping[str, str]:
    # With types known the mends need no branches. SQLMesh stores `analytics.x` as `sqlmesh__analytics.analytics__x__1`.
    dataset, name = table.split(".")
    if dataset.startswith("sqlmesh__"):
        dataset, name = dataset.removeprefix("sqlmesh__"), name.split("__")[1]
    try:
        return table_columns(f"{dataset}.{name}")
    except (KeyError, SchemaMissing):
        return {}


def _duckdb(database: Path | None, folder: Path) -> GatewayConfig:
    if database is None:
        return GatewayConfig(connection=DuckDBConnectionConfig(connector_config=SESSION))
    return GatewayConfig(
        connection=DuckDBConnectionConfig(
            database=str(database.absolute()), connector_config={**SESSION, "temp_directory": str(folder / "spill")}
        ),
        state_connection=DuckDBConnectionConfig(database=str(folder / STATE)),
    )


def _bigquery() -> GatewayConfig:
    wanted = settings()
    connection = BigQueryConnectionConfig(
        method=_METHODS[wanted.bigquery_credentials is not None],
        keyfile=str(wanted.bigquery_credentials) if wanted.bigquery_credentials else None,
        project=wanted.bigquery_project,
        location=wanted.bigquery_location,
    )
    return GatewayConfig(connection=connection, state_connection=_bigquery_state())


def _bigquery_state() -> ConnectionConfig:
    # What was computed up to when changes often and in small steps: PostgreSQL, or a file where one machine runs all.
    url = settings().bigquery_models_state_url
    if url is None:
        return DuckDBConnectionConfig(database=str(settings().var.absolute() / "sqlmesh" / "bigquery_state.duckdb"))
    place = make_url(url)
    return PostgresConnectionConfig(
        host=place.host or "localhost",
        port=place.port or 5432,
        user=place.username or "",
        password=place.password or "",
        database=place.database or "",
    )


config = configuration(None, settings().models_first_day)
