"""How new the data is: the table `analytics.freshness`, and what of it concerns one query."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa

from lib.warehouse.columns import values_of
from lib.warehouse.query import Freshness, Query, QueryInvalid, WarehouseError
from lib.warehouse.schema import SchemaMissing, sources_of

TABLE = "analytics.freshness"
COLUMNS = (
    ("source", "STRING"),
    ("grows", "BOOL"),
    ("loaded_at", "TIMESTAMP"),
    ("data_since", "TIMESTAMP"),
    ("data_through", "TIMESTAMP"),
    ("edited_at", "TIMESTAMP"),
    ("edited_by", "STRING"),
)
# What a table says that was built before hand-kept sources told their edits.
_EARLIER = COLUMNS[:5]

SECONDS_AFTER_FAILURE = 15.0
# A page waits for this before it draws anything.
DEADLINE_S = 5.0


def ask_freshness(run: Callable[[Query], pa.Table]) -> dict[str, Freshness]:
    """The table's rows by source, as `run` answers; a table of an earlier version tells no edits.

    Raises what `run` raises.
    """
    try:
        return _read(run(_query(COLUMNS)))
    except QueryInvalid:
        return _read(run(_query(_EARLIER)))


def _query(columns: tuple[tuple[str, str], ...]) -> Query:
    names = ", ".join(f"`{name}`" for name, _ in columns)
    return Query(f"SELECT {names} FROM {TABLE}", columns=columns, look="freshness", deadline_s=DEADLINE_S)


def _read(table: pa.Table) -> dict[str, Freshness]:
    """By source; one without a moment of its own goes by its loading."""
    found = {}
    for source, grows, loaded_at, since, through, *edit in zip(*map(values_of, table.columns), strict=True):
        if source and loaded_at:
            found[source] = Freshness(source, loaded_at, through or loaded_at, bool(grows), since, *edit)
    return found


def data_through(sql: str, known: Mapping[str, Freshness]) -> datetime | None:
    """Up to when the query's rows are whole: the least `data_through` of its sources that grow by time.

    None where no source grows, or where nothing is known of them (rule: docs/warehouse).
    """
    return _least(_sources(sql), known) if known else None


def data_since(sql: str, known: Mapping[str, Freshness]) -> datetime | None:
    """When all of the query's sources that grow by time have begun; None where none of them says when it did."""
    begun = [known[source].data_since for source in _sources(sql) if source in known] if known else []
    return max((moment for moment in begun if moment is not None), default=None)


def _sources(sql: str) -> Iterable[str]:
    try:
        return sources_of(sql)
    except SchemaMissing:
        return ()


def _least(sources: Iterable[str], known: Mapping[str, Freshness]) -> datetime | None:
    moments = [known[source].data_through for source in sources if source in known and known[source].grows]
    return min(moments, default=None)


@dataclass(frozen=True)
class _Kept:
    key: object
    value: Mapping[str, Freshness] | WarehouseError
    read_at: float
    until: float


class FreshnessCache:
    """Reads once a key (a stamp) or once in `seconds`; a failure is kept shortly.

    One thread reads: meanwhile the others have what was known of the key before, and wait only where nothing was. After
    a failure, too, what was known stays: the data are as old as they were.
    """

    def __init__(self, read: Callable[[], Mapping[str, Freshness]], seconds: float | None = None) -> None:
        self._read, self._seconds = read, seconds
        self._reading = threading.Lock()
        self._kept: _Kept | None = None

    def get(self, key: object = None, *, anew: bool = False) -> Mapping[str, Freshness]:
        """The mapping by source; empty where the models were never built. Raises a WarehouseError.

        `anew` reads again, but not what was read since it was called.
        """
        called = time.monotonic()
        kept = self._of(key)
        if kept is None or anew or called >= kept.until:
            waits = anew or kept is None or isinstance(kept.value, WarehouseError)
            if self._reading.acquire(blocking=waits):
                try:
                    kept = self._of(key)
                    if kept is None or called >= kept.until or (anew and kept.read_at <= called):
                        kept = self._kept = self._fetch(key, kept)
                finally:
                    self._reading.release()
        assert kept is not None
        if isinstance(kept.value, WarehouseError):
            raise kept.value
        return kept.value

    def _of(self, key: object) -> _Kept | None:
        kept = self._kept
        return kept if kept is not None and kept.key == key else None

    def _fetch(self, key: object, before: _Kept | None) -> _Kept:
        life = self._seconds if self._seconds is not None else float("inf")
        try:
            value = self._read()
        except QueryInvalid:
            value = {}
        except WarehouseError as error:
            known = before is not None and not isinstance(before.value, WarehouseError)
            value, life = before.value if before is not None and known else error, SECONDS_AFTER_FAILURE
        now = time.monotonic()
        return _Kept(key, value, now, now + life)
