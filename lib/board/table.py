"""A look's rows as a table on a page: labels, formats, widths (docs/boards.md, Tables)."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import streamlit as st

from lib.looks import Look

MOST_ROWS = 12
ROW_HEIGHT = 35
_DAY = "ddd D MMM YYYY"
_NUMBERS = {"integer": "%,d", "decimal": "%,.1f", "percent": "%.1f%%", "usd": "$%,.2f", "duration": "%,d s"}


def shown_table(look: Look, table: pa.Table) -> pa.Table:
    """The rows as their columns' formats ask: percents times 100, cents as dollars; hidden columns left out."""
    columns: dict[str, Any] = {}
    for name in table.column_names:
        column = look.columns.get(name)
        if column is None or column.hidden:
            continue
        values = table.column(name)
        if column.format == "percent":
            values = _scaled(values, 100.0)
        elif column.format == "usd":
            values = _scaled(values, 0.01)
        columns[name] = values
    return pa.table(columns)


def column_config(look: Look) -> dict[str, Any]:
    """Streamlit's configuration of each column: its label and the format of its values."""
    config: dict[str, Any] = {}
    for name, column in look.columns.items():
        label = column.label
        if column.format in _NUMBERS:
            config[name] = st.column_config.NumberColumn(label, format=_NUMBERS[column.format])
        elif column.format == "bytes":
            config[name] = st.column_config.NumberColumn(label, format="bytes")
        elif column.format == "month":
            config[name] = st.column_config.DateColumn(label, format="MMM YYYY")
        elif column.type == "DATE":
            config[name] = st.column_config.DateColumn(label, format=_DAY)
        elif column.type in ("TIMESTAMP", "DATETIME"):
            config[name] = st.column_config.DatetimeColumn(label, format=f"{_DAY}, HH:mm", timezone="UTC")
        elif column.type in ("INT64", "FLOAT64", "NUMERIC", "BIGNUMERIC"):
            config[name] = st.column_config.NumberColumn(label)
        else:
            config[name] = st.column_config.Column(label)
    return config


def draw_table(look: Look, table: pa.Table, *, key: str, rows: int = MOST_ROWS) -> None:
    """Draw rows as a table of at most so many rows' height; more of them scroll."""
    shown = shown_table(look, table)
    height = "content" if shown.num_rows <= rows else ROW_HEIGHT * (rows + 1) + 2
    st.dataframe(
        shown,
        key=key,
        hide_index=True,
        column_config=column_config(look),
        placeholder="—",
        height=height,
        alt=f"{look.title}: table of {shown.num_rows} rows.",
    )


def _scaled(values: pa.ChunkedArray, factor: float) -> list[float | None]:
    return [None if value is None else float(value) * factor for value in values.to_pylist()]
