"""The demo's calendar: its two years, their weeks and months, and how busy each day is."""

from dataclasses import dataclass
from datetime import date

import numpy as np

FIRST_DAY = date(2023, 11, 19)
LAST_DAY = date(2025, 11, 18)
DAYS = (LAST_DAY - FIRST_DAY).days + 1
FULL_PINGS_DAYS = 90  # the last days that keep four pings each; before them a day keeps its last ping

OUTAGE = (date(2025, 5, 6), date(2025, 5, 8))  # our own receiver was down: most pings of these days were never stored

_WEEKDAY_SHARE = np.array([0.97, 1.03, 1.05, 1.02, 0.90, 0.17, 0.15])  # Monday first


@dataclass(frozen=True)
class Calendar:
    """One entry a day. `week_start`, `monday` and `month_start` are the first days of the periods a day lies in."""

    day: np.ndarray
    weekday: np.ndarray  # Monday = 0
    week_start: np.ndarray  # Sunday: instances count weeks so (docs/measures)
    monday: np.ndarray
    month_start: np.ndarray
    month: np.ndarray  # months since the first one
    business: np.ndarray  # share of a usual working day


def index_of(day: date) -> int:
    """Days since the demo's first day; negative before it."""
    return (day - FIRST_DAY).days


def day_of(index: int) -> date:
    """The calendar day of an index, also outside the demo's range."""
    return date.fromordinal(FIRST_DAY.toordinal() + index)


def _season(day: date) -> float:
    month_day = (day.month, day.day)
    if month_day >= (12, 22) or month_day <= (1, 1):
        return 0.42
    if month_day >= (12, 18) or month_day <= (1, 4):
        return 0.8
    if (7, 8) <= month_day <= (8, 25):
        return 0.90 if day.month == 7 else 0.87
    if month_day in {(5, 1), (5, 27), (7, 4), (9, 1), (11, 11)}:
        return 0.75
    if day.month == 11 and day.weekday() in (3, 4) and 22 <= day.day - (day.weekday() - 3) <= 28:
        return 0.6  # Thanksgiving and the day after
    return 1.0


def calendar() -> Calendar:
    """The calendar of all days of the demo."""
    days = [day_of(index) for index in range(DAYS)]
    day = np.array(days, dtype="datetime64[D]")
    weekday = np.array([d.weekday() for d in days])
    month_start = day.astype("datetime64[M]").astype("datetime64[D]")
    month = (day.astype("datetime64[M]") - day[0].astype("datetime64[M]")).astype(int)
    business = _WEEKDAY_SHARE[weekday] * np.array([_season(d) for d in days])
    return Calendar(day, weekday, day - (weekday + 1) % 7, day - weekday, month_start, month, business)


def month_ends(days: Calendar) -> np.ndarray:
    """Whether each day is the last of its month."""
    return (days.day + 1).astype("datetime64[M]") != days.day.astype("datetime64[M]")
