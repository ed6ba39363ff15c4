"""Numbers and moments as people read them (docs/charts.md, Numbers and dates)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Literal

MISSING = "—"
_MINUS = "\u2212"
_PLAIN = ("integer", "change", "decimal")
_SIZES = ("bytes", "kB", "MB", "GB", "TB", "PB")


def format_value(value: object, format: str | None = None, unit: str = "") -> str:
    """One value in the words of its column's format; NULL is a dash.

    Formats: integer, change (+215), decimal, percent (0.343 is 34.3%), usd (whole cents), bytes, date, week, month,
    duration (seconds), text, code. Without a format the value's own type decides. `unit` stands behind plain numbers.
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
        return f"{text} {unit}" if unit and format in (None, *_PLAIN) else text
    return str(value)


def format_counter(value: object, format: str | None = None) -> str:
    """A counter's figure: full up to 999,999, above it shortened to three digits, as 2.36M."""
    if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
        number = float(value) / (100 if format == "usd" else 1)
        if format in (None, "usd", *_PLAIN) and abs(number) >= 1_000_000:
            return _signed(number, shorten(abs(number)), format)
        if format == "usd":
            return _signed(number, f"{abs(number):,.0f}", format)
    return format_value(value, format)


def format_mark(drawn: float, format: str | None = None) -> str:
    """A value beside its mark, as drawn (usd: in dollars): full up to 999,999, no cents, no unit."""
    if format == "percent":
        return f"{drawn:.1%}"
    if abs(drawn) >= 1_000_000:
        return _signed(drawn, shorten(abs(drawn)), format)
    whole = format in ("usd", "integer", "change") or drawn == int(drawn)
    return _signed(drawn, f"{abs(drawn):,.0f}" if whole else f"{abs(drawn):,.1f}", format)


def format_drawn(value: object, format: str | None = None, unit: str = "") -> str:
    """One value in the words of a chart's tooltip: as everywhere, but dollars without cents."""
    if format == "usd" and isinstance(value, (int, float, Decimal)) and value == value:
        return _signed(float(value), f"{abs(float(value)) / 100:,.0f}", format)
    return format_value(value, format, unit)


def format_change(change: float | None, kind: Literal["percent", "points", "difference"]) -> str:
    """A counter's change, 0.056 as 5.6%, of ratios 0.004 as 0.4 pts, of changes the plain difference.

    Its sign stands only when it is negative, and is a hyphen: by that the counter knows its arrow.
    """
    if change is None:
        return MISSING
    if kind == "difference":
        return f"{change:,.0f}"
    return f"{change * 100:.1f} pts" if kind == "points" else f"{change:.1%}"


def shorten(number: float) -> str:
    """Three digits and K, M or B: 2,360,000 is 2.36M."""
    for size, letter in ((1e9, "B"), (1e6, "M"), (1e3, "K")):
        if abs(number) >= size:
            return f"{number / size:.3g}{letter}"
    return f"{number:,.3g}"


def axis_label(format: str | None, full: bool = False) -> str:
    """Vega expression for the labels of a value axis: 50K and 1.2M from 10,000 on, 30%, $2,000, zero as 0.

    `full`: shortened from a million on only, with more digits, for an axis whose labels are close to each other.
    """
    if format == "percent":
        return "datum.value == 0 ? '0' : format(datum.value, '.2~%')"
    if format == "usd":
        sign = f"(datum.value < 0 ? '{_MINUS}$' : '$') + "
    elif format == "change":
        sign = f"(datum.value < 0 ? '{_MINUS}' : '+') + "
    else:
        sign = f"(datum.value < 0 ? '{_MINUS}' : '') + "
    most, digits = (1_000_000, 5) if full else (10_000, 3)
    return (
        f"datum.value == 0 ? '0' : {sign}(abs(datum.value) >= {most} "
        f"? replace(replace(format(abs(datum.value), '.{digits}~s'), 'k', 'K'), 'G', 'B') "
        f": format(abs(datum.value), ',.3~f'))"
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
            return _signed(value, f"{abs(value) / 100:,.2f}", format)
        case "bytes":
            return _bytes(value)
        case "duration":
            return _duration(value)
        case "integer":
            return f"{value:,.0f}"
        case "change":
            return _signed(value, f"{abs(value):,.0f}", format)
        case "decimal":
            return f"{value:,.2f}".rstrip("0").rstrip(".")
        case _:
            return f"{value:,.0f}" if value == int(value) else f"{value:,.1f}"


def _signed(value: float, digits: str, format: str | None) -> str:
    """The digits of a number with what stands before them: a sign, and the dollar."""
    if not digits.strip("0.,"):
        return f"${digits}" if format == "usd" else digits
    if format == "change":
        return f"{_MINUS if value < 0 else '+'}{digits}"
    return f"{'-' if value < 0 else ''}{'$' if format == 'usd' else ''}{digits}"


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
