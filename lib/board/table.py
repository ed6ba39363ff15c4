"""A look's rows as a table on a page: labels, formats, widths (docs/boards.md, Tables)."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Any

import pyarrow as pa
import streamlit as st

from lib.charts import format_value
from lib.looks import Look
from lib.looks.look import Column

MOST_ROWS = 12
ROW_HEIGHT = 35
_DAY = "ddd D MMM YYYY"
SPARKLINE_WIDTH = 112
PROGRESS_WIDTH = 130
_NUMBERS = {
    "integer": "%,d",
    "change": "%+,d",
    "decimal": "%,.1f",
    "percent": "%.1f%%",
    "usd": "$%,.2f",
    "duration": "%,d s",
}


def shown_table(look: Look, table: pa.Table) -> pa.Table:
    """The rows as their columns' formats ask: percents times 100, cents as dollars; hidden columns left out."""
    columns: dict[str, Any] = {}
    for name in table.column_names:
        column = look.columns.get(name)
        if column is None or column.hidden:
            continue
        values = table.column(name)
        if column.show == "sparkline":
            values = pa.array([_line(cell) for cell in values.to_pylist()], pa.list_(pa.float64()))
        elif column.format == "percent" or column.show == "progress":
            values = _scaled(values, 100.0)
        elif column.format == "usd":
            values = _scaled(values, 0.01)
        elif column.type == "BOOL":
            # Boxes that cannot be ticked look as if they could.
            values = pa.array(
                [None if cell is None else format_value(cell) for cell in values.to_pylist()], pa.string()
            )
        elif column.names:
            values = pa.array([_named(cell, column) for cell in values.to_pylist()], values.type)
        columns[name] = values
    return pa.table(columns)


def column_config(look: Look) -> dict[str, Any]:
    """Streamlit's configuration of each column: its label and the format of its values."""
    config: dict[str, Any] = {}
    for name, column in look.columns.items():
        label = column.label
        if column.show == "sparkline":
            config[name] = st.column_config.LineChartColumn(label, width=SPARKLINE_WIDTH, y_min=0)
        elif column.show == "progress":
            # Streamlit's own format for percents has two decimals or none, from cell to cell.
            config[name] = st.column_config.ProgressColumn(
                label, width=PROGRESS_WIDTH, format="%.1f%%", min_value=0, max_value=100
            )
        elif column.format in _NUMBERS:
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


def draw_table(
    look: Look,
    table: pa.Table,
    *,
    key: str,
    rows: int = MOST_ROWS,
    on_select: Callable[[], None] | None = None,
    selection_mode: Iterable[Any] = (),
    selected: int | None = None,
) -> None:
    """Draw rows as a table of at most so many rows' height; more of them scroll.

    With `on_select` rows can be picked; `selected` is the one that is picked at first.
    """
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
        on_select=on_select or "ignore",
        selection_mode=selection_mode or "multi-row",
        selection_default=None if selected is None else {"selection": {"rows": [selected]}},
    )


def _scaled(values: pa.ChunkedArray, factor: float) -> list[float | None]:
    return [None if value is None else float(value) * factor for value in values.to_pylist()]


def _line(values: list[float | None] | None) -> list[float] | None:
    # Streamlit prints a line with a gap as text, so a gap is closed.
    return None if values is None else [float(v) for v in values if v is not None and math.isfinite(v)]


def _named(value: object, column: Column) -> object:
    if isinstance(value, list):
        return [_named(item, column) for item in value]
    return column.names.get(value, value) if isinstance(value, str) else value
