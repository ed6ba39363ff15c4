"""A look under filters as people write them, asked of the demo warehouse by the same code as a page."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date

import duckdb
import pyarrow as pa

from lib.filters import parse
from lib.looks import CompiledLook, catalogue, compile_look
from lib.settings import Settings
from lib.warehouse.folder import current_stamp, read_origin, warehouse_file
from lib.warehouse.freshness import data_since, data_through
from lib.warehouse.query import Warehouse
from tests.looks.raw_figures import RawFigures, Row
from tests.looks.raw_subscribers import RawSubscribers

Keeps = Callable[[Row], bool]


@contextmanager
def raw_tables(settings: Settings) -> Iterator[tuple[duckdb.DuckDBPyConnection, date]]:
    """The raw tables of the demo warehouse, and their last day."""
    folder = settings.warehouse_folder
    stamp = current_stamp(folder)
    assert stamp is not None
    last_day = read_origin(folder, stamp).last_day
    assert last_day is not None
    # A copy: within one process a file has one configuration, and the app locks its own.
    with tempfile.TemporaryDirectory() as apart:
        copied = shutil.copy(warehouse_file(folder, stamp), apart)
        with duckdb.connect(str(copied), read_only=True) as connection:
            connection.execute("SET TimeZone = 'UTC'")
            yield connection, last_day


def ask(
    look_id: str,
    filters: Mapping[str, str],
    raw: RawFigures | RawSubscribers,
    warehouse: Warehouse,
    options: Mapping[str, str] | None = None,
) -> tuple[CompiledLook, pa.Table]:
    """The look's question and its rows at `raw.now`."""
    known = catalogue()
    look = known.look(look_id)
    read = {key: parse(known.filters[key].kind, text) for key, text in filters.items()}
    fresh = warehouse.freshness()
    through, since = data_through(look.sql, fresh), data_since(look.sql, fresh)
    compiled = compile_look(look, read, options or {}, raw.now, through, known, since)
    return compiled, warehouse.run(compiled.query).table


def rows_of(look_id: str, filters: Mapping[str, str], raw: RawFigures, warehouse: Warehouse) -> list[list[object]]:
    """The look's rows as lists, in its order."""
    _, table = ask(look_id, filters, raw, warehouse)
    return [list(row.values()) for row in table.to_pylist()]


def month_start(raw: RawFigures, back: int) -> date:
    """The first day of the month so many months before the running one."""
    month = raw.today.year * 12 + raw.today.month - 1 - back
    return date(month // 12, month % 12 + 1, 1)


def in_months(raw: RawFigures, rows: Iterable[Row], first: int = 11, last: int = 0) -> list[Row]:
    """The rows of the months from `first` to `last` before the running one."""
    return [row for row in rows if month_start(raw, first) <= row.period <= month_start(raw, last)]
