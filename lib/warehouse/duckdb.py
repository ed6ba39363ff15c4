"""The embedded engine: one read-only, locked-down DuckDB file a stamp, a cursor a call."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import duckdb
import pyarrow as pa

from lib.warehouse import dialect, freshness
from lib.warehouse.alarm import Alarm, Appointment
from lib.warehouse.columns import cast_table
from lib.warehouse.duckdb_file import OpenFile, open_file
from lib.warehouse.folder import current_stamp, warehouse_file
from lib.warehouse.query import (
    MAX_ROWS,
    Cancellation,
    Freshness,
    Parameter,
    Query,
    QueryCancelled,
    QueryInvalid,
    QueryRefused,
    QueryTimedOut,
    Result,
    WarehouseError,
    WarehouseUnavailable,
)
from lib.warehouse.statement import read_statement, require_parameters
from lib.warehouse.words import (
    BROKEN,
    GONE,
    NO_RIGHT,
    NO_TABLE,
    NO_WAREHOUSE,
    REPLACED,
    TOO_LARGE,
    TOO_LONG,
    TOO_SLOW,
    UNWANTED,
    WRONG,
)

BATCH_ROWS = 65_536

# DuckDB's kinds of error, as its messages begin.
LOST = frozenset({"IO", "Connection", "FATAL", "INTERNAL", "Serialization", "INTERRUPT", "TransactionContext"})
WRONG_KINDS = frozenset({"Conversion", "Out of Range", "Invalid Input", "Binder", "Mismatch Type", "Invalid Type"})


# An interrupt that comes before the query begins is lost: it is repeated so often, until the call has ended.
REPEAT_SECONDS = 0.05
_REPLACED = "replaced"
_ALARM = Alarm()


@dataclass
class _Stop:
    """Ends the query of one cursor, by its deadline or because it is not wanted; keeps the first reason."""

    cursor: duckdb.DuckDBPyConnection
    reason: str = ""
    over: bool = False
    next: Appointment | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)

    def after(self, seconds: float, reason: str) -> None:
        self.next = _ALARM.after(seconds, partial(self.now, reason))

    def now(self, reason: str) -> None:
        with self.lock:
            if self.over:
                return
            self.reason = self.reason or reason
            with suppress(duckdb.Error):  # closed under it: then it ends by itself
                self.cursor.interrupt()
            if self.next is not None:
                self.next.cancel()
            self.after(REPEAT_SECONDS, reason)

    def end(self) -> None:
        with self.lock:
            self.over = True
            if self.next is not None:
                self.next.cancel()


class DuckDBWarehouse:
    """The embedded engine on a warehouse folder; `budget_bytes` has no meaning here and `bytes` is None.

    A changed `current` is noticed at the next `run`: the new file opens, later calls use it, and the old one closes
    after its last cursor.
    """

    engine = "duckdb"

    def __init__(self, folder: Path, threads: int = 2, memory_limit: str = "1GB") -> None:
        self.folder = folder
        self._config = {"threads": threads, "memory_limit": memory_limit}
        self._lock = threading.Lock()
        self._opened: OpenFile | None = None
        self._freshness = freshness.FreshnessCache(self._read_freshness)

    @property
    def stamp(self) -> str:
        """The stamp that the next `run` uses; empty where no warehouse was made yet."""
        return current_stamp(self.folder) or ""

    def run(self, query: Query, cancellation: Cancellation | None = None) -> Result:
        """Run one GoogleSQL SELECT; see the protocol. Raises one of the errors of `query` and nothing else."""
        started = time.monotonic()
        result = self._run(query, cancellation or Cancellation(), started)
        try:
            through = freshness.data_through(query.sql, self.freshness()) if read_statement(query.sql).tables else None
        except WarehouseError:
            through = None
        return Result(
            table=result[0],
            columns=result[1],
            seconds=time.monotonic() - started,
            data_through=through,
            cut=result[2],
        )

    def freshness(self, *, anew: bool = False) -> Mapping[str, Freshness]:
        """How new each source is, read once a stamp; empty where the models were never built."""
        return self._freshness.get(self.stamp, anew=anew)

    def close(self) -> None:
        """Close the file after the last running query."""
        with self._lock:
            self._retire()

    def _read_freshness(self) -> Mapping[str, Freshness]:
        return freshness.ask_freshness(lambda query: self._run(query, Cancellation(), time.monotonic())[0])

    def _run(
        self, query: Query, cancellation: Cancellation, started: float
    ) -> tuple[pa.Table, tuple[tuple[str, str], ...], bool]:
        statement = read_statement(query.sql)
        require_parameters(statement, query.parameters)
        values = {p.name: _bound(p) for p in query.parameters if p.name in statement.parameters}
        with self._cursor(statement.tables) as (cursor, opened):
            sql = dialect.translate(query.sql, query.parameters, opened.catalog.columns_of)
            stop = _Stop(cursor)
            opened.stops[id(stop)] = stop.now
            try:
                stop.after(max(0.0, query.deadline_s - (time.monotonic() - started)), "deadline")
                cancellation.on_cancel(partial(stop.now, "cancelled"))
                if stop.reason:
                    raise duckdb.InterruptException("stopped before it began")
                cursor.execute(sql, values)
                table, cut = _fetch(cursor, query.row_limit)
                columns = query.columns or _described(cursor)
            except (duckdb.Error, pa.ArrowException, OSError, RuntimeError) as error:
                explained = _explain(error, stop.reason, query.deadline_s)
                if isinstance(explained, WarehouseUnavailable):
                    self._give_up(opened)
                raise explained from error
            finally:
                del opened.stops[id(stop)]
                stop.end()
        return cast_table(table, columns), columns, cut

    @contextmanager
    def _cursor(self, tables: frozenset[str]) -> Iterator[tuple[duckdb.DuckDBPyConnection, OpenFile]]:
        with self._lock:
            opened = self._current(needs_file=bool(tables))
            unknown = tables - opened.catalog.tables.keys()
            if unknown:
                raise QueryInvalid(NO_TABLE.format(table=min(unknown)))
            try:
                cursor = opened.connection.cursor()
            except duckdb.Error as error:
                self._retire()
                raise WarehouseUnavailable(BROKEN) from error
            opened.in_use += 1
        try:
            yield cursor, opened
        finally:
            with self._lock:
                cursor.close()
                opened.in_use -= 1
                if opened.retired and opened.in_use == 0:
                    opened.connection.close()

    def _current(self, needs_file: bool) -> OpenFile:
        """The connection of the current stamp, opened when the stamp or the file behind it is a new one."""
        stamp = current_stamp(self.folder)
        if stamp is None and not needs_file:
            return self._use("", (), None)
        if stamp is None:
            self._retire()
            raise WarehouseUnavailable(NO_WAREHOUSE)
        path = warehouse_file(self.folder, stamp)
        try:
            found = path.stat()
        except OSError as error:
            self._retire()
            raise WarehouseUnavailable(GONE) from error
        return self._use(stamp, (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns), path)

    def _use(self, stamp: str, identity: tuple[int, ...], path: Path | None) -> OpenFile:
        held = self._opened
        if held is not None and (held.stamp, held.identity) == (stamp, identity):
            return held
        if held is not None and held.stamp == stamp:
            # DuckDB hands out the old database for a path it still holds: close it first, running queries or not.
            self._retire()
            for stop in list(held.stops.values()):
                stop(_REPLACED)
            held.connection.close()
        opened = open_file(path, stamp, identity, self._config)
        self._retire()
        self._opened = opened
        return opened

    def _give_up(self, opened: OpenFile) -> None:
        """Close a database that failed, so that the next query opens it anew: DuckDB may have declared it invalid."""
        with self._lock:
            if self._opened is opened:
                self._retire()
            opened.connection.close()

    def _retire(self) -> None:
        opened, self._opened = self._opened, None
        if opened is not None:
            opened.retired = True
            if opened.in_use == 0:
                opened.connection.close()


def _bound(parameter: Parameter) -> object:
    """The value to bind; an array that is not given is an empty one, as BigQuery takes it."""
    return [] if parameter.value is None and parameter.type.upper().startswith("ARRAY") else parameter.value


def _described(cursor: duckdb.DuckDBPyConnection) -> tuple[tuple[str, str], ...]:
    try:
        return tuple((name, dialect.googlesql_type(str(kind))) for name, kind, *_ in cursor.description or ())
    except ValueError as error:
        raise QueryInvalid(WRONG, detail=str(error)) from error


def _fetch(cursor: duckdb.DuckDBPyConnection, row_limit: int | None) -> tuple[pa.Table, bool]:
    """All rows, or as many as the limit allows and whether there were more; stops reading there."""
    limit = MAX_ROWS if row_limit is None else min(row_limit, MAX_ROWS)
    reader = cursor.to_arrow_reader(min(BATCH_ROWS, limit + 1))
    batches, rows = [], 0
    for batch in reader:
        batches.append(batch)
        rows += batch.num_rows
        if rows > limit:
            break
    if rows > limit and row_limit is None:
        raise QueryRefused(TOO_LONG)
    return pa.Table.from_batches(batches, schema=reader.schema).slice(0, limit), rows > limit


def _explain(error: Exception, reason: str, deadline_s: float) -> WarehouseError:
    """The error for people. While rows stream, DuckDB's errors come as OSError and only their words tell the kind."""
    if reason == "deadline":
        return QueryTimedOut(TOO_SLOW.format(seconds=deadline_s))
    if reason == _REPLACED:
        return WarehouseUnavailable(REPLACED)
    if reason:
        return QueryCancelled(UNWANTED)
    kind = str(error).partition(" Error:")[0]
    if kind == "Out of Memory":
        return QueryRefused(TOO_LARGE)
    if kind == "Permission":
        return QueryRefused(NO_RIGHT)
    if kind in LOST or (not isinstance(error, duckdb.Error) and kind not in WRONG_KINDS):
        return WarehouseUnavailable(BROKEN)
    return QueryInvalid(WRONG, detail=str(error))
