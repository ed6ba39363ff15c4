"""Rows as files (docs/boards.md, Downloads)."""

from __future__ import annotations

import csv
import io
import re
from datetime import date

import pyarrow as pa

from lib.looks import Look
from lib.looks.output import json_value

# A spreadsheet runs a cell that begins so.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_bytes(look: Look, table: pa.Table) -> bytes:
    """Rows as CSV for spreadsheets: UTF-8 with a mark, labels as header, dollars with two decimals, NULL empty.

    Text that a spreadsheet would run as a formula gets an apostrophe before it.
    """
    names = [name for name in table.column_names if name in look.columns and not look.columns[name].hidden]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([look.columns[name].label for name in names])
    columns = [[_cell(value, look.columns[name].format) for value in table.column(name).to_pylist()] for name in names]
    writer.writerows(zip(*columns, strict=True))
    return text.getvalue().encode("utf-8-sig")


def file_name(look: Look, day: date, ending: str = "csv") -> str:
    """A file's name: board, look and the day it was made."""
    return f"{re.sub(r'[^a-z0-9_]+', '_', look.id.lower())}_{day.isoformat()}.{ending}"


def _cell(value: object, format: str | None) -> str:
    if value is None:
        return ""
    if format == "usd" and isinstance(value, int):
        return f"{value / 100:.2f}"
    if isinstance(value, list | tuple):
        return _safe(", ".join(_cell(item, format) for item in value))
    return _safe(value) if isinstance(value, str) else str(json_value(value))


def _safe(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text
