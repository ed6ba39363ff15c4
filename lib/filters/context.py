"""What a filter needs to know besides its text: one instant, a zone, and how weeks and fiscal years begin."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@lru_cache(maxsize=512)
def zone_info(name: str) -> ZoneInfo:
    """The IANA zone of that name; ValueError when there is none."""
    try:
        return ZoneInfo(name)
    except (KeyError, OSError, ValueError, TypeError) as error:
        raise ValueError(f"{name!r} is not a time zone.") from error


@dataclass(frozen=True)
class Context:
    """The moment and the calendar in which expressions are read: docs/filters, "Context".

    `now` is cut to the whole second and held in UTC (a naive one is taken as UTC); `zone` is an IANA name;
    `week_start` an English day name; `fiscal_start_month` 1-12. `case_sensitive` concerns text only.
    A value that cannot be is a ValueError.
    """

    now: datetime
    zone: str = "UTC"
    week_start: str = "monday"
    fiscal_start_month: int = 1
    case_sensitive: bool = True

    def __post_init__(self) -> None:
        now = self.now if self.now.tzinfo else self.now.replace(tzinfo=UTC)
        try:
            object.__setattr__(self, "now", now.astimezone(UTC).replace(microsecond=0))
        except OverflowError as error:
            raise ValueError(f"{self.now} lies outside the years 1 to 9999.") from error
        object.__setattr__(self, "week_start", self.week_start.lower())
        zone_info(self.zone)
        if self.week_start not in WEEKDAYS:
            raise ValueError(f"{self.week_start!r} is not a day of the week.")
        if not 1 <= self.fiscal_start_month <= 12:
            raise ValueError("A fiscal year starts in a month from 1 to 12.")
