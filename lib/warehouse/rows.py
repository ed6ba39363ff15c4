"""Rows as JSON, CSV and a table of text, for command lines and files."""

from __future__ import annotations

import base64
import csv
import io
import json
import math
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from lib.warehouse.columns import values_of
from lib.warehouse.query import Result


def json_value(value: object, googlesql: str = "") -> Any:
    """One value as JSON shows it.

    TIMESTAMP as ISO text with Z, DATE, DATETIME and TIME as ISO text, NUMERIC as plain decimal text, NaN and
    Infinity as text, BYTES in base 64, ARRAY and STRUCT as lists, NULL as null.
    """
    match value:
        case None | bool() | int() | str():
            return value
        case float():
            return value if math.isfinite(value) else _not_finite(value)
        case Decimal():
            return plain_decimal(value)
        case datetime():
            return instant_text(value)
        case date() | time():
            return value.isoformat()
        case bytes():
            return base64.b64encode(value).decode()
        case list():
            return [json_value(item) for item in value]
        case dict():
            return [json_value(item) for item in value.values()]
        case _:
            return str(value)


def plain_decimal(value: Decimal) -> str:
    """Digits without exponent and without trailing zeros: 1.50 is 1.5, 100 stays 100."""
    text = format(value, "f")
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"


def instant_text(value: datetime) -> str:
    """`2024-05-13T00:00:00Z` for an instant, the same without Z for a DATETIME; fractions only where there are some."""
    if value.tzinfo is None:
        return value.isoformat()
    return value.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"


def _not_finite(value: float) -> str:
    return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"


def json_rows(result: Result) -> list[list[Any]]:
    """All rows as lists of JSON values, in the order of `result.columns`."""
    columns = [[json_value(item) for item in values_of(column)] for column in result.table.columns]
    return [list(row) for row in zip(*columns, strict=True)] if columns else []


def json_result(result: Result) -> dict[str, Any]:
    """The whole result: columns with GoogleSQL types, rows, and up to when the data is whole."""
    return {
        "columns": [{"name": name, "type": kind} for name, kind in result.columns],
        "rows": json_rows(result),
        "data_through": json_value(result.data_through),
    }


def csv_text(result: Result) -> str:
    """CSV with a header line; NULL is empty, lists are JSON."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([name for name, _ in result.columns])
    writer.writerows([["" if v is None else _cell(v) for v in row] for row in json_rows(result)])
    return out.getvalue()


def table_text(result: Result) -> str:
    """A table for a terminal: columns by width, numbers to the right, NULL as an empty cell."""
    head = [name for name, _ in result.columns]
    body = [["" if v is None else _cell(v) for v in row] for row in json_rows(result)]
    widths = [max(len(line[i]) for line in [head, *body]) for i in range(len(head))]
    right = [kind in ("INT64", "FLOAT64", "NUMERIC", "BIGNUMERIC") for _, kind in result.columns]
    lines = [head, ["-" * width for width in widths], *body]
    return "".join(
        "  ".join(c.rjust(w) if r else c.ljust(w) for c, w, r in zip(line, widths, right, strict=True)).rstrip() + "\n"
        for line in lines
    )


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
