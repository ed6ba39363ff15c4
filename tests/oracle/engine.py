"""Starts the engine once, analyses and runs queries."""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import sqlglot
import wasmtime
import zetasql.core.wasm_client as wasm_client
import zetasql.types as zt
from sqlglot import exp
from zetasql.api import CatalogBuilder, TableBuilder
from zetasql.core.exceptions import ServerError
from zetasql.core.local_service import ZetaSqlLocalService
from zetasql.wasi._pb2.zetasql.local_service import local_service_pb2 as messages

from lib.settings import ROOT
from lib.warehouse.query import Parameter
from tests.oracle.types import to_text, to_type
from tests.oracle.values import decode, encode

Columns = Mapping[str, str]
_lock = threading.RLock()


class OracleError(Exception):
    """Google's engine does not accept the query, or fails while running it."""


@dataclass(frozen=True)
class Table:
    """A table with rows; each row has its values in the order of the columns."""

    columns: Columns
    rows: Sequence[Sequence[object]] = ()


def analyze(
    sql: str, tables: Mapping[str, object] | None = None, parameters: Sequence[Parameter] = ()
) -> list[tuple[str, str]]:
    """The result's columns, name and type; only the parameters' types count. Raises `OracleError`."""
    with _lock:
        columns, prepared = _prepare(sql, _catalog(tables or {}), parameters, {})
        _release(prepared)
        return columns


def execute(
    sql: str, tables: Mapping[str, Table] | None = None, parameters: Sequence[Parameter] = ()
) -> tuple[list[tuple[str, str]], list[list[object]]]:
    """Columns and rows of a query over the tables given, in UTC. Raises `OracleError`."""
    found = tables or {}
    with _lock:
        columns, prepared = _prepare(_quote_tables(sql, found), _flat_catalog(found), parameters, found)
        try:
            request = messages.EvaluateQueryRequest(prepared_query_id=prepared)
            for parameter in parameters:
                request.params.add(name=parameter.name, value=encode(parameter.value, parameter.type))
            answer = _call("EvaluateQuery", request, messages.EvaluateQueryResponse)
        finally:
            _release(prepared)
    types = [kind for _, kind in columns]
    rows = [
        [decode(cell, kind) for cell, kind in zip(row.cell, types, strict=True)]
        for row in answer.content.table_data.row
    ]
    return columns, rows


@cache
def _service() -> ZetaSqlLocalService:
    plain = wasmtime.Engine

    def engine_with_cache(config: wasmtime.Config) -> wasmtime.Engine:
        config.cache = str(_cache_file())
        return plain(config)

    wasm_client.Engine = engine_with_cache
    try:
        return ZetaSqlLocalService.get_instance()
    finally:
        wasm_client.Engine = plain


def _cache_file() -> Path:
    """wasmtime's settings of its compile cache, which lies under the folder of generated files."""
    folder = (ROOT / "var" / "cache" / "wasmtime").resolve()
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "settings.toml"
    text = f'[cache]\ndirectory = "{folder / "compiled"}"\n'
    if not file.exists() or file.read_text() != text:
        file.write_text(text)
    return file


@cache
def _language() -> zt.LanguageOptions:
    _service()
    language = zt.LanguageOptions.maximum_features()
    language.product_mode = zt.ProductMode.PRODUCT_EXTERNAL
    return language


def _columns_of(entry: object) -> Columns:
    if isinstance(entry, Table):
        return entry.columns
    if isinstance(entry, Mapping):
        return entry["columns"] if isinstance(entry.get("columns"), Mapping) else entry
    raise TypeError(f"not a table: {entry!r}")


def _empty_catalog() -> CatalogBuilder:
    return CatalogBuilder("root").with_builtin_functions(zt.ZetaSQLBuiltinFunctionOptions(language_options=_language()))


def _table(name: str, entry: object) -> zt.SimpleTable:
    table = TableBuilder(name)
    for column, kind in _columns_of(entry).items():
        table = table.add_column(column, to_type(kind))
    return table.build()


def _catalog(tables: Mapping[str, object]) -> zt.SimpleCatalog:
    """Datasets as catalogs in the catalog, as BigQuery has them."""
    catalog = _empty_catalog()
    datasets: dict[str, CatalogBuilder] = {}
    for name, entry in tables.items():
        dataset, _, short = name.rpartition(".")
        if dataset:
            datasets.setdefault(dataset, CatalogBuilder(dataset)).add_table(_table(short, entry))
        else:
            catalog = catalog.add_table(_table(short, entry))
    made = catalog.build()
    made.catalog = [builder.build() for builder in datasets.values()]
    return made


def _flat_catalog(tables: Mapping[str, object]) -> zt.SimpleCatalog:
    """Rows can be given to tables of the outermost catalog only, so `dataset.table` is one name there."""
    catalog = _empty_catalog()
    for name, entry in tables.items():
        catalog = catalog.add_table(_table(name, entry))
    return catalog.build()


def _quote_tables(sql: str, tables: Mapping[str, object]) -> str:
    """The query with each `dataset.table` of the tables as one quoted name, with the table's name as its alias."""
    if not any("." in name for name in tables):
        return sql
    places = []
    for table in sqlglot.parse_one(sql, read="bigquery").find_all(exp.Table):
        name = f"{table.db}.{table.name}"
        if name in tables:
            alias = "" if table.alias else f" AS `{table.name}`"
            places.append((table.args["db"].meta["start"], table.this.meta["end"] + 1, f"`{name}`{alias}"))
    for start, end, text in sorted(places, reverse=True):
        sql = sql[:start] + text + sql[end:]
    return sql


def _prepare(
    sql: str, catalog: zt.SimpleCatalog, parameters: Sequence[Parameter], content: Mapping[str, Table]
) -> tuple[list[tuple[str, str]], int]:
    if not re.match(r"(?is)[\s(]*(--[^\n]*\n\s*|/\*.*?\*/\s*)*[\s(]*(select|with|from)\b", sql):
        raise OracleError("only queries are analysed")
    declared = [zt.AnalyzerOptions.QueryParameter(name=p.name, type=to_type(p.type)) for p in parameters]
    options = zt.AnalyzerOptions(language_options=_language(), default_timezone="UTC", query_parameters=declared)
    request = messages.PrepareQueryRequest(sql=sql, options=options.to_proto(), simple_catalog=catalog.to_proto())
    for name, table in content.items():
        _fill(request.table_content[name], table)
    answer = _call("PrepareQuery", request, messages.PrepareQueryResponse)
    prepared = zt.parse_proto(answer.prepared).as_type(zt.PreparedQueryState)
    return [(c.name, to_text(c.type)) for c in prepared.columns or []], answer.prepared.prepared_query_id


def _fill(content: messages.TableContent, table: Table) -> None:
    content.table_data.SetInParent()
    for row in table.rows:
        cells = [encode(value, kind) for value, kind in zip(row, table.columns.values(), strict=True)]
        content.table_data.row.add(cell=cells)


def _release(prepared: int) -> None:
    _service().unprepare_query(prepared_query_id=prepared)


def _call(name: str, request: object, answer: type) -> object:
    try:
        return _service().wasm_client.call_grpc_func(f"ZetaSqlLocalService_{name}", request, answer)
    except ServerError as error:
        raise OracleError(str(error)) from error
