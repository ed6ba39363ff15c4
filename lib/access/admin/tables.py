"""What the tables of the page have in common."""

from __future__ import annotations

from typing import Any, Literal

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
