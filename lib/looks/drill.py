"""The rows behind a mark: the drill look under the filters, the mark's values and its period (docs/looks, Drill)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from typing import Literal
from zoneinfo import ZoneInfo

import sqlglot
from sqlglot import exp

from lib.filters import Dates, Expression
from lib.looks.catalogue import Catalogue, catalogue
from lib.looks.compile import CompiledLook, choose_options, fill_placeholders, whole_accounts
from lib.looks.look import Look
from lib.looks.periods import NOTHING, context_of, shift_periods
from lib.warehouse.query import Parameter, Query


@dataclass(frozen=True)
class Rest:
    """The value of an "other" mark: every value of its column but those that have marks of their own."""

    shown: tuple[str | None, ...]


MarkValue = str | int | float | bool | date | datetime | Rest | None


@dataclass(frozen=True)
class Drill:
    """The rows behind a mark, ready to run: the rows look, narrowed to the mark.

    `promise` says what holds between rows and mark: their `count` equals it, or the `sum` of `column` does; a ratio
    promises nothing. `values` are the mark's values by column, those that its measure brings included.
    """

    rows: CompiledLook
    promise: Literal["count", "sum"] | None
    column: str | None
    values: Mapping[str, MarkValue]


class NoRowsBehind(Exception):
    """The look names no rows look, or the mark is none of its marks; the message says so."""


def compile_drill(
    compiled: CompiledLook,
    mark: Mapping[str, MarkValue],
    filters: Mapping[str, Expression],
    measure: str | None = None,
    known: Catalogue | None = None,
) -> Drill:
    """The query of the rows that one mark of `compiled` counts.

    `mark` holds the mark's values of the chart's x and series (none for a counter), `measure` the y it was drawn from.
    A missing value (None) matches missing ones only. The period of the mark is cut by the look's widened range; a
    counter opens the periods it tells of. Of `filters` those count that the look itself follows. Raises NoRowsBehind.
    """
    known = known or catalogue()
    parent = compiled.look
    if parent.drill is None:
        raise NoRowsBehind(f"“{parent.title}” names no rows.")
    rows = known.look(parent.drill)
    options = choose_options(rows, {k: v for k, v in compiled.options.items() if k in rows.options})
    context = context_of(rows, rows.period_unit(options), compiled.context.now)
    dates = _mark_dates(compiled, mark)
    filters = {name: expression for name, expression in filters.items() if name in parent.filters}
    sql, parameters = fill_placeholders(rows, filters, dates, options, context, known)
    conditions, bound = [], []
    values = _mark_conditions(parent, rows, mark, measure)
    for name, value in values.items():
        clause, more = _equals(rows, name, value)
        conditions.append(clause)
        bound += more
    if conditions:
        names = ",\n  ".join(rows.columns)
        sql = f"SELECT\n  {names}\nFROM (\n{sql}\n)\nWHERE {' AND '.join(conditions)}{_order(rows)}"
    query = Query(
        sql,
        (*parameters, *bound),
        look=rows.id,
        budget_bytes=rows.budget_bytes,
        columns=tuple((name, column.type) for name, column in rows.columns.items()),
    )
    found = replace(
        compiled,
        look=rows,
        query=query,
        options=options,
        period_unit=rows.period_unit(options),
        context=context,
        range=dates,
        periods=(),
        covered=None,
        before=None,
        comparable=False,
        whole_accounts=whole_accounts(rows, known),
    )
    return Drill(found, *_promise(parent, rows, measure), values)


def mark_columns(look: Look) -> tuple[str, ...]:
    """The columns whose values tell one mark of the look from another."""
    return tuple(name for name in (look.chart.x, look.chart.series) if name is not None)


def _mark_conditions(
    parent: Look, rows: Look, mark: Mapping[str, MarkValue], measure: str | None
) -> dict[str, MarkValue]:
    conditions: dict[str, MarkValue] = {}
    for name in mark_columns(parent):
        if name == parent.time_column or (parent.chart.kind == "counter" and name not in mark):
            continue
        if name not in mark:
            raise NoRowsBehind(f"The mark has no {parent.columns[name].label}.")
        conditions[name] = mark[name]
    measure = measure or (parent.chart.y[0] if len(parent.chart.y) == 1 else None)
    for name in (*mark_columns(parent), *([measure] if measure else [])):
        conditions |= parent.columns[name].rows
    for name in conditions:
        if name not in rows.columns:
            raise NoRowsBehind(f"“{rows.title}” has no column {name}.")
    return conditions


def _mark_dates(compiled: CompiledLook, mark: Mapping[str, MarkValue]) -> Dates:
    look, unit, context = compiled.look, compiled.period_unit, compiled.context
    covered = compiled.covered or compiled.range
    at = mark.get(look.time_column) if look.time_column else None
    if look.chart.kind == "counter" and at is None:
        if look.over == "range" or not compiled.periods:
            return covered
        at = compiled.periods[-1]
    elif look.time_column is None or look.time_column not in mark:
        return covered
    if at is None:
        return replace(NOTHING, nulls=covered.nulls)
    if not isinstance(at, date):
        raise NoRowsBehind(f"“{at}” is no period.")
    start = _as_instant(at, look.zone)
    if unit == "instant":
        return covered
    return covered.clip(start, shift_periods(start, 1, unit, context))


def _as_instant(value: date | datetime, zone: str) -> datetime:
    moment = value if isinstance(value, datetime) else datetime.combine(value, time())
    return (moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)


def _equals(rows: Look, name: str, value: MarkValue) -> tuple[str, list[Parameter]]:
    kind, parameter = rows.columns[name].type, f"mark_{name}"
    if value is None:
        return f"{name} IS NULL", []
    if isinstance(value, Rest):
        shown = [item for item in value.shown if item is not None]
        clause = f"{name} NOT IN UNNEST(@{parameter})"
        clause = f"{name} IS NOT NULL AND {clause}" if None in value.shown else f"({name} IS NULL OR {clause})"
        return clause, [Parameter(parameter, f"ARRAY<{kind}>", shown)]
    return f"{name} = @{parameter}", [Parameter(parameter, kind, value)]


def _order(rows: Look) -> str:
    order = sqlglot.parse_one(rows.sql, read="bigquery").args.get("order")
    return f"\n{order.sql(dialect='bigquery')}" if isinstance(order, exp.Order) else ""


def _promise(parent: Look, rows: Look, measure: str | None) -> tuple[Literal["count", "sum"] | None, str | None]:
    name = measure or (parent.chart.y[0] if parent.chart.y else None)
    if name is None or parent.columns[name].type != "INT64":
        return None, None
    return ("sum", name) if name in rows.columns else ("count", None)
