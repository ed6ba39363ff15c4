"""Mends of CAST and SAFE_CAST: what GoogleSQL accepts as a number, a date or a truth is narrower than DuckDB's."""

from __future__ import annotations

import re

from sqlglot import exp

from lib.warehouse.dialect.kinds import FAMILIES, Kinds
from lib.warehouse.dialect.numbers import NUMERIC
from lib.warehouse.dialect.snippet import snippet
from lib.warehouse.query import QueryRefused

DUCKDB_NAMES = {
    "INT64": "BIGINT",
    "FLOAT64": "DOUBLE",
    "NUMERIC": NUMERIC,
    "STRING": "VARCHAR",
    "BOOL": "BOOLEAN",
    "DATE": "DATE",
    "DATETIME": "TIMESTAMP",
    "TIMESTAMP": "TIMESTAMPTZ",
    "TIME": "TIME",
}
DAY = "[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}"
CLOCK = r"([01]?[0-9]|2[0-3]):[0-5]?[0-9]:[0-5]?[0-9](\.[0-9]{0,6})?"
ZONE = r"[Zz]|[+-][0-9]{1,2}(:[0-9]{2})?| [A-Za-z][A-Za-z_/+0-9-]*"
TEXT_FORMS = {
    "INT64": r"\s*[+-]?([0-9]+|0[xX][0-9a-fA-F]+)\s*",
    "BOOL": "(?i)true|false",
    "DATE": DAY,
    "FLOAT64": "[^_]*",
    "NUMERIC": "[^_]*",
    "DATETIME": f"{DAY}([ Tt]{CLOCK})?",
    "TIME": CLOCK,
    "TIMESTAMP": f"{DAY}([ Tt]{CLOCK})?({ZONE})?",
}
"""The texts that GoogleSQL and DuckDB both read, and read alike."""
FINER_CLOCK = r"([01]?[0-9]|2[0-3]):[0-5]?[0-9]:[0-5]?[0-9](\.[0-9]{7,9})?"
WIDER_TIMESTAMP = f"{DAY}[ Tt]{FINER_CLOCK}({ZONE}|[+-][0-9]{{4}})?|{DAY}[ Tt]{CLOCK}[+-][0-9]{{4}}"
READS = {
    "INT64": "COALESCE(TRY_CAST({0} AS BIGINT), - TRY_CAST(regexp_extract({0}, '-(0[xX].*)', 1) AS BIGINT))",
    "FLOAT64": "COALESCE(TRY_CAST({0} AS DOUBLE), CAST(TRY_CAST({0} AS BIGINT) AS DOUBLE))",
}
FLOAT_TEXT = (
    "CASE WHEN {0} = 0 THEN '0' "
    "WHEN isnan({0}) THEN 'nan' WHEN isinf({0}) THEN CASE WHEN {0} > 0 THEN 'inf' ELSE '-inf' END "
    "WHEN CAST(printf('%.15g', {0}) AS DOUBLE) = {0} THEN printf('%.15g', {0}) ELSE printf('%.17g', {0}) END"
)
DECIMAL_TEXT = "regexp_replace(CAST({0} AS VARCHAR), '\\.?0+$', '')"
MOMENT_TEXT = (
    "CASE WHEN microsecond({0}) % 1000000 = 0 THEN strftime({0}, '%Y-%m-%d %H:%M:%S') "
    "WHEN microsecond({0}) % 1000 = 0 THEN strftime({0}, '%Y-%m-%d %H:%M:%S.%g') "
    "ELSE strftime({0}, '%Y-%m-%d %H:%M:%S.%f') END"
)
TIME_TEXT = (
    "CASE WHEN microsecond({0}) % 1000000 = 0 THEN CAST({0} AS VARCHAR) "
    "ELSE rpad(CAST({0} AS VARCHAR), CASE WHEN microsecond({0}) % 1000 = 0 THEN 12 ELSE 15 END, '0') END"
)
IMPOSSIBLE = {
    ("DATE", "INT64"),
    ("DATE", "FLOAT64"),
    ("TIMESTAMP", "INT64"),
    ("TIMESTAMP", "FLOAT64"),
    ("INT64", "DATE"),
    ("INT64", "TIMESTAMP"),
    ("INT64", "DATETIME"),
    ("BOOL", "FLOAT64"),
    ("FLOAT64", "BOOL"),
    ("BOOL", "DATE"),
}


def as_text(value: exp.Expr, kinds: Kinds) -> exp.Expr:
    """A value as text, as CAST(… AS STRING) writes it."""
    source = kinds.of(value)
    if source == "STRING" or isinstance(value, exp.Null):
        return value
    if source is None:
        return _by_typeof(value, "STRING", "VARCHAR", False)
    return snippet(_to_text("{0}", source), value)


