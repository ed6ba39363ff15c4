"""Rows as JSON, CSV and a text table, for the command line."""

from __future__ import annotations

import base64
import csv
import io
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal

import pyarrow as pa


def json_value(value: object) -> object:
    """A cell as JSON says it: dates and moments as ISO text (moments in UTC with Z), exact decimals as text."""
    if isinstance(value, datetime):
        if value.tzinfo is None:
            return value.isoformat()
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, (list, tuple)):
        return [json_value(item) for item in value]
    return value


def json_rows(table: pa.Table) -> list[list[object]]:
    """All rows, cell by cell as `json_value` says."""
    columns = [[json_value(value) for value in column.to_pylist()] for column in table.columns]
    return [list(row) for row in zip(*columns, strict=True)]


def csv_text(table: pa.Table) -> str:
    """Rows with a header line; a missing value is an empty cell, a list its items joined by commas."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(table.column_names)
    writer.writerows([_cell(value, "") for value in row] for row in json_rows(table))
    return text.getvalue()


def plain_table(table: pa.Table) -> str:
    """Rows under their column names in aligned columns; a missing value is a dash."""
    rows = [[_cell(value, "—") for value in row] for row in json_rows(table)]
    return _aligned([table.column_names, *rows])


def _cell(value: object, missing: str) -> str:
    if value is None:
        return missing
    return ",".join(_cell(item, "") for item in value) if isinstance(value, list) else str(value)


def _aligned(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    return "\n".join("  ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)).rstrip() for row in rows) + "\n"
