"""DuckDB text as a node of the tree, so that a mend can be read as the SQL it writes."""

from __future__ import annotations

from sqlglot import exp, generator
from sqlglot.dialects.duckdb import DuckDB
from sqlglot.expressions.core import Expression
from sqlglot.generator import Generator

ATOMS = (
    exp.Column,
    exp.Literal,
    exp.Null,
    exp.Boolean,
    exp.Cast,
    exp.Anonymous,
    exp.Case,
    exp.Paren,
    exp.Subquery,
    exp.AggFunc,
    exp.Parameter,
)


class Snippet(Expression, exp.Condition):
    """DuckDB text with `{0}`, `{1}` … where its operands go; each may appear more than once."""

    arg_types = {"this": True, "expressions": False}  # noqa: RUF012


def snippet(template: str, *operands: exp.Expr | str | int) -> Snippet:
    """A piece of DuckDB SQL around operands; text operands become SQL string literals.

    The template must read as one operand itself: a call, a CASE or something in parentheses.
    """
    nodes = [o if isinstance(o, exp.Expr) else exp.convert(o) for o in operands]
    return Snippet(this=template, expressions=nodes)


def _write(writer: Generator, node: Snippet) -> str:
    texts = []
    for operand in node.expressions:
        text = writer.sql(operand)
        texts.append(text if isinstance(operand, (*ATOMS, Snippet)) else f"({text})")
    return node.this.format(*texts)


DuckDB.Generator.TRANSFORMS[Snippet] = _write
generator._DISPATCH_CACHE.pop(DuckDB.Generator, None)  # made on first use, which may have been before this import
