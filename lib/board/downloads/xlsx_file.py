"""Rows as XLSX: typed cells on one sheet, what they mean on another (docs/boards.md, Downloads)."""

from __future__ import annotations

import io
import math
import re
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

import pyarrow as pa
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from lib.board.downloads.about import About, FilterLine
from lib.board.downloads.cells import Field, fields_of, is_formula, is_missing, text_of
from lib.looks import Look
from lib.looks.look import Column

ABOUT = "About"
# Excel's own bounds.
_LONGEST_TEXT = 32_767
_MOST_DIGITS = 10**15
_FIRST_DAY = date(1900, 3, 1)
_FORMATS = {
    "integer": "#,##0",
    "change": "+#,##0;-#,##0;0",
    "decimal": "#,##0.00",
    "percent": "0.0%",
    "usd": "$#,##0.00",
    "bytes": "#,##0",
    "duration": '#,##0" s"',
    "month": "mmm yyyy",
}
_TYPES = {
    "INT64": "#,##0",
    "DATE": "d mmm yyyy",
    "DATETIME": "yyyy-mm-dd hh:mm:ss",
    "TIMESTAMP": 'yyyy-mm-dd hh:mm:ss" UTC"',
    "TIME": "hh:mm:ss",
}
_NARROWEST, _WIDEST, _MEASURED_ROWS = 10, 60, 200


class Book:
    """A workbook in the making: sheets in any order, each under a name that `name` gave; `close` gives the bytes."""

    def __init__(self) -> None:
        self._sink = io.BytesIO()
        options = {"constant_memory": True, "strings_to_urls": False, "remove_timezone": True}
        self._book: Workbook = xlsxwriter.Workbook(self._sink, options)
        self._made: dict[tuple[str, bool], Format] = {}
        self._taken: set[str] = set()
        self._bold = self._book.add_format({"bold": True, "valign": "top"})
        self._head = self._book.add_format({"bold": True, "bottom": 1, "valign": "top", "text_wrap": True})
        self._wrap = self._book.add_format({"text_wrap": True, "valign": "top"})

    def name(self, title: str) -> str:
        """A name for a sheet as Excel allows it: 31 characters, none of its own signs, each once whatever its case."""
        allowed = " ".join(re.sub(r"[\[\]:*?/\\]", " ", title).split())
        plain = allowed.strip("' ")[:31].strip("' ") or "Rows"
        name, count = plain, 1
        while name.casefold() in self._taken or name.casefold() == "history":
            count += 1
            name = f"{plain[: 31 - len(str(count)) - 1]} {count}"
        self._taken.add(name.casefold())
        return name

    def rows_sheet(self, name: str, look: Look, table: pa.Table) -> None:
        """A sheet of typed rows beneath their labels."""
        sheet = self._book.add_worksheet(name)
        fields = fields_of(look, table)
        columns = [table.column(field.name).to_pylist() for field in fields]
        for place, (field, values) in enumerate(zip(fields, columns, strict=True)):
            sheet.set_column(place, place, _width(field, values))
            sheet.write_string(0, place, field.label, self._head)
        sheet.freeze_panes(1, 0)
        if fields:
            sheet.autofilter(0, 0, table.num_rows, len(fields) - 1)
        writers = [self._writer(sheet, place, field.column) for place, field in enumerate(fields)]
        for at, row in enumerate(zip(*columns, strict=True), start=1):
            for write, value in zip(writers, row, strict=True):
                write(at, value)

    def text_sheet(self, name: str, words: str) -> None:
        """A sheet of one sentence, in place of rows that are not there."""
        sheet = self._book.add_worksheet(name)
        sheet.set_column(0, 0, _WIDEST)
        self._write_text(sheet, 0, 0, words, self._wrap)

    def lines_sheet(self, name: str, lines: Sequence[tuple[str, str]], *tables: Sequence[Sequence[str]]) -> None:
        """A sheet of labels and words, and tables of text beneath them, each with a head."""
        sheet = self._book.add_worksheet(name)
        for place, width in enumerate((22, 70, 44)):
            sheet.set_column(place, place, width)
        row = 0
        for label, words in lines:
            self._write_text(sheet, row, 0, label, self._bold)
            self._write_text(sheet, row, 1, words, self._wrap)
            row += 1
        for cells in tables:
            if len(cells) > 1:
                row += 1
                for place, texts in enumerate(cells):
                    for at, text in enumerate(texts):
                        self._write_text(sheet, row, at, text, self._wrap if place else self._head)
                    row += 1

    def close(self) -> bytes:
        """The file; the book takes nothing more."""
        self._book.close()
        return self._sink.getvalue()

    def _format(self, code: str, is_quoted: bool = False) -> Format:
        """Quoted: the text stays text even where somebody edits the cell."""
        key = (code, is_quoted)
        if key not in self._made:
            self._made[key] = self._book.add_format({"num_format": code, "quote_prefix": is_quoted})
        return self._made[key]

    def _writer(self, sheet: Worksheet, place: int, column: Column) -> Callable[[int, Any], None]:
        shown = self._format(_FORMATS.get(column.format or "") or _TYPES.get(column.type, "General"))
        scale = 100 if column.format == "usd" else 1

        def write(row: int, value: Any) -> None:
            if is_missing(value):
                return
            if isinstance(value, bool):
                sheet.write_boolean(row, place, value)
            elif isinstance(value, int | float | Decimal) and _is_exact(value):
                sheet.write_number(row, place, float(value) / scale, shown)
            elif (moment := _moment(value)) is not None:
                sheet.write_datetime(row, place, moment, shown)
            else:
                self._write_text(sheet, row, place, text_of(value, column.format))

        return write

    def _write_text(self, sheet: Worksheet, row: int, place: int, text: str, shown: Format | None = None) -> None:
        cut = text if len(text) <= _LONGEST_TEXT else f"{text[: _LONGEST_TEXT - 1]}…"
        sheet.write_string(row, place, cut, self._format("General", True) if is_formula(cut) else shown)


