"""The warehouse: one protocol, two engines (docs/warehouse)."""

from __future__ import annotations

from lib.settings import Settings
from lib.warehouse.query import (
    Cancellation,
    Freshness,
    Parameter,
    Query,
    QueryCancelled,
    QueryInvalid,
    QueryRefused,
    QueryTimedOut,
    Result,
    Warehouse,
    WarehouseError,
    WarehouseUnavailable,
)

__all__ = [
    "Cancellation",
    "Freshness",
    "Parameter",
    "Query",
    "QueryCancelled",
    "QueryInvalid",
    "QueryRefused",
    "QueryTimedOut",
    "Result",
    "Warehouse",
    "WarehouseError",
    "WarehouseUnavailable",
    "open_warehouse",
]


def open_warehouse(settings: Settings) -> Warehouse:
    """The configured engine; nothing is opened or connected before the first query. One a process: the caller holds it.

    The engines are imported here, so that a process pays for the one it uses.
    """
    if settings.warehouse == "bigquery":
        from lib.warehouse.bigquery import BigQueryWarehouse

        return BigQueryWarehouse(
            project=settings.bigquery_project,
            location=settings.bigquery_location,
            endpoint=settings.bigquery_endpoint,
            credentials=settings.bigquery_credentials,
        )
    from lib.warehouse.duckdb import DuckDBWarehouse

    return DuckDBWarehouse(settings.warehouse_folder)
