"""Resolved dates: widening, clipping, columns of each type, fixed texts."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.filters import Context, Dates, FilterError, fixed_text, parse, utc_text
from tests.filters.texts import EXPRESSIONS

NOW = datetime(2024, 5, 15, 10, 30, tzinfo=UTC)
UTC_CTX = Context(NOW)
LA = Context(NOW, "America/Los_Angeles")


def bounds(dates: Dates) -> list[list[str | None]]:
    return [[bound and utc_text(bound) for bound in pair] for pair in dates.intervals]


@pytest.mark.parametrize(
    ("text", "unit", "found"),
    [
        ("7 days", "month", [["2024-05-01T00:00:00Z", "2024-06-01T00:00:00Z"]]),
        ("7 days", "week_sunday", [["2024-05-05T00:00:00Z", "2024-05-19T00:00:00Z"]]),
        ("7 days", "week_monday", [["2024-05-06T00:00:00Z", "2024-05-20T00:00:00Z"]]),
        ("60 minutes", "day", [["2024-05-15T00:00:00Z", "2024-05-16T00:00:00Z"]]),
        ("60 minutes", "instant", [["2024-05-15T09:31:00Z", "2024-05-15T10:31:00Z"]]),
        ("before 2024-05-02", "month", [[None, "2024-06-01T00:00:00Z"]]),
        ("2024-05-02,2024-05-20", "month", [["2024-05-01T00:00:00Z", "2024-06-01T00:00:00Z"]]),
        ("2024-04-01 to 2024-05-01", "month", [["2024-04-01T00:00:00Z", "2024-05-01T00:00:00Z"]]),
        ("after 9999-12-31", "month", [["9999-12-01T00:00:00Z", None]]),
        ("before 9999-12-31", "month", [[None, None]]),
    ],
)
def test_widen(text: str, unit: str, found: list[list[str | None]]) -> None:
    assert bounds(parse("date", text).resolve(UTC_CTX).widen(unit, UTC_CTX)) == found


def test_widening_keeps_nulls_and_follows_the_zone() -> None:
    dates = parse("date", "2024-03-10 12:00,null").resolve(LA).widen("day", LA)
    assert bounds(dates) == [["2024-03-10T08:00:00Z", "2024-03-11T07:00:00Z"]]
    assert dates.nulls
    anything = parse("date", "").resolve(LA)
    assert anything.widen("month", LA) == anything


def test_clip_keeps_what_lies_inside() -> None:
    dates = parse("date", "before 2024-01-10,2024-02,null").resolve(UTC_CTX)
    clipped = dates.clip(datetime(2024, 1, 1, tzinfo=UTC), datetime(2024, 2, 3, tzinfo=UTC))
    assert bounds(clipped) == [
        ["2024-01-01T00:00:00Z", "2024-01-10T00:00:00Z"],
        ["2024-02-01T00:00:00Z", "2024-02-03T00:00:00Z"],
    ]
    assert not clipped.nulls
    assert parse("date", "").resolve(UTC_CTX).clip(None, NOW).intervals == ((None, NOW),)


@pytest.mark.parametrize(
    ("text", "column_type", "ctx", "sql", "values"),
    [
        ("", "DATE", UTC_CTX, "", []),
        ("null", "DATE", UTC_CTX, "d IS NULL", []),
        ("not null", "TIMESTAMP", UTC_CTX, "d IS NOT NULL", []),
        ("null,not null", "DATE", UTC_CTX, "FALSE", []),
        ("today to yesterday", "DATE", UTC_CTX, "FALSE", []),
        ("60 minutes", "DATE", UTC_CTX, "FALSE", []),
        ("today", "DATE", LA, "(d >= @p_1 AND d < @p_2)", [date(2024, 5, 15), date(2024, 5, 16)]),
        ("after 2024-05-01 09:30", "DATE", UTC_CTX, "(d >= @p_1)", [date(2024, 5, 2)]),
        ("before now,null", "DATE", UTC_CTX, "((d < @p_1) OR d IS NULL)", [date(2024, 5, 16)]),
        ("today", "DATETIME", LA, "(d >= @p_1 AND d < @p_2)", [datetime(2024, 5, 15, 7), datetime(2024, 5, 16, 7)]),
    ],
)
def test_columns(text: str, column_type: str, ctx: Context, sql: str, values: list[object]) -> None:
    found, parameters = parse("date", text).to_sql("d", column_type, ctx)
    assert found == sql
    assert [value for _, _, value in parameters] == values
    assert {kind for _, kind, _ in parameters} <= {column_type}


def test_a_date_column_warns_of_moved_bounds() -> None:
    assert parse("date", "60 minutes").sql_warnings("DATE", UTC_CTX) == ("sub_day_on_date",)
    assert parse("date", "60 minutes").sql_warnings("TIMESTAMP", UTC_CTX) == ()
    assert parse("date", "7 days").sql_warnings("DATE", LA) == ()


def test_a_datetime_column_has_a_zone_of_its_own() -> None:
    sql, parameters = parse("date", "today").to_sql("d", "DATETIME", LA, "q", column_zone="America/Los_Angeles")
    assert sql == "(d >= @q_1 AND d < @q_2)"
    assert [value for _, _, value in parameters] == [datetime(2024, 5, 15), datetime(2024, 5, 16)]


@pytest.mark.parametrize(
    ("text", "ctx", "found"),
    [
        ("", UTC_CTX, ""),
        ("7 days", UTC_CTX, "2024-05-09 to 2024-05-16"),
        ("7 days", LA, "2024-05-09 to 2024-05-16"),
        ("4 weeks ago for 4 weeks,null", UTC_CTX, "2024-04-15 to 2024-05-13,null"),
        ("60 minutes", UTC_CTX, "2024-05-15 09:31 to 2024-05-15 10:31"),
        ("before now", UTC_CTX, "before 2024-05-15 10:30"),
        ("after monday", UTC_CTX, "after 2024-05-13"),
        ("not null", UTC_CTX, "not null"),
        ("null,not null", UTC_CTX, "null,not null"),
    ],
)
def test_fixed_text(text: str, ctx: Context, found: str) -> None:
    assert fixed_text(parse("date", text).resolve(ctx), ctx.zone) == found


@settings(max_examples=150, deadline=None)
@given(EXPRESSIONS["date"], st.sampled_from([UTC_CTX, LA, Context(datetime(2024, 11, 3, 9, 20, tzinfo=UTC), LA.zone)]))
def test_fixed_texts_cover_the_same_rows(text: str, ctx: Context) -> None:
    try:
        dates = parse("date", text).resolve(ctx)
        again = parse("date", fixed_text(dates, ctx.zone)).resolve(ctx)
    except FilterError as error:
        assert error.code in ("expected", "bad_date", "out_of_range", "empty_range")
        return
    assert again.nulls == dates.nulls
    for (a, b), (c, d) in zip(dates.intervals, again.intervals, strict=False):
        assert c is None or (a is not None and c <= a)
        assert d is None or (b is not None and d >= b)
    if ctx.zone == "UTC":
        assert again.intervals == dates.intervals
