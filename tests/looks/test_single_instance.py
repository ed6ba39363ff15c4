"""The single instance's numbers, recomputed in plain Python from the raw pings, for several kinds of instance."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, timedelta
from itertools import pairwise
from statistics import fmean

import pytest

from tests.looks.asking import ask, month_start
from tests.looks.raw_figures import RawFigures, payload, sunday_of, version_number, whole_number
from tests.looks.raw_usage import (
    SEARCH_KINDS,
    at,
    batch_months,
    cody_months,
    day_payloads,
    insight_weeks,
    known_sum,
    navigated_weeks,
    number,
    searched_weeks,
)

Rows = dict[date, dict[str, object]]
KINDS = ("most used", "moved", "App", "managed", "critical", "silent", "nobody")


@pytest.fixture(scope="session")
def sites(raw_figures: RawFigures) -> dict[str, str]:
    """A site of each kind."""
    raw = raw_figures
    newest = {row.site_id: row for row in sorted(raw.months, key=lambda row: row.period) if row.ping}
    users: dict[str, int] = defaultdict(int)
    for row in raw.months:
        users[row.site_id] += row.users or 0

    def most(names: list[str]) -> str:
        return max(names, key=lambda name: (users[name], name))

    owners = {name: {entry["account_id"] for entry in entries} for name, entries in raw.map.items()}
    searching = {name for name in raw.sites if searched_weeks(raw, name)}
    return {
        "most used": most([name for name, row in newest.items() if row.account_type == "Customer"]),
        "moved": most([name for name, accounts in owners.items() if len(accounts) > 1 and name in newest]),
        "App": most([name for name, row in newest.items() if row.instance_type == "App"]),
        "managed": most([name for name, row in newest.items() if row.instance_type == "Managed"]),
        "critical": most([name for name in newest if name not in searching and users[name]]),
        "silent": most(
            [
                name
                for name, site in raw.sites.items()
                if site.last_pings and max(site.last_pings) < raw.last_day - timedelta(days=60)
            ]
        ),
        "nobody": "no-such-instance",
    }


@pytest.fixture(params=KINDS)
def site(request, sites: dict[str, str]) -> str:
    return sites[request.param]


def asked(look: str, site: str, raw: RawFigures, demo_warehouse, **filters: str) -> list[dict[str, object]]:
    _, table = ask(f"single_instance/{look}", {"date": "12 months", "site": f'"{site}"'} | filters, raw, demo_warehouse)
    return table.to_pylist()


def by_period(rows: list[dict[str, object]], column: str) -> Rows:
    found = {row.pop(column): row for row in rows}
    assert len(found) == len(rows)
    return found  # pyright: ignore


def near(values: Mapping[str, object]) -> dict[str, object]:
    return {k: pytest.approx(v, rel=1e-9) if isinstance(v, float) else v for k, v in values.items()}


def has_site(raw: RawFigures, site: str) -> bool:
    return site in raw.sites


def weeks_in_range(raw: RawFigures, weeks: Mapping[date, dict], floor) -> dict[date, dict]:
    first, end = floor(month_start(raw, 11)), month_start(raw, -1)
    return {week: sent for week, sent in weeks.items() if first <= week < end}


def test_searches_by_type(site, raw, demo_warehouse):
    expected = {}
    if has_site(raw, site):
        for week, sent in weeks_in_range(raw, searched_weeks(raw, site), sunday_of).items():
            for kind in SEARCH_KINDS:
                if (searches := number(sent, "Weekly", kind, "EventsCount")) is not None:
                    expected[week, kind.lower()] = searches
    found = asked("searches_by_type", site, raw, demo_warehouse)
    assert {(row["week"], row["kind"]): row["searches"] for row in found} == expected


def weighted(sent: dict, name: str) -> float | None:
    pairs = [
        (at(sent, "Weekly", kind, "EventLatencies", name), number(sent, "Weekly", kind, "EventsCount"))
        for kind in SEARCH_KINDS
    ]
    known = [(float(str(value)), count) for value, count in pairs if value is not None and count is not None]
    total = sum(count for _, count in known)
    return sum(value * count for value, count in known) / total if total else None


def test_searches_and_their_latency_by_week(site, raw, demo_warehouse):
    expected: Rows = {}
    if has_site(raw, site):
        for week, sent in weeks_in_range(raw, searched_weeks(raw, site), sunday_of).items():
            expected[week] = {
                "search_users": number(sent, "Weekly", "TotalUsers"),
                "latency_p50": weighted(sent, "P50"),
                "latency_p90": weighted(sent, "P90"),
                "latency_p99": weighted(sent, "P99"),
            }
    found = by_period(asked("search_users", site, raw, demo_warehouse), "week")
    nothing = dict.fromkeys(("search_users", "latency_p50", "latency_p90", "latency_p99"))
    assert {week: {name: row[name] for name in nothing} for week, row in found.items()} == {
        week: near(expected.get(week, nothing)) for week in found
    }
    assert set(expected) <= set(found)


def test_code_navigation_by_week(site, raw, demo_warehouse):
    expected: Rows = {}
    if has_site(raw, site):
        for week, sent in weeks_in_range(raw, navigated_weeks(raw, site), sunday_of).items():
            summaries = at(sent, "event_summaries")
            events: dict[str, int] = defaultdict(int)
            for summary in summaries if isinstance(summaries, list) else ():
                events[summary["source"]] += summary["total_actions"]
            repositories = number(sent, "num_repositories")
            indexed = number(sent, "num_repositories_with_upload_records")
            total = sum(events.values())
            expected[week] = {
                "code_navigation_users": number(sent, "waus"),
                "precise_navigation_users": number(sent, "precise_waus"),
                "search_based_navigation_users": number(sent, "search_waus"),
                "precise_navigation_events": events["precise"] if events else None,
                "search_based_navigation_events": events["search"] if events else None,
                "precise_share": events["precise"] / total if total else None,
                "indexed_share": indexed / repositories if repositories and indexed is not None else None,
            }
    found = by_period(asked("search_users", site, raw, demo_warehouse), "week")
    names = (
        "code_navigation_users",
        "precise_navigation_users",
        "search_based_navigation_users",
        "precise_navigation_events",
        "search_based_navigation_events",
        "precise_share",
        "indexed_share",
    )
    nothing = dict.fromkeys(names)
    assert {week: {name: row[name] for name in nothing} for week, row in found.items()} == {
        week: near(expected.get(week, nothing)) for week in found
    }
    assert set(expected) <= set(found)


def test_languages_of_code_navigation(site, raw, demo_warehouse):
    totals: dict[str | None, list[int]] = defaultdict(lambda: [0, 0])
    if has_site(raw, site):
        for sent in weeks_in_range(raw, navigated_weeks(raw, site), sunday_of).values():
            summaries = at(sent, "event_summaries")
            for summary in summaries if isinstance(summaries, list) else ():
                totals[summary["language_id"]][summary["source"] != "precise"] += summary["total_actions"]
    ranked = sorted(totals, key=lambda name: (-sum(totals[name]), name or ""))
    rest = [sum(totals[name][part] for name in ranked[7:]) for part in (0, 1)]
    expected = [[name, *totals[name]] for name in ranked[:7]] + ([["other", *rest]] if ranked[7:] else [])
    found = asked("navigation_languages", site, raw, demo_warehouse)
    assert [[row["language"], row["precise_events"], row["search_based_events"]] for row in found] == expected


def test_batch_changes_by_month(site, raw, demo_warehouse):
    first, last = month_start(raw, 11), month_start(raw, 0)
    expected = {
        found.row.period: {
            **{name: found.rises.get(name) for name in ("created", "closed", "published", "merged")},
            "contributors": found.contributors,
            "users": found.users,
        }
        for found in batch_months(raw)
        if found.row.site_id == site and first <= found.row.period <= last
    }
    assert by_period(asked("batch_changes", site, raw, demo_warehouse), "month") == expected


def test_open_batch_changes_are_those_of_the_months_last_known_day(site, raw, demo_warehouse):
    expected: Rows = {}
    if has_site(raw, site):
        for day, sent in day_payloads(raw, site, "batch_changes_usage").items():
            total, closed = number(sent, "BatchChangesCount"), number(sent, "BatchChangesClosedCount")
            month = day.replace(day=1)
            if total is not None and closed is not None and month_start(raw, 11) <= month <= month_start(raw, 0):
                expected[month] = {"open_batch_changes": total - closed, "closed_batch_changes": closed}
    assert by_period(asked("batch_changes_by_state", site, raw, demo_warehouse), "month") == expected


def test_code_insights_by_week(site, raw, demo_warehouse):
    expected: Rows = {}
    if has_site(raw, site):
        first = month_start(raw, 11) - timedelta(days=month_start(raw, 11).weekday())
        for week, sent in insight_weeks(raw, site).items():
            if first <= week < month_start(raw, -1):
                kinds = at(sent, "WeeklyUsageStatisticsByInsight")
                listed = kinds if isinstance(kinds, list) else []
                expected[week] = {
                    "page_views": number(sent, "WeeklyInsightsPageViews"),
                    "page_viewers": number(sent, "WeeklyInsightsUniquePageViews"),
                    "creators": number(sent, "WeeklyInsightCreators"),
                    **{name.lower(): known_sum(number(k, name) for k in listed) for name in ("Additions", "Edits")},
                    "removals": known_sum(number(kind, "Removals") for kind in listed),
                }
    assert by_period(asked("insight_views", site, raw, demo_warehouse), "week") == expected


def test_cody_by_month(site, raw, demo_warehouse):
    products = {"": "Product", "vscode_": "VSCodeProduct", "jetbrains_": "JetBrainsProduct", "web_": "WebProduct"}
    expected: Rows = {}
    if has_site(raw, site):
        for month, sent in cody_months(raw, site).items():
            if month_start(raw, 11) <= month <= month_start(raw, 0):
                expected[month] = {
                    "cody_users": number(sent, "Monthly", "TotalCodyUsers", "UserCount"),
                    "cody_events": number(sent, "Monthly", "TotalCodyUsers", "EventsCount"),
                    "cody_product_users": number(sent, "Monthly", "TotalProductUsers", "UserCount"),
                    **{
                        f"cody_{name}users": number(sent, "Monthly", f"Total{product}Users", "UserCount")
                        for name, product in products.items()
                        if name
                    },
                }
    found = by_period(asked("cody_users", site, raw, demo_warehouse), "month")
    assert {month: row for month, row in found.items() if any(value is not None for value in row.values())} == expected


COUNTS_AS_SENT = {
    "monitors_enabled": ("code_monitoring_usage", "MonitorsEnabled"),
    "monitors_enabled_users": ("code_monitoring_usage", "MonitorsEnabledUniqueUsers"),
    "monitor_page_views_93_days": ("code_monitoring_usage", "CodeMonitoringPageViews"),
    "monitor_trigger_runs_93_days": ("code_monitoring_usage", "TriggerRuns"),
    "notebook_page_views_93_days": ("notebooks_usage", "NotebookPageViews"),
    "notebooks_created_93_days": ("notebooks_usage", "NotebooksCreatedCount"),
    "saved_searches": ("saved_searches", "TotalSavedSearches"),
    "saved_search_users": ("saved_searches", "UniqueUsers"),
    "total_insights": ("code_insights_critical_telemetry", "TotalInsights"),
}


def test_counts_of_the_last_93_days_stand_as_sent(site, raw, demo_warehouse):
    expected: dict[date, dict[str, int | None]] = defaultdict(dict)
    if has_site(raw, site):
        for name, (column, key) in COUNTS_AS_SENT.items():
            for day, sent in day_payloads(raw, site, column).items():
                if month_start(raw, 11) <= day < month_start(raw, -1):
                    expected[day][name] = number(sent, key)
    found = by_period(asked("code_monitors", site, raw, demo_warehouse), "day")
    nothing = dict.fromkeys(COUNTS_AS_SENT)
    assert {day: {name: row[name] for name in COUNTS_AS_SENT} for day, row in found.items()} == {
        day: expected.get(day, nothing) for day in found
    }
    assert set(expected) <= set(found)


GROWTH = ("Created", "Resurrected", "Churned", "Deleted", "Retained")


def mean_weekly_users(raw: RawFigures, site: str, month: date) -> float | None:
    """The mean of the weeks that begin in the month and are over."""
    weeks = [
        row.users
        for row in raw.weeks
        if row.site_id == site
        and row.users is not None
        and row.period.replace(day=1) == month
        and row.period + timedelta(days=7) <= raw.last_day + timedelta(days=1)
    ]
    return fmean(weeks) if weeks else None


def test_users_by_month(site, raw, demo_warehouse):
    expected: Rows = {}
    for row in raw.months:
        if row.site_id == site and month_start(raw, 11) <= row.period <= month_start(raw, 0):
            growth = payload(row.ping["growth_statistics"]) if row.ping and row.pinged else {}
            both = row.mean_daily is not None and row.users
            expected[row.period] = {
                "monthly_users": row.users,
                "daily_users": row.mean_daily,
                "weekly_users": mean_weekly_users(raw, site, row.period),
                "dau_mau": row.mean_daily / row.users if both else None,
                **{f"{name.lower()}_users": number(growth, f"{name}Users") for name in GROWTH},
            }
    found = by_period(asked("users", site, raw, demo_warehouse), "month")
    assert {month: {name: row[name] for name in expected[month]} for month, row in found.items()} == {
        month: near(row) for month, row in expected.items()
    }


def test_pings_by_day_and_upgrades(site, raw, demo_warehouse):
    pings: dict[date, int] = defaultdict(int)
    versions: dict[date, tuple[int, int] | None] = {}
    if has_site(raw, site):
        for ping in raw.pings_of(site):
            pings[ping["at"].date()] += 1
        versions = {
            day: version_number(ping["remote_site_version"]) for day, ping in raw.sites[site].last_pings.items()
        }
        if raw.sites[site].last_pings[max(versions)]["deploy_type"] == "app":
            versions = {}
    known = sorted(day for day, version in versions.items() if version)
    upgrades = {
        day: "{}.{}".format(*versions[day] or ())
        for before, day in pairwise(known)
        if versions[day] not in [versions[earlier] for earlier in known if earlier < day]
    }
    first, end = month_start(raw, 11), month_start(raw, -1)
    found = asked("pings", site, raw, demo_warehouse)
    assert {row["day"]: row["pings"] for row in found} == {d: n for d, n in pings.items() if first <= d < end}
    told = {row["day"]: row["upgrade"] for row in found if row["upgrade"]}
    assert told == {day: version for day, version in upgrades.items() if first <= day < end}


def test_accounts_and_seats_of_the_whole_account(site, raw, demo_warehouse):
    owner = max((row for row in raw.months if row.site_id == site), key=lambda row: row.period, default=None)
    account = raw.account_on(site, raw.last_day) if owner else None
    expected: dict[date, dict[str, int | None]] = {}
    for back in range(12):
        month = month_start(raw, back)
        last = min((month + timedelta(days=31)).replace(day=1) - timedelta(days=1), raw.last_day)
        rows = [row for row in raw.months if row.account_id == account and row.period == month] if account else []
        licence = raw.licence_on(account, last)
        told = [row for row in rows if row.ping and row.pinged]
        if account and (told or licence):
            expected[month] = {
                "user_accounts": known_sum(whole_number(row.ping["total_user_accounts"]) for row in told if row.ping),
                "seats": licence["seats"] if licence else None,
                "monthly_users": known_sum(row.users for row in rows),
            }
    found = by_period(asked("account_seats", site, raw, demo_warehouse), "month")
    assert {month: {name: row[name] for name in ("user_accounts", "seats", "monthly_users")} for month, row in
            found.items()} == expected  # fmt: skip


@pytest.mark.parametrize(
    "look",
    [
        "users",
        "pings",
        "account_seats",
        "searches_by_type",
        "search_users",
        "navigation_languages",
        "batch_changes",
        "batch_changes_by_state",
        "insight_views",
        "cody_users",
        "code_monitors",
    ],
)
def test_the_most_used_instance_has_values_in_every_column(look, raw, sites, demo_warehouse):
    rows = asked(look, sites["most used"], raw, demo_warehouse)
    assert len(rows) >= 2
    assert [name for name in rows[0] if all(row[name] is None for row in rows)] == []
