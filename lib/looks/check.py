"""What a look says about tables and columns, against `sql/schema.yaml`; what both engines can run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.qualify import qualify

from lib.filters import FilterDefinition
from lib.looks.look import Look
from lib.warehouse.dialect import translate
from lib.warehouse.query import Parameter, QueryInvalid, QueryRefused
from lib.warehouse.schema import SchemaMissing, read_schema, tables_of

KIND_TYPES = {
    "date": ("DATE", "DATETIME", "TIMESTAMP"),
    "string": ("STRING", "ARRAY<STRING>"),
    "number": ("INT64", "FLOAT64", "NUMERIC", "BIGNUMERIC"),
    "yesno": ("BOOL",),
}


def filter_types(look: Look, definitions: Mapping[str, FilterDefinition]) -> dict[str, str]:
    """The GoogleSQL type of the column behind each filter of the look, as the models declare it.

    A column that the look's tables have with several types must be named `table.column`. Raises LookError.
    """
    tables = _columns_of_tables(look)
    aliases = _aliases(look)
    types = {}
    for name, column in look.filters.items():
        place = f"filters.{name}"
        if name not in definitions:
            raise look.error(place, f"the filter {name}", f"one of {', '.join(definitions)}")
        alias, _, bare = column.rpartition(".")
        wanted = [aliases.get(alias, alias)] if alias else [*tables]
        found = {tables[table][bare] for table in wanted if bare in tables.get(table, {})}
        if not found:
            raise look.error(place, f"no column {column}", f"a column of {', '.join(tables) or 'a table'}")
        if len(found) > 1:
            raise look.error(place, f"{column} with several types ({', '.join(sorted(found))})", "table.column")
        types[name] = found.pop()
        kind = definitions[name].kind
        if types[name] not in KIND_TYPES[kind]:
            expected = f"{' or '.join(KIND_TYPES[kind])} for a {kind} filter"
            raise look.error(place, f"{column} of type {types[name]}", expected)
    return types


def check_statement(look: Look) -> None:
    """Columns exist, as far as names tell without Google's analyzer, and every construct runs on both engines.

    Raises LookError.
    """
    schema: dict[str, Any] = {}
    for table, columns in _columns_of_tables(look).items():
        dataset, _, name = table.rpartition(".")
        schema.setdefault(dataset, {})[name] = dict(columns)
    filters = ["filters", *(f"filter_{name}" for name in look.filters)]
    parameters = [Parameter(name, "BOOL", True) for name in filters]
    parameters += [Parameter(name, "STRING", choices[0]) for name, choices in look.options.items()]
    try:
        qualify(sqlglot.parse_one(look.sql, read="bigquery"), schema=schema, dialect="bigquery")
        translate(look.sql, parameters)
    except SqlglotError as error:
        raise look.error("sql", str(error).split("\n")[0], "names of sql/schema.yaml") from None
    except QueryRefused as error:
        raise look.error("sql", error.construct or "a construct", str(error)) from None
    except QueryInvalid as error:
        raise look.error("sql", str(error), "one GoogleSQL SELECT") from None


def _columns_of_tables(look: Look) -> dict[str, Mapping[str, str]]:
    try:
        schema, tables = read_schema(), sorted(tables_of(look.sql))
    except SchemaMissing as error:
        raise look.error("sql", str(error), "sql/schema.yaml") from None
    except (QueryInvalid, QueryRefused) as error:
        raise look.error("sql", str(error), "one SELECT from tables of datasets") from None
    for table in tables:
        if table not in schema:
            raise look.error("sql", f"the table {table}", "a table of sql/schema.yaml")
    return {table: schema[table].columns for table in tables}


def _aliases(look: Look) -> dict[str, str]:
    # A CTE may go by the alias of the table that it stands for: only tables of a dataset have declared types.
    tables = [table for table in sqlglot.parse_one(look.sql, read="bigquery").find_all(exp.Table) if table.db]
    return {table.alias_or_name: ".".join(part.name for part in table.parts) for table in tables}
