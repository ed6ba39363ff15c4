"""Tables, their columns and their raw sources, as `sql/schema.yaml` lists them (made from the models, checked in)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import sqlglot
import yaml
from sqlglot import exp

from lib.settings import ROOT
from lib.warehouse.kinds import Kind
from lib.warehouse.lineage import Lineage, raw_lineage, trace
from lib.warehouse.query import Parameter, WarehouseUnavailable
from lib.warehouse.statement import read_statement

SCHEMA_FILE = ROOT / "sql" / "schema.yaml"


class SchemaMissing(WarehouseUnavailable):
    """`sql/schema.yaml` is not there or does not read."""


@dataclass(frozen=True)
class TableSchema:
    """Columns with their GoogleSQL types in order, and the raw tables the rows come from (itself for a raw one).

    `lineage`: the raw columns behind the rows and behind each column. `kinds`: raw tables that only rows of one kind
    come from, with the kind's constant columns.
    """

    columns: Mapping[str, str]
    sources: frozenset[str]
    lineage: Lineage
    kinds: Mapping[str, Kind] = field(default_factory=dict)


def read_schema(path: Path | None = None) -> Mapping[str, TableSchema]:
    """All tables by `dataset.table`; read again when the file changes. Raises SchemaMissing."""
    path = path or SCHEMA_FILE
    return _read(path, _changed(path))


def _changed(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError as error:
        raise SchemaMissing("The list of tables is missing. Make it with: python -m sql.schema") from error


@lru_cache(maxsize=4)
def _read(path: Path, changed: int) -> Mapping[str, TableSchema]:
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        return {table: _read_table(table, entry) for table, entry in (content or {}).items()}
    except (yaml.YAMLError, OSError, AttributeError, KeyError, TypeError, ValueError) as error:
        raise SchemaMissing("The list of tables does not read. Make it with: python -m sql.schema") from error


def _read_table(table: str, entry: Mapping) -> TableSchema:
    columns, sources = dict(entry["columns"]), frozenset(entry.get("sources") or [table])
    if sources == {table}:
        return TableSchema(columns, sources, raw_lineage(table, columns))
    behind = entry.get("raw_columns") or {}
    needs = frozenset(entry.get("needs") or ())
    return TableSchema(
        columns,
        sources,
        Lineage(needs, {name.lower(): frozenset(behind.get(name) or ()) for name in columns}),
        {source: dict(kind) for source, kind in (entry.get("kinds") or {}).items()},
    )


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


def raw_columns_of(sql: str, parameters: Iterable[Parameter] = (), path: Path | None = None) -> frozenset[str]:
    """The raw columns a query needs, as `dataset.table.column`; `dataset.table.*` where only a table's rows count.

    Those its values derive from and those that decide its rows, through all models (docs/warehouse, What an export
    lacks); with the parameters' values also those are left out whose rows its conditions exclude. Where a query cannot
    be followed, all that the tables it names derive from. Raises QueryInvalid, QueryRefused, SchemaMissing.
    """
    path = path or SCHEMA_FILE
    texts = tuple((given.name, given.value) for given in parameters if _is_text(given.value))
    return _raw_columns(sql, texts, path, _changed(path))


def _is_text(value: object) -> bool:
    return isinstance(value, str) or (isinstance(value, tuple) and all(isinstance(item, str) for item in value))


@lru_cache(maxsize=4096)
def _raw_columns(sql: str, texts: tuple[tuple[str, object], ...], path: Path, changed: int) -> frozenset[str]:
    schema = _read(path, changed)

    def lineage_of(table: str) -> Lineage:
        rows = frozenset([f"{table}.*"])
        return schema[table].lineage if table in schema else Lineage(rows, {}, other=rows)

    tables = tables_of(sql)
    kinds = {source: kind for table in schema.values() for source, kind in table.kinds.items()}
    tree = sqlglot.parse_one(sql, read="bigquery")
    try:
        return trace(tree, lineage_of, kinds, dict(texts)).all if isinstance(tree, exp.Query) else frozenset()
    except (ValueError, RecursionError):
        return frozenset().union(*(lineage_of(table).all for table in tables))
