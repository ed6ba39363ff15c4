"""What goes into a warehouse and what comes out: queries, results, errors, and the protocol of both engines."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

import pyarrow as pa

# The most rows that either engine hands out for one query.
MAX_ROWS = 1_000_000


@dataclass(frozen=True)
class Parameter:
    """A named, typed query parameter; `type` is GoogleSQL's text, such as `DATE` or `ARRAY<STRING>`."""

    name: str
    type: str
    value: object


@dataclass(frozen=True)
class Query:
    """One GoogleSQL SELECT with all that may limit it.

    `columns`, when given, is the declared result schema (name, GoogleSQL type): results are cast to it.
    `labels` are pairs such as ("page", "company_metrics"), sent to BigQuery as job labels.
    `row_limit`: rows beyond it are left out and the result says so; None: the engines' own bound, an error beyond.
    """

    sql: str
    parameters: tuple[Parameter, ...] = ()
    look: str = ""
    budget_bytes: int | None = None
    deadline_s: float = 30.0
    columns: tuple[tuple[str, str], ...] = ()
    labels: tuple[tuple[str, str], ...] = ()
    row_limit: int | None = None


@dataclass(frozen=True)
class Freshness:
    """How new one raw source is; moments in UTC. `grows`: its rows have a time of their own.

    `data_since` is when its figures begin, where that is known. `edited_at` and `edited_by` tell the last edit of what
    is kept by hand, as far as its rows say.
    """

    source: str
    loaded_at: datetime
    data_through: datetime
    grows: bool
    data_since: datetime | None = None
    edited_at: datetime | None = None
    edited_by: str | None = None


@dataclass(frozen=True)
class Result:
    """Rows as Arrow with GoogleSQL types beside; `bytes` are those billed (BigQuery) or None.

    `cut`: there were more rows than the query's `row_limit`.
    """

    table: pa.Table
    columns: tuple[tuple[str, str], ...]
    seconds: float
    bytes: int | None = None
    cache_hit: bool = False
    data_through: datetime | None = None
    cut: bool = False


class WarehouseError(Exception):
    """Base of the four errors that a query may end in; the message is a sentence for people, free of SQL text."""


class QueryRefused(WarehouseError):
    """Not run: over budget, without the right, or a construct that the engine must not run.

    `construct` names the construct where one is to blame.
    """

    def __init__(self, message: str, construct: str | None = None) -> None:
        super().__init__(message)
        self.construct = construct


class QueryTimedOut(WarehouseError):
    """Stopped at its deadline."""


class QueryCancelled(WarehouseError):
    """Stopped because nobody waits for it any more."""


class WarehouseUnavailable(WarehouseError):
    """The engine did not answer: missing, locked or broken file, network, credentials."""


class QueryInvalid(WarehouseError):
    """The engine does not understand the query; `detail` holds its words, for logs only."""

    def __init__(self, message: str, detail: str = "") -> None:
        super().__init__(message)
        self.detail = detail


@dataclass
class Cancellation:
    """Lets one thread stop the query of another: pass it to `run`, call `cancel` from anywhere, at any time."""

    _stops: list[Callable[[], None]] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    cancelled: bool = False

    def cancel(self) -> None:
        """Stop what runs now and whatever is registered later."""
        with self._lock:
            self.cancelled, stops = True, list(self._stops)
        for stop in stops:
            stop()

    def on_cancel(self, stop: Callable[[], None]) -> None:
        """Register how to stop the running query; called at once when already cancelled."""
        with self._lock:
            self._stops.append(stop)
            now = self.cancelled
        if now:
            stop()


class Warehouse(Protocol):
    """Both engines. Safe to call from many threads at once."""

    engine: str

    @property
    def stamp(self) -> str:
        """Changes when the data changed under us (DuckDB); constant on BigQuery."""
        ...

    def run(self, query: Query, cancellation: Cancellation | None = None) -> Result:
        """Run one query; raises one of the errors above and nothing else."""
        ...

    def freshness(self, *, anew: bool = False) -> Mapping[str, Freshness]:
        """Per raw source (`dataset.table`) how new it is; `anew` asks again, while others have what is kept."""
        ...

    def close(self) -> None:
        """Give back what is open."""
        ...
