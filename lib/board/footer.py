"""What stands beneath a tile: how old its data are, when they were asked for, where it departs from the page."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from lib.board.address import Chosen
from lib.board.ages import Late, beyond_words, late, late_words, source_words, through_words, time_words
from lib.board.results import Outcome, moment
from lib.board.visit import Visit, sources, unreached
from lib.board.words import plain, short_range
from lib.filters import DateExpression
from lib.looks import CompiledLook, Look
from lib.warehouse.query import Freshness


def draw_footer(place: Any, visit: Visit, compiled: CompiledLook, outcome: Outcome) -> None:
    """Draw the line beneath a tile; its help lists every source with its age."""
    words = f":small[{footer_words(visit, compiled, outcome)}]"
    place.markdown(words, help=sources_help(visit, [compiled.look]) or None)


def footer_words(visit: Visit, compiled: CompiledLook, outcome: Outcome) -> str:
    """How old the data are, when they were asked for, and what of the filters this tile understands differently."""
    look = compiled.look
    known = sources(visit, look)
    behind, words = late_sources(visit, known), through_words(known)
    parts = [f":orange[:material/warning: {plain(late_words(behind))}]"] if behind else []
    if words and not (behind and behind[0].fresh.grows):
        parts.append(f":gray[{plain(words)}]")
    parts.append(f":gray[asked {time_words(outcome.asked_at, moment())}]")
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


def late_sources(visit: Visit, known: dict[str, Freshness]) -> tuple[Late, ...]:
    """Those of the sources that are behind their schedules at this run's moment, the worst first."""
    return late(known, visit.now, embedded=bool(visit.origin.origin))


def sources_help(visit: Visit, looks: Iterable[Look]) -> str:
    """All sources behind looks with their ages, by kind, as Markdown; empty where nothing is known of them."""
    known: dict[str, Freshness] = {}
    for look in looks:
        known.update(sources(visit, look))
    kinds = source_words(known, visit.now, embedded=bool(visit.origin.origin))
    return "\n\n".join(f"**{kind}**  \n" + "  \n".join(lines) for kind, lines in kinds.items())


def beyond(visit: Visit, looks: Iterable[Look], chosen: Chosen) -> str:
    """What is said of a date of the page whose end lies after that of the data; nothing of any other filter."""
    if not isinstance(chosen.expression, DateExpression):
        return ""
    known: dict[str, Freshness] = {}
    for look in looks:
        if chosen.name in look.filters:
            known.update(sources(visit, look))
    growing = {name: fresh for name, fresh in known.items() if fresh.grows}
    through = min((fresh.data_through for fresh in growing.values()), default=None)
    is_late = bool(late_sources(visit, growing))
    return beyond_words(chosen.expression, visit.context, through, is_late=is_late)
