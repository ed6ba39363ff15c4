"""Which mark of a look is meant: by a click, in the dialog of its rows, in an address (docs/boards.md)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from lib.charts import place_words
from lib.charts.format import format_value
from lib.charts.layers import CLICK
from lib.charts.marks import OTHER_KEY, Mark, mark_key
from lib.charts.rows import marks_of
from lib.looks import CompiledLook, Look, Rest, counter_figures
from lib.looks.drill import MarkValue, mark_columns

_LONGEST = 1_000
_LOOK = re.compile(r"([\w/]+)(?:\.(\w+))?")
_VALUE = re.compile(r'~(\w+):("(?:[^"\\]|\\.)*"|[^~"]*)')
# A value that is written so could be read as something else.
_BARE = re.compile(r"[\w@.+:/%-][\w@.+:/% -]*")
_MISSING, _OTHER = "null", "other"


@dataclass(frozen=True)
class Pick:
    """A mark that was picked, in texts: of its x and series by column (None: a missing value), and its measure.

    `OTHER_KEY` stands for what is drawn together as "other". A counter has no values.
    """

    look: str
    keys: Mapping[str, str | None] = field(default_factory=dict)
    measure: str | None = None


class NoSuchMark(Exception):
    """A text that names no mark, or a mark that the figures do not have; the message says so."""


@dataclass(frozen=True)
class Field:
    """One thing by which the marks of a look are told apart: its label, and the words of each value in their order."""

    label: str
    words: Mapping[str | None, str]


def to_text(pick: Pick) -> str:
    """The mark as addresses carry it: `batch_changes/created_and_closed.closed~month:2025-10-01`."""
    head = f"{pick.look}.{pick.measure}" if pick.measure else pick.look
    return "".join([head, *(f"~{name}:{_spell(key)}" for name, key in pick.keys.items())])


def read_text(text: str) -> Pick:
    """The mark that an address names; whether there is such a look and mark is not asked. Raises NoSuchMark."""
    head = _LOOK.match(text)
    pairs = [*_VALUE.finditer(text, head.end())] if head else []
    whole = (head.group() if head else "") + "".join(pair.group() for pair in pairs)
    if head is None or whole != text or len(text) > _LONGEST:
        raise NoSuchMark("The link names no mark of a chart.")
    return Pick(head[1], {pair[1]: _read_value(pair[2]) for pair in pairs}, head[2])


def of_click(look: Look, selection: Mapping[str, Any]) -> Pick | None:
    """The mark that was clicked; None when the click took a choice back."""
    points = selection.get(CLICK) or []
    if not points:
        return None
    keys, measure = {}, None
    if look.chart.x:
        keys[look.chart.x] = points[0].get("key_x")
    if look.chart.series:
        keys[look.chart.series] = points[0].get("key_series")
    elif len(look.chart.y) > 1:
        measure = points[0].get("key_series")
    return Pick(look.id, keys, measure)


def of_row(look: Look, row: Mapping[str, object]) -> Pick:
    """The mark that a row of a table is."""
    return Pick(look.id, {name: mark_key(row[name]) for name in mark_columns(look)})


def drawn(compiled: CompiledLook, table: pa.Table) -> list[Mark]:
    """The marks of a look's rows as its chart has them; those of a table are its rows, those of a counter none."""
    look = compiled.look
    if look.chart.kind == "counter":
        return []
    if look.chart.kind != "table":
        return marks_of(look, table, compiled.period_unit, compiled.unfinished_from).rows
    rows = table.to_pylist()
    x, series = look.chart.x, look.chart.series
    return [
        Mark(
            x=mark_key(row[x]) or "" if x else "",
            x_words=place_words(row[x], compiled.period_unit) if x else "",
            series=format_value(row[series]) if series else "",
            value=None,
            value_words="",
            key_x=mark_key(row[x]) if x else None,
            key_series=mark_key(row[series]) if series else None,
        )
        for row in rows
    ]


def first_pick(look: Look, marks: Sequence[Mark]) -> Pick:
    """What the dialog shows when no mark was clicked: of the last complete period (else of all) the biggest."""
    known = [mark for mark in marks if mark.value is not None] or [*marks]
    if look.time_column is not None:
        known = [mark for mark in known if not mark.unfinished] or known
        last = max((mark.key_x for mark in known if mark.key_x is not None), default=None)
        known = [mark for mark in known if mark.key_x == last]
    if not known:
        return Pick(look.id)
    biggest = max(known, key=lambda mark: (mark.key_series != OTHER_KEY, abs(mark.value or 0.0)))
    found = of_click(look, {CLICK: [{"key_x": biggest.key_x, "key_series": biggest.key_series}]})
    assert found is not None
    return found


