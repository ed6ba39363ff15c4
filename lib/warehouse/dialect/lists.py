"""Mends of arrays: gathering, subscripts, UNNEST."""

from __future__ import annotations

from sqlglot import exp

from lib.warehouse.dialect.kinds import Kinds
from lib.warehouse.dialect.numbers import whole
from lib.warehouse.dialect.snippet import snippet
from lib.warehouse.query import QueryRefused


def _not_null(value: exp.Expr) -> exp.Where:
    return exp.Where(this=exp.Not(this=exp.Is(this=value.copy(), expression=exp.Null())))


def _gathered(call: exp.Expr) -> exp.Expr:
    """The value that an aggregate gathers, behind ORDER BY, DISTINCT and LIMIT."""
    value = call.this
    while isinstance(value, (exp.Limit, exp.Order)):
        value = value.this
    return value.expressions[0] if isinstance(value, exp.Distinct) else value


def _without_limit(call: exp.Expr) -> exp.Expr | None:
    """Takes LIMIT out of an aggregate's operands and returns its count."""
    limit = call.this
    if not isinstance(limit, exp.Limit):
        return None
    call.set("this", limit.this)
    return limit.expression


def _slice(call: exp.Expr, count: exp.Expr | None) -> exp.Expr:
    if count is None:
        return call
    return snippet("list_slice({0}, 1, {1})", call, count)


def gather(node: exp.ArrayAgg, kinds: Kinds) -> exp.Expr | None:
    """ARRAY_AGG(… LIMIT n); ARRAY_AGG(… ORDER BY …) where the values sort by themselves."""
    if isinstance(node.parent, (exp.IgnoreNulls, exp.RespectNulls)):
        return None
    if isinstance(node.this, exp.Limit):
        call = node.copy()
        count = _without_limit(call)
        return _slice(call, count)
    return _sorted(node)


def _sorted(call: exp.ArrayAgg) -> exp.Expr | None:
    """Sorting in the aggregate costs DuckDB a sort for each group, thirty times what sorting the lists does."""
    order = call.this
    if not isinstance(order, exp.Order) or len(order.expressions) != 1:
        return None
    value, key = order.this, order.expressions[0]
    leading = value.expressions[0] if isinstance(value, exp.Struct) and value.expressions else value
    if isinstance(leading, (exp.PropertyEQ, exp.Alias)):
        leading = leading.expression if isinstance(leading, exp.PropertyEQ) else leading.this
    if leading != key.this:
        return None
    # Inside a STRUCT DuckDB takes NULL for the greatest value, whichever end it is asked for.
    nulls, others = (
        exp.Filter(this=exp.ArrayAgg(this=value.copy()), expression=where)
        for where in (exp.Where(this=exp.Is(this=key.this.copy(), expression=exp.Null())), _not_null(key.this))
    )
    ends = "{1}, {0}" if key.args.get("nulls_first") else "{0}, {1}"
    way = "DESC" if key.args.get("desc") else "ASC"
    return snippet(f"NULLIF(list_concat({ends.replace('{0}', 'list_sort({0}, {2})')}), [])", others, nulls, way)


def ignore_nulls(node: exp.IgnoreNulls, kinds: Kinds) -> exp.Expr | None:
    """ARRAY_AGG(x IGNORE NULLS …): DuckDB keeps the NULLs, so they are filtered."""
    if not isinstance(node.this, exp.ArrayAgg):
        return None
    call = node.this.copy()
    count = _without_limit(call)
    return _slice(exp.Filter(this=call, expression=_not_null(_gathered(call))), count)


def join_texts(node: exp.GroupConcat, kinds: Kinds) -> exp.Expr | None:
    """STRING_AGG(… LIMIT n)"""
    if not isinstance(node.this, exp.Limit):
        return None
    call = exp.ArrayAgg(this=node.this.copy())
    count = _without_limit(call)
    separator = node.args.get("separator") or exp.Literal.string(",")
    kept = exp.Filter(this=call, expression=_not_null(_gathered(call)))
    return snippet("array_to_string(list_slice({0}, 1, {1}), {2})", kept, count or exp.null(), separator)


