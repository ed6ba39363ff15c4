"""How old data are, in words, and what is said of dates that lie after them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from lib.board import ages
from lib.filters import Context, DateExpression, parse
from lib.warehouse.query import Freshness

NOW = datetime(2025, 11, 19, tzinfo=UTC)
CONTEXT = Context(now=NOW, zone="UTC")
TABLES = {
    "pings": "sourcegraph_analytics.update_checks",
    "events": "dotcom_events.events",
    "map": "sourcegraph_analytics.instance_accounts",
    "telemetry": "sourcegraph_analytics.telemetry_status",
    "licences": "sourcegraph_analytics.licenses",
    "accounts": "sams.accounts",
    "subscriptions": "ssc.subscriptions",
    "cycles": "ssc.billing_cycles",
}
GROW = {"pings", "events", "accounts", "subscriptions", "cycles"}


def known(**days: float) -> dict[str, Freshness]:
    """Sources that reach so many days back from now; those that do not grow were loaded then."""
    return {
        TABLES[name]: Freshness(TABLES[name], NOW - timedelta(days=ago), NOW - timedelta(days=ago), name in GROW)
        for name, ago in days.items()
    }


def late(embedded: bool = True, **days: float) -> list[str]:
    return [one.sentence for one in ages.late(known(**days), NOW, embedded=embedded)]


def test_the_source_furthest_behind_is_named_and_midnight_belongs_to_the_day_before():
    assert ages.through_words(known(pings=0, events=0)) == "Pings through Tue 18 Nov 2025"
    assert ages.through_words(known(pings=0, events=2)) == "Sourcegraph.com events through Sun 16 Nov 2025"
    assert ages.through_words(known(accounts=0, subscriptions=0)) == "SSC through Tue 18 Nov 2025"


def test_tables_that_do_not_grow_make_no_tile_old():
    assert ages.through_words(known(pings=0, map=300)) == "Pings through Tue 18 Nov 2025"
    assert ages.through_words(known(map=300)) == ""


@pytest.mark.parametrize(
    ("days", "words"),
    [(0, ""), (1, ""), (1.5, ""), (1.51, "1 day"), (2, "1 day"), (2.6, "2 days"), (3, "2 days"), (10, "9 days")],
)
def test_a_daily_source_is_late_when_a_days_rows_are_not_there_by_noon_of_the_next(days, words):
    found = [one.words for one in ages.late(known(pings=days), NOW, embedded=False)]
    assert found == ([f"{words} late"] if words else [])


@pytest.mark.parametrize(
    ("hours", "words"),
    [(3, ""), (3.5, "1 hour"), (8, "5 hours"), (26, "23 hours"), (27, "1 day"), (60, "3 days")],
)
def test_an_hourly_source_is_late_after_three_hours(hours, words):
    found = [one.words for one in ages.late(known(events=hours / 24), NOW, embedded=False)]
    assert found == ([f"{words} late"] if words else [])


def test_the_embedded_warehouse_is_loaded_once_a_day():
    assert late(embedded=True, events=1) == []
    assert late(embedded=True, events=1.75) == ["Sourcegraph.com events: data end Mon 17 Nov 2025, 1 day late"]
    assert late(embedded=False, events=1) == ["Sourcegraph.com events: data end Mon 17 Nov 2025, 21 hours late"]
    assert late(embedded=False, events=0.25) == [
        "Sourcegraph.com events: data end Tue 18 Nov 2025 18:00 UTC, 3 hours late"
    ]


def test_what_is_kept_by_hand_is_never_late():
    assert late(map=900, telemetry=900) == []


def test_what_is_late_is_named_once_the_worst_first():
    assert late(pings=2, subscriptions=4, cycles=5, licences=3) == [
        "SSC: data end Thu 13 Nov 2025, 4 days late",
        "Licences: loaded Sat 15 Nov 2025, 2 days late",
        "Pings: data end Sun 16 Nov 2025, 1 day late",
    ]


def test_an_age_of_another_day_says_its_day():
    loaded = NOW - timedelta(hours=1)
    assert ages.time_words(NOW, NOW) == "00:00 UTC"
    assert ages.time_words(loaded, NOW) == "18 Nov 2025 23:00 UTC"
    assert ages.loaded_words(known(pings=0), NOW) == "loaded 00:00 UTC"
    assert ages.loaded_words({}, NOW) == ""


def test_sources_kept_by_hand_say_who_edited_them_last_and_when():
    edited = {
        **known(pings=0, licences=0),
        TABLES["map"]: Freshness(
            TABLES["map"], NOW, NOW, False, None, datetime(2025, 11, 17, 11, 5, tzinfo=UTC), "A_b"
        ),
        TABLES["telemetry"]: Freshness(TABLES["telemetry"], NOW, NOW, False, None, NOW, None),
        "sourcegraph_analytics.releases": Freshness("sourcegraph_analytics.releases", NOW, NOW, False),
    }
    assert ages.source_words(edited, NOW, embedded=True) == {
        "Sources": ("Pings, through Tue 18 Nov 2025, loaded 00\\:00 UTC",),
        "Replaced whole": ("Licences, loaded 00\\:00 UTC",),
        "Kept by hand": (
            "Map of instances to accounts, edited Mon 17 Nov 2025 by A\\_b, loaded 00\\:00 UTC",
            "Releases, loaded 00\\:00 UTC",
            "Telemetry status, edited Wed 19 Nov 2025, loaded 00\\:00 UTC",
        ),
    }


def test_sources_say_their_schedules_and_what_is_late():
    lines = ages.source_words(known(pings=3, events=0), NOW, embedded=False)["Sources"]
    assert lines == (
        "Pings, through Sat 15 Nov 2025, loaded 16 Nov 2025 00\\:00 UTC, loaded every day, **:orange[2 days late]**",
        "Sourcegraph.com events, through Tue 18 Nov 2025, loaded 00\\:00 UTC, loaded every hour",
    )


REST, BEFORE = "Data end Tue 18 Nov 2025; the rest has none yet.", "Data end Tue 18 Nov 2025, before this begins."


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ""),
        ("7 days", ""),
        ("12 months", ""),
        ("this month", ""),
        ("4 weeks ago for 4 weeks", ""),
        ("2025-11-01 to 2025-11-19", ""),
        ("after 2025-01-01", ""),
        ("null", ""),
        ("this year", REST),
        ("this quarter", REST),
        ("2025", REST),
        ("2025-11", REST),
        ("2025-11-01 to 2025-11-20", REST),
        ("2025-10, 2026-03", REST),
        ("today", BEFORE),
        ("next week", BEFORE),
        ("2026", BEFORE),
        ("after 2026-01-01", BEFORE),
    ],
)
def test_a_date_that_ends_after_the_data_says_so_unless_it_only_counts_the_running_month(text, words):
    expression = parse("date", text)
    assert isinstance(expression, DateExpression)
    assert ages.beyond_words(expression, CONTEXT, NOW, is_late=False) == words


def test_while_a_source_is_late_every_date_that_ends_after_it_says_so():
    expression = parse("date", "7 days")
    assert isinstance(expression, DateExpression)
    through = NOW - timedelta(days=2)
    words = ages.beyond_words(expression, CONTEXT, through, is_late=True)
    assert words == "Data end Sun 16 Nov 2025; the rest has none yet."
    assert ages.beyond_words(expression, CONTEXT, None, is_late=True) == ""
