"""Mends of JSON: malformed text is NULL, JSON null in text is NULL, what is no array has no elements."""

from __future__ import annotations

from sqlglot import exp

from lib.warehouse.dialect.kinds import Kinds
from lib.warehouse.dialect.snippet import snippet
from lib.warehouse.query import QueryRefused

TOGETHER = "paths read together"


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


def _found(node: exp.Expr, kinds: Kinds, function: str, name: str) -> exp.Expr:
    """What DuckDB's `function` finds at the construct's path.

    DuckDB reads a document anew for each path, but once for a list of paths, and evaluates equal calls of one SELECT
    list once: what is read of one column there is read by one call.
    """
    path, document = _path(node, name), _json(kinds, node.this)
    paths = node.meta.get(TOGETHER) or _read_together(node, name)
    if len(paths) < 2:
        return snippet(f"{function}({document}, {{1}})", node.this, path)
    places = ", ".join(f"{{{place}}}" for place in range(1, len(paths) + 1))
    return snippet(f"{function}({document}, [{places}])[{paths.index(path.name) + 1}]", node.this, *paths)


def _read_together(node: exp.Expr, name: str) -> list[str]:
    """The different paths that constructs like this one read of its column in its SELECT list."""
    select = node.find_ancestor(exp.Select)
    if select is None or not _is_read_always(node, select):
        return []
    alike = [
        other
        for item in select.expressions
        for other in item.find_all(type(node))
        if other.this == node.this and _is_read_always(other, select)
    ]
    paths = list(dict.fromkeys(_path(other, name).name for other in alike))
    for other in alike:
        other.meta[TOGETHER] = paths
    return paths


def _is_read_always(node: exp.Expr, select: exp.Select) -> bool:
    """Whether a construct on a column stands in the list of `select` itself, where no condition decides about it."""
    if not isinstance(node.this, exp.Column):
        return False
    while node.parent is not None and node.parent is not select:
        node = node.parent
        if isinstance(node, (exp.Case, exp.If, exp.Coalesce, exp.Connector, exp.Query, exp.Lambda)):
            return False
    return node.arg_key == "expressions"


def value(node: exp.JSONExtractScalar, kinds: Kinds) -> exp.Expr:
    """JSON_VALUE, JSON_EXTRACT_SCALAR"""
    return snippet("({0} ->> '$')", _found(node, kinds, "json_value", "JSON_VALUE"))


def part(node: exp.JSONExtract, kinds: Kinds) -> exp.Expr:
    """JSON_QUERY, JSON_EXTRACT"""
    found, kind = _found(node, kinds, "json_extract", "JSON_QUERY"), kinds.of(node.this)
    if kind == "JSON":
        return found
    if kind == "STRING":
        return snippet("NULLIF(CAST({0} AS VARCHAR), 'null')", found)
    text = "CAST({1} AS VARCHAR)"
    return snippet(f"CASE WHEN typeof({{0}}) = 'JSON' THEN {text} ELSE NULLIF({text}, 'null') END", node.this, found)


def parts(node: exp.JSONExtractArray, kinds: Kinds) -> exp.Expr:
    """JSON_QUERY_ARRAY, JSON_EXTRACT_ARRAY"""
    as_text = kinds.of(node.this) == "STRING"
    element, null = ("CAST(e AS VARCHAR)", "'null'") if as_text else ("e", "CAST('null' AS JSON)")
    found = _found(node, kinds, "json_extract", "JSON_QUERY_ARRAY")
    return snippet(f"list_transform(TRY_CAST({{0}} AS JSON[]), lambda e: COALESCE({element}, {null}))", found)


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
