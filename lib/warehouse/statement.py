"""What a query reads: exactly one SELECT, the tables it names and the parameters it wants."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from lib.warehouse.columns import arrow_type
from lib.warehouse.query import Parameter, QueryInvalid, QueryRefused


@dataclass(frozen=True)
class Statement:
    """`tables` as `dataset.table`; `parameters` by their names without the at sign."""

    tables: frozenset[str]
    parameters: frozenset[str]


@lru_cache(maxsize=4096)
def read_statement(sql: str) -> Statement:
    """Parse GoogleSQL text that must be one SELECT (or WITH … SELECT, or a set operation of them).

    Raises QueryInvalid for text that is no such thing, QueryRefused for anything that reads elsewhere than in
    tables of datasets: table functions, catalog views, other projects.
    """
    try:
        parsed = [tree for tree in sqlglot.parse(sql, read="bigquery") if tree is not None]
    except (SqlglotError, RecursionError) as error:
        raise QueryInvalid("This SQL does not read as a query.", detail=str(error)) from error
    trees = [tree for tree in parsed if not isinstance(tree, exp.Semicolon)]
    if len(trees) != 1:
        raise QueryInvalid("One SELECT is expected.", detail=f"{len(trees)} statements")
    tree = trees[0]
    if isinstance(tree, exp.Condition) and not isinstance(tree, exp.Query):
        raise QueryInvalid("This SQL does not read as a query.", detail=sql)
    if not isinstance(tree, exp.Query):
        raise QueryRefused("Only SELECT may run here.", construct=tree.key.upper())
    if any(not select.expressions for select in tree.find_all(exp.Select)):
        raise QueryInvalid("A SELECT names no column.", detail=sql)
    for forbidden in tree.find_all(exp.Insert, exp.Update, exp.Delete, exp.Merge, exp.Create, exp.Command, exp.Into):
        raise QueryRefused("Only SELECT may run here.", construct=forbidden.key.upper())
    names = frozenset(parameter.name for parameter in tree.find_all(exp.Parameter))
    return Statement(_tables(tree), names)


def require_parameters(statement: Statement, given: Iterable[Parameter]) -> None:
    """Raise QueryInvalid where the statement names a parameter that is not given, or one is of no known type."""
    names = set()
    for parameter in given:
        names.add(parameter.name)
        try:
            arrow_type(parameter.type)
        except ValueError as error:
            raise QueryInvalid(f"The parameter @{parameter.name} has no known type.", detail=str(error)) from error
    missing = statement.parameters - names
    if missing:
        raise QueryInvalid(f"The parameter @{min(missing)} has no value.")


def _tables(tree: exp.Query) -> frozenset[str]:
    local = {cte.alias.lower() for cte in tree.find_all(exp.CTE)}
    tables = set()
    for table in tree.find_all(exp.Table):
        parts = [part.name for part in table.parts]
        if not isinstance(table.this, (exp.Identifier, exp.Dot)):
            raise QueryRefused("Only tables may be read, no table functions.", construct="table function")
        parts = [piece for part in parts for piece in part.split(".")]
        if len(parts) == 1 and parts[0].lower() in local:
            continue
        if any(part.upper() == "INFORMATION_SCHEMA" for part in parts):
            raise QueryRefused("The catalog is not open to queries.", construct="INFORMATION_SCHEMA")
        if len(parts) == 1:
            raise QueryInvalid(f"There is no table “{parts[0]}”. Write dataset.table.")
        if len(parts) > 2:
            raise QueryRefused("Write tables as dataset.table, without a project.", construct="project name")
        tables.add(".".join(parts))
    return frozenset(tables)
