"""Mends of JSON: malformed text is NULL, JSON null in text is NULL, what is no array has no elements."""

from __future__ import annotations

from sqlglot import exp

from lib.warehouse.dialect.kinds import Kinds
from lib.warehouse.dialect.snippet import snippet
from lib.warehouse.query import QueryRefused


def _path(node: exp.Expr, name: str) -> exp.Expr:
    path = node.expression if node.args.get("expression") is not None else None
    if path is None:
        return exp.Literal.string("$")
    if isinstance(path, exp.Literal) and path.name == "$":
        return path
    if not isinstance(path, exp.JSONPath):
        raise QueryRefused(f"{name} needs a literal path such as '$.a.b[0]'.", construct=name)
    text = "$"
    for part in path.expressions:
        if isinstance(part, exp.JSONPathRoot):
            continue
        if isinstance(part, exp.JSONPathKey) and isinstance(part.this, str):
            escaped = part.this.replace('"', '\\"')
            text += f'."{escaped}"'
        elif isinstance(part, exp.JSONPathSubscript) and isinstance(part.this, int) and part.this >= 0:
            text += f"[{part.this}]"
        else:
            raise QueryRefused(f"{name} takes keys and positions only in its path.", construct=name)
    return exp.Literal.string(text)


def _json(kinds: Kinds, node: exp.Expr) -> str:
    return "{0}" if kinds.of(node) == "JSON" else "TRY_CAST({0} AS JSON)"


def value(node: exp.JSONExtractScalar, kinds: Kinds) -> exp.Expr:
    """JSON_VALUE, JSON_EXTRACT_SCALAR"""
    return snippet(f"(json_value({_json(kinds, node.this)}, {{1}}) ->> '$')", node.this, _path(node, "JSON_VALUE"))


def part(node: exp.JSONExtract, kinds: Kinds) -> exp.Expr:
    """JSON_QUERY, JSON_EXTRACT"""
    path, kind = _path(node, "JSON_QUERY"), kinds.of(node.this)
    found = f"json_extract({_json(kinds, node.this)}, {{1}})"
    if kind == "JSON":
        return snippet(found, node.this, path)
    text = f"CAST({found} AS VARCHAR)"
    if kind == "STRING":
        return snippet(f"NULLIF({text}, 'null')", node.this, path)
    return snippet(f"CASE WHEN typeof({{0}}) = 'JSON' THEN {text} ELSE NULLIF({text}, 'null') END", node.this, path)


def parts(node: exp.JSONExtractArray, kinds: Kinds) -> exp.Expr:
    """JSON_QUERY_ARRAY, JSON_EXTRACT_ARRAY"""
    found = f"TRY_CAST(json_extract({_json(kinds, node.this)}, {{1}}) AS JSON[])"
    as_text = kinds.of(node.this) == "STRING"
    element, null = ("CAST(e AS VARCHAR)", "'null'") if as_text else ("e", "CAST('null' AS JSON)")
    found = f"list_transform({found}, lambda e: COALESCE({element}, {null}))"
    return snippet(found, node.this, _path(node, "JSON_QUERY_ARRAY"))


def values(node: exp.JSONValueArray, kinds: Kinds) -> exp.Expr:
    """JSON_VALUE_ARRAY: NULL as soon as one element is an object or an array."""
    found = f"json_extract({_json(kinds, node.this)}, {{1}})"
    return snippet(
        f"CASE WHEN len(list_filter(TRY_CAST({found} AS JSON[]), "
        f"lambda e: json_type(e) IN ('OBJECT', 'ARRAY'))) = 0 THEN TRY_CAST({found} AS VARCHAR[]) END",
        node.this,
        _path(node, "JSON_VALUE_ARRAY"),
    )


def read(node: exp.ParseJSON, kinds: Kinds) -> exp.Expr:
    """PARSE_JSON, JSON '…'"""
    if isinstance(node.parent, exp.SafeFunc):
        return snippet("TRY_CAST({0} AS JSON)", node.this)
    return snippet("CAST({0} AS JSON)", node.this)


def _plain(kind: exp.DataType | None) -> bool:
    if kind is None:
        return False
    if kind.is_type("array", "struct"):
        inner = [e.kind if isinstance(e, exp.ColumnDef) else e for e in kind.expressions]
        return bool(inner) and all(_plain(i) for i in inner)
    return kind.is_type("bigint", "int", "text", "varchar", "boolean", "date", "json")


def write(node: exp.JSONFormat, kinds: Kinds) -> exp.Expr:
    """TO_JSON_STRING of whole numbers, texts, truths, dates and what is made of them."""
    if node.args.get("to_json") or node.args.get("options") or not _plain(kinds.type_of(node.this)):
        raise QueryRefused(
            "TO_JSON_STRING takes INT64, STRING, BOOL and DATE on the demo engine: cast other values to STRING.",
            construct="TO_JSON_STRING",
        )
    return snippet("CAST(to_json({0}) AS VARCHAR)", node.this)


MENDS = {
    exp.JSONExtractScalar: value,
    exp.JSONExtract: part,
    exp.JSONExtractArray: parts,
    exp.JSONValueArray: values,
    exp.ParseJSON: read,
    exp.JSONFormat: write,
}
