"""What can be known of an expression's GoogleSQL type before the query runs.

A mend may depend on the type of its operand (dates and timestamps, text and numbers). Where the type is not known here,
the mend asks DuckDB's `typeof`, which costs nothing at run time: docs/dialect.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence

from sqlglot import exp
from sqlglot.dialects.bigquery import BigQuery
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.annotate_types import TypeAnnotator
from sqlglot.optimizer.normalize_identifiers import normalize_identifiers
from sqlglot.optimizer.qualify_columns import qualify_columns
from sqlglot.optimizer.qualify_tables import qualify_tables
from sqlglot.optimizer.scope import Scope
from sqlglot.schema import MappingSchema

from lib.warehouse.query import Parameter

T = exp.DataType.Type

FAMILIES: Mapping[T, str] = {
    T.TINYINT: "INT64",
    T.SMALLINT: "INT64",
    T.INT: "INT64",
    T.BIGINT: "INT64",
    T.FLOAT: "FLOAT64",
    T.DOUBLE: "FLOAT64",
    T.DECIMAL: "NUMERIC",
    T.BIGDECIMAL: "BIGNUMERIC",
    T.TEXT: "STRING",
    T.VARCHAR: "STRING",
    T.BOOLEAN: "BOOL",
    T.DATE: "DATE",
    T.TIMESTAMP: "DATETIME",
    T.DATETIME: "DATETIME",
    T.TIMESTAMPTZ: "TIMESTAMP",
    T.TIME: "TIME",
    T.BINARY: "BYTES",
    T.VARBINARY: "BYTES",
    T.JSON: "JSON",
    T.ARRAY: "ARRAY",
    T.STRUCT: "STRUCT",
    T.INTERVAL: "INTERVAL",
}


class Kinds:
    """The known type family (`INT64`, `DATE`, `ARRAY` …) of each node of one tree; None where it is not known."""

    def __init__(self, types: Mapping[int, exp.DataType] | None = None, reads_json_fields: bool = False) -> None:
        self._types = dict(types or {})
        self.reads_json_fields = reads_json_fields

    def type_of(self, node: exp.Expr | None) -> exp.DataType | None:
        """The whole type, element and field types included."""
        return self._types.get(id(node)) if node is not None else None

    def of(self, node: exp.Expr | None) -> str | None:
        """The type family of a node of the tree as it was parsed."""
        found = self.type_of(node)
        return FAMILIES.get(found.this) if found is not None else None

    def keep(self, new: exp.Expr, old: exp.Expr) -> None:
        """Let a node that takes another's place have its type."""
        found = self._types.get(id(old))
        if found is not None:
            self._types[id(new)] = found


def infer_kinds(
    tree: exp.Expr,
    parameters: Sequence[Parameter] = (),
    table_columns: Callable[[str], Mapping[str, str]] | None = None,
) -> Kinds:
    """Types of the tree's nodes, from literals, casts, functions, parameters, CTEs and the tables' declared columns.

    The tree itself is left as it is. Whatever cannot be told has no type; nothing is raised.
    """
    copy = tree.copy()
    pairs = list(zip(tree.walk(), copy.walk(), strict=True))
    types = {p.name.lower(): exp.DataType.build(p.type, dialect="bigquery") for p in parameters}
    for parameter in list(copy.find_all(exp.Parameter)):
        parameter.type = types.get(parameter.name.lower())
    schema = _schema(copy, table_columns)
    try:
        qualify_tables(copy, dialect="bigquery")
        normalize_identifiers(copy, dialect="bigquery")
        qualify_columns(copy, schema, expand_alias_refs=False, allow_partial_qualification=True)
    except (SqlglotError, AttributeError, KeyError, TypeError, ValueError) as error:
        logging.getLogger(__name__).debug("columns not resolved: %s", error)
    try:
        _Annotator(schema, types).annotate(copy)
    except (SqlglotError, AttributeError, KeyError, TypeError, ValueError) as error:
        logging.getLogger(__name__).debug("types not inferred: %s", error)
        return Kinds()
    found = {id(node): twin.type for node, twin in pairs if twin.type is not None}
    for node, _ in pairs:
        _correct(node, found)
    json_fields = any(dot.this.is_type(T.JSON) for dot in copy.find_all(exp.Dot) if dot.this.type is not None)
    return Kinds(found, json_fields)


class _Annotator(TypeAnnotator):
    def __init__(self, schema: MappingSchema, parameters: Mapping[str, exp.DataType]) -> None:
        metadata = {
            **BigQuery.EXPRESSION_METADATA,
            exp.Parameter: {"annotator": lambda self, e: self._set_type(e, parameters.get(e.name.lower()))},
        }
        super().__init__(schema, expression_metadata=metadata)

    def _get_scope_source_selects(self, scope: Scope, source_name: str) -> dict:
        selects = super()._get_scope_source_selects(scope, source_name)
        source = scope.sources.get(source_name)
        unnest = source.expression if isinstance(source, Scope) else None
        if isinstance(unnest, exp.Unnest) and (place := unnest.args.get("offset")):
            name = place.name if isinstance(place, exp.Expr) else "offset"
            selects[name] = exp.DataType.build("INT64", dialect="bigquery")
        return selects


def _schema(tree: exp.Expr, table_columns: Callable[[str], Mapping[str, str]] | None) -> MappingSchema:
    schema = MappingSchema(dialect="bigquery")
    if table_columns is not None:
        for table in tree.find_all(exp.Table):
            if table.db and (columns := table_columns(f"{table.db}.{table.name}")):
                schema.add_table(table, dict(columns))
    return schema


def _correct(node: exp.Expr, found: dict[int, exp.DataType]) -> None:
    """Where sqlglot's inference differs from GoogleSQL."""
    if isinstance(node, exp.SafeDivide) and found.get(id(node), T.UNKNOWN) is not T.UNKNOWN:
        if found[id(node)].is_type(T.BIGINT, T.INT):
            found[id(node)] = exp.DataType.build("FLOAT64", dialect="bigquery")
    elif isinstance(node, (exp.Add, exp.Sub)):
        left, right = found.get(id(node.this)), found.get(id(node.expression))
        if left is not None and right is not None and left.is_type(T.DATE) and right.is_type(T.INTERVAL):
            found[id(node)] = exp.DataType.build("DATETIME", dialect="bigquery")
