"""A tile's caption line, with figures of its rows put in (docs/looks, caption)."""

from __future__ import annotations

import re
from collections.abc import Callable

import pyarrow as pa

from lib.looks.compile import CompiledLook
from lib.looks.look import Format, Period

_PLACE = re.compile(r"\{(\w+)\}")
_PERIOD_FORMATS: dict[Period, Format] = {
    "day": "date",
    "week_sunday": "week",
    "week_monday": "week",
    "month": "month",
}


def caption_names(caption: str) -> tuple[str, ...]:
    """The names in braces: `period` and columns."""
    return tuple(_PLACE.findall(caption))


def fill_caption(compiled: CompiledLook, table: pa.Table, show: Callable[[object, Format | None], str]) -> str:
    """The caption with `{period}` and `{column}` filled from the first row, each shown by `show(value, format)`.

    Empty when figures are wanted and there are none (no rows, no complete period).
    """
    look, caption = compiled.look, compiled.look.caption
    names = caption_names(caption)
    if not names:
        return caption
    if not table.num_rows or ("period" in names and not compiled.periods):
        return ""
    figures = {
        name: show(table.column(name)[0].as_py(), look.columns[name].format) for name in names if name != "period"
    }
    if compiled.periods:
        figures["period"] = show(compiled.periods[-1], _PERIOD_FORMATS.get(compiled.period_unit))
    return _PLACE.sub(lambda match: figures[match[1]], caption)
