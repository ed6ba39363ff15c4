"""Opening a DuckDB file for reading, with everything shut that a query could reach beside its tables."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from lib.warehouse import dialect
from lib.warehouse.query import WarehouseUnavailable
from lib.warehouse.words import BROKEN, LOCKED

# The order matters: nothing can be set after the last line. GLOBAL where cursors would else begin with the default.
LOCK_DOWN = (
    "SET GLOBAL TimeZone = 'UTC'",
    "SET autoinstall_known_extensions = false",
    "SET autoload_known_extensions = false",
    "SET allow_community_extensions = false",
    "SET allow_unsigned_extensions = false",
    "SET GLOBAL python_enable_replacements = false",
    "SET temp_directory = ''",
    "SET max_temp_directory_size = '0KB'",
    "SET enable_external_access = false",
    "SET lock_configuration = true",
)
# Two holders in one process share DuckDB's instance of a file: the second finds it locked down already.
_LOCKING_DOWN = threading.Lock()
# Schemas of the model tool's own tables; nothing there is a table that a query may name.
HIDDEN_SCHEMAS = ("sqlmesh", "information_schema", "pg_catalog")


@dataclass(frozen=True, eq=False)
class Catalog:
    """The tables that a query may name, with their columns' DuckDB types."""

    tables: Mapping[str, Mapping[str, str]]

    def columns_of(self, table: str) -> Mapping[str, str]:
        """GoogleSQL types by column of `dataset.table`; empty for a table that is not there."""
        return {name: _googlesql(kind) for name, kind in self.tables.get(table, {}).items()}


@dataclass
class OpenFile:
    """A locked-down connection; whoever holds it closes it with its last cursor once it is `retired`.

    `stops` end the queries that run on it, by a reason.
    """

    stamp: str
    identity: tuple[int, ...]
    connection: duckdb.DuckDBPyConnection
    catalog: Catalog
    in_use: int = 0
    retired: bool = False
    stops: dict[int, Callable[[str], None]] = field(default_factory=dict)


def open_file(path: Path | None, stamp: str, identity: tuple[int, ...], config: dict) -> OpenFile:
    """Open a warehouse file read-only and locked down; without a path an empty database in memory, as locked.

    Raises WarehouseUnavailable for a file that is broken, cut short, or held by a writer.
    """
    try:
        connection = duckdb.connect(str(path or ":memory:"), read_only=path is not None, config=config)
    except (duckdb.Error, RuntimeError) as error:
        raise WarehouseUnavailable(LOCKED if _is_held(error) else BROKEN) from error
    try:
        with _LOCKING_DOWN:
            if connection.execute("SELECT current_setting('lock_configuration')").fetchall() == [(False,)]:
                for statement in LOCK_DOWN:
                    connection.execute(statement)
        catalog = _read_catalog(connection)
    except (duckdb.Error, RuntimeError) as error:
        connection.close()
        raise WarehouseUnavailable(BROKEN) from error
    return OpenFile(stamp, identity, connection, catalog)


def _read_catalog(connection: duckdb.DuckDBPyConnection) -> Catalog:
    rows = connection.execute(
        "SELECT schema_name, table_name, column_name, data_type FROM duckdb_columns() WHERE NOT internal"
    ).fetchall()
    tables: dict[str, dict[str, str]] = {}
    for schema, table, column, kind in rows:
        if not schema.startswith(HIDDEN_SCHEMAS):
            tables.setdefault(f"{schema}.{table}", {})[column] = kind
    return Catalog(tables)


def _googlesql(kind: str) -> str:
    try:
        return dialect.googlesql_type(kind)
    except ValueError:
        return "STRING"


def _is_held(error: Exception) -> bool:
    return "Could not set lock" in str(error) or "different configuration" in str(error)
