"""Absolute dates: 2024, 2024-Q2, 2024-05, FY2024-Q1, 2024-05-15, 2024-05-15 10:30:00; and the repair of near misses."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

_DAY = re.compile(r"([0-9]{4})([-/])([0-9]{2})\2([0-9]{2})(?:[tT ]([0-9]{2}):([0-9]{2})(?::([0-9]{2}))?)?", re.ASCII)
_MONTH = re.compile(r"([0-9]{4})[-/]([0-9]{2})")
_QUARTER = re.compile(r"([0-9]{4})[-/][qQ]([1-4])")
_YEAR = re.compile(r"[0-9]{4}")
_FISCAL = re.compile(r"[fF][yY]([0-9]{4})(?:-[qQ]([1-4]))?")
_LIKE = re.compile(r"[0-9]+[-/][0-9]+|[0-9]{8}$|[fF][yY][0-9]+")

_LOOSE_DAY = re.compile(r"([0-9]{4})[-/]([0-9]{1,2})[-/]([0-9]{1,2})(?:[tT ]([0-9:]+))?")
_LOOSE_MONTH = re.compile(r"([0-9]{4})[-/]([0-9]{1,2})")
_LOOSE_TIME = re.compile(r"([0-9]{1,2}):([0-9]{1,2})(?::([0-9]{1,2}))?")
_TOGETHER = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})()")
_DAY_LAST = re.compile(r"([0-9]{1,2})[-/]([0-9]{1,2})[-/]([0-9]{4})(?:[tT ]([0-9:]+))?")


@dataclass(frozen=True)
class Absolute:
    """A point of the calendar with its own length, `unit`; a fiscal one depends on where fiscal years start."""

    unit: str
    year: int
    month: int = 1
    day: int = 1
    hour: int = 0
    minute: int = 0
    second: int = 0

    def civil(self, fiscal_start_month: int) -> tuple[int, int, int, int, int, int]:
        """Year, month, day, hour, minute and second at which it begins, in whatever year that is."""
        if not self.unit.startswith("fiscal "):
            return self.year, self.month, self.day, self.hour, self.minute, self.second
        months = fiscal_start_month - 1 + self.month - 1
        return self.year + months // 12, months % 12 + 1, 1, 0, 0, 0

    def start(self, fiscal_start_month: int) -> datetime:
        """Civil time at which it begins; ValueError outside the years 1-9999."""
        return datetime(*self.civil(fiscal_start_month))

    def to_text(self) -> str:
        """Its canonical text."""
        year = f"{self.year:04d}"
        match self.unit:
            case "year":
                return year
            case "fiscal year":
                return f"FY{year}"
            case "quarter":
                return f"{year}-Q{(self.month + 2) // 3}"
            case "fiscal quarter":
                return f"FY{year}-Q{(self.month + 2) // 3}"
            case "month":
                return f"{year}-{self.month:02d}"
        text = f"{year}-{self.month:02d}-{self.day:02d}"
        if self.unit in ("minute", "second"):
            text += f" {self.hour:02d}:{self.minute:02d}"
        return f"{text}:{self.second:02d}" if self.unit == "second" else text


def read_absolute(word: str) -> Absolute | None:
    """The date that a word spells, or None. The year 0 is read too: it is out of range, not misspelt."""
    if _YEAR.fullmatch(word):
        return Absolute("year", int(word))
    if found := _QUARTER.fullmatch(word):
        return Absolute("quarter", int(found[1]), int(found[2]) * 3 - 2)
    if found := _MONTH.fullmatch(word):
        return Absolute("month", int(found[1]), int(found[2])) if 1 <= int(found[2]) <= 12 else None
    if found := _FISCAL.fullmatch(word):
        unit = "fiscal quarter" if found[2] else "fiscal year"
        return Absolute(unit, int(found[1]), int(found[2] or 1) * 3 - 2)
    found = _DAY.fullmatch(word)
    if not found:
        return None
    year, month, day = int(found[1]), int(found[3]), int(found[4])
    hour, minute, second = (int(part or 0) for part in found.group(5, 6, 7))
    if not (1 <= month <= 12 and 1 <= day <= days_in(year, month) and hour < 24 and minute < 60 and second < 60):
        return None
    unit = "second" if found[7] else "minute" if found[5] else "day"
    return Absolute(unit, year, month, day, hour, minute, second)


def days_in(year: int, month: int) -> int:
    """Days of a month; the year 0 is a leap year, as the calendar continues backwards."""
    return monthrange(year or 4, month)[1]


def looks_like_date(word: str) -> bool:
    """Digits with `-` or `/` between them, eight digits together, or FY and digits."""
    return _LIKE.match(word) is not None


def repairs_of(word: str) -> Iterator[str]:
    """What a date-like word may have been meant to be, likeliest first: docs/filters, "Suggestions"."""
    readings: list[tuple[str, str, str, str | None]] = []
    if found := _LOOSE_DAY.fullmatch(word) or _TOGETHER.fullmatch(word):
        readings = [(found[1], found[2], found[3], found[4])]
    elif found := _LOOSE_MONTH.fullmatch(word):
        yield f"{found[1]}-{found[2]:>02}"
    elif found := _DAY_LAST.fullmatch(word):
        readings = [(found[3], found[1], found[2], found[4]), (found[3], found[2], found[1], found[4])]
        readings = list(dict.fromkeys(r for r in readings if _possible(r)))
        if len(readings) > 1:
            return
    for year, month, day, time in readings:
        if not 1 <= int(month) <= 12:
            continue
        last = days_in(int(year), int(month))
        number = int(day) if 1 <= int(day) <= last else last
        clock = _repair_time(time) if time else ""
        if clock is not None:
            yield f"{year}-{int(month):02d}-{number:02d}{clock}"


def _possible(reading: tuple[str, str, str, str | None]) -> bool:
    year, month, day = (int(part) for part in reading[:3])
    return 1 <= month <= 12 and 1 <= day <= days_in(year, month)


def _repair_time(time: str) -> str | None:
    found = _LOOSE_TIME.fullmatch(time)
    return " " + ":".join(f"{int(part):02d}" for part in found.groups() if part) if found else None
