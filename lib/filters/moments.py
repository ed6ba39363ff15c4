"""Points in time that an expression can name: each is one row with its start, its own length, and its text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from lib.filters.context import WEEKDAYS, Context
from lib.filters.periods import Place, floor_place, shift_place

DAY_WORDS = {"yesterday": -1, "today": 0, "tomorrow": 1}
NAMED = {"last": -1, "this": 0, "next": 1}


@dataclass(frozen=True)
class Moment:
    """A named point: the row of MOMENTS and its arguments."""

    form: str
    args: tuple[Any, ...] = ()


@dataclass(frozen=True)
class MomentForm:
    """How one kind of moment reads: `start` in a context, the unit it lasts, its canonical text."""

    meaning: str
    start: Callable[[tuple[Any, ...], Context], Place]
    unit: Callable[[tuple[Any, ...]], str]
    text: Callable[[tuple[Any, ...]], str]


def count_text(n: int, unit: str) -> str:
    """`1 day`, `7 days`, `0 days`."""
    return f"{n} {unit}" if n == 1 else f"{n} {unit}s"


def _from_now(n: int, unit: str, ctx: Context) -> Place:
    return shift_place(floor_place(ctx.now, unit, ctx), n, unit, ctx)


def _weekday(args: tuple[Any, ...], ctx: Context) -> Place:
    today = floor_place(ctx.now, "day", ctx)
    return today - timedelta(days=(today.weekday() - args[0]) % 7)


MOMENTS: dict[str, MomentForm] = {
    "now": MomentForm("this very second", lambda args, ctx: ctx.now, lambda args: "second", lambda args: "now"),
    "day word": MomentForm(
        "the day before, of or after now",
        lambda args, ctx: _from_now(DAY_WORDS[args[0]], "day", ctx),
        lambda args: "day",
        lambda args: args[0],
    ),
    "weekday": MomentForm(
        "the most recent such day, today included", _weekday, lambda args: "day", lambda args: WEEKDAYS[args[0]]
    ),
    "absolute": MomentForm(
        "a point of the calendar",
        lambda args, ctx: args[0].start(ctx.fiscal_start_month),
        lambda args: args[0].unit,
        lambda args: args[0].to_text(),
    ),
    "ago": MomentForm(
        "the start of the current unit, N units back",
        lambda args, ctx: _from_now(-args[0], args[1], ctx),
        lambda args: args[1],
        lambda args: f"{count_text(*args)} ago",
    ),
    "from now": MomentForm(
        "the start of the current unit, N units on",
        lambda args, ctx: _from_now(args[0], args[1], ctx),
        lambda args: args[1],
        lambda args: f"{count_text(*args)} from now",
    ),
    "named": MomentForm(
        "the current unit, the one before or the one after",
        lambda args, ctx: _from_now(NAMED[args[0]], args[1], ctx),
        lambda args: args[1],
        lambda args: f"{args[0]} {args[1]}",
    ),
}


def moment_start(moment: Moment, ctx: Context) -> Place:
    """Where the moment begins; OverflowError or ValueError outside the years 1-9999."""
    return MOMENTS[moment.form].start(moment.args, ctx)


def moment_unit(moment: Moment) -> str:
    """The unit that the moment lasts when it stands for a period."""
    return MOMENTS[moment.form].unit(moment.args)


def moment_text(moment: Moment) -> str:
    """Canonical text."""
    return MOMENTS[moment.form].text(moment.args)
