"""One run of a page as its tiles see it: who asks, with which filters, at which moment."""

from __future__ import annotations

import threading
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from lib.board import results
from lib.board.address import Address, Chosen, chosen_options
from lib.board.results import Outcome
from lib.filters import Context, Expression
from lib.filters.context import zone_info
from lib.looks import Catalogue, CompiledLook, Look, compile_look
from lib.warehouse.folder import Origin
from lib.warehouse.freshness import data_since, data_through
from lib.warehouse.query import Freshness
from lib.warehouse.schema import raw_columns_of, sources_of

# Far fewer than the answers that are stored (`lib/board/results.py`): one that is remembered is still there.
MOST_REMEMBERED = 1_500
_answered: dict[Hashable, None] = {}
_remembering = threading.Lock()


@dataclass(frozen=True)
class Visit:
    """What one page run hands to each of its tiles.

    `now` is taken once a run. `refreshed` is None unless "Refresh" was pressed; then it holds the questions that
    were asked anew already, so that a rerun of one tile does not ask again. `reaching` are the filters that reach the
    tiles where those are others than the address has: on a page of one instance, what chose it does not reach them.
    `instance` is that instance's row. The charts of `later` looks wait until `later_at` (of the monotonic clock), so
    that the browser draws first what is seen first.
    """

    page: str
    session_key: str | None
    address: Address
    now: datetime
    context: Context
    catalogue: Catalogue
    freshness: Mapping[str, Freshness]
    origin: Origin = field(default_factory=lambda: Origin(""))
    refreshed: set[Hashable] | None = None
    reaching: Mapping[str, Chosen] | None = None
    instance: Mapping[str, object] | None = None
    later: frozenset[str] = frozenset()
    later_at: float = 0.0

    @property
    def filters(self) -> Mapping[str, Chosen]:
        """The filters as tiles are asked with them."""
        return self.address.filters if self.reaching is None else self.reaching

    def key(self, look_id: str) -> str:
        """A tile's key on its page; Streamlit makes a CSS class of it."""
        return f"{self.page}.{look_id.replace('/', '-')}"


def knowing_ages(visit: Visit) -> Visit:
    """The visit with how new the sources are: a tile waits for it longer than the frame around it (docs/boards.md)."""
    return visit if visit.freshness else replace(visit, freshness=results.freshness(visit.session_key))


def listened(visit: Visit, look: Look) -> list[Chosen]:
    """The page's filters that reach a look."""
    return [chosen for name, chosen in visit.filters.items() if name in look.filters]


def unreached(visit: Visit, look: Look) -> list[Chosen]:
    """The page's filters that select something and do not reach a look: its tile must say so.

    What is chosen on the page itself concerns the tiles that ask for it, and no other. Facts and instants tell of now,
    and who asks for another date has none to follow.
    """
    dated = look.chart.kind == "facts" or look.period == "instant" or _asks_for_a_date(visit, look)
    return [
        chosen
        for name, chosen in visit.filters.items()
        if chosen.definition.sidebar
        and name not in look.filters
        and not (name == "date" and dated)
        and (chosen.expression is None or not chosen.expression.any)
    ]


def _asks_for_a_date(visit: Visit, look: Look) -> bool:
    return any(visit.catalogue.filters[name].kind == "date" for name in look.filters)


def sources(visit: Visit, look: Look) -> dict[str, Freshness]:
    """The raw sources of a look as far as the warehouse knows how new they are."""
    return {name: visit.freshness[name] for name in sorted(sources_of(look.sql)) if name in visit.freshness}


def missing_sources(visit: Visit, look: Look, options: Mapping[str, str] | None = None) -> list[str]:
    """The sentences about what a look needs under the page's filters and was not delivered (docs/warehouse).

    Every filter it listens to must be understood.
    """
    origin = visit.origin
    if not origin.missing and not origin.missing_columns:
        return []
    query = compile_tile(visit, look, options).query
    columns = raw_columns_of(query.sql, query.parameters)
    tables = {column.rpartition(".")[0] for column in columns}
    return [
        *(origin.missing[table] for table in sorted(tables) if table in origin.missing),
        *(origin.missing_columns[column] for column in sorted(columns) if column in origin.missing_columns),
    ]


def compile_tile(
    visit: Visit, look: Look, options: Mapping[str, str] | None = None, instead: Mapping[str, Expression] | None = None
) -> CompiledLook:
    """The look under the page's filters, with `instead` in place of some; options as given, else of the address.

    Every filter it listens to must be understood.
    """
    filters = {chosen.name: chosen.expression for chosen in listened(visit, look) if chosen.expression is not None}
    options = chosen_options(look, visit.address.options) if options is None else options
    through = data_through(look.sql, visit.freshness)
    since = data_since(look.sql, visit.freshness)
    return compile_look(look, {**filters, **(instead or {})}, options, visit.now, through, visit.catalogue, since)


def at_hand(visit: Visit, look: Look) -> bool:
    """Whether a tile's chart need not wait: its look was answered under these filters, on this day, from these data.

    A guess from memory, which decides how the tile is drawn, never what is in it.
    """
    waits = visit.refreshed is not None or look.id in visit.later
    return not waits and _question(visit, look) in _answered


def ask(visit: Visit, compiled: CompiledLook, purpose: str = "") -> Outcome:
    """The rows of a compiled look for this page's person. Raises `NotSignedIn`, `QueryCancelled`."""
    fresh = False
    if visit.refreshed is not None:
        question = (compiled.query.sql, repr(compiled.query.parameters))
        fresh = question not in visit.refreshed
        visit.refreshed.add(question)
    tile = f"{visit.key(compiled.look.id)}{purpose}"
    outcome = results.rows(visit.session_key, compiled.query, tile=tile, page=visit.page, fresh=fresh)
    if outcome.result is not None:
        _remember(_question(visit, compiled.look))
    return outcome


def _question(visit: Visit, look: Look) -> Hashable:
    """What a tile asks, told without compiling it."""
    today = visit.now.astimezone(zone_info(visit.context.zone)).date()
    filters = [(chosen.name, chosen.canonical) for chosen in listened(visit, look)]
    options = chosen_options(look, visit.address.options)
    loads = [(name, fresh.loaded_at) for name, fresh in sources(visit, look).items()]
    return look.id, today, *filters, *options.items(), *loads


def _remember(question: Hashable) -> None:
    with _remembering:
        _answered.pop(question, None)  # the last one asked is the last one forgotten
        _answered[question] = None
        if len(_answered) > MOST_REMEMBERED:
            del _answered[next(iter(_answered))]
