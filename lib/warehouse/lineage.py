"""Which raw columns a query needs: those its values derive from, and those that decide which rows there are.

The same tracing serves the models (`python -m sql.schema` writes what it finds into `sql/schema.yaml`) and the looks
over them. The rules are in docs/warehouse, What an export lacks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from sqlglot import exp

from lib.warehouse.kinds import Kind, constants, leaves_out

Names = frozenset[str]
NOTHING: Names = frozenset()


class LineageUnknown(ValueError):
    """A query names a column or a construct that cannot be followed to raw columns."""


@dataclass(frozen=True)
class Lineage:
    """Raw columns (`dataset.table.column`, `dataset.table.*` for a table's rows) behind a table or query.

    `rows`: without these some rows are missing, or are there and should not be. `columns`: per column what its values
    derive from, beyond `rows`; names in lower case, in order. `other`: the same for any further name (items of arrays).
    """

    rows: Names
    columns: Mapping[str, Names]
    other: Names | None = None

    @property
    def all(self) -> Names:
        """Everything that the rows and any of the columns need."""
        return self.rows.union(*self.columns.values(), self.other or NOTHING)


Tables = Callable[[str], Lineage]


@dataclass(frozen=True)
class _Source:
    """A table in FROM. `extra`: what readers of its columns need besides. `full`: the far side of a FULL JOIN."""

    lineage: Lineage
    extra: Names = NOTHING
    full: bool = False


@dataclass(frozen=True)
class _Scope:
    tables: Tables
    kinds: Mapping[str, Kind]
    values: Mapping[str, object]
    known: Mapping[str, Lineage] = field(default_factory=dict)
    sources: dict[str, _Source] = field(default_factory=dict)
    outer: _Scope | None = None

    def inner(self, known: Mapping[str, Lineage] | None = None, outer: _Scope | None = None) -> _Scope:
        """The scope of a query within, before its FROM is read."""
        return _Scope(self.tables, self.kinds, self.values, self.known if known is None else known, outer=outer)


def raw_lineage(table: str, columns: Iterable[str]) -> Lineage:
    """The lineage of a raw table: each column is itself."""
    return Lineage(frozenset([f"{table}.*"]), {name.lower(): frozenset([f"{table}.{name}"]) for name in columns})


def trace(
    query: exp.Query,
    tables: Tables,
    kinds: Mapping[str, Kind] | None = None,
    values: Mapping[str, object] | None = None,
) -> Lineage:
    """The raw columns behind a query, through its CTEs, joins and subqueries; `tables` knows those of `dataset.table`.

    `kinds` says of which raw tables only rows of one kind come, with the kind's constants; a table is not needed where
    a condition leaves its kind out. `values` are those of parameters in conditions. Raises LineageUnknown.
    """
    return _trace(query, _Scope(tables, kinds or {}, values or {}))


def find_kinds(query: exp.Query, tables: Tables) -> dict[str, Kind]:
    """The raw tables that only one branch of a UNION ALL reads, with that branch's constants, if it has some."""
    if not isinstance(query, exp.Union) or query.args.get("distinct"):
        return {}
    scope = _Scope(tables, {}, {})
    known = _with_ctes(query, scope)
    sides = [query.this, query.expression]
    read = [{_table(name) for name in _trace(side, scope.inner(known)).all} for side in sides]
    own = (read[0] - read[1], read[1] - read[0])
    return {table: kind for side, mine in zip(sides, own, strict=True) if (kind := constants(side)) for table in mine}


def _table(name: str) -> str:
    return name.rpartition(".")[0]


def _trace(query: exp.Expr, scope: _Scope) -> Lineage:
    scope = scope.inner(_with_ctes(query, scope), outer=scope.outer)
    if isinstance(query, exp.Subquery):
        return _trace(query.this, scope)
    if isinstance(query, exp.SetOperation):
        return _trace_set(query, scope)
    if isinstance(query, exp.Select):
        return _trace_select(query, scope)
    raise LineageUnknown(f"{query.key.upper()} is no query")


def _with_ctes(query: exp.Expr, scope: _Scope) -> Mapping[str, Lineage]:
    known = dict(scope.known)
    clause = query.args.get("with_")
    if clause is None:
        return known
    for cte in clause.expressions:
        name = cte.alias.lower()
        if clause.recursive and isinstance(cte.this, exp.SetOperation):
            # What a step adds derives from the first rows: they stand for the table while it is traced.
            known[name] = _trace(cte.this.this, scope.inner(known, outer=scope.outer))
        known[name] = _trace(cte.this, scope.inner(known, outer=scope.outer))
    return known


def _trace_set(query: exp.SetOperation, scope: _Scope) -> Lineage:
    sides = _trace(query.this, scope), _trace(query.expression, scope)
    pairs = zip(sides[0].columns.items(), sides[1].columns.values(), strict=True)
    if _is_one_extreme(query.this) and _is_one_extreme(query.expression):
        # The newest of several newest days: one of them is enough.
        return Lineage(sides[0].rows & sides[1].rows, {name: left & right for (name, left), right in pairs})
    rows = sides[0].rows | sides[1].rows
    columns = {name: left | right for (name, left), right in pairs}
    if isinstance(query, exp.Union) and not query.args.get("distinct"):
        return Lineage(rows, columns)
    return Lineage(rows.union(*columns.values()), columns)


def _is_one_extreme(query: exp.Expr) -> bool:
    if isinstance(query, exp.Union):
        return _is_one_extreme(query.this) and _is_one_extreme(query.expression)
    return (
        isinstance(query, exp.Select)
        and not query.args.get("group")
        and all(isinstance(value.unalias(), (exp.Max, exp.Min)) for value in query.expressions)
    )


def _trace_select(query: exp.Select, scope: _Scope) -> Lineage:
    rows = _read_sources(query, scope)
    columns: dict[str, Names] = {}
    for place, value in enumerate(query.expressions):
        if value.is_star:
            columns.update(_star(value, scope))
        else:
            columns[(value.alias_or_name or f"_{place}").lower()] = _behind(value, scope)
    for clause in ("where", "group", "having", "qualify", "windows"):
        rows |= _all_behind(query.args.get(clause), scope, columns)
    if query.args.get("limit"):
        rows |= _all_behind(query.args.get("order"), scope, columns)
    if query.args.get("distinct"):
        rows = rows.union(*columns.values())
    return Lineage(rows, columns)


def _read_sources(query: exp.Select, scope: _Scope) -> Names:
    """Fill the scope's sources from FROM and its joins; what decides their rows."""
    first = query.args.get("from_")
    if first is None:
        return NOTHING
    joins = [*(first.this.args.get("joins") or ()), *(query.args.get("joins") or ())]
    alone = all(isinstance(join.this, exp.Unnest) for join in joins)
    lineage, names = _lineage_of(first.this, scope), _names(first.this, scope)
    lineage = _narrowed(lineage, query, names if not alone else [*names, ""], scope)
    scope.sources.update(dict.fromkeys(names, _Source(lineage)))
    rows = lineage.rows
    for join in joins:
        lineage, names = _lineage_of(join.this, scope), _names(join.this, scope)
        scope.sources.update(dict.fromkeys(names, _Source(lineage)))
        needed = lineage.rows | _all_behind(join.args.get("on"), scope)
        for shared in join.args.get("using") or ():
            needed |= NOTHING.union(*(_of(source, shared.name) or NOTHING for source in scope.sources.values()))
        if join.side in ("LEFT", "FULL"):
            # The rows are there without it; only who reads its columns needs it.
            scope.sources.update(dict.fromkeys(names, _Source(lineage, needed, full=join.side == "FULL")))
        else:
            rows |= needed
    return rows


def _narrowed(lineage: Lineage, query: exp.Select, names: list[str], scope: _Scope) -> Lineage:
    """A source without the raw tables whose kind of rows WHERE leaves out; `names` as columns of it are qualified."""
    where = query.args.get("where")
    kinds = {table: kind for table, kind in scope.kinds.items() if table in {_table(name) for name in lineage.all}}
    if where is None or not kinds:
        return lineage
    conditions = [
        condition
        for condition in (where.this.flatten() if isinstance(where.this, exp.And) else [where.this])
        if all(column.table.lower() in names for column in condition.find_all(exp.Column))
    ]
    gone = {
        table
        for table, kind in kinds.items()
        if any(leaves_out(condition, kind, scope.values) for condition in conditions)
    }

    def kept(needed: Names) -> Names:
        return frozenset(name for name in needed if _table(name) not in gone)

    return Lineage(
        kept(lineage.rows),
        {column: kept(needed) for column, needed in lineage.columns.items()},
        None if lineage.other is None else kept(lineage.other),
    )


def _names(node: exp.Expr, scope: _Scope) -> list[str]:
    names = [node.alias_or_name]
    if isinstance(node, exp.Unnest):
        alias, offset = node.args.get("alias"), node.args.get("offset")
        items = [*alias.columns, alias.this] if alias else []
        names = [name.name for name in (*items, offset) if isinstance(name, exp.Identifier)]
    return [name.lower() for name in names if name] or [f"_{len(scope.sources)}"]


def _lineage_of(node: exp.Expr, scope: _Scope) -> Lineage:
    if isinstance(node, exp.Unnest):
        items = NOTHING.union(*(_behind(value, scope) for value in node.expressions))
        return Lineage(items, {}, other=items)
    if isinstance(node, exp.Table) and isinstance(node.this, exp.Identifier) and not node.args.get("pivots"):
        parts = [piece for part in node.parts for piece in part.name.split(".")]
        if len(parts) == 1 and parts[0].lower() in scope.known:
            return scope.known[parts[0].lower()]
        if len(parts) > 1:
            return scope.tables(".".join(parts[-2:]))
    if isinstance(node, exp.Subquery) and not node.args.get("pivots"):
        if isinstance(node.this, exp.Table):
            return _lineage_of(node.this, scope)
        return _trace(node, scope.inner(outer=scope))
    raise LineageUnknown(f"{node.key.upper()} in FROM")


def _star(value: exp.Expr, scope: _Scope) -> dict[str, Names]:
    of = value.table.lower() if isinstance(value, exp.Column) else ""
    chosen = {of: scope.sources[of]} if of in scope.sources else scope.sources
    return {
        name: behind | source.extra for source in chosen.values() for name, behind in source.lineage.columns.items()
    }


def _all_behind(clause: object, scope: _Scope, aliases: Mapping[str, Names] | None = None) -> Names:
    nodes = clause if isinstance(clause, list) else [clause]
    return NOTHING.union(*(_behind(node, scope, aliases) for node in nodes if isinstance(node, exp.Expr)))


def _behind(node: exp.Expr, scope: _Scope, aliases: Mapping[str, Names] | None = None) -> Names:
    """The raw columns that an expression derives from; `aliases` are the SELECT's own names, for clauses after it."""
    if isinstance(node, exp.Query):
        return _trace(node, scope.inner(outer=scope)).all
    if isinstance(node, exp.Column):
        return _column(node, scope, aliases or {})
    if isinstance(node, exp.Star):
        return NOTHING.union(*(source.extra for source in scope.sources.values()))
    parts = list(node.iter_expressions())
    if isinstance(node, exp.Coalesce) and not _reads_far_side(node.this, scope):
        # The far side of a FULL JOIN only fills in where the near side has no row.
        parts = [part for part in parts if not _reads_far_side(part, scope)]
    return NOTHING.union(*(_behind(part, scope, aliases) for part in parts))


def _reads_far_side(node: exp.Expr, scope: _Scope) -> bool:
    far = {name for name, source in scope.sources.items() if source.full}
    return any(column.table.lower() in far for column in node.find_all(exp.Column))


def _column(column: exp.Column, scope: _Scope, aliases: Mapping[str, Names]) -> Names:
    of, name = column.parts[0].name.lower(), column.name.lower()
    place: _Scope | None = scope
    while place is not None:
        if len(column.parts) > 1 and of in place.sources:
            found = _of(place.sources[of], column.parts[1].name)
            if found is not None:
                return found
        found = _unqualified(of, place)
        if found is not None:
            return found
        place = place.outer
    if name in aliases:
        return aliases[name]
    raise LineageUnknown(f"column {column.sql(dialect='bigquery')}")


def _unqualified(name: str, scope: _Scope) -> Names | None:
    """A column by its bare name: of an array's items under that name, else of every source that has it."""
    source = scope.sources.get(name)
    if source is not None and source.lineage.other is not None:
        return source.lineage.other | source.extra
    found = [names for source in scope.sources.values() if (names := _of(source, name, exact=True)) is not None]
    return NOTHING.union(*found) if found else None


def _of(source: _Source, name: str, exact: bool = False) -> Names | None:
    names = source.lineage.columns.get(name.lower())
    if names is None and not exact:
        names = source.lineage.other
    return None if names is None else names | source.extra
