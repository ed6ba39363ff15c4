"""Mends of arithmetic, literals and aggregates of numbers."""

from __future__ import annotations

from sqlglot import exp

from lib.warehouse.dialect.kinds import Kinds
from lib.warehouse.dialect.snippet import snippet
from lib.warehouse.query import QueryRefused

VALUE_PLACES = (
    exp.Alias,
    exp.Add,
    exp.Sub,
    exp.Mul,
    exp.Neg,
    exp.Array,
    exp.Struct,
    exp.PropertyEQ,
    exp.Tuple,
    exp.If,
    exp.Case,
    exp.Coalesce,
    exp.Nullif,
    exp.Greatest,
    exp.Least,
    exp.Sum,
    exp.Max,
    exp.Min,
    exp.AnyValue,
    exp.ArrayAgg,
    exp.Select,
    exp.Paren,
    exp.Abs,
)
NUMERIC = "DECIMAL(38, 9)"


def whole(node: exp.Expr) -> int | None:
    """The value of a whole-number literal, its sign included."""
    if isinstance(node, exp.Neg):
        inner = whole(node.this)
        return None if inner is None else -inner
    if isinstance(node, exp.Literal) and node.name.isdigit():
        return int(node.name)
    return None


def literal(node: exp.Literal, kinds: Kinds) -> exp.Expr | None:
    """`1.5` is FLOAT64, and `1` is INT64; DuckDB would take DECIMAL and a type that overflows at 2**31."""
    if node.is_string:
        return None
    text = node.name.lower()
    if text.startswith("0x"):
        return exp.cast(exp.Literal.number(int(text, 16)), "BIGINT")
    if not text.isdigit():
        if isinstance(node.parent, exp.Binary) and _beside(node, kinds) == "NUMERIC":
            return snippet(f"CAST({{0}} AS {NUMERIC})", text)
        return node if "e" in text else exp.Literal.number(f"{text}e0")
    if isinstance(node.parent, VALUE_PLACES) and node.arg_key != "alias":
        if isinstance(node.parent, exp.Binary) and _beside(node, kinds) == "DATE":
            return exp.cast(node.copy(), "INT")
        return exp.cast(node.copy(), "BIGINT")
    return None


def _beside(node: exp.Expr, kinds: Kinds) -> str | None:
    parent = node.parent
    if parent is None:
        return None
    other = parent.expression if parent.this is node else parent.this
    return kinds.of(other)


def known_null_free(node: exp.Expr) -> bool:
    """Whether a value can never be NULL, as far as its form tells."""
    if isinstance(node, exp.Paren):
        return known_null_free(node.this)
    return isinstance(node, exp.Literal) or (isinstance(node, exp.Cast) and isinstance(node.this, exp.Literal))


def _cannot_be_zero(node: exp.Expr) -> bool:
    if isinstance(node, exp.Cast):
        node = node.this
    if isinstance(node, exp.Literal) and not node.is_string:
        return float(node.name) != 0
    return isinstance(node, exp.Nullif) and _is_zero(node.expression)


def _is_zero(node: exp.Expr) -> bool:
    if isinstance(node, exp.Cast):
        node = node.this
    return isinstance(node, exp.Literal) and not node.is_string and float(node.name) == 0


def _guarded(node: exp.Binary, kinds: Kinds, operation: str) -> exp.Expr:
    """A division that fails on zero as GoogleSQL's does, unless its dividend is NULL."""
    above, below = node.this, node.expression
    if kinds.of(node) == "NUMERIC":
        operation = f"CAST({operation} AS {NUMERIC})"
    if _cannot_be_zero(below):
        return snippet(f"({operation})", above, below)
    test = "{1} = 0" if known_null_free(above) else "{1} = 0 AND {0} IS NOT NULL"
    return snippet(f"CASE WHEN {test} THEN error('division by zero') ELSE {operation} END", above, below)


def divide(node: exp.Div, kinds: Kinds) -> exp.Expr:
    """`/`"""
    return _guarded(node, kinds, "{0} / {1}")


def divide_whole(node: exp.IntDiv, kinds: Kinds) -> exp.Expr:
    """DIV"""
    if {kinds.of(node.this), kinds.of(node.expression)} & {"NUMERIC", "FLOAT64"}:
        raise QueryRefused("DIV takes whole numbers here: use TRUNC of a division.", construct="DIV")
    return _guarded(node, kinds, "{0} // {1}")


def remainder(node: exp.Mod, kinds: Kinds) -> exp.Expr:
    """MOD"""
    return _guarded(node, kinds, "{0} % {1}")


def divide_safely(node: exp.SafeDivide, kinds: Kinds) -> exp.Expr:
    """SAFE_DIVIDE: NULL where the divisor is zero."""
    value = f"CAST({{0}} / {{1}} AS {NUMERIC})" if kinds.of(node) == "NUMERIC" else "CAST({0} / {1} AS DOUBLE)"
    return snippet(f"CASE WHEN {{1}} <> 0 THEN {value} END", node.this, node.expression)


def count_if(node: exp.CountIf, kinds: Kinds) -> exp.Expr:
    """COUNTIF is 0, never NULL, where nothing is TRUE."""
    case = exp.Case(ifs=[exp.If(this=node.this, true=exp.Literal.number(1))])
    return exp.Count(this=case, big_int=True)


