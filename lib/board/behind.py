"""What is said of the rows behind a mark: whether they make up the mark, which they are, what filters the page so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pyarrow as pa

from lib.board.marks import Field, Pick
from lib.board.sidebar import quote
from lib.board.visit import Visit
from lib.board.words import plain, short_range
from lib.charts.format import format_value
from lib.filters import DateExpression, parse
from lib.filters.intervals import fixed_text
from lib.looks import CompiledLook, Drill, Look, Rest
from lib.looks.drill import MarkValue


def count_words(look: Look, drill: Drill, measure: str | None, figure: float | None, table: pa.Table) -> str:
    """How the rows make up the mark, in Markdown: "**1,204 of 1,204** instances"; where they do not, it says so."""
    rows = f"{table.num_rows:,} row{'' if table.num_rows == 1 else 's'}"
    name = measure or (look.chart.y[0] if look.chart.y else None)
    if name is None:
        return f"**{rows}**"
    column = look.columns[name]
    if drill.promise is None:
        mark = plain(format_value(figure, column.format, column.unit))
        if column.format == "percent":
            return f"**{rows}** of both parts of this ratio, {mark}"
        return f"**{rows}** that {mark} was made of; it is neither their number nor their sum"
    total = table.num_rows if drill.column is None else sum(n or 0 for n in table.column(drill.column).to_pylist())
    made, told = (plain(format_value(number, column.format)) for number in (total, figure or 0))
    noun = plain(column.unit or column.label.lower())
    words = f"**{made} of {told}** {noun}" + ("" if drill.promise == "count" else f" in {rows}")
    if total == (figure or 0):
        return words
    return f":orange[:material/warning: {words}]. The rows and the mark differ: one may be older. Refresh the page."


def where_words(compiled: CompiledLook, drill: Drill, fields: Mapping[str, Field], pick: Pick) -> list[str]:
    """Which rows these are: the exact period, then the mark's other values."""
    look, dates = compiled.look, drill.rows.range
    words = [] if dates.any or "date" not in look.filters else [short_range(dates, look.zone)]
    for column, field in fields.items():
        if column != look.time_column:
            words.append(field.words[pick.keys[column] if column else pick.measure])
    return words


def page_filters(visit: Visit, drill: Drill) -> dict[str, tuple[str, str]]:
    """The ordinary filters of the page that the mark's values and its period amount to: by name, words and text.

    Those that the page has so already are left out.
    """
    look, found = drill.rows.look, {}
    dates = drill.rows.range
    if "date" in look.filters and len(dates.intervals) == 1 and None not in dates.intervals[0] and not dates.nulls:
        found["date"] = (short_range(dates, look.zone), fixed_text(dates, look.zone))
    by_column = {column: name for name, column in look.filters.items()}
    for column, value in drill.values.items():
        name = by_column.get(column)
        if name is not None and visit.catalogue.filters[name].kind == "string":
            found[name] = _filter_text(value)
    return {
        name: offer
        for name, offer in found.items()
        if name in visit.address.filters and _is_news(visit, name, offer[1])
    }


def _is_news(visit: Visit, name: str, text: str) -> bool:
    chosen = visit.address.filters[name]
    if chosen.expression is None:
        return True
    wanted, has = parse(chosen.definition.kind, text), chosen.expression
    if isinstance(wanted, DateExpression) and isinstance(has, DateExpression):
        return wanted.resolve(visit.context).intervals != has.resolve(visit.context).intervals
    return wanted.to_text() != chosen.canonical


def _filter_text(value: MarkValue) -> tuple[str, str]:
    if isinstance(value, Rest):
        return "other", ",".join(_minus(value.shown))
    if value is None:
        return "none", "NULL"
    return str(value), quote(str(value))


def _minus(shown: Sequence[MarkValue]) -> list[str]:
    return ["-NULL" if value is None else f"-{quote(str(value))}" for value in shown]
