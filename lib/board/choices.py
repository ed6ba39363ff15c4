"""What a filter may be: fixed choices, or the names of accounts and installers (cached like any other rows)."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import partial

from lib.board import results
from lib.board.address import Address, Chosen
from lib.board.soon import begin, soon
from lib.warehouse.query import Parameter, Query, QueryCancelled

# A browser holds this many options without delay; beyond it typing slows down.
MOST_OPTIONS = 20_000
SUGGESTIONS = 50
_BUDGET = 100_000_000
_DEADLINE_S = 5.0


def names(session_key: str | None, chosen: Chosen) -> tuple[tuple[str, ...], bool]:
    """The names a filter offers, by alphabet, and whether they are all; none while the warehouse keeps them waiting."""
    kind = chosen.definition.names
    if not kind:
        return chosen.definition.choices, True
    found = soon(*_all_names(session_key, kind), ())
    return found[:MOST_OPTIONS], len(found) <= MOST_OPTIONS


def ask_ahead(session_key: str | None, address: Address) -> None:
    """Begin to ask for the names that the filters of a page offer, all at once."""
    for chosen in address.filters.values():
        if chosen.definition.names:
            begin(*_all_names(session_key, chosen.definition.names))


def _all_names(session_key: str | None, kind: str) -> tuple[Hashable, Callable[[], tuple[str, ...]]]:
    return ("names", session_key, kind), partial(_names, session_key, kind, "", MOST_OPTIONS + 1)


def suggestions(session_key: str | None, chosen: Chosen, text: str) -> tuple[str, ...]:
    """Names that contain a text, case aside; for filters with more names than a list can hold."""
    kind = chosen.definition.names
    return _names(session_key, kind, text, SUGGESTIONS) if kind and text.strip() else ()


def _names(session_key: str | None, kind: str, text: str, limit: int) -> tuple[str, ...]:
    parameters = [Parameter("kind", "STRING", kind)]
    condition = ""
    if text.strip():
        condition = " AND STRPOS(LOWER(name), @text) > 0"
        parameters.append(Parameter("text", "STRING", text.strip().lower()))
    query = Query(
        f"SELECT name FROM analytics.names WHERE kind = @kind{condition} GROUP BY name ORDER BY name LIMIT {limit}",
        tuple(parameters),
        look="names",
        budget_bytes=_BUDGET,
        deadline_s=_DEADLINE_S,
        columns=(("name", "STRING"),),
    )
    try:
        outcome = results.rows(session_key, query, tile=f"names.{kind}")
    except QueryCancelled:
        return ()
    if outcome.result is None:
        return ()
    return tuple(name for name in outcome.result.table.column("name").to_pylist() if name)