def subscript(node: exp.Bracket, kinds: Kinds) -> exp.Expr | None:
    """a[OFFSET(i)], a[ORDINAL(i)] and their SAFE_ forms: outside the array they fail, or are NULL."""
    base = node.args.get("offset")
    if base is None:
        raise QueryRefused(
            "Subscripts need OFFSET, ORDINAL or their SAFE_ forms; fields of JSON are read by JSON_VALUE.",
            construct="[ ]",
        )
    index = node.expressions[0]
    number = whole(index)
    if number is not None:
        index = exp.Literal.number(number)
        place: exp.Expr = exp.Literal.number(number + 1 - base)
    else:
        place = snippet("({0} + 1)", index.copy()) if base == 0 else index.copy()
    if node.args.get("safe"):
        return snippet("CASE WHEN {1} >= 1 THEN list_extract({0}, {1}) END", node.this, place)
    return snippet(
        "CASE WHEN {0} IS NOT NULL AND ({1} < 1 OR {1} > len({0})) THEN error('Array index is out of bounds') "
        "ELSE list_extract({0}, {1}) END",
        node.this,
        place,
    )


def unnest(node: exp.Unnest, kinds: Kinds) -> exp.Expr | None:
    """UNNEST … WITH OFFSET counts from 0; an array of STRUCT opens into its fields."""
    offset = node.args.get("offset")
    alias = node.args.get("alias")
    array = node.expressions[0]
    kind = kinds.type_of(array)
    opens = bool(kind is not None and kind.expressions and kind.expressions[0].is_type("struct"))
    opens = opens or (
        isinstance(array, exp.Array) and bool(array.expressions) and isinstance(array.expressions[0], exp.Struct)
    )
    join = node.parent
    if isinstance(join, exp.Join) and join.side == "LEFT" and not (join.args.get("on") or join.args.get("using")):
        join.set("on", exp.true())
    if not offset:
        if opens and isinstance(node.parent, (exp.From, exp.Join)):
            node.set("explode_array", True)
        return None
    if opens:
        raise QueryRefused(
            "UNNEST of STRUCT values WITH OFFSET: number the rows before, or unnest plain values.",
            construct="UNNEST WITH OFFSET",
        )
    place = offset if isinstance(offset, exp.Identifier) else exp.to_identifier("offset")
    names = alias.columns if alias is not None and alias.columns else [alias.this] if alias and alias.this else []
    value = names[0] if names else exp.to_identifier("_value")
    inner = exp.Alias(this=snippet("(_place - 1)"), alias=place.copy())
    query = exp.Select(expressions=[exp.Alias(this=exp.column("_value"), alias=value.copy()), inner]).from_(
        exp.Table(this=snippet("UNNEST({0}) WITH ORDINALITY AS _items(_value, _place)", array))
    )
    return exp.Subquery(this=query, alias=exp.TableAlias(this=value.copy()))


def concatenate(node: exp.ArrayConcat, kinds: Kinds) -> exp.Expr:
    """ARRAY_CONCAT is NULL when one of its arrays is."""
    arrays = [node.this, *node.expressions]
    slots = [f"{{{i}}}" for i in range(len(arrays))]
    text = slots[0]
    for slot in slots[1:]:
        text = f"list_concat({text}, {slot})"
    nulls = " OR ".join(f"{slot} IS NULL" for slot in slots)
    return snippet(f"CASE WHEN {nulls} THEN NULL ELSE {text} END", *arrays)


def quantiles(node: exp.ApproxQuantiles, kinds: Kinds) -> exp.Expr:
    """APPROX_QUANTILES, exact here: the least value, n - 1 between, the greatest."""
    count = whole(node.expression)
    if not count or isinstance(node.this, exp.Distinct):
        raise QueryRefused("APPROX_QUANTILES needs a literal number of parts.", construct="APPROX_QUANTILES")
    shares = ", ".join(repr(i / count) for i in range(count + 1))
    return snippet(f"quantile_disc({{0}}, [{shares}])", node.this)


def count_up(node: exp.GenerateSeries, kinds: Kinds) -> exp.Expr | None:
    """GENERATE_ARRAY of whole numbers."""
    ends = [node.args.get(name) for name in ("start", "end", "step")]
    if {"FLOAT64", "NUMERIC"} & {kinds.of(value) for value in ends if value is not None}:
        raise QueryRefused("GENERATE_ARRAY counts whole numbers here: divide them after.", construct="GENERATE_ARRAY")
    return None


MENDS = {
    exp.GenerateSeries: count_up,
    exp.ArrayAgg: gather,
    exp.IgnoreNulls: ignore_nulls,
    exp.GroupConcat: join_texts,
    exp.Bracket: subscript,
    exp.Unnest: unnest,
    exp.ArrayConcat: concatenate,
    exp.ApproxQuantiles: quantiles,
    exp.ApproxDistinct: lambda node, kinds: exp.Count(this=exp.Distinct(expressions=[node.this]), big_int=True),
    exp.ArgMax: lambda node, kinds: snippet("arg_max_null({0}, {1})", node.this, node.expression),
    exp.ArgMin: lambda node, kinds: snippet("arg_min_null({0}, {1})", node.this, node.expression),
}
