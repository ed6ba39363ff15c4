"""From GoogleSQL text to DuckDB text: parse, refuse, mend, bind, write."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

from sqlglot import exp
from sqlglot.dialects.duckdb import DuckDB

from lib.warehouse.dialect import casts, dates, documents, lists, names, numbers, texts
from lib.warehouse.dialect.kinds import Kinds, infer_kinds
from lib.warehouse.dialect.refusals import refuse, refuse_constructs
from lib.warehouse.dialect.snippet import snippet
from lib.warehouse.dialect.source import parse_source
from lib.warehouse.query import Parameter, QueryInvalid

Mend = Callable[[exp.Expr, Kinds], exp.Expr | None]
TableColumns = Callable[[str], Mapping[str, str]]

MENDS: Mapping[type[exp.Expr], Mend] = {
    **casts.MENDS,
    **dates.MENDS,
    **documents.MENDS,
    **lists.MENDS,
    **names.MENDS,
    **numbers.MENDS,
    **texts.MENDS,
}
FOREIGN_SCHEMAS = {"sqlmesh", "information_schema", "pg_catalog"}
STATEMENTS = (exp.Select, exp.SetOperation, exp.Create, exp.Insert, exp.Merge)
MENDED = "mended for DuckDB"


def translate(sql: str, parameters: Sequence[Parameter] = (), table_columns: TableColumns | None = None) -> str:
    """DuckDB text, with `$name` parameters, for one GoogleSQL SELECT.

    Only the parameters' names and types count. `table_columns` gives a table's declared columns (name to GoogleSQL
    type) by `dataset.table`. Raises `QueryRefused` naming the construct, or `QueryInvalid`: docs/dialect.
    """
    return _translate(sql, tuple((p.name, p.type) for p in parameters), table_columns)


@lru_cache(maxsize=2000)
def _translate(sql: str, types: tuple[tuple[str, str], ...], table_columns: TableColumns | None) -> str:
    tree = parse_source(sql)
    parameters = [Parameter(name, kind, None) for name, kind in types]
    kinds = infer_kinds(tree, parameters, table_columns)
    refuse(tree, kinds)
    mended = mend(tree, kinds)
    names.name_columns(mended)
    bind_types(mended, parameters)
    mended.meta[MENDED] = True
    return DuckDB().generate(mended, copy=False)


def mend(tree: exp.Expr, kinds: Kinds | None = None) -> exp.Expr:
    """The tree with each construct that DuckDB would take otherwise replaced by one that it takes as GoogleSQL does.

    Changes the tree in place, deepest nodes first, and returns it.
    """
    kinds = infer_kinds(tree) if kinds is None else kinds
    for node in reversed(list(tree.walk(bfs=True))):
        rewrite = MENDS.get(type(node))
        if rewrite is None:
            continue
        new = rewrite(node, kinds)
        if new is None or new is node:
            continue
        kinds.keep(new, node)
        if node is tree:
            tree = new
        else:
            node.replace(new)
    return tree


def bind_types(tree: exp.Expr, parameters: Sequence[Parameter]) -> None:
    """Give each `@name` its declared type, so that integers are INT64 and empty lists and NULLs have theirs."""
    types = {p.name.lower(): p.type for p in parameters}
    for node in list(tree.find_all(exp.Parameter)):
        kind = types.get(node.name.lower())
        if kind is None:
            raise QueryInvalid(f"The parameter @{node.name} has no value.")
        if not isinstance(node.parent, (exp.Limit, exp.Offset)):
            text = casts.duckdb_type(exp.DataType.build(kind, dialect="bigquery"))
            node.replace(snippet(f"CAST({{0}} AS {text})", node.copy()))


def install_in_sqlglot(table_columns: TableColumns | None = None) -> None:
    """Refuse and mend whatever queries sqlglot's DuckDB generator writes in this process: for SQLMesh's models.

    Installs once; SQLMesh's own statements about its state pass as they are.
    """
    generator = DuckDB.Generator
    if getattr(generator.generate, "mends_googlesql", False):
        return
    plain = generator.generate

    def generate(self: DuckDB.Generator, expression: exp.Expr, copy: bool = True) -> str:
        if _holds_a_model(expression):
            tree = _keep_json_casts(expression.copy())
            kinds = infer_kinds(tree, (), table_columns)
            refuse_constructs(tree, kinds)
            expression, copy = mend(tree, kinds), False
        return plain(self, expression, copy=copy)

    generate.mends_googlesql = True  # type: ignore[attr-defined]
    generator.generate = generate  # type: ignore[method-assign]


def _holds_a_model(tree: exp.Expr) -> bool:
    if not isinstance(tree, STATEMENTS) or tree.meta.get(MENDED):
        return False
    # SQLMesh asks for catalogs and fills its fixtures without reading any named table: those are DuckDB's own words.
    if not any(table.db and table.find_ancestor(exp.Select) for table in tree.find_all(exp.Table)):
        return False
    return all(
        isinstance(table.this, exp.Identifier) and table.db.lower() not in FOREIGN_SCHEMAS
        for table in tree.find_all(exp.Table)
    )


def _keep_json_casts(tree: exp.Expr) -> exp.Expr:
    # SQLMesh casts every value to its column's declared type, JSON values too, which no GoogleSQL does.
    for node in list(tree.find_all(exp.Cast)):
        if node.to.this == exp.DataType.Type.JSON:
            node.replace(snippet("CAST({0} AS JSON)", node.this))
    return tree