def xlsx_bytes(look: Look, table: pa.Table, about: About) -> bytes:
    """Rows as a workbook: the rows, and a sheet "About".

    Dates, moments (UTC), percents, dollars, whole numbers, yes and no keep their types; lists are text. Text is
    always text, whatever it begins with. What Excel cannot hold as a number (over 15 digits, days before March 1900)
    is text too; a text is cut at 32,767 characters.
    """
    book = Book()
    said = book.name(ABOUT)
    book.rows_sheet(book.name(look.title), look, table)
    columns = [("Column", "Type", "Unit"), *map(_described, fields_of(look, table))]
    book.lines_sheet(said, about.lines(), filter_table(about.filters), columns)
    return book.close()


def filter_table(filters: Sequence[FilterLine]) -> list[tuple[str, str, str]]:
    """Filters as a table of text: label, words, and the text as the address has it."""
    return [("Filter", "In words", "As text"), *((line.label, line.words, line.text) for line in filters)]


def _is_exact(value: int | float | Decimal) -> bool:
    return math.isfinite(value) and (isinstance(value, float) or abs(value) < _MOST_DIGITS)


def _moment(value: object) -> Any:
    """What is written as a date or time: moments in UTC, days that Excel knows."""
    if isinstance(value, datetime):
        moment = value.astimezone(UTC) if value.tzinfo else value
        return moment if moment.date() >= _FIRST_DAY else None
    return value if isinstance(value, time) or (isinstance(value, date) and value >= _FIRST_DAY) else None


def _width(field: Field, values: Sequence[object]) -> float:
    texts = [text_of(value, field.column.format) for value in values[:_MEASURED_ROWS]]
    return min(max(_NARROWEST, len(field.label) + 4, *(len(text) + 2 for text in texts)), _WIDEST)


def _described(field: Field) -> tuple[str, str, str]:
    column = field.column
    unit = column.unit or {"usd": "dollars", "duration": "seconds", "bytes": "bytes"}.get(column.format or "", "")
    return field.label, column.type, unit
