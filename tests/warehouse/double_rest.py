"""How the BigQuery REST service writes schemas, rows and parameters, for the double."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from lib.warehouse import Parameter

LEGACY = {"INT64": "INTEGER", "FLOAT64": "FLOAT", "BOOL": "BOOLEAN"}


def schema_fields(columns: Sequence[tuple[str, str]]) -> list[dict[str, Any]]:
    """The `schema.fields` of an answer, with the service's own names of types."""
    return [field_of(name, kind) for name, kind in columns]


def field_of(name: str, kind: str) -> dict[str, Any]:
    """One field; arrays by mode, structs by nested fields."""
    mode = "NULLABLE"
    if kind.upper().startswith("ARRAY<"):
        mode, kind = "REPEATED", kind[6:-1]
    if kind.upper().startswith("STRUCT<"):
        parts = [part.strip().split(" ", 1) for part in split(kind[7:-1])]
        fields = [field_of(part, inner) for part, inner in parts]
        return {"name": name, "type": "RECORD", "mode": mode, "fields": fields}
    return {"name": name, "type": LEGACY.get(kind.upper(), kind.upper()), "mode": mode}


def split(text: str) -> list[str]:
    """Parts at the commas outside of angle brackets."""
    parts, depth = [""], 0
    for character in text:
        depth += (character == "<") - (character == ">")
        if character == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += character
    return parts


def rows_of(rows: Sequence[Sequence[object]], columns: Sequence[tuple[str, str]], micros: bool) -> list[dict[str, Any]]:
    """Rows as `f` and `v`; instants as microseconds where the client asked for them, else as seconds."""
    fields = schema_fields(columns)
    return [{"f": [{"v": cell(v, f, micros)} for v, f in zip(row, fields, strict=True)]} for row in rows]


def cell(value: object, field: dict[str, Any], micros: bool) -> Any:
    """One value as the service writes it: text, nested cells, or null; a missing array is an empty one."""
    if field["mode"] == "REPEATED":
        element = {**field, "mode": "NULLABLE"}
        items = value if isinstance(value, list) else []
        return [{"v": cell(item, element, micros)} for item in items]
    if value is None:
        return None
    if field["type"] == "RECORD":
        parts = list(value.values()) if isinstance(value, dict) else list(value)  # type: ignore[call-overload]
        return {"f": [{"v": cell(v, f, micros)} for v, f in zip(parts, field["fields"], strict=True)]}
    return scalar(value, micros)


def scalar(value: object, micros: bool) -> str:
    """Text of one scalar."""
    match value:
        case bool():
            return "true" if value else "false"
        case datetime() if value.tzinfo is not None:
            since = value - datetime(1970, 1, 1, tzinfo=UTC)
            whole = (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds
            return str(whole) if micros else repr(whole / 1_000_000)
        case datetime() | date() | time():
            return value.isoformat()
        case bytes():
            return base64.b64encode(value).decode()
        case Decimal():
            return format(value, "f")
        case _:
            return str(value)


def parameters_of(query: dict[str, Any]) -> tuple[Parameter, ...]:
    """The request's `queryParameters` as ours."""
    return tuple(parameter_of(item) for item in query.get("queryParameters", ()))


def parameter_of(item: dict[str, Any]) -> Parameter:
    """One parameter; values stay text, which both engines read by the type."""
    kind = item["parameterType"]
    if kind["type"] == "ARRAY":
        element = kind["arrayType"]["type"]
        values = [typed(each.get("value"), element) for each in item["parameterValue"].get("arrayValues") or ()]
        return Parameter(item["name"], f"ARRAY<{element}>", values)
    return Parameter(item["name"], kind["type"], typed(item["parameterValue"].get("value"), kind["type"]))


def typed(value: Any, kind: str) -> Any:
    """Text as the value that its type means, where text alone would not do."""
    if value is None:
        return None
    match kind:
        case "INT64":
            return int(value)
        case "FLOAT64":
            return float(value)
        case "BOOL":
            return value if isinstance(value, bool) else str(value).lower() == "true"
        case "BYTES":
            return base64.b64decode(value)
        case _:
            return value
