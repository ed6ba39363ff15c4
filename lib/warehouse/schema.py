"""Tables, their columns and their raw sources, as `sql/schema.yaml` lists them (made from the models, checked in)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

from lib.settings import ROOT
from lib.warehouse.query import WarehouseUnavailable
from lib.warehouse.statement import read_statement

SCHEMA_FILE = ROOT / "sql" / "schema.yaml"


class SchemaMissing(WarehouseUnavailable):
    """`sql/schema.yaml` is not there or does not read."""


@dataclass(frozen=True)
class TableSchema:
    """Columns with their GoogleSQL types in order, and the raw tables the rows come from (itself for a raw one)."""

    columns: Mapping[str, str]
    sources: frozenset[str]


def read_schema(path: Path | None = None) -> Mapping[str, TableSchema]:
    """All tables by `dataset.table`; read again when the file changes. Raises SchemaMissing."""
    path = path or SCHEMA_FILE
    try:
        changed = path.stat().st_mtime_ns
    except OSError as error:
        raise SchemaMissing("The list of tables is missing. Make it with: python -m sql.schema") from error
    return _read(path, changed)


@lru_cache(maxsize=4)
def _read(path: Path, changed: int) -> Mapping[str, TableSchema]:
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        return {
            table: TableSchema(dict(entry["columns"]), frozenset(entry.get("sources") or [table]))
            for table, entry in (content or {}).items()
        }
    except (yaml.YAMLError, OSError, AttributeError, KeyError, TypeError, ValueError) as error:
        raise SchemaMissing("The list of tables does not read. Make it with: python -m sql.schema") from error


def table_columns(table: str) -> Mapping[str, str]:
    """Columns of `dataset.table` with their GoogleSQL types, in order; KeyError for a table that is not listed."""
    return read_schema()[table].columns


def tables_of(sql: str) -> frozenset[str]:
    """The tables a query names, as `dataset.table`; raises QueryInvalid or QueryRefused where it is no SELECT."""
    return read_statement(sql).tables


def sources_of(sql: str, path: Path | None = None) -> frozenset[str]:
    """The raw tables that a query's rows come from; a table that is not listed stands for itself."""
    tables = tables_of(sql)
    if not tables:
        return frozenset()
    schema = read_schema(path)
    return frozenset().union(*(schema[table].sources if table in schema else {table} for table in tables))
