"""What a filter may be: fixed choices, or the names of accounts and installers (cached like any other rows)."""

from __future__ import annotations

from lib.board import results
from lib.board.address import Chosen
from lib.warehouse.query import Parameter, Query, QueryCancelled

# A browser holds this many options without delay; beyond it typing slows down.
MOST_OPTIONS = 20_000
SUGGESTIONS = 50
_BUDGET = 100_000_000
# The page waits for the names before it draws its tiles.
_DEADLINE_S = 5.0


def names(session_key: str | None, chosen: Chosen) -> tuple[tuple[str, ...], bool]:
    """The names a filter offers, by alphabet, and whether they are all; none while the warehouse does not answer.

    Raises `NotSignedIn`.
    """
    kind = chosen.definition.names
    if not kind:
        return chosen.definition.choices, True
    found = _names(session_key, kind, "", MOST_OPTIONS + 1)
    return found[:MOST_OPTIONS], len(found) <= MOST_OPTIONS


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
