"""Mends of text functions, patterns and regular expressions."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sqlglot import exp

from lib.warehouse.dialect.kinds import Kinds
from lib.warehouse.dialect.numbers import whole
from lib.warehouse.dialect.snippet import snippet
from lib.warehouse.query import QueryRefused

WHITE_SPACE = (
    " \t\n\v\f\r\u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)


@dataclass
class _Level:
    """One pair of parentheses of a pattern."""

    captures: bool = False
    holds: bool = False
    branches: bool = False


TEXT_LITERALS = (exp.Literal, exp.RawString)
PATTERN_ADVICE = "use one plain group in a literal pattern"


def _no_bytes(node: exp.Expr, kinds: Kinds, name: str) -> None:
    if kinds.of(node) == "BYTES":
        raise QueryRefused(f"{name} of BYTES is not there on the demo engine.", construct=name)


def substring(node: exp.Substring, kinds: Kinds) -> exp.Expr:
    """SUBSTR: position 0 is 1, a position before the start is the start, a negative length fails."""
    _no_bytes(node.this, kinds, "SUBSTR")
    start, length = node.args["start"], node.args.get("length")
    at = whole(start)
    if at is not None and at >= 0:
        position = exp.Literal.number(max(at, 1))
    else:
        position = snippet("CASE WHEN {1} = 0 OR {1} < - length({0}) THEN 1 ELSE {1} END", node.this.copy(), start)
    if length is None:
        return snippet("substring({0}, {1})", node.this, position)
    size = whole(length)
    if size is not None and size < 0:
        raise QueryRefused("SUBSTR takes no negative length.", construct="SUBSTR")
    if size is None:
        length = snippet("CASE WHEN {0} < 0 THEN error('SUBSTR takes no negative length') ELSE {0} END", length)
    return snippet("substring({0}, {1}, {2})", node.this, position, length)


def first_or_last(name: str):
    """LEFT and RIGHT: a negative length fails."""

    def rewrite(node: exp.Expr, kinds: Kinds) -> exp.Expr:
        _no_bytes(node.this, kinds, name.upper())
        size = node.expression
        if whole(size) is None or (whole(size) or 0) < 0:
            size = snippet(
                f"CASE WHEN {{0}} < 0 THEN error('{name.upper()} takes no negative length') ELSE {{0}} END", size
            )
        return snippet(f"{name}({{0}}, {{1}})", node.this, size)

    return rewrite


def trim(node: exp.Trim, kinds: Kinds) -> exp.Expr:
    """TRIM, LTRIM, RTRIM: all white space when no characters are named."""
    _no_bytes(node.this, kinds, "TRIM")
    name = {"LEADING": "ltrim", "TRAILING": "rtrim"}.get(str(node.args.get("position") or ""), "trim")
    return snippet(f"{name}({{0}}, {{1}})", node.this, node.expression or WHITE_SPACE)


def pad(node: exp.Pad, kinds: Kinds) -> exp.Expr:
    """LPAD, RPAD"""
    _no_bytes(node.this, kinds, "LPAD")
    name = "lpad" if node.args.get("is_left") else "rpad"
    fill = node.args.get("fill_pattern") or exp.Literal.string(" ")
    return snippet(f"{name}({{0}}, CAST({{1}} AS INTEGER), {{2}})", node.this, node.expression, fill)


def find(node: exp.StrPosition, kinds: Kinds) -> exp.Expr:
    """STRPOS and INSTR"""
    if node.args.get("position") is not None or node.args.get("occurrence") is not None:
        raise QueryRefused(
            "INSTR with a position or an occurrence: use STRPOS on a SUBSTR.", construct="INSTR with position"
        )
    return snippet("strpos({0}, {1})", node.this, node.args["substr"])


def groups_of(pattern: str) -> tuple[int, bool]:
    """How many capturing groups a pattern has, and whether each takes part in every match."""
    groups, certain = 0, True
    levels = [_Level()]
    at, inside_class = 0, False
    while at < len(pattern):
        char = pattern[at]
        if char == "\\":
            at += 2
            continue
        if inside_class:
            inside_class = char != "]" or pattern[at - 1] in "[^"
        elif char == "[":
            inside_class = True
        elif char == "(":
            captures = pattern[at + 1 : at + 2] != "?" or pattern[at + 1 : at + 4] == "?P<"
            groups += captures
            levels.append(_Level(captures))
        elif char == "|":
            levels[-1].branches = True
        elif char == ")" and len(levels) > 1:
            level = levels.pop()
            optional = pattern[at + 1 : at + 2] in ("?", "*", "{")
            if (level.holds and level.branches) or (optional and (level.captures or level.holds)):
                certain = False
            levels[-1].holds |= level.captures or level.holds
        at += 1
    return groups, certain and not (levels[0].holds and levels[0].branches)


def _pattern(node: exp.Expr, name: str) -> int:
    pattern = node.expression
    if not isinstance(pattern, TEXT_LITERALS):
        raise QueryRefused(f"{name} needs a literal pattern: {PATTERN_ADVICE}.", construct=name)
    groups, certain = groups_of(pattern.name)
    if groups > 1 or not certain:
        raise QueryRefused(f"{name} with an optional group or several: {PATTERN_ADVICE}.", construct=name)
    return groups


def extract(node: exp.RegexpExtract, kinds: Kinds) -> exp.Expr:
    """REGEXP_EXTRACT: NULL where nothing matches."""
    if node.args.get("position") is not None or node.args.get("occurrence") is not None:
        raise QueryRefused(
            f"REGEXP_EXTRACT with a position or an occurrence: {PATTERN_ADVICE}.", construct="REGEXP_EXTRACT"
        )
    group = _pattern(node, "REGEXP_EXTRACT")
    text = f"CASE WHEN regexp_matches({{0}}, {{1}}) THEN regexp_extract({{0}}, {{1}}, {group}) END"
    return snippet(text, node.this, node.expression)


def extract_all(node: exp.RegexpExtractAll, kinds: Kinds) -> exp.Expr:
    """REGEXP_EXTRACT_ALL"""
    group = _pattern(node, "REGEXP_EXTRACT_ALL")
    if _matches_nothing(node.expression.name):
        raise QueryRefused(
            "REGEXP_EXTRACT_ALL with a pattern that an empty text matches: demand one character at least.",
            construct="REGEXP_EXTRACT_ALL",
        )
    return snippet(f"regexp_extract_all({{0}}, {{1}}, {group})", node.this, node.expression)


def _matches_nothing(pattern: str) -> bool:
    try:
        return re.search(pattern, "") is not None
    except re.error:
        return False


def like(node: exp.Like, kinds: Kinds) -> exp.Expr | None:
    """LIKE: the backslash escapes, which DuckDB must be told wherever the pattern may hold one."""
    if isinstance(node.expression, (exp.Any, exp.All)):
        raise QueryRefused("LIKE ANY and LIKE ALL: write several LIKE joined by OR or AND.", construct="LIKE ANY")
    if isinstance(node.expression, TEXT_LITERALS) and "\\" not in node.expression.name:
        return None
    return snippet("({0} LIKE {1} ESCAPE '\\')", node.this, node.expression)


def byte_length(node: exp.ByteLength, kinds: Kinds) -> exp.Expr:
    """BYTE_LENGTH"""
    return snippet("octet_length({0})" if kinds.of(node.this) == "BYTES" else "octet_length(encode({0}))", node.this)


def length(node: exp.Length, kinds: Kinds) -> exp.Expr:
    """LENGTH, CHAR_LENGTH"""
    _no_bytes(node.this, kinds, "LENGTH")
    return (
        snippet("length(CAST({0} AS VARCHAR))", node.this)
        if kinds.of(node.this) is None
        else snippet("length({0})", node.this)
    )


def safe_function(node: exp.SafeFunc, kinds: Kinds) -> exp.Expr:
    """SAFE.PARSE_DATE and the like: NULL instead of an error."""
    return snippet("TRY({0})", node.this)


def upper(node: exp.Upper, kinds: Kinds) -> exp.Expr:
    """UPPER: ß becomes SS."""
    return snippet("upper(replace({0}, 'ß', 'ss'))", node.this)


MENDS = {
    exp.Upper: upper,
    exp.Substring: substring,
    exp.Left: first_or_last("left"),
    exp.Right: first_or_last("right"),
    exp.Trim: trim,
    exp.Pad: pad,
    exp.StrPosition: find,
    exp.RegexpExtract: extract,
    exp.RegexpExtractAll: extract_all,
    exp.Like: like,
    exp.ByteLength: byte_length,
    exp.Length: length,
    exp.SafeFunc: safe_function,
}
