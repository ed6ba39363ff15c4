"""Formats of FORMAT_DATE, PARSE_DATE and their kin: which of GoogleSQL's specifiers DuckDB shares."""

from __future__ import annotations

import re

from sqlglot import exp

from lib.warehouse.dialect.snippet import snippet
from lib.warehouse.query import QueryRefused

SPECIFIER = re.compile(r"%(E\*S|-?.)", re.DOTALL)
WRITES = set("YymdHIMSpjaAbBGVuwUW%") | {"-d"}
READS = set("YymdHIMSpbBz%") | {"E*S"}
PAD_DAY = "lpad(CAST(day({0}) AS VARCHAR), 2, ' ')"
QUARTER = "CAST(quarter({0}) AS VARCHAR)"


def _literal(node: exp.Expr | None, name: str) -> str:
    if not isinstance(node, (exp.Literal, exp.RawString)):
        raise QueryRefused(f"{name} needs its format as a literal on the demo engine.", construct=name)
    if node.name == "None":  # what the parser makes of an empty text
        raise QueryRefused(f"{name} needs a format.", construct=name)
    return node.name.replace("%h", "%b")


def _refuse(specifier: str, name: str) -> QueryRefused:
    return QueryRefused(
        f"{name}: the demo engine does not have %{specifier}; write it with %Y %m %d %H %M %S %b %a and the like.",
        construct=f"{name} %{specifier}",
    )


def parse_format(node: exp.Expr | None, name: str) -> str:
    """The format for DuckDB's strptime; `name` is the function that a refusal names."""
    text = _literal(node, name).replace("%-d", "%d")
    for specifier in SPECIFIER.findall(text):
        if specifier not in READS:
            raise _refuse(specifier, name)
    if "%Y" not in text and "%y" not in text:
        raise QueryRefused(f"{name} needs a year in its format on the demo engine.", construct=name)
    return text


def format_text(value: exp.Expr, node: exp.Expr | None, date_only: bool) -> exp.Expr:
    """DuckDB text for a moment written in a format; %Q and %e, which strftime lacks, are put together."""
    name = "FORMAT_DATE" if date_only else "FORMAT_TIMESTAMP"
    text = _literal(node, name)
    pieces: list[str] = []
    kept = ""
    at = 0
    for match in SPECIFIER.finditer(text):
        kept += text[at : match.start()]
        at = match.end()
        specifier = match[1]
        if specifier in ("Q", "-d"):
            pieces += [kept, QUARTER if specifier == "Q" else PAD_DAY]
            kept = ""
        elif specifier in WRITES:
            kept += match[0]
        else:
            raise _refuse(specifier, name)
    pieces.append(kept + text[at:])
    parts = []
    for piece in pieces:
        if piece in (QUARTER, PAD_DAY):
            parts.append(snippet(piece, value.copy()))
        elif piece:
            parts.append(snippet("strftime({0}, {1})", value.copy(), piece))
    if not parts:
        return snippet("CASE WHEN {0} IS NOT NULL THEN '' END", value)
    return (
        parts[0] if len(parts) == 1 else snippet("(" + " || ".join(f"{{{i}}}" for i in range(len(parts))) + ")", *parts)
    )
