"""GoogleSQL's name for the types of DuckDB's results."""

from __future__ import annotations

from sqlglot import exp
from sqlglot.errors import SqlglotError

NAMES = {
    "BOOLEAN": "BOOL",
    "TINYINT": "INT64",
    "SMALLINT": "INT64",
    "INTEGER": "INT64",
    "BIGINT": "INT64",
    "HUGEINT": "INT64",
    "UTINYINT": "INT64",
    "USMALLINT": "INT64",
    "UINTEGER": "INT64",
    "UBIGINT": "INT64",
    "UHUGEINT": "INT64",
    "FLOAT": "FLOAT64",
    "DOUBLE": "FLOAT64",
    "VARCHAR": "STRING",
    "UUID": "STRING",
    "DATE": "DATE",
    "TIME": "TIME",
    "TIMESTAMP": "DATETIME",
    "TIMESTAMP_S": "DATETIME",
    "TIMESTAMP_MS": "DATETIME",
    "TIMESTAMP_NS": "DATETIME",
    "TIMESTAMP WITH TIME ZONE": "TIMESTAMP",
    "TIMESTAMPTZ": "TIMESTAMP",
    "BLOB": "BYTES",
    "JSON": "JSON",
    "INTERVAL": "INTERVAL",
    "NULL": "INT64",
    '"NULL"': "INT64",
}


def googlesql_type(duckdb_type: str) -> str:
    """`DECIMAL(18,3)` is NUMERIC, `BIGINT[]` is ARRAY<INT64>, `STRUCT(a BIGINT)` is STRUCT<a INT64>, NULL is INT64.

    The text is DuckDB's, as in a cursor's description. Raises ValueError for a type that GoogleSQL does not have.
    """
    text = str(duckdb_type).strip()
    if text in NAMES:
        return NAMES[text]
    if text.startswith(("DECIMAL", "NUMERIC")) and not text.endswith("]"):
        return "NUMERIC"
    try:
        return _nested(exp.DataType.build(text, dialect="duckdb"))
    except (SqlglotError, KeyError) as error:
        raise ValueError(f"no GoogleSQL type for DuckDB's {text}") from error


def _nested(kind: exp.DataType | None) -> str:
    if kind is None:
        raise KeyError("a field without a type")
    if kind.is_type("array", "list"):
        return f"ARRAY<{_nested(kind.expressions[0])}>"
    if kind.is_type("struct"):
        fields = []
        for field in kind.expressions:
            named = isinstance(field, exp.ColumnDef)
            fields.append(f"{field.name} {_nested(field.kind)}" if named else _nested(field))
        return f"STRUCT<{', '.join(fields)}>"
    name = kind.sql(dialect="duckdb")
    if name.startswith("DECIMAL"):
        return "NUMERIC"
    return NAMES[{"TEXT": "VARCHAR", "INT": "INTEGER", "INT128": "HUGEINT", "REAL": "FLOAT"}.get(name, name)]