def concatenate(node: exp.Concat, kinds: Kinds) -> exp.Expr:
    """CONCAT writes numbers and times as CAST does."""
    texts = [as_text(value, kinds) for value in node.expressions]
    if kinds.of(node) == "BYTES" or "BYTES" in [kinds.of(v) for v in node.expressions]:
        raise QueryRefused("CONCAT of BYTES is not there on the demo engine.", construct="CONCAT")
    return snippet("CAST(" + " || ".join(f"{{{i}}}" for i in range(len(texts))) + " AS VARCHAR)", *texts)


def join(node: exp.DPipe, kinds: Kinds) -> exp.Expr | None:
    """`||` joins texts, or arrays."""
    pair = {kinds.of(node.this), kinds.of(node.expression)}
    if pair - {"STRING", "ARRAY", None} and not isinstance(node.this, exp.Null):
        raise QueryRefused("|| joins texts or arrays: cast the operands to STRING.", construct="||")
    if "ARRAY" in pair:
        return snippet(
            "CASE WHEN {0} IS NULL OR {1} IS NULL THEN NULL ELSE list_concat({0}, {1}) END", node.this, node.expression
        )
    return snippet("CAST({0} || {1} AS VARCHAR)", node.this, node.expression) if pair == {"STRING"} else None


def cast(node: exp.Cast, kinds: Kinds) -> exp.Expr | None:
    """CAST and SAFE_CAST by the operand's type; where it is not known, DuckDB decides while it plans."""
    to, value, safe = node.to, node.this, isinstance(node, exp.TryCast)
    target, source = FAMILIES.get(to.this), kinds.of(node.this)
    if isinstance(value, exp.Null):
        return snippet(f"CAST(NULL AS {duckdb_type(to)})")
    if node.args.get("format") is not None:
        raise QueryRefused("CAST … FORMAT: use FORMAT_DATE or PARSE_DATE on the demo engine.", construct="CAST FORMAT")
    if target == "BIGNUMERIC":
        raise QueryRefused("The demo engine has no BIGNUMERIC: use NUMERIC.", construct="BIGNUMERIC")
    if target == "STRUCT" and isinstance(value, exp.Struct) and len(value.expressions) == len(to.expressions):
        return _typed_struct(value, to)
    if target in ("ARRAY", "STRUCT") or target is None:
        return snippet(f"{_verb(safe)}({{0}} AS {duckdb_type(to)})", value)
    if to.expressions and target == "STRING":
        raise QueryRefused("CAST to a STRING of limited length: use SUBSTR.", construct="STRING(n)")
    if source == "JSON" or target == "JSON":
        raise QueryRefused("JSON is cast by JSON_VALUE and SAFE_CAST, or by PARSE_JSON.", construct="CAST JSON")
    if "BYTES" in (source, target):
        raise QueryRefused("The demo engine cannot cast BYTES: use TO_HEX.", construct="CAST BYTES")
    if (source, target) in IMPOSSIBLE:
        raise QueryRefused(f"{source} cannot be cast to {target}.", construct="CAST")
    name = DUCKDB_NAMES[target] if not (target == "NUMERIC" and to.expressions) else duckdb_type(to)
    if source is None:
        return _by_typeof(value, target, name, safe)
    return _from(source, value, target, name, safe)


def _typed_struct(value: exp.Struct, to: exp.DataType) -> exp.Expr:
    """STRUCT<a INT64>(…): the fields take their names and types by place."""
    fields, operands = [], []
    for place, (item, field) in enumerate(zip(value.expressions, to.expressions, strict=True)):
        kind = field.kind if isinstance(field, exp.ColumnDef) else field
        name = field.name if isinstance(field, exp.ColumnDef) else f"_{place}"
        fields.append(f"'{name}': CAST({{{place}}} AS {duckdb_type(kind)})")
        operands.append(item.expression if isinstance(item, exp.PropertyEQ) else item)
    return snippet(
        "struct_pack(" + ", ".join(f.replace("'", '"', 2).replace(": ", " := ", 1) for f in fields) + ")", *operands
    )


def _verb(safe: bool) -> str:
    return "TRY_CAST" if safe else "CAST"


def _from(source: str, value: exp.Expr, target: str, name: str, safe: bool) -> exp.Expr:
    if source == "STRING" and target in TEXT_FORMS:
        if isinstance(value, (exp.Literal, exp.RawString)) and re.fullmatch(TEXT_FORMS[target], value.name):
            return snippet(f"{_verb(safe)}({{0}} AS {name})", value)
        return snippet(_text_cast("{0}", target, name, safe).replace("{form}", "{1}"), value, TEXT_FORMS[target])
    if target == "STRING":
        return snippet(_to_text("{0}", source), value)
    if source == "FLOAT64" and target == "INT64":
        return snippet(f"{_verb(safe)}(round({{0}}) AS BIGINT)", value)
    if source == "TIMESTAMP" and target == "TIME":
        return snippet("CAST(timezone('UTC', {0}) AS TIME)", value)
    return snippet(f"{_verb(safe)}({{0}} AS {name})", value)