def fields_of(look: Look, marks: Sequence[Mark], also: Pick) -> dict[str, Field]:
    """What tells the marks apart, by column (`""`: the measure); newest periods and biggest series stand first.

    A value that only `also` has stands last: it is drawn as part of "other", and an address may still name it.
    """
    fields: dict[str, Field] = {}
    if look.chart.x and look.chart.kind != "counter":
        places = {mark.key_x: mark.x_words for mark in marks}
        if look.time_column is not None:
            places = {key: places[key] for key in sorted(places, key=lambda key: key or "", reverse=True)}
        fields[look.chart.x] = Field(look.columns[look.chart.x].label, places)
    if look.chart.series:
        sizes: dict[str | None, float] = {}
        for mark in marks:
            sizes[mark.key_series] = sizes.get(mark.key_series, 0.0) + abs(mark.value or 0.0)
        words = {mark.key_series: mark.series for mark in marks}
        words = {key: words[key] for key in sorted(words, key=lambda key: (key == OTHER_KEY, -sizes[key]))}
        fields[look.chart.series] = Field(look.columns[look.chart.series].label, words)
    elif len(look.chart.y) > 1:
        fields[""] = Field("Measure", {name: look.columns[name].label for name in look.chart.y})
    for name, key in also.keys.items():
        words = fields[name].words
        fields[name] = Field(fields[name].label, {**words, key: words.get(key, _words(look, name, key))})
    return fields


def values_of(look: Look, table: pa.Table, marks: Sequence[Mark], pick: Pick) -> dict[str, MarkValue]:
    """The values of a mark, in their own types, found among the look's rows. Raises NoSuchMark."""
    columns = () if look.chart.kind == "counter" else mark_columns(look)
    if {*columns} != {*pick.keys} or _only_measure(look, pick.measure) != pick.measure:
        raise NoSuchMark(f"The link names no mark of “{look.title}”.")
    values: dict[str, MarkValue] = {}
    for name in columns:
        known = {mark_key(value): value for value in table.column(name).to_pylist()}
        key = pick.keys[name]
        if name == look.chart.series and key == OTHER_KEY and any(mark.key_series == key for mark in marks):
            values[name] = Rest(tuple(known[k] for k in {mark.key_series for mark in marks} if k != OTHER_KEY))
        elif key in known:
            values[name] = known[key]
        else:
            words = f"{look.columns[name].label} {_words(look, name, key)}"
            raise NoSuchMark(f"Under these filters “{look.title}” has no {words}.")
    return values


def figure_of(
    compiled: CompiledLook, table: pa.Table, values: Mapping[str, MarkValue], measure: str | None
) -> int | float | None:
    """What the mark says: the counter's figure, else the value of its row; of "other" the sum."""
    look = compiled.look
    name = measure or (look.chart.y[0] if look.chart.y else None)
    if name is None:
        return None
    if look.chart.kind == "counter":
        return counter_figures(compiled, table).value
    found = [
        row[name]
        for row in table.select(list({*values, name})).to_pylist()
        if row[name] is not None and all(_holds(row[column], value) for column, value in values.items())
    ]
    return sum(found) if found else None


def _words(look: Look, name: str, key: str | None) -> str:
    return look.columns[name].names.get(str(key)) or format_value(key)


def _holds(value: object, wanted: MarkValue) -> bool:
    return value not in wanted.shown if isinstance(wanted, Rest) else value == wanted


def _only_measure(look: Look, measure: str | None) -> str | None:
    """The measure that a mark of the look may name: one of several y that are series of their own, else none."""
    if look.chart.series or len(look.chart.y) < 2:
        return None
    return measure if measure in look.chart.y else look.chart.y[0]


def _spell(key: str | None) -> str:
    if key is None or key == OTHER_KEY:
        return _MISSING if key is None else _OTHER
    plain = _BARE.fullmatch(key) and key not in (_MISSING, _OTHER) and not key.endswith(" ")
    return key if plain else json.dumps(key, ensure_ascii=False)


def _read_value(text: str) -> str | None:
    if text in (_MISSING, _OTHER):
        return None if text == _MISSING else OTHER_KEY
    if not text.startswith('"'):
        return text
    try:
        return str(json.loads(text))
    except ValueError:
        raise NoSuchMark("The link names no mark of a chart.") from None
