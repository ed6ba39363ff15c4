"""A counter: one figure, its change against the time before, and its line of complete periods."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa

from lib.board.ages import late_words, through_words, time_words
from lib.board.footer import late_sources, sources_help
from lib.board.results import Outcome, moment
from lib.board.sent import why_nothing
from lib.board.visit import Visit, ask, compile_tile, listened, missing_sources, sources, unreached
from lib.board.words import filter_error_notice, plain, trouble_notice
from lib.charts import format_change, format_counter, format_value
from lib.looks import CompiledLook, CounterFigures, Look, counter_figures

HEIGHT = 179
_ON_CARD: Mapping[str, Any] = {"label_visibility": "collapsed"}
COLORS: Mapping[str, Any] = {"up": "normal", "down": "inverse", "neither": "off"}


def draw_counter(visit: Visit, look: Look, slot: Any, *, card: bool = False) -> None:
    """Draw a counter look into its slot, in place of its skeleton. Raises `NotSignedIn`, `QueryCancelled`.

    On a `card`, which has the title and its frame already, figure and change stand alone.
    """
    wrong = next((chosen for chosen in listened(visit, look) if chosen.error is not None), None)
    if wrong is not None:
        _draw_nothing(look, slot, filter_error_notice(wrong).text, card)
        return
    if missing := missing_sources(visit, look):
        _draw_nothing(look, slot, f"**Not delivered.** {plain(' '.join(missing))}", card)
        return
    compiled = compile_tile(visit, look)
    outcome = ask(visit, compiled)
    if outcome.result is None:
        notice = trouble_notice(outcome.trouble) if outcome.trouble else None
        told = f"{notice.text} Error {outcome.trouble.id}." if notice and outcome.trouble else "No figure."
        _draw_nothing(look, slot, told, card)
        return
    figures = counter_figures(compiled, outcome.result.table, _trend(visit, look))
    column, line = look.columns[look.chart.y[0]], line_of(figures.line)
    own = {
        "help": help_of(visit, compiled, figures, outcome),
        "border": True,
        "height": "stretch" if line and figures.change is not None else HEIGHT,
        "chart_data": line,
        "chart_type": "area",
    }
    sign = ":orange[:material/warning:] " if late_sources(visit, sources(visit, look)) else ""
    slot.metric(
        f"{sign}{plain(look.label or look.title)}",
        format_counter(figures.value, column.format),
        None if figures.change is None else format_change(figures.change, figures.change_kind),
        "off" if is_level(figures) else COLORS[look.chart.good],
        delta_arrow="off" if is_level(figures) else "auto",
        delta_description=figures.versus or None,
        **(_ON_CARD if card else own),
    )


def is_level(figures: CounterFigures) -> bool:
    """Whether the change is none, or too small to be seen in its format: then it is neither good nor bad."""
    if figures.change is None:
        return False
    return not any(digit in format_change(figures.change, figures.change_kind) for digit in "123456789")


def line_of(line: Sequence[float | None]) -> list[float] | None:
    """The line's values from the first known one on; gaps stay gaps. None for fewer than two values."""
    known = [at for at, value in enumerate(line) if value is not None]
    if len(known) < 2:
        return None
    return [math.nan if value is None else float(value) for value in line[known[0] : known[-1] + 1]]


def help_of(visit: Visit, compiled: CompiledLook, figures: CounterFigures, outcome: Outcome) -> str:
    """What the figure means, in full, and how old it is."""
    look = compiled.look
    column = look.columns[look.chart.y[0]]
    parts = [plain(look.definition)]
    if figures.value is None and (reason := why_nothing(visit, compiled)):
        parts.insert(0, reason)
    if figures.value is not None:
        full = format_value(figures.value, column.format, column.unit)
        parts.append(f"In full: {plain(full)}.")
    known = sources(visit, look)
    if behind := late_sources(visit, known):
        parts.append(f"**:orange[{plain(late_words(behind))}]**")
    through, asked = plain(through_words(known)), f"asked {time_words(outcome.asked_at, moment())}"
    parts.append(f"{through}, {asked}." if through else f"{asked.capitalize()}.")
    if left := unreached(visit, look):
        parts.append(f"Does not follow: {plain(', '.join(chosen.definition.label for chosen in left))}.")
    parts.append(sources_help(visit, [look]))
    return "\n\n".join(part for part in parts if part)


def _trend(visit: Visit, look: Look) -> pa.Table | None:
    if look.trend is None:
        return None
    outcome = ask(visit, compile_tile(visit, visit.catalogue.look(look.trend)), f".{look.id}")
    return outcome.result.table if outcome.result is not None else None


def _draw_nothing(look: Look, slot: Any, why: str, card: bool) -> None:
    own = _ON_CARD if card else {"help": why, "border": True, "height": HEIGHT}
    slot.metric(plain(look.label or look.title), "—", None, **own)
    if card:
        slot.caption(why)
