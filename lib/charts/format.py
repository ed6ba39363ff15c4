"""Numbers and moments as people read them (docs/charts.md, Numbers and dates)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Literal

MISSING = "—"
_SIZES = ("bytes", "kB", "MB", "GB", "TB", "PB")


def format_value(value: object, format: str | None = None, unit: str = "") -> str:
    """One value in the words of its column's format; NULL is a dash.

    Formats: integer, decimal, percent (0.343 is 34.3%), usd (whole cents), bytes, date, week, month, duration
    (seconds), text. Without a format the value's own type decides. `unit` stands behind plain numbers.
    """
    if value is None or (isinstance(value, float) and value != value):
        return MISSING
    if isinstance(value, (list, tuple)):
        return ", ".join(format_value(item, format) for item in value) or MISSING
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, date):
        return _moment(value, format)
    if isinstance(value, (int, float, Decimal)):
        text = _number(float(value), format)
        return f"{text} {unit}" if unit and format in (None, "integer", "decimal") else text
    return str(value)


def format_counter(value: object, format: str | None = None) -> str:
    """A counter's figure: full up to 999,999, above it shortened to three digits, as 2.36M."""
    if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
        number, prefix = float(value), ""
        if format == "usd":
            number, prefix = number / 100, "$"
        if format in (None, "integer", "decimal", "usd") and abs(number) >= 1_000_000:
            return prefix + shorten(number)
        if format == "usd":
            return f"${number:,.0f}"
    return format_value(value, format)


def format_mark(drawn: float, format: str | None = None) -> str:
    """A value beside its mark, as drawn (usd: in dollars): full up to 999,999, no cents, no unit."""
    if format == "percent":
        return f"{drawn:.1%}"
    prefix = "$" if format == "usd" else ""
    if abs(drawn) >= 1_000_000:
        return prefix + shorten(drawn)
    whole = prefix or format == "integer" or drawn == int(drawn)
    return prefix + (f"{drawn:,.0f}" if whole else f"{drawn:,.1f}")


def format_change(change: float | None, kind: Literal["percent", "points"]) -> str:
    """A counter's change, 0.056 as 5.6%, or of ratios 0.004 as 0.4 pts; its sign only when it is negative."""
    if change is None:
        return MISSING
    return f"{change * 100:.1f} pts" if kind == "points" else f"{change:.1%}"


def shorten(number: float) -> str:
    """Three digits and K, M or B: 2,360,000 is 2.36M."""
    for size, letter in ((1e9, "B"), (1e6, "M"), (1e3, "K")):
        if abs(number) >= size:
            return f"{number / size:.3g}{letter}"
    return f"{number:,.3g}"


def axis_label(format: str | None) -> str:
    """Vega expression for the labels of a value axis: 50K and 1.2M from 10,000 on, 30%, zero as 0."""
    if format == "percent":
        return "datum.value == 0 ? '0' : format(datum.value, abs(datum.value) < 0.01 ? '.1%' : '.0%')"
    sign = "'$' + " if format == "usd" else ""
    return (
        "datum.value == 0 ? '0' : abs(datum.value) >= 10000 "
        f"? {sign}replace(replace(format(datum.value, '.3~s'), 'k', 'K'), 'G', 'B') "
        f": {sign}format(datum.value, ',.3~f')"
    )


def _moment(value: date, format: str | None) -> str:
    if isinstance(value, datetime) and format is None:
        return f"{value:%a} {value.day} {value:%b %Y %H:%M} UTC"
    if format == "month":
        return f"{value:%b %Y}"
    if format == "week":
        return f"week of {value.day} {value:%b %Y}"
    return f"{value:%a} {value.day} {value:%b %Y}"


def _number(value: float, format: str | None) -> str:
    match format:
        case "percent":
            return f"{value:.1%}"
        case "usd":
            return f"${value / 100:,.2f}"
        case "bytes":
            return _bytes(value)
        case "duration":
            return _duration(value)
        case "integer":
            return f"{value:,.0f}"
        case "decimal":
            return f"{value:,.2f}".rstrip("0").rstrip(".")
        case _:
            return f"{value:,.0f}" if value == int(value) else f"{value:,.1f}"


def _bytes(value: float) -> str:
    power = 0
    while abs(value) >= 1000 and power < len(_SIZES) - 1:
        value, power = value / 1000, power + 1
    return f"{value:,.0f} {_SIZES[power]}" if power == 0 or value >= 100 else f"{value:,.3g} {_SIZES[power]}"


def _duration(seconds: float) -> str:
    if abs(seconds) < 60:
        return f"{seconds:.3g} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    if hours < 48:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    return f"{hours // 24} days"