def _text_cast(operand: str, target: str, name: str, safe: bool) -> str:
    test = f"regexp_full_match({operand}, {{form}})"
    read = READS.get(target, f"TRY_CAST({{0}} AS {name})").replace("{0}", operand)
    wider = ""
    if target == "TIMESTAMP":
        again = f"regexp_replace({operand}, '(\\.[0-9]{{{{6}}}})[0-9]+', '\\1')"
        again = f"regexp_replace({again}, '([+-][0-9]{{{{2}}}})([0-9]{{{{2}}}})$', '\\1:\\2')"
        pattern = WIDER_TIMESTAMP.replace("{", "{{").replace("}", "}}")
        wider = f"WHEN regexp_full_match({operand}, '{pattern}') THEN TRY_CAST({again} AS {name}) "
    found = f"CASE WHEN {test} THEN {read} {wider}END"
    if safe:
        return found
    return f"CASE WHEN {operand} IS NOT NULL AND ({found}) IS NULL THEN error('Bad {target} value') ELSE ({found}) END"


def _to_text(operand: str, source: str) -> str:
    text = {
        "FLOAT64": FLOAT_TEXT,
        "NUMERIC": DECIMAL_TEXT,
        "TIMESTAMP": f"({MOMENT_TEXT} || '+00')",
        "DATETIME": MOMENT_TEXT,
        "TIME": TIME_TEXT,
    }.get(source, "CAST({0} AS VARCHAR)")
    return text.replace("{0}", operand)


def _by_typeof(value: exp.Expr, target: str, name: str, safe: bool) -> exp.Expr:
    """Branches on DuckDB's typeof: it is folded while planning, and each branch binds by a cast of its own."""
    if target == "STRING":
        return snippet(
            "CASE WHEN typeof({0}) IN ('DOUBLE', 'FLOAT') THEN "
            + _to_text("TRY_CAST({0} AS DOUBLE)", "FLOAT64")
            + " WHEN typeof({0}) LIKE 'DECIMAL%' THEN "
            + _to_text("CAST({0} AS VARCHAR)", "NUMERIC")
            + " WHEN typeof({0}) = 'TIMESTAMP WITH TIME ZONE' THEN "
            + _to_text("TRY_CAST({0} AS TIMESTAMPTZ)", "TIMESTAMP")
            + " WHEN typeof({0}) = 'TIMESTAMP' THEN "
            + _to_text("TRY_CAST({0} AS TIMESTAMP)", "DATETIME")
            + " WHEN typeof({0}) = 'TIME' THEN "
            + _to_text("TRY_CAST({0} AS TIME)", "TIME")
            + " ELSE CAST({0} AS VARCHAR) END",
            value,
        )
    if target not in TEXT_FORMS:
        return snippet(f"{_verb(safe)}({{0}} AS {name})", value)
    text_branch = _text_cast("CAST({0} AS VARCHAR)", target, name, safe).replace("{form}", "{1}")
    rest = f"{_verb(safe)}({{0}} AS {name})"
    if target == "INT64":
        rest = (
            f"CASE WHEN typeof({{0}}) IN ('DOUBLE', 'FLOAT') THEN {_verb(safe)}(round(TRY_CAST({{0}} AS DOUBLE)) "
            f"AS BIGINT) ELSE {rest} END"
        )
    return snippet(f"CASE WHEN typeof({{0}}) = 'VARCHAR' THEN {text_branch} ELSE {rest} END", value, TEXT_FORMS[target])


def duckdb_type(node: exp.DataType | None) -> str:
    """A GoogleSQL type in DuckDB's words, NUMERIC as DECIMAL(38, 9)."""
    if node is None:
        raise QueryRefused("A field of a STRUCT type needs a type.", construct="STRUCT")
    copy = node.copy()
    for part in copy.find_all(exp.DataType):
        if part.this == exp.DataType.Type.DECIMAL and not part.expressions:
            part.set("expressions", [exp.DataTypeParam(this=exp.Literal.number(n)) for n in (38, 9)])
        if part.this == exp.DataType.Type.BIGDECIMAL:
            raise QueryRefused("The demo engine has no BIGNUMERIC: use NUMERIC.", construct="BIGNUMERIC")
    return copy.sql(dialect="duckdb")


MENDS = {exp.Cast: cast, exp.TryCast: cast, exp.Concat: concatenate, exp.DPipe: join}
