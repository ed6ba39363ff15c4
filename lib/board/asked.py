"""Puts each query that reaches the warehouse into the audit, with the person whose visit asked it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from lib.access.audit import note
from lib.warehouse.query import Cancellation, Parameter, Query, Result, Warehouse, WarehouseError

# A refresh in the background runs in a thread of its own, where nobody is set.
_PERSON: ContextVar[int | None] = ContextVar("person", default=None)


@contextmanager
def asked_by(person_id: int) -> Iterator[None]:
    """Whose visit it is while the block asks for rows."""
    before = _PERSON.set(person_id)
    try:
        yield
    finally:
        _PERSON.reset(before)


def run_noted(warehouse: Warehouse, query: Query, cancellation: Cancellation) -> Result:
    """Run a query and note it, with its rows and bytes or with why there are none. Raises what the engine raises."""
    asked = {"look": query.look, "page": dict(query.labels).get("page"), "filters": values_in_words(query.parameters)}
    try:
        result = warehouse.run(query, cancellation)
    except Exception as error:
        reason = str(error) if isinstance(error, WarehouseError) else "unexpected error"
        note("query", _PERSON.get(), detail=reason, **asked)
        raise
    note("query", _PERSON.get(), rows=result.table.num_rows, bytes=result.bytes, **asked)
    return result


def values_in_words(parameters: tuple[Parameter, ...]) -> str:
    """The values that a query is bound to: `account_name_1=databricks, acme; date_1=2025-11-01`."""
    return "; ".join(f"{bound.name}={_value(bound.value)}" for bound in parameters)


def _value(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
