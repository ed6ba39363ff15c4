"""How new the data is: the table `analytics.freshness`, and what of it concerns one query."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

import pyarrow as pa

from lib.warehouse.columns import values_of
from lib.warehouse.query import Freshness, QueryInvalid, WarehouseError
from lib.warehouse.schema import SchemaMissing, sources_of

TABLE = "analytics.freshness"
SQL = f"SELECT source, `grows`, loaded_at, data_since, data_through FROM {TABLE}"
COLUMNS = (
    ("source", "STRING"),
    ("grows", "BOOL"),
    ("loaded_at", "TIMESTAMP"),
    ("data_since", "TIMESTAMP"),
    ("data_through", "TIMESTAMP"),
)

SECONDS_AFTER_FAILURE = 15.0
# A page waits for this before it draws anything.
DEADLINE_S = 5.0


def read_freshness(table: pa.Table) -> dict[str, Freshness]:
    """Rows of `analytics.freshness` by source; a source without a moment of its own goes by its loading."""
    rows = zip(*(values_of(table.column(name)) for name, _ in COLUMNS), strict=True)
    return {
        source: Freshness(source, loaded_at, through or loaded_at, bool(grows), since)
        for source, grows, loaded_at, since, through in rows
        if source and loaded_at
    }


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


class FreshnessCache:
    """Reads once a key (a stamp) or once in `seconds`, by one thread while others wait; a failure is kept shortly."""

    def __init__(self, read: Callable[[], Mapping[str, Freshness]], seconds: float | None = None) -> None:
        self._read, self._seconds = read, seconds
        self._lock = threading.Lock()
        self._key: object = None
        self._until = 0.0
        self._kept: Mapping[str, Freshness] | WarehouseError | None = None

    def get(self, key: object = None) -> Mapping[str, Freshness]:
        """The mapping by source; empty where the models were never built. Raises a WarehouseError."""
        with self._lock:
            if self._kept is None or key != self._key or time.monotonic() >= self._until:
                self._key, self._kept = key, self._fetch()
                failed = isinstance(self._kept, WarehouseError)
                life = SECONDS_AFTER_FAILURE if failed else self._seconds
                self._until = time.monotonic() + life if life is not None else float("inf")
            kept = self._kept
        if isinstance(kept, WarehouseError):
            raise kept
        return kept

    def _fetch(self) -> Mapping[str, Freshness] | WarehouseError:
        try:
            return self._read()
        except QueryInvalid:
            return {}
        except WarehouseError as error:
            return error
