"""One row as facts beneath each other: label and value (docs/boards.md, Facts)."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pyarrow as pa
import streamlit as st

from lib.board.words import plain
from lib.charts import MISSING, format_value
from lib.looks import Look
from lib.looks.look import Column


def draw_facts(look: Look, table: pa.Table) -> None:
    """Draw the first row of a look."""
    st.table(fact_rows(look, table.slice(0, 1).to_pylist()[0]), border="horizontal", hide_header=True)


def fact_rows(look: Look, row: Mapping[str, object]) -> dict[str, str]:
    """Each fact by its label, as Markdown: the columns of `y` in their order, or all that are not hidden."""
    names = look.chart.y or [name for name, column in look.columns.items() if not column.hidden]
    facts = {}
    for name in names:
        column = look.columns[name]
        badge = row[column.badge] if column.badge is not None else None
        beside = f" :orange-badge[{plain(str(badge))}]" if badge not in (None, "") else ""
        facts[plain(column.label)] = _value(row[name], column) + beside
    return facts


def _value(value: object, column: Column) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(_value(item, column) for item in value) or MISSING
    if isinstance(value, str):
        value = column.names.get(value, value)
    text = format_value(value, column.format, column.unit)
    if not text.strip():
        return MISSING
    return _code(text) if column.format == "code" and value is not None else plain(text)


def _code(text: str) -> str:
    """Text as inline code, fenced by more backticks than it has in a row."""
    fence = "`" * (max(map(len, re.findall("`+", text)), default=0) + 1)
    beside = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{beside}{text}{beside}{fence}"
