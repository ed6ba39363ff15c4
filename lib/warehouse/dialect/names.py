"""Mends of names: which of an alias and a column wins, and what a column without a name is called."""

from __future__ import annotations

from sqlglot import exp

from lib.warehouse.dialect.kinds import Kinds
from lib.warehouse.query import QueryRefused


def select(node: exp.Select, kinds: Kinds) -> None:
    """GROUP BY, QUALIFY and ORDER BY take the alias, where a column has the same name."""
    aliases = {
        item.alias.lower(): (place, item.this)
        for place, item in enumerate(node.expressions, 1)
        if isinstance(item, exp.Alias) and not _same_column(item)
    }
    starred = any(item.is_star for item in node.expressions)
    group = node.args.get("group")
    if group is not None:
        for item in list(group.expressions):
            found = aliases.get(item.name.lower()) if isinstance(item, exp.Column) and not item.table else None
            if found is not None:
                item.replace(found[1].copy() if starred else exp.Literal.number(found[0]))
        for kind in ("rollup", "cube", "grouping_sets"):
            for block in group.args.get(kind) or []:
                _substitute(block, aliases)
    order = node.args.get("order")
    for item in order.expressions if order is not None else []:
        if not isinstance(item.this, exp.Column):
            _substitute(item, aliases)
    qualify = node.args.get("qualify")
    if qualify is not None:
        _substitute(qualify, aliases)


def _same_column(item: exp.Alias) -> bool:
    return isinstance(item.this, exp.Column) and item.this.name.lower() == item.alias.lower()


def _substitute(root: exp.Expr, aliases: dict[str, tuple[int, exp.Expr]]) -> None:
    for column in list(root.find_all(exp.Column)):
        found = aliases.get(column.name.lower()) if not column.table else None
        if found is not None:
            column.replace(exp.paren(found[1].copy(), copy=False))


def name_columns(tree: exp.Expr) -> None:
    """Columns of the result without a name are f0_, f1_ …, as BigQuery calls them."""
    query = tree
    while isinstance(query, (exp.Subquery, exp.SetOperation)):
        query = query.this
    if not isinstance(query, exp.Select) or query.args.get("kind"):
        return
    count = 0
    for item in list(query.expressions):
        if item.output_name or item.is_star or isinstance(item, (exp.Column, exp.Dot)):
            continue
        item.replace(exp.alias_(item.copy(), f"f{count}_", copy=False))
        count += 1


def pivot(node: exp.Pivot, kinds: Kinds) -> None:
    """PIVOT calls its columns `value`, or `aggregate_value` where the aggregate has an alias; 1 is `_1`."""
    if node.args.get("unpivot"):
        select_above = node.find_ancestor(exp.Select)
        if select_above is not None and any(item.is_star for item in select_above.expressions):
            raise QueryRefused("SELECT * of UNPIVOT: name the columns.", construct="UNPIVOT")
        return
    if len(node.expressions) != 1 or len(node.fields) != 1:
        raise QueryRefused(
            "PIVOT with several aggregates: write SUM(IF(…)) for each column.",
            construct="PIVOT with several aggregates",
        )
    call, field = node.expressions[0], node.fields[0]
    prefix = f"{call.alias}_" if isinstance(call, exp.Alias) else ""
    for item in list(field.expressions):
        named = isinstance(item, (exp.PivotAlias, exp.Alias))
        value = item.this if named else item
        while isinstance(value, exp.Cast):
            value = value.this
        if named:
            name = item.alias
        elif isinstance(value, exp.Literal) and (value.is_string or value.name.isdigit()):
            name = value.name if value.is_string else f"_{value.name}"
        else:
            raise QueryRefused("PIVOT: give each value of IN a name with AS.", construct="PIVOT")
        new = exp.PivotAlias(
            this=(item.this if named else item).copy(), alias=exp.to_identifier(prefix + name, quoted=True)
        )
        item.replace(new)
    if prefix:
        call.replace(call.this.copy())


MENDS = {exp.Select: select, exp.Pivot: pivot}
