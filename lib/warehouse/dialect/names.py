"""Mends of names: which of an alias and a column wins, and what a column without a name is called."""

from __future__ import annotations

from sqlglot import exp

from lib.warehouse.dialect.kinds import Kinds


def select(node: exp.Select, kinds: Kinds) -> None:
    """GROUP BY and QUALIFY take the alias, where a column has the same name."""
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
    qualify = node.args.get("qualify")
    if qualify is not None:
        _substitute(qualify, aliases)


def _same_column(item: exp.Alias) -> bool:
    return isinstance(item.this, exp.Column) and item.this.name.lower() == item.alias.lower()


def _substitute(root: exp.Expression, aliases: dict[str, tuple[int, exp.Expression]]) -> None:
    for column in list(root.find_all(exp.Column)):
        found = aliases.get(column.name.lower()) if not column.table else None
        if found is not None:
            column.replace(exp.paren(found[1].copy(), copy=False))


def name_columns(tree: exp.Expression) -> None:
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


MENDS = {exp.Select: select}
