"""Rows for pages: only for a signed-in person, from the cache where possible, one query however many ask.

This is the wall: nothing else in the app hands out rows of the warehouse (docs/access.md, docs/boards.md).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import streamlit as st
from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

from lib.access import person_of, require
from lib.board.asked import asked_by, run_noted
from lib.board.flights import Flights, Waiter
from lib.board.turns import Turns
from lib.log import fault
from lib.settings import settings
from lib.warehouse import open_warehouse
from lib.warehouse.folder import Origin, current_stamp, read_origin
from lib.warehouse.query import (
    Freshness,
    Query,
    QueryCancelled,
    QueryInvalid,
    QueryRefused,
    QueryTimedOut,
    Result,
    Warehouse,
    WarehouseError,
    WarehouseUnavailable,
)
from lib.warehouse.schema import sources_of

# How long an answer is kept that no new data replace.
LIFE = timedelta(days=1)
# How long an error is an answer: waiters share it instead of timing out one after the other.
ERROR_LIFE = timedelta(seconds=5)
FLIGHTS = Flights()
TURNS = Turns()

_KINDS: Mapping[type[WarehouseError], str] = {
    QueryRefused: "refused",
    QueryTimedOut: "timed_out",
    WarehouseUnavailable: "unavailable",
    QueryInvalid: "invalid",
}


@dataclass(frozen=True)
class Trouble:
    """Why there are no rows: a kind, a sentence for people and the id under which the log has the rest."""

    kind: str
    sentence: str
    id: str
    at: datetime


@dataclass(frozen=True)
class Outcome:
    """Rows or trouble, never both; `asked_at` is when the warehouse was asked, in UTC (not when its data ends)."""

    result: Result | None
    trouble: Trouble | None
    asked_at: datetime


@st.cache_resource(show_spinner=False)
def warehouse() -> Warehouse:
    """The one warehouse of this process."""
    return open_warehouse(settings())


def rows(session_key: str | None, query: Query, *, tile: str = "", page: str = "", fresh: bool = False) -> Outcome:
    """The rows of a query for the person of that session.

    Raises `NotSignedIn` unless the session is valid at this moment, and `QueryCancelled` when a newer run of the
    same tile (or a closed tab) ended the wait. Every other trouble is a value. `fresh` asks the warehouse whatever is
    stored; everybody else has the stored answer until the new one is there.
    """
    person = require(session_key)
    labels = (("app", "boardroom"), ("page", page), ("look", query.look), ("role", str(person.role)))
    query = replace(query, labels=tuple((name, text) for name, text in labels if text))
    try:
        question = cache_key(query)
    except WarehouseError as error:
        return _failed(error, query)
    key = TURNS.next(question) if fresh else TURNS.present(question)
    with asked_by(person.id), FLIGHTS.waiting(key, Waiter(_streamlit_session(), tile or query.look)):
        outcome = _answer(key=key, _query=query)
    if fresh and outcome.trouble is None and (unread := TURNS.arrived(question, key)):
        _kept.clear(key=unread, _query=query)
    return outcome


def cache_key(query: Query) -> str:
    """What makes two questions one, as a digest: text, bound values, declared columns, engine, and the data's state.

    That is the warehouse's stamp, and when the question's sources were loaded, since BigQuery has one stamp for ever.
    """
    engine = warehouse()
    values = [(bound.name, bound.type, _frozen(bound.value)) for bound in query.parameters]
    asked = repr((query.sql, values, query.columns, engine.engine, engine.stamp, _loads(engine, query.sql)))
    return hashlib.sha256(asked.encode()).hexdigest()


def forget_trouble(query: Query) -> None:
    """Ask again although this question found no answer a moment ago; what is stored of it stays."""
    question = cache_key(query)
    for key in (TURNS.present(question), TURNS.next(question)):
        _answer.clear(key=key, _query=query)


def stop(tile: str) -> None:
    """Stop what this browser tab's tile waits for."""
    FLIGHTS.stop(Waiter(_streamlit_session(), tile))


def running_since(query: Query) -> float | None:
    """Since when this question is being asked, by the monotonic clock; None while it is not."""
    if FLIGHTS.is_empty():
        return None
    try:
        question = cache_key(query)
    except WarehouseError:
        return None
    return FLIGHTS.since(TURNS.next(question)) or FLIGHTS.since(TURNS.present(question))


def freshness(session_key: str | None, *, anew: bool = False) -> Mapping[str, Freshness]:
    """Per raw source how new it is; empty when the warehouse does not answer. Raises `NotSignedIn`.

    `anew` asks the warehouse, for who refreshes; otherwise what is known may be a few minutes old (docs/warehouse).
    """
    require(session_key)
    try:
        return warehouse().freshness(anew=anew)
    except WarehouseError as error:
        fault(error, asked="freshness")
        return {}


def is_signed_in(session_key: str | None) -> bool:
    """Whether that session is valid at this moment."""
    return person_of(session_key) is not None


def origin() -> Origin:
    """What the embedded warehouse was made from; nothing known on BigQuery."""
    folder = settings().warehouse_folder
    stamp = current_stamp(folder) if settings().warehouse == "duckdb" else None
    return read_origin(folder, stamp) if stamp else Origin("")


def moment() -> datetime:
    """Now, for the time beside an error; figures never depend on it."""
    return datetime.now(UTC)


# By name: Streamlit inspects the function anew for each argument without one.
@st.cache_data(ttl=ERROR_LIFE, max_entries=2_000, show_spinner=False)
def _answer(key: str, _query: Query) -> Outcome:
    try:
        return _kept(key=key, _query=_query)
    except QueryCancelled:
        raise
    except WarehouseError as error:
        return _failed(error, _query)
    except Exception as error:
        return _failed(error, _query)


def _ask(key: str, query: Query) -> Outcome:
    with FLIGHTS.watched(_is_open):
        result = run_noted(warehouse(), query, FLIGHTS.cancellation(key))
    return Outcome(result, None, datetime.now(UTC))


@st.cache_data(ttl=LIFE, max_entries=5_000, refresh_mode="background", show_spinner=False)
def _kept(key: str, _query: Query) -> Outcome:
    return _ask(key, _query)


def _loads(engine: Warehouse, sql: str) -> list[tuple[str, datetime, datetime]]:
    try:
        known = engine.freshness()
    except WarehouseError:
        return []
    found = [known[name] for name in sorted(_sources(sql)) if name in known]
    return [(fresh.source, fresh.loaded_at, fresh.data_through) for fresh in found]


def _failed(error: Exception, query: Query) -> Outcome:
    now = datetime.now(UTC)
    kind = next((name for kind, name in _KINDS.items() if isinstance(error, kind)), "unexpected")
    sentence = str(error) if kind != "unexpected" else ""
    return Outcome(None, Trouble(kind, sentence, fault(error, look=query.look), now), now)


def _sources(sql: str) -> frozenset[str]:
    try:
        return sources_of(sql)
    except Exception as error:  # an unreadable query gets its sentence from the engine, not from here
        fault(error, asked="sources")
        return frozenset()


def _frozen(value: object) -> object:
    return tuple(_frozen(item) for item in value) if isinstance(value, list | tuple) else value


def _streamlit_session() -> str:
    context = get_script_run_ctx(suppress_warning=True)
    return context.session_id if context is not None else ""


def _is_open(session: str) -> bool:
    return not session or not runtime.exists() or runtime.get_instance().is_active_session(session)
