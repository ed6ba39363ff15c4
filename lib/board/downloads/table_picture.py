"""A look's rows and facts as drawn text, for PNG and PDF."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from lib.board.downloads.paper import rule, shorten, sparkline, text, width_of
from lib.board.facts import fact_rows
from lib.board.table import MOST_ROWS, SPARKLINE_WIDTH
from lib.board.words import unmarked
from lib.charts import format_value
from lib.charts.export import paper
from lib.looks import Look
from lib.looks.look import Column

ROW = 18
_SIZE = 10.5
_GAP = 14.0
_WIDEST = 240.0
_NARROWEST = 46.0
_SPARE = 40.0
_NUMBERS = ("INT64", "FLOAT64", "NUMERIC")


@dataclass(frozen=True)
class _Drawn:
    """One column: its cells as words, and how wide they would like to be."""

    column: Column
    cells: Sequence[Any]
    wish: float

    @property
    def is_number(self) -> bool:
        return self.column.type in _NUMBERS


def table_picture(look: Look, table: pa.Table, width: float) -> tuple[str, float]:
    """The first rows as lines of text, and their height; a last line tells what is left out."""
    rows = table.slice(0, MOST_ROWS)
    wished = [_drawn(column, rows.column(name)) for name, column in look.columns.items() if not column.hidden]
    shown, widths = _fitting(wished, width)
    parts, x = [], 0.0
    for drawn, room in zip(shown, widths, strict=True):
        parts.append(_line(x, room, 12, drawn, drawn.column.label, head=True))
        for at, cell in enumerate(drawn.cells):
            y = ROW * (at + 1) + 13.0
            if drawn.column.show == "sparkline":
                parts.append(sparkline(cell or (), x, y - 10, min(room, SPARKLINE_WIDTH), 12))
            else:
                parts.append(_line(x, room, y, drawn, cell))
        x += room + _GAP
    parts += [rule(0, ROW * (at + 1) - 0.5, width) for at in range(rows.num_rows + 1)]
    height = ROW * (rows.num_rows + 1.0)
    if left := _left_out(table.num_rows, rows.num_rows, len(wished), len(shown)):
        parts.append(text(0, height + 14, left, 10, color=paper().gray))
        height += ROW
    return "".join(parts), height


def facts_picture(look: Look, table: pa.Table, width: float) -> tuple[str, float]:
    """The first row's facts beneath each other, and their height."""
    facts = fact_rows(look, table.slice(0, 1).to_pylist()[0])
    room = min(190.0, width * 0.4)
    parts = []
    for at, (label, value) in enumerate(facts.items()):
        y = ROW * at + 13.0
        parts.append(text(0, y, shorten(unmarked(label), room - 8, _SIZE), _SIZE, color=paper().gray))
        parts.append(text(room, y, shorten(unmarked(value), width - room, _SIZE), _SIZE))
        parts.append(rule(0, ROW * (at + 1) - 0.5, width))
    return "".join(parts), ROW * float(len(facts))


def _drawn(column: Column, values: pa.ChunkedArray) -> _Drawn:
    cells = values.to_pylist()
    if column.show == "sparkline":
        return _Drawn(column, cells, SPARKLINE_WIDTH)
    words = [_words(cell, column) for cell in cells]
    widest = max((width_of(word, _SIZE) for word in words), default=0.0)
    wish = max(widest, width_of(column.label, _SIZE, bold=True)) + 2
    return _Drawn(column, words, min(max(wish, _NARROWEST), _WIDEST))


def _words(value: object, column: Column) -> str:
    if isinstance(value, list):
        return format_value([_named(item, column) for item in value], column.format)
    return format_value(_named(value, column), column.format)


def _named(value: object, column: Column) -> object:
    return column.names.get(value, value) if isinstance(value, str) else value


def _fitting(wished: Sequence[_Drawn], width: float) -> tuple[list[_Drawn], list[float]]:
    """The columns that have room, and the width of each; wide texts give way first, then the last columns."""
    shown = list(wished)
    while len(shown) > 1 and len(shown) * (_NARROWEST + _GAP) - _GAP > width:
        shown.pop()
    room = width - _GAP * (len(shown) - 1)
    cap = max((drawn.wish for drawn in shown), default=0.0)
    while sum(min(drawn.wish, cap) for drawn in shown) > room and cap > _NARROWEST:
        cap -= 2
    widths = [min(drawn.wish, cap) for drawn in shown]
    spare = min(_SPARE, (room - sum(widths)) / len(widths)) if widths else 0.0
    return shown, [width + max(0.0, spare) for width in widths]


def _line(x: float, room: float, y: float, drawn: _Drawn, words: str, head: bool = False) -> str:
    place, anchor = (x + room, "end") if drawn.is_number else (x, "start")
    color = paper().gray if head else ""
    return text(place, y, shorten(words, room, _SIZE, bold=head), _SIZE, color=color, bold=head, anchor=anchor)


def _left_out(rows: int, shown: int, columns: int, drawn: int) -> str:
    parts = [f"{shown} of {rows:,} rows"] if rows > shown else []
    parts += [f"{drawn} of {columns} columns"] if columns > drawn else []
    return f"{', '.join(parts)}; all are in the XLSX." if parts else ""
