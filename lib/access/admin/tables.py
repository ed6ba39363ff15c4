"""What the tables of the page have in common."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from functools import partial
from typing import Any, Literal

import pyarrow as pa
import streamlit as st

# Longer tables scroll within themselves.
MOST_ROWS, LONG_HEIGHT = 15, 520


def height_of(rows: int) -> int | Literal["content"]:
    """A table's height: as its rows need it, up to `MOST_ROWS`."""
    return "content" if rows <= MOST_ROWS else LONG_HEIGHT


def times(*columns: str, seconds: bool = False) -> dict[str, Any]:
    """How columns of moments are shown: in UTC, to the minute or the second."""
    form = "D MMM YYYY, HH:mm:ss" if seconds else "D MMM YYYY, HH:mm"
    return {name: st.column_config.DatetimeColumn(format=form, timezone="UTC") for name in columns}


def draw_choosing_table(
    name: str, table: pa.Table, values: Sequence[Hashable], chosen: str, columns: Mapping[str, Any], alt: str
) -> None:
    """Draw a table in which a click anywhere on a row puts that row's value into the session state, as `chosen`.

    name: what tells the table from others of the page; values: one a row; columns: their configuration.
    """
    # A new key clears the clicked cell, so that a click on the same one works again.
    clicks = f"{name}.clicks"
    key = f"{name}.{st.session_state.get(clicks, 0)}"
    st.dataframe(
        table,
        key=key,
        hide_index=True,
        height=height_of(table.num_rows),
        column_config=dict(columns),
        placeholder="—",
        selection_mode="single-cell",
        on_select=partial(_choose_clicked, key, clicks, values, chosen),
        alt=alt,
    )


def _choose_clicked(key: str, clicks: str, values: Sequence[Hashable], chosen: str) -> None:
    cells = st.session_state[key].selection.cells
    if cells:
        st.session_state[chosen] = values[cells[0][0]]
        st.session_state[clicks] = st.session_state.get(clicks, 0) + 1
