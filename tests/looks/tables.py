"""Small tables for looks, in both engines: rows as mappings, columns as the models declare them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb
import pyarrow as pa
from sqlglot import exp

from lib.warehouse.columns import arrow_type
from lib.warehouse.duckdb import DuckDBWarehouse
from lib.warehouse.folder import FILE, POINTER
from lib.warehouse.schema import table_columns
from tests.oracle.engine import Table

Rows = Sequence[Mapping[str, object]]


def complete_rows(table: str, rows: Rows) -> list[list[object]]:
    """Rows with every column of the table: what is not given is NULL, a list that is not given is empty."""
    columns = table_columns(table)
    for row in rows:
        assert row.keys() <= columns.keys(), f"{table} has no {row.keys() - columns.keys()}"
    return [[row.get(name, [] if kind.startswith("ARRAY") else None) for name, kind in columns.items()] for row in rows]


def oracle_tables(tables: Mapping[str, Rows], sql: str = "") -> dict[str, Table]:
    """The tables for Google's reference engine; with `sql` only the columns that its words name (it is slow)."""
    words = set(re.findall(r"\w+", sql))
    found = {}
    for name, rows in tables.items():
        columns = dict(table_columns(name))
        kept = [at for at, column in enumerate(columns) if not sql or column in words]
        cells = [[row[at] for at in kept] for row in complete_rows(name, rows)]
        found[name] = Table({column: columns[column] for column in columns if not sql or column in words}, cells)
    return found


def make_warehouse(folder: Path, tables: Mapping[str, Rows]) -> DuckDBWarehouse:
    """The tables as a warehouse folder, opened by the app's own engine."""
    (folder / "made").mkdir(parents=True)
    with duckdb.connect(str(folder / "made" / FILE)) as connection:
        connection.execute("SET GLOBAL TimeZone = 'UTC'")
        for name, rows in tables.items():
            columns = table_columns(name)
            dataset, _, short = name.partition(".")
            kinds = {column: exp.DataType.build(kind, dialect="bigquery") for column, kind in columns.items()}
            declared = ", ".join(f'"{column}" {kind.sql(dialect="duckdb")}' for column, kind in kinds.items())
            connection.execute(f"CREATE SCHEMA IF NOT EXISTS {dataset}")
            connection.execute(f"CREATE TABLE {dataset}.{short} ({declared})")
            cells = zip(*complete_rows(name, rows), strict=True) if rows else ([] for _ in columns)
            arrays = [pa.array(list(c), arrow_type(k)) for c, k in zip(cells, columns.values(), strict=True)]
            connection.register("given", pa.table(arrays, names=list(columns)))
            connection.execute(f"INSERT INTO {dataset}.{short} SELECT * FROM given")
            connection.unregister("given")
    (folder / POINTER).write_text("made")
    return DuckDBWarehouse(folder, threads=1)
