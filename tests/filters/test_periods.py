"""Periods in zones: starts, steps, and the hours that clock changes skip or repeat."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.filters import Context, floor, shift
from lib.filters.periods import RANKS, instant_of

NOW = datetime(2024, 5, 15, 10, 30, 45, tzinfo=UTC)
ZONES = ["UTC", "America/Los_Angeles", "America/Sao_Paulo", "Asia/Kolkata", "Australia/Lord_Howe", "Europe/London"]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("unit", "start"),
    [
        ("second", "2024-05-15T10:30:45Z"),
        ("minute", "2024-05-15T10:30:00Z"),
        ("hour", "2024-05-15T10:00:00Z"),
        ("day", "2024-05-15T00:00:00Z"),
        ("week", "2024-05-13T00:00:00Z"),
        ("week_sunday", "2024-05-12T00:00:00Z"),
        ("week_monday", "2024-05-13T00:00:00Z"),
        ("month", "2024-05-01T00:00:00Z"),
        ("quarter", "2024-04-01T00:00:00Z"),
        ("year", "2024-01-01T00:00:00Z"),
        ("fiscal quarter", "2024-05-01T00:00:00Z"),
        ("fiscal year", "2024-02-01T00:00:00Z"),
    ],
)
def test_floor(unit: str, start: str) -> None:
    assert floor(NOW, unit, Context(NOW, fiscal_start_month=2)) == at(start)


@pytest.mark.parametrize(
    ("instant", "n", "unit", "zone", "found"),
    [
        ("2024-01-31T00:00:00Z", 1, "month", "UTC", "2024-02-29T00:00:00Z"),
        ("2024-03-31T12:00:00Z", -1, "month", "UTC", "2024-02-29T12:00:00Z"),
        ("2024-02-29T00:00:00Z", 1, "fiscal year", "UTC", "2025-02-28T00:00:00Z"),
        ("2024-03-10T08:00:00Z", 1, "day", "America/Los_Angeles", "2024-03-11T07:00:00Z"),
        ("2024-03-10T08:00:00Z", 24, "hour", "America/Los_Angeles", "2024-03-11T08:00:00Z"),
        ("2024-11-03T07:00:00Z", 1, "week", "America/Los_Angeles", "2024-11-10T08:00:00Z"),
        ("2024-03-09T10:30:00Z", 1, "day", "America/Los_Angeles", "2024-03-10T10:00:00Z"),  # 02:30 is skipped
        ("2018-11-04T03:00:00Z", 1, "day", "America/Sao_Paulo", "2018-11-05T02:00:00Z"),  # the day begins at 01:00
        ("2018-11-03T03:00:00Z", 1, "day", "America/Sao_Paulo", "2018-11-04T03:00:00Z"),
    ],
)
def test_shift(instant: str, n: int, unit: str, zone: str, found: str) -> None:
    assert shift(at(instant), n, unit, Context(NOW, zone)) == at(found)


def test_a_skipped_time_is_the_end_of_the_gap_and_a_repeated_one_the_first() -> None:
    assert instant_of(datetime(2024, 3, 10, 2, 59, 59), "America/Los_Angeles") == at("2024-03-10T10:00:00Z")
    assert instant_of(datetime(2024, 11, 3, 1, 30), "America/Los_Angeles") == at("2024-11-03T08:30:00Z")
    assert instant_of(datetime(2024, 10, 6, 2, 15), "Australia/Lord_Howe") == at("2024-10-05T15:30:00Z")
    assert instant_of(datetime(2011, 12, 30, 12), "Pacific/Apia") == at("2011-12-30T10:00:00Z")


@settings(max_examples=200, deadline=None)
@given(
    st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1)),
    st.sampled_from([*RANKS, "week_sunday"]),
    st.sampled_from(ZONES),
    st.integers(1, 12),
)
def test_a_period_holds_its_instant(moment: datetime, unit: str, zone: str, month: int) -> None:
    ctx = Context(NOW, zone, fiscal_start_month=month)
    instant = moment.replace(microsecond=0, tzinfo=UTC)
    start = floor(instant, unit, ctx)
    assert start <= instant < shift(start, 1, unit, ctx) or (unit == "hour" and zone == "Australia/Lord_Howe")
    assert floor(start, unit, ctx) == start


@settings(max_examples=200, deadline=None)
@given(st.datetimes(datetime(1950, 1, 1), datetime(2050, 1, 1)), st.sampled_from(ZONES))
def test_civil_times_become_the_first_instant_that_is_not_before_them(local: datetime, zone: str) -> None:
    local = local.replace(microsecond=0)
    instant = instant_of(local, zone)
    found = instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    assert found >= local
    if found == local:
        earlier = (instant - timedelta(hours=1)).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
        assert earlier != local
    else:
        before = (instant - timedelta(seconds=1)).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
        assert before < local


def test_beyond_the_calendar_is_an_overflow() -> None:
    with pytest.raises(OverflowError):
        shift(NOW, 99_999, "year", Context(NOW))
    with pytest.raises(ValueError, match="not a unit"):
        floor(NOW, "fortnight", Context(NOW))


@pytest.mark.parametrize(
    "part", [{"zone": "Mars/Base"}, {"zone": "../etc"}, {"week_start": "x"}, {"fiscal_start_month": 0}]
)
def test_a_context_that_cannot_be_is_refused(part: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"zone|week|month"):
        Context(NOW, **part)  # type: ignore[arg-type]
