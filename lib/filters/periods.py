"""Calendar arithmetic in a zone: where a period starts, and the same moment some periods later.

A `Place` on the time line is either civil (a naive datetime, read in the zone only at the very end, so that a midnight
that a clock change skips does not shift what is counted from it) or exact (an aware datetime in UTC).
"""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta

from lib.filters.context import WEEKDAYS, Context, zone_info

# Units from small to large, with their rank: a fiscal quarter is as large as a quarter.
RANKS = {
    "second": 0,
    "minute": 1,
    "hour": 2,
    "day": 3,
    "week": 4,
    "month": 5,
    "quarter": 6,
    "fiscal quarter": 6,
    "year": 7,
    "fiscal year": 7,
}
ELAPSED = {"second": timedelta(seconds=1), "minute": timedelta(minutes=1), "hour": timedelta(hours=1)}
DAYS = {"day": 1, "week": 7, "week_sunday": 7, "week_monday": 7}
MONTHS = {"month": 1, "quarter": 3, "fiscal quarter": 3, "year": 12, "fiscal year": 12}

Place = datetime  # naive: civil time in the context's zone; aware: an exact instant


def instant_of(local: datetime, zone: str) -> datetime:
    """The instant (UTC) of a civil time: the first one where it occurs twice, the end of the gap where it is skipped.

    OverflowError outside the years 1-9999.
    """
    if zone == "UTC":
        return local.replace(tzinfo=UTC)
    info = zone_info(zone)
    before, after = (_offset(local.replace(tzinfo=info, fold=fold)) for fold in (0, 1))
    if before >= after:
        return (local - before).replace(tzinfo=UTC)
    low, high = local - after, local - before  # the clock changes in (low, high]
    while high - low > timedelta(seconds=1):
        middle = (low + (high - low) / 2).replace(microsecond=0)
        if _offset(middle.replace(tzinfo=UTC).astimezone(info)) == before:
            low = middle
        else:
            high = middle
    return high.replace(tzinfo=UTC)


def _offset(moment: datetime) -> timedelta:
    return moment.utcoffset() or timedelta()


def local_of(instant: datetime, zone: str) -> datetime:
    """Civil time (naive) of an instant in the zone; OverflowError outside the years 1-9999."""
    if zone == "UTC":
        return instant.astimezone(UTC).replace(tzinfo=None)
    return instant.astimezone(zone_info(zone)).replace(tzinfo=None, fold=0)


def midnight(day: date, zone: str) -> datetime:
    """The instant at which a day begins in the zone."""
    return instant_of(datetime.combine(day, time()), zone)


def is_midnight(instant: datetime, zone: str) -> bool:
    """Whether a day of the zone begins at that instant (01:00 too, where a clock change skips midnight)."""
    local = local_of(instant, zone)
    if zone == "UTC":
        return local.time() == time()
    return midnight(local.date(), zone) == instant


def exact(place: Place, ctx: Context) -> datetime:
    """The instant of a place."""
    return place if place.tzinfo else instant_of(place, ctx.zone)


def civil(place: Place, ctx: Context) -> datetime:
    """Civil time of a place; the beginning of a day is its midnight, even where a clock change skips that."""
    if place.tzinfo is None:
        return place
    local = local_of(place, ctx.zone)
    if ctx.zone != "UTC" and local.time() != time() and is_midnight(place, ctx.zone):
        return datetime.combine(local.date(), time())
    return local


def floor_place(place: Place, unit: str, ctx: Context) -> Place:
    """The start of the unit that holds the place: exact below a day, civil from a day on."""
    if unit in ELAPSED:
        return _floor_elapsed(exact(place, ctx), unit, ctx)
    day = datetime.combine(civil(place, ctx).date(), time())
    if unit == "day":
        return day
    if unit in DAYS:
        first = WEEKDAYS.index(ctx.week_start if unit == "week" else unit.removeprefix("week_"))
        return day - timedelta(days=(day.weekday() - first) % 7)
    if unit not in MONTHS:
        raise ValueError(f"{unit!r} is not a unit of time.")
    start = ctx.fiscal_start_month if unit.startswith("fiscal ") else 1
    over = (day.month - start) % MONTHS[unit]
    return shift_months(day.replace(day=1), -over)


def _floor_elapsed(instant: datetime, unit: str, ctx: Context) -> datetime:
    local = local_of(instant, ctx.zone)
    minutes = local.minute if unit == "hour" else 0
    seconds = local.second if unit != "second" else 0
    start = instant - timedelta(minutes=minutes, seconds=seconds, microseconds=local.microsecond)
    floored = local - timedelta(minutes=minutes, seconds=seconds, microseconds=local.microsecond)
    # A clock change inside the hour (Lord Howe moves by 30 minutes): the hour began where its civil time says.
    return start if local_of(start, ctx.zone) == floored else instant_of(floored, ctx.zone)


def shift_months(local: datetime, months: int) -> datetime:
    """The same day number so many months later, clamped to the month's last day; OverflowError outside 1-9999."""
    total = local.year * 12 + local.month - 1 + months
    year, month = divmod(total, 12)
    if not 1 <= year <= 9999:
        raise OverflowError("year out of range")
    return local.replace(year=year, month=month + 1, day=min(local.day, monthrange(year, month + 1)[1]))


def shift_place(place: Place, n: int, unit: str, ctx: Context) -> Place:
    """The place n units later: elapsed time below a day, calendar steps in the zone from a day on."""
    if unit in ELAPSED:
        return exact(place, ctx) + n * ELAPSED[unit]
    if unit in DAYS:
        return civil(place, ctx) + timedelta(days=n * DAYS[unit])
    return shift_months(civil(place, ctx), n * MONTHS[unit])


def floor(instant: datetime, unit: str, ctx: Context) -> datetime:
    """The instant at which the unit holding `instant` began in the context's zone.

    Units: second … year, `fiscal quarter`, `fiscal year`, and `week_sunday`, `week_monday` whatever the context's week.
    OverflowError outside the years 1-9999.
    """
    return exact(floor_place(_aware(instant), unit, ctx), ctx)


def shift(instant: datetime, n: int, unit: str, ctx: Context) -> datetime:
    """The instant n units later (earlier when negative): docs/filters, "Steps". OverflowError outside 1-9999."""
    return exact(shift_place(_aware(instant), n, unit, ctx), ctx)


def _aware(instant: datetime) -> datetime:
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)
