"""What a counter says: its value, the change against the time before, and its line (rules: docs/looks, Counters)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

import pyarrow as pa

from lib.looks.compile import STRETCH, CompiledLook
from lib.looks.look import Period

Number = int | float
ChangeKind = Literal["percent", "points", "difference"]
# How counters of a format change, where not relatively: a change of changes has no sensible base.
_CHANGE_KINDS: dict[str | None, ChangeKind] = {"percent": "points", "change": "difference"}


@dataclass(frozen=True)
class CounterFigures:
    """A counter's figures in the unit of its column (a percent is a fraction, usd whole cents).

    `value` None shows "—". `change` is (new - old) / old for `percent`, the difference of the two ratios, as a
    fraction, for `points`, and the plain one for `difference`; None where there is nothing to compare. `versus` names
    the time before (`vs Sep`), empty without change. `line` has one value a complete period, oldest first, None where
    nothing is known.
    """

    value: Number | None
    previous: Number | None
    change: float | None
    change_kind: ChangeKind
    versus: str
    line: tuple[Number | None, ...]
    period: date | datetime | None = None


def counter_figures(compiled: CompiledLook, table: pa.Table, trend: pa.Table | None = None) -> CounterFigures:
    """The figures of a counter look from its rows; `trend` holds the rows of its `trend` look (`over: range` only)."""
    look = compiled.look
    (measure,) = look.chart.y
    values = table.column(measure).to_pylist()
    if look.over == "range":
        by_stretch = dict(zip(table.column(STRETCH).to_pylist(), values, strict=True))
        shown = bool(compiled.covered and compiled.covered.intervals)
        value, previous = by_stretch.get("range") if shown else None, by_stretch.get("before")
        line, period, versus = _trend_line(trend, measure), None, "vs before"
    elif look.time_column is None:
        value, previous, versus = (values[0] if values and compiled.periods else None), None, ""
        line, period = (), compiled.periods[-1] if compiled.periods else None
    else:
        by_period = dict(zip(table.column(look.time_column).to_pylist(), values, strict=True))
        line = tuple(by_period.get(start) for start in compiled.periods)
        value, previous = (line[-1], line[-2]) if line else (None, None)
        period = compiled.periods[-1] if line else None
        versus = f"vs {period_word(compiled.periods[-2], compiled.period_unit)}" if line else ""
    kind = _CHANGE_KINDS.get(look.columns[measure].format, "percent")
    change = compute_change(value, previous, kind != "percent") if compiled.comparable else None
    if change is None:
        versus = ""
    return CounterFigures(value, previous, change, kind, versus, line, period)


def compute_change(new: Number | None, old: Number | None, plain: bool) -> float | None:
    """Change against the time before: relative, None when old is 0 or missing; `plain`: the difference.

    Rule: docs/measures, Change against the period before.
    """
    if new is None or old is None:
        return None
    if plain:
        return float(new - old)
    return None if old == 0 else (new - old) / old


def period_word(start: date | datetime, unit: Period) -> str:
    """A period's short name: `Sep` for a month, its first day (`3 Nov`) for weeks and days."""
    return f"{start:%b}" if unit == "month" else f"{start.day} {start:%b}"


def _trend_line(trend: pa.Table | None, measure: str) -> tuple[Number | None, ...]:
    if trend is None:
        return ()
    return tuple(trend.column(measure).to_pylist())