def total(node: exp.Expr, kinds: Kinds) -> exp.Expr | None:
    """SUM of INT64 is INT64 and fails beyond it; DuckDB's is HUGEINT. AVG of NUMERIC is NUMERIC."""
    call = node
    while isinstance(call, (exp.Window, exp.Filter, exp.IgnoreNulls)):
        call = call.this
    if not isinstance(call, (exp.Sum, exp.Avg)) or isinstance(node.parent, (exp.Window, exp.Filter)):
        return None
    if (operand := kinds.of(call.this)) in ("BOOL", "STRING", "DATE", "TIMESTAMP", "DATETIME", "BYTES", "JSON"):
        raise QueryRefused(
            f"{call.key.upper()} takes numbers, not {operand}: use COUNTIF or a cast.", construct=call.key.upper()
        )
    kind = kinds.of(call)
    if kind == "INT64":
        return snippet("CAST({0} AS BIGINT)", node.copy())
    if kind == "NUMERIC":
        return snippet(f"CAST({{0}} AS {NUMERIC})", node.copy())
    return None


def product(node: exp.Mul, kinds: Kinds) -> exp.Expr | None:
    """NUMERIC times NUMERIC keeps nine decimals."""
    if kinds.of(node) != "NUMERIC":
        return None
    return snippet(f"CAST({{0}} * {{1}} AS {NUMERIC})", node.this, node.expression)


def round_half_away(node: exp.Round, kinds: Kinds) -> exp.Expr:
    """ROUND: of INT64 is FLOAT64; a FLOAT64 is rounded by its exact binary value (0.35 lies below the half)."""
    kind, digits = kinds.of(node.this), node.args.get("decimals")
    if node.args.get("truncate"):
        return node
    places = 0 if digits is None else whole(digits)
    if kind == "NUMERIC":
        rounded = snippet("round({0}, CAST({1} AS INTEGER))", node.this, digits or 0)
        return snippet(f"CAST({{0}} AS {NUMERIC})", rounded)
    value = snippet("CAST({0} AS DOUBLE)", node.this)
    if places is not None and 0 < places <= 15 and kind != "INT64":
        scale = 2 ** (places + 1)
        return snippet(
            f"CASE WHEN {{0}} * {scale}e0 = floor({{0}} * {scale}e0) OR isinf({{0}}) OR isnan({{0}}) "
            f"THEN round({{0}}, {places}) ELSE CAST(printf('%.{places}f', {{0}}) AS DOUBLE) END",
            value,
        )
    if digits is None:
        return snippet("round({0})", value)
    return snippet("round({0}, CAST({1} AS INTEGER))", value, digits)


def whole_function(name: str):
    """CEIL, FLOOR, TRUNC: of INT64 they are FLOAT64."""

    def rewrite(node: exp.Expr, kinds: Kinds) -> exp.Expr:
        digits = node.args.get("decimals")
        call = f"{name}({{0}})" if digits is None else f"{name}({{0}}, CAST({{1}} AS INTEGER))"
        operands = [node.this] if digits is None else [node.this, digits]
        if kinds.of(node.this) == "NUMERIC":
            return snippet(f"CAST({call} AS {NUMERIC})", *operands)
        return snippet(call, snippet("CAST({0} AS DOUBLE)", node.this), *operands[1:])

    return rewrite


def sign(node: exp.Sign, kinds: Kinds) -> exp.Expr:
    """SIGN has the type of its operand."""
    target = {"FLOAT64": "DOUBLE", "NUMERIC": NUMERIC}.get(kinds.of(node.this) or "", "BIGINT")
    return snippet(f"CAST(sign({{0}}) AS {target})", node.this)


def safely(operation: str):
    """SAFE_ADD and its kin: NULL on overflow."""

    def rewrite(node: exp.Expr, kinds: Kinds) -> exp.Expr:
        operands = [node.this] + ([node.expression] if node.args.get("expression") else [])
        known = [kinds.of(o) for o in operands]
        if "FLOAT64" in known:
            return snippet(f"({operation})", *[snippet("CAST({0} AS DOUBLE)", o) for o in operands])
        if "NUMERIC" in known:
            return snippet(f"TRY_CAST({operation} AS {NUMERIC})", *operands)
        wide = [snippet("CAST({0} AS HUGEINT)", o) for o in operands]
        return snippet(f"TRY_CAST({operation} AS BIGINT)", *wide)

    return rewrite


MENDS = {
    exp.Literal: literal,
    exp.Div: divide,
    exp.IntDiv: divide_whole,
    exp.Mod: remainder,
    exp.SafeDivide: divide_safely,
    exp.CountIf: count_if,
    exp.Sum: total,
    exp.Avg: total,
    exp.Window: total,
    exp.Filter: total,
    exp.Mul: product,
    exp.Round: round_half_away,
    exp.Ceil: whole_function("ceil"),
    exp.Floor: whole_function("floor"),
    exp.Trunc: whole_function("trunc"),
    exp.Sign: sign,
    exp.SafeAdd: safely("{0} + {1}"),
    exp.SafeSubtract: safely("{0} - {1}"),
    exp.SafeMultiply: safely("{0} * {1}"),
    exp.SafeNegate: safely("- {0}"),
}
