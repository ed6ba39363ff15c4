"""GoogleSQL type texts to the engine's types and back."""

from __future__ import annotations

import zetasql.types as zt

KINDS = zt.TypeKind
SIMPLE = {
    "INT64": KINDS.TYPE_INT64,
    "FLOAT64": KINDS.TYPE_DOUBLE,
    "NUMERIC": KINDS.TYPE_NUMERIC,
    "BIGNUMERIC": KINDS.TYPE_BIGNUMERIC,
    "STRING": KINDS.TYPE_STRING,
    "BYTES": KINDS.TYPE_BYTES,
    "BOOL": KINDS.TYPE_BOOL,
    "DATE": KINDS.TYPE_DATE,
    "DATETIME": KINDS.TYPE_DATETIME,
    "TIMESTAMP": KINDS.TYPE_TIMESTAMP,
    "TIME": KINDS.TYPE_TIME,
    "JSON": KINDS.TYPE_JSON,
    "INTERVAL": KINDS.TYPE_INTERVAL,
}
NAMES = {kind: name for name, kind in SIMPLE.items()}


def split_fields(text: str) -> list[str]:
    """The comma-separated parts of a type text at its outer level."""
    parts, depth, start = [], 0, 0
    for at, char in enumerate(text):
        depth += (char == "<") - (char == ">")
        if char == "," and depth == 0:
            parts.append(text[start:at].strip())
            start = at + 1
    return [*parts, text[start:].strip()]


def struct_fields(text: str) -> list[tuple[str, str]]:
    """Name and type of each field of `STRUCT<…>`; a field without a name has an empty one."""
    fields = []
    for part in split_fields(text[len("STRUCT<") : -1]):
        name, space, rest = part.partition(" ")
        named = space and "<" not in name
        fields.append((name, rest.strip()) if named else ("", part))
    return fields


def to_type(text: str) -> zt.Type:
    """The engine's type for a type text."""
    text = text.strip()
    if text.upper().startswith("ARRAY<"):
        found = zt.Type(type_kind=KINDS.TYPE_ARRAY)
        found.array_type = zt.ArrayType(element_type=to_type(text[6:-1]))
        return found
    if text.upper().startswith("STRUCT<"):
        found = zt.Type(type_kind=KINDS.TYPE_STRUCT)
        fields = [zt.StructField(field_name=n, field_type=to_type(t)) for n, t in struct_fields(text)]
        found.struct_type = zt.StructType(field=fields)
        return found
    return zt.Type(type_kind=SIMPLE[text.upper().split("(")[0]])


def to_text(kind: zt.Type) -> str:
    """The type text of one of the engine's types."""
    if kind.type_kind == KINDS.TYPE_ARRAY:
        return f"ARRAY<{to_text(kind.array_type.element_type)}>"
    if kind.type_kind == KINDS.TYPE_STRUCT:
        fields = [f"{f.field_name} {to_text(f.field_type)}".strip() for f in kind.struct_type.field]
        return f"STRUCT<{', '.join(fields)}>"
    return NAMES[kind.type_kind]
