"""What stands beneath a tile: how old its data are, when they were asked for, where it departs from the page."""

from __future__ import annotations

from datetime import datetime

from lib.board.results import Outcome
from lib.board.visit import Visit, sources, unreached
from lib.board.words import day_words, days_late, last_day, plain, short_range, source_name, through_words
from lib.filters import DateExpression
from lib.looks import CompiledLook, Look


def footer_words(visit: Visit, compiled: CompiledLook, outcome: Outcome) -> str:
    """How old the data are, when they were asked for, and what of the filters this tile understands differently."""
    look = compiled.look
    known = sources(visit, look)
    parts = []
    reached = through(visit, look)
    late = days_late(reached, visit.now)
    if late and reached is not None:
        name = through_words(known).partition(" through ")[0] or source_name(next(iter(known)))
        text = f"{name}: data end {day_words(last_day(reached))}, {late} day{'s' if late > 1 else ''} late"
        parts.append(f":orange[:material/warning: {text}]")
    elif words := through_words(known):
        parts.append(f":gray[{words}]")
    parts.append(f":gray[asked {outcome.asked_at:%H:%M} UTC]")
    if own := own_range(visit, compiled):
        parts.append(f":gray[{plain(own)}]")
    if left := unreached(visit, look):
        labels = ", ".join(chosen.definition.label for chosen in left)
        parts.append(f":orange[:material/filter_alt_off: does not follow {plain(labels)}]")
    return " :gray[·] ".join(parts)


def own_range(visit: Visit, compiled: CompiledLook) -> str:
    """The tile's range in words where it is wider than the sidebar's, since it shows whole periods; else nothing."""
    chosen = visit.address.filters.get("date")
    if chosen is None or "date" not in compiled.look.filters or not isinstance(chosen.expression, DateExpression):
        return ""
    if chosen.expression.any or compiled.range.any:
        return ""
    wanted = chosen.expression.resolve(visit.context)
    return "" if wanted.intervals == compiled.range.intervals else short_range(compiled.range, compiled.look.zone)


def through(visit: Visit, look: Look) -> datetime | None:
    """Up to when the growing source of a look that is furthest behind reaches; None where none grows."""
    moments = [fresh.data_through for fresh in sources(visit, look).values() if fresh.grows]
    return min(moments, default=None)
