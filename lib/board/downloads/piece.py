"""One tile as a file has it: its rows, or the sentence that stands in their place."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pyarrow as pa

from lib.access import NotSignedIn
from lib.board import results
from lib.board.footer import footer_words
from lib.board.results import Outcome
from lib.board.visit import Visit, compile_tile, listened, missing_sources
from lib.board.words import filter_error_notice, trouble_notice, unmarked
from lib.charts import format_value
from lib.log import fault
from lib.looks import CompiledLook, CounterFigures, Look, LookError, counter_figures, fill_caption

EMPTY = "No rows for these filters."
# As many questions at once as tiles of a page ask (.streamlit/config.toml, parallelMaxWorkers).
_AT_ONCE = 16


@dataclass(frozen=True)
class Wanted:
    """A look that a file is to hold, under these options."""

    look: str
    options: Mapping[str, str]


@dataclass(frozen=True)
class Piece:
    """A tile's answer. `sentence` says why there is nothing to show; it is empty where there is.

    `look` None: the look itself is broken. `table` None: no rows came. `figures` only of counters.
    """

    id: str
    title: str
    sentence: str
    look: Look | None = None
    caption: str = ""
    footer: str = ""
    compiled: CompiledLook | None = None
    outcome: Outcome | None = None
    figures: CounterFigures | None = None

    @property
    def table(self) -> pa.Table | None:
        """Its rows."""
        return self.outcome.result.table if self.outcome is not None and self.outcome.result is not None else None

    @property
    def rows(self) -> int:
        """How many rows it has."""
        return self.table.num_rows if self.table is not None else 0


def ask_pieces(visit: Visit, wanted: Sequence[Wanted]) -> list[Piece]:
    """All tiles of a file, asked at once and in order; a tile in trouble is a piece with its sentence.

    Raises `NotSignedIn`.
    """
    with ThreadPoolExecutor(min(_AT_ONCE, max(1, len(wanted))), thread_name_prefix="download") as threads:
        return list(threads.map(lambda one: ask_piece(visit, one), wanted))


def ask_piece(visit: Visit, wanted: Wanted) -> Piece:
    """One tile, for whoever is signed in at this moment. Raises `NotSignedIn`."""
    try:
        look = visit.catalogue.look(wanted.look)
        return _answered(visit, look, wanted.options)
    except NotSignedIn:
        raise
    except Exception as error:
        identity = fault(error, look=wanted.look)
        broken = "This tile is broken." if isinstance(error, LookError) else "This tile could not be read."
        known = visit.catalogue.looks.get(wanted.look)
        return Piece(wanted.look, known.title if known else wanted.look, f"{broken} Error {identity}.", known)


def _answered(visit: Visit, look: Look, options: Mapping[str, str]) -> Piece:
    wrong = next((chosen for chosen in listened(visit, look) if chosen.error is not None), None)
    if wrong is not None:
        return Piece(look.id, look.title, unmarked(filter_error_notice(wrong).text), look)
    if missing := missing_sources(visit, look, options):
        return Piece(look.id, look.title, f"Not delivered. {' '.join(missing)}", look)
    compiled = compile_tile(visit, look, options)
    outcome = _ask(visit, compiled)
    if outcome.result is None:
        told = unmarked(trouble_notice(outcome.trouble).text) if outcome.trouble else "No rows came."
        identity = f" Error {outcome.trouble.id}." if outcome.trouble else ""
        return Piece(look.id, look.title, told + identity, look, compiled=compiled, outcome=outcome)
    table = outcome.result.table
    figures = None
    if look.chart.kind == "counter":
        figures = counter_figures(compiled, table, _trend(visit, look))
    return Piece(
        look.id,
        look.title,
        "" if figures is not None or table.num_rows else EMPTY,
        look,
        fill_caption(compiled, table, format_value) if look.caption and table.num_rows else look.question,
        unmarked(footer_words(visit, compiled, outcome)),
        compiled,
        outcome,
        figures,
    )


def _ask(visit: Visit, compiled: CompiledLook) -> Outcome:
    # A name of its own: two downloads at once must not stop each other as runs of one tile do.
    tile = f"{visit.key(compiled.look.id)}.{uuid.uuid4().hex}"
    return results.rows(visit.session_key, compiled.query, tile=tile, page=visit.page)


def _trend(visit: Visit, look: Look) -> pa.Table | None:
    if look.trend is None:
        return None
    outcome = _ask(visit, compile_tile(visit, visit.catalogue.look(look.trend), {}))
    return outcome.result.table if outcome.result is not None else None
