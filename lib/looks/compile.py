"""A look and the page's filters become one query with bound parameters (rules: docs/looks, Filters and Counters)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from lib.filters import Context, DateExpression, Dates, Expression
from lib.looks.catalogue import Catalogue, catalogue
from lib.looks.header import placeholders
from lib.looks.look import Look, Period
from lib.looks.periods import (
    NOTHING,
    SHOWN_PERIODS,
    Clock,
    as_column_value,
    complete_part,
    context_of,
    is_comparable,
    last_periods,
    one_interval,
    period_start,
    reach_back,
    resolve_range,
    shift_periods,
    stretch_before,
)
from lib.warehouse.query import Parameter, Query

STRETCH = "stretch"
"""Column that tells the two rows of an `over: range` counter apart: `range` and `before`."""


class OptionError(Exception):
    """An option the look does not have, or a choice it does not offer; the message says which there are."""


@dataclass(frozen=True)
class CompiledLook:
    """A look under one set of filters, ready to run.

    `range` is the widened range of the page's date filter (not the one a counter asks for); `unfinished_from` the
    first instant of the first unfinished period, as a value of the time column; `periods` the complete periods of an
    `over: last` look as values of the time column, oldest first, the last being the one that is told; `before` the
    stretch an `over: range` counter compares with; `comparable` whether a change may be told at all.
    """

    look: Look
    query: Query
    options: Mapping[str, str]
    period_unit: Period
    context: Context
    range: Dates
    complete_through: datetime
    unfinished_from: date | datetime
    periods: tuple[date | datetime, ...] = ()
    covered: Dates | None = None
    before: Dates | None = None
    comparable: bool = False
    whole_accounts: tuple[str, ...] = ()


def compile_look(
    look: Look,
    filters: Mapping[str, Expression],
    options: Mapping[str, str],
    now: datetime,
    data_through: datetime | None,
    known: Catalogue | None = None,
    data_since: datetime | None = None,
) -> CompiledLook:
    """The query of a look under the page's filters and options, with what is needed to read its rows.

    Filters the look does not list are left aside, a missing one means any value; a missing option its first choice.
    `now` is the page run's moment, `data_through` the least of the look's growing sources (None: holds nothing back),
    `data_since` when they all have begun: nothing is compared with a time before it.
    Raises OptionError.
    """
    known = known or catalogue()
    chosen = choose_options(look, options)
    unit = look.period_unit(chosen)
    context, clock = context_of(look, unit, now), Clock(now, data_through)
    wanted = filters.get("date") if "date" in look.filters else None
    dates = resolve_range(wanted if isinstance(wanted, DateExpression) else None, unit, context)
    if look.at_least:
        dates = reach_back(dates, look.at_least, unit, context)
    time_type = look.columns[look.time_column].type if look.time_column else "DATE"

    def in_column(instant: datetime) -> date | datetime:
        return as_column_value(instant, time_type, look.zone)

    compiled = CompiledLook(
        look=look,
        query=Query(""),
        options=chosen,
        period_unit=unit,
        context=context,
        range=dates,
        complete_through=clock.complete_through,
        unfinished_from=in_column(period_start(clock.complete_through, unit, context)),
        comparable=is_comparable(dates),
        whole_accounts=whole_accounts(look, known),
    )
    covered, before = dates, None
    if look.over == "last":
        starts = last_periods(dates, unit, context, clock, SHOWN_PERIODS if look.time_column else 1)
        covered = one_interval(starts[0], shift_periods(starts[-1], 1, unit, context)) if starts else NOTHING
        compiled = replace(compiled, periods=tuple(in_column(start) for start in starts))
    elif look.over == "range":
        covered = complete_part(dates, unit, context, clock)
        if compiled.comparable and covered.intervals:
            before = stretch_before(covered, unit, context)
            if before is not None and data_since is not None and _begins_before(before, data_since):
                before = None
    sql, parameters = fill_placeholders(look, filters, covered, chosen, context, known)
    columns = tuple((name, column.type) for name, column in look.columns.items())
    if before is not None:
        earlier, more = fill_placeholders(look, filters, before, chosen, context, known, prefix="before_")
        sql, parameters = _both_stretches(look, sql, earlier), (*parameters, *more)
    elif look.over == "range":
        sql = f"SELECT 'range' AS {STRETCH}, {', '.join(look.columns)}\nFROM (\n{sql}\n)"
    if look.over == "range":
        columns = ((STRETCH, "STRING"), *columns)
    query = Query(sql, tuple(parameters), look=look.id, budget_bytes=look.budget_bytes, columns=columns)
    return replace(compiled, query=query, covered=covered, before=before)


def whole_accounts(look: Look, known: Catalogue) -> tuple[str, ...]:
    """The filters that select whole accounts: their column is a list."""
    return tuple(name for name, kind in known.column_types.get(look.id, {}).items() if kind.startswith("ARRAY"))


def choose_options(look: Look, options: Mapping[str, str]) -> dict[str, str]:
    """Each option of the look with its choice, the first where none is made. Raises OptionError."""
    for name in options:
        if name not in look.options:
            raise OptionError(f"“{look.title}” has no option {name}.")
    chosen = {name: options.get(name, choices[0]) for name, choices in look.options.items()}
    for name, choice in chosen.items():
        if choice not in look.options[name]:
            raise OptionError(f"“{choice}” is no {name} of “{look.title}”: {', '.join(look.options[name])}.")
    return chosen


def fill_placeholders(
    look: Look,
    filters: Mapping[str, Expression],
    dates: Dates,
    options: Mapping[str, str],
    context: Context,
    known: Catalogue,
    prefix: str = "",
) -> tuple[str, tuple[Parameter, ...]]:
    """The look's SQL with the filters' predicates in place of `@filters` and `@filter_…`, and all parameters.

    `dates` stands for the date filter. The text is otherwise left as written, so that people can read it.
    """
    found = placeholders(look.sql)
    placed = {name.removeprefix("filter_") for name, _, _ in found if name.startswith("filter_")}
    predicates, parameters = {}, []
    for name, column in look.filters.items():
        clause, bound = _predicate(look, name, column, filters.get(name), dates, context, known, prefix)
        predicates[name] = clause
        parameters += bound
    rest = [clause for name, clause in predicates.items() if clause and name not in placed]
    texts = {f"filter_{name}": wrap_clause(clause or "TRUE") for name, clause in predicates.items()}
    texts["filters"] = wrap_clause(" AND ".join(map(wrap_clause, rest)) or "TRUE")
    sql, end = [], 0
    for name, start, stop in found:
        sql += [look.sql[end:start], texts.get(name, f"@{prefix}{name}")]
        end = stop
    sql.append(look.sql[end:])
    used = {name for name, _, _ in found}
    bound = [Parameter(f"{prefix}{name}", "STRING", choice) for name, choice in options.items() if name in used]
    return "".join(sql), (*parameters, *bound)


def wrap_clause(clause: str) -> str:
    """The clause in one pair of parentheses, so that it stands anywhere; a word or what has them already stays."""
    if clause.isidentifier() or (clause.startswith("(") and _closing(clause) == len(clause) - 1):
        return clause
    return f"({clause})"


def _closing(clause: str) -> int:
    depth = 0
    for at, character in enumerate(clause):
        depth += (character == "(") - (character == ")")
        if depth == 0:
            return at
    return -1


def _begins_before(dates: Dates, moment: datetime) -> bool:
    return any(start is None or start < moment for start, _ in dates.intervals)


def _predicate(
    look: Look,
    name: str,
    column: str,
    expression: Expression | None,
    dates: Dates,
    context: Context,
    known: Catalogue,
    prefix: str,
) -> tuple[str, list[Parameter]]:
    column_type, start = known.column_types[look.id][name], f"{prefix}{name}"
    if name == "date":
        if dates.any:
            return "", []
        clause, bound = dates.to_sql(column, column_type, look.zone, start, column_zone=look.zone)
    elif expression is None or expression.any:
        return "", []
    else:
        own = replace(context, case_sensitive=known.filters[name].case_sensitive)
        clause, bound = expression.to_sql(column, column_type, own, start)
    return clause, [Parameter(*parameter) for parameter in bound]


def _both_stretches(look: Look, sql: str, earlier: str) -> str:
    names = ", ".join(look.columns)
    return (
        f"SELECT 'range' AS {STRETCH}, {names}\nFROM (\n{sql}\n)\n"
        f"UNION ALL\nSELECT 'before' AS {STRETCH}, {names}\nFROM (\n{earlier}\n)"
    )
