"""Rows of one kind that come from raw tables of their own, and conditions that leave the whole kind out.

Sourcegraph.com stands among the instances, and its rows alone come from events: who asks for customers does not need
the events (docs/warehouse, What an export lacks).
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import Any

from sqlglot import exp

Kind = Mapping[str, object]
"""The constant columns of a kind's rows, names in lower case; None is a missing value."""

_UNKNOWN = object()
_COMPARED: Mapping[type[exp.Expr], Callable[[Any, Any], bool]] = {
    exp.EQ: operator.eq,
    exp.NEQ: operator.ne,
    exp.GT: operator.gt,
    exp.GTE: operator.ge,
    exp.LT: operator.lt,
    exp.LTE: operator.le,
}


def constants(query: exp.Expr) -> dict[str, object]:
    """The columns of a SELECT that are the same literal in every row."""
    if not isinstance(query, exp.Select):
        return {}
    found = {value.alias_or_name.lower(): _value(value.unalias(), {}, {}) for value in query.expressions}
    return {name: value for name, value in found.items() if value is not _UNKNOWN}


def leaves_out(condition: exp.Expr, kind: Kind, values: Mapping[str, object]) -> bool:
    """Whether a condition holds for no row of a kind; `values` are those of the parameters that are known."""
    if isinstance(condition, exp.Paren):
        return leaves_out(condition.this, kind, values)
    if isinstance(condition, (exp.And, exp.Or)):
        sides = [leaves_out(side, kind, values) for side in (condition.this, condition.expression)]
        return any(sides) if isinstance(condition, exp.And) else all(sides)
    held = _holds(condition, kind, values)
    return held is False or held is None


def _holds(node: exp.Expr, kind: Kind, values: Mapping[str, object]) -> object:
    """True, False, None (neither, as SQL has it), or unknown."""
    if isinstance(node, exp.Paren):
        return _holds(node.this, kind, values)
    if isinstance(node, (exp.And, exp.Or)):
        deciding = isinstance(node, exp.Or)
        sides = [_holds(side, kind, values) for side in (node.this, node.expression)]
        return next(
            (side for side in (deciding, _UNKNOWN, None) if any(side is given for given in sides)), not deciding
        )
    if isinstance(node, exp.Not):
        held = _holds(node.this, kind, values)
        return not held if isinstance(held, bool) else held
    this = _value(node.this, kind, values) if isinstance(node.args.get("this"), exp.Expr) else _UNKNOWN
    if this is _UNKNOWN:
        return _UNKNOWN
    if isinstance(node, exp.Is) and isinstance(node.expression, exp.Null):
        return this is None
    if isinstance(node, exp.In):
        return _is_in(this, node, kind, values)
    if type(node) in _COMPARED:
        that = _value(node.expression, kind, values)
        if this is None or that is None:
            return None
        return _COMPARED[type(node)](this, that) if _alike(this, that) else _UNKNOWN
    return _UNKNOWN


def _is_in(this: object, node: exp.In, kind: Kind, values: Mapping[str, object]) -> object:
    listed: list[object] = [_value(item, kind, values) for item in node.expressions]
    array = node.args.get("unnest")
    if array is not None:
        whole = _value(array.expressions[0], kind, values)
        listed = list(whole) if isinstance(whole, tuple) else [_UNKNOWN]
    if node.args.get("query") or any(item is _UNKNOWN for item in listed):
        return _UNKNOWN
    if this is None or not listed:
        return None if listed else False
    return True if this in listed else None if None in listed else False


def _value(node: exp.Expr, kind: Kind, values: Mapping[str, object]) -> object:
    if isinstance(node, (exp.Paren, exp.Cast)):
        inner = _value(node.this, kind, values)
        return inner if isinstance(node, exp.Paren) or inner is None else _UNKNOWN
    if isinstance(node, exp.Null):
        return None
    if isinstance(node, exp.Literal):
        return node.name if node.is_string else int(node.name) if node.name.isdigit() else _UNKNOWN
    if isinstance(node, (exp.Parameter, exp.Var)):
        # A variable where the model tool has taught the parser its own reading of `@name`.
        return values.get(node.name, _UNKNOWN)
    if isinstance(node, exp.Column):
        return kind.get(node.name.lower(), _UNKNOWN)
    return _UNKNOWN


def _alike(one: object, other: object) -> bool:
    return type(one) is type(other) and isinstance(one, (str, int))
