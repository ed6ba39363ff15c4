"""Rows as CSV for spreadsheets (docs/boards.md, Downloads)."""

from __future__ import annotations

import csv
import io

import pyarrow as pa

from lib.board.downloads.cells import fields_of, is_formula, text_of
from lib.looks import Look


def csv_bytes(look: Look, table: pa.Table) -> bytes:
    """Rows as CSV: UTF-8 with a mark, labels as header, dollars with two decimals, NULL empty.

    Text that a spreadsheet would run as a formula gets an apostrophe before it; numbers stay as they are.
    """
    fields = fields_of(look, table)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([_safe(field.label) for field in fields])
    columns = [
        [_cell(value, field.column.format) for value in table.column(field.name).to_pylist()] for field in fields
    ]
    writer.writerows(zip(*columns, strict=True))
    return text.getvalue().encode("utf-8-sig")


def _cell(value: object, format: str | None) -> str:
    text = text_of(value, format)
    return _safe(text) if isinstance(value, str | list | tuple) else text


def _safe(text: str) -> str:
    return f"'{text}" if is_formula(text) else text
