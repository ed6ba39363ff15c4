"""The company board's numbers, recomputed in plain Python from the raw tables, for several filter settings."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from statistics import fmean

import pytest

from lib.looks import counter_figures
from tests.looks.asking import Keeps, ask, in_months, month_start, rows_of
from tests.looks.raw_figures import RawFigures, Row, monday_of, version_number

DATES = {"date": "12 months"}
Figures = dict[tuple, object]


def near(value: object) -> object:
    return pytest.approx(value, rel=1e-9) if isinstance(value, float) else value


def assert_figures(found: list[list[object]], expected: Figures) -> None:
    assert sorted(((tuple(row[:-1]), row[-1]) for row in found), key=repr) == [
        (key, near(value)) for key, value in sorted(expected.items(), key=repr)
    ]


def test_monthly_users_by_instance_type(setting, raw, demo_warehouse):
    filters, keeps = setting
    expected: dict[tuple, int] = defaultdict(int)
    for row in in_months(raw, raw.months):
        if keeps(row) and row.users is not None:
            expected[row.period, row.instance_type] += row.users
    assert_figures(
        rows_of("company_metrics/monthly_users_by_instance_type", filters | DATES, raw, demo_warehouse), dict(expected)
    )
    assert len(expected) >= 12 or not any(keeps(row) for row in raw.months)


def test_instances_by_deployment_type(setting, raw, demo_warehouse):
    filters, keeps = setting
    expected: dict[tuple, int] = defaultdict(int)
    for row in in_months(raw, raw.months):
        if keeps(row) and row.pinged and row.ping:
            expected[row.period, (row.ping["deploy_type"] or "").strip() or None] += 1
    assert_figures(
        rows_of("company_metrics/instances_by_deployment_type", filters | DATES, raw, demo_warehouse), dict(expected)
    )


def ratio(above: float, below: float) -> float | None:
    return above / below if below else None


def share_of_days(rows: list[Row]) -> float | None:
    both = [(row.mean_daily, row.users) for row in rows if row.mean_daily is not None and row.users is not None]
    return ratio(sum(mean for mean, _ in both), sum(users for _, users in both)) if both else None


def test_daily_as_a_share_of_monthly_users(setting, raw, demo_warehouse):
    filters, keeps = setting
    months = defaultdict(list)
    for row in in_months(raw, raw.months):
        if keeps(row) and row.users is not None and row.mean_daily is not None:
            months[row.period].append(row)
    expected = [
        [month, near(share_of_days(rows)), near(share_of_days([r for r in rows if r.account_type == "Customer"]))]
        for month, rows in sorted(months.items())
    ]
    assert rows_of("company_metrics/dau_mau", filters | DATES, raw, demo_warehouse) == expected


def customers(raw: RawFigures, keeps: Keeps) -> Iterable[tuple[str, date, list[Row], dict]]:
    """Customers and months of which some instance is kept: an email or instance type selects whole accounts."""
    for account, month, rows, licence in raw.customer_months():
        if any(keeps(row) for row in rows):
            yield account, month, rows, licence


def seat_shares(raw: RawFigures, keeps: Keeps) -> dict[date, list[tuple[int, int]]]:
    months = defaultdict(list)
    for _, month, rows, licence in customers(raw, keeps):
        users = [row.users for row in rows if row.users is not None]
        if users and licence["seats"] is not None:
            months[month].append((sum(users), licence["seats"]))
    return months


WHOLE_ACCOUNTS = ("all", "one account")


@pytest.mark.parametrize("name", [*WHOLE_ACCOUNTS, "customer email"])
def test_seats_in_use(name, raw, demo_warehouse, settings_of_filters):
    filters, keeps = customer_setting(name, raw, settings_of_filters)
    months = {
        m: shares for m, shares in seat_shares(raw, keeps).items() if month_start(raw, 11) <= m <= month_start(raw, 0)
    }
    expected = [[month, near(fmean(users / seats for users, seats in months[month]))] for month in sorted(months)]
    assert expected
    assert rows_of("company_metrics/average_seat_consumption", filters | DATES, raw, demo_warehouse) == expected
    compiled, table = ask("company_metrics/seat_consumption", filters | DATES, raw, demo_warehouse)
    whole = seat_shares(raw, keeps)
    sums = [[sum(pair[at] for pair in whole.get(month_start(raw, back), ())) for at in (0, 1)] for back in (1, 2)]
    figures = counter_figures(compiled, table)
    assert (figures.value, figures.previous) == tuple(near(ratio(*pair)) for pair in sums)


def customer_setting(name: str, raw: RawFigures, settings_of_filters) -> tuple[dict[str, str], Keeps]:
    if name != "customer email":
        return settings_of_filters[name]
    emails = Counter(
        row.email
        for _, _, rows, _ in raw.customer_months()
        for row in rows
        if len(rows) > 1 and row.email and row.users
    )
    email = max(emails, key=lambda found: (emails[found], found))
    return {"installer_email": f'"{email}"'}, lambda row: row.email == email


def behind(raw: RawFigures, month: date, rows: list[Row]) -> tuple[int | None, tuple[int, int] | None]:
    """How many minor releases the account's highest version is behind those known on the month's last day."""
    versions = [
        version_number(row.ping["remote_site_version"])
        for row in rows
        if row.pinged and row.ping and (row.ping["deploy_type"] or "").lower() != "app"
    ]
    highest = max((version for version in versions if version), default=None)
    if highest is None:
        return None, None
    last = min((month + timedelta(days=31)).replace(day=1) - timedelta(days=1), raw.last_day)
    return sum(minor > highest for minor in raw.latest_minors(last)), highest


@pytest.mark.parametrize("name", [*WHOLE_ACCOUNTS, "customer email"])
def test_customers_by_version(name, raw, demo_warehouse, settings_of_filters):
    filters, keeps = customer_setting(name, raw, settings_of_filters)
    month = month_start(raw, 1)
    counts: Counter[tuple[str, str]] = Counter()
    known: Counter[int | None] = Counter()
    for _, period, rows, _ in customers(raw, keeps):
        if period == month and any(row.pinged for row in rows):
            releases, version = behind(raw, month, rows)
            known[releases] += 1
            if releases is None or version is None:
                counts["unknown", "Unknown"] += 1
            else:
                standing = {0: "Latest", 1: "One behind"}.get(releases, "Older")
                counts["older" if releases > 8 else f"{version[0]}.{version[1]}", standing] += 1
    found = rows_of("company_metrics/customers_by_version", filters | DATES, raw, demo_warehouse)
    total = sum(known.values())
    assert total
    assert {(row[0], row[1]): row[2] for row in found} == dict(counts)
    shares = [near(known[0] / total), near((known[0] + known[1]) / total)]
    assert all(row[3:] == shares for row in found)
    compiled, table = ask("company_metrics/latest_version_share", filters | DATES, raw, demo_warehouse)
    assert counter_figures(compiled, table).value == near(known[0] / total)


def test_weekly_users(setting, raw, demo_warehouse):
    filters, keeps = setting
    weeks: dict[date, list[int]] = defaultdict(list)
    first, last = month_start(raw, 11), month_start(raw, -1)
    for row in raw.weeks:
        if keeps(row) and first - timedelta(days=6) <= row.period < last:
            weeks[row.period] += [row.users] if row.users is not None else []
    expected = [[week, sum(users) if users else None] for week, users in sorted(weeks.items())]
    assert rows_of("company_metrics/weekly_active_users", filters | DATES, raw, demo_warehouse) == expected
    compiled, table = ask("company_metrics/weekly_users", filters | DATES, raw, demo_warehouse)
    figures = counter_figures(compiled, table)
    latest = compiled.periods[-1]
    assert isinstance(latest, date) and raw.today - timedelta(days=13) < latest <= raw.today - timedelta(days=6)
    assert latest.weekday() == 6
    assert figures.value == (sum(weeks[latest]) if weeks.get(latest) else None)
    assert figures.line[:-1] == tuple(
        sum(weeks[week]) if weeks.get(week) else None for week in compiled.periods[:-1] if isinstance(week, date)
    )


def test_monthly_users(setting, raw, demo_warehouse):
    filters, keeps = setting
    compiled, table = ask("company_metrics/monthly_users", filters | DATES, raw, demo_warehouse)
    figures = counter_figures(compiled, table)
    expected = []
    for back in range(12, 0, -1):
        rows = [row.users for row in in_months(raw, raw.months, back, back) if keeps(row) and row.users is not None]
        expected.append(sum(rows) if rows else None)
    assert list(figures.line) == expected
    assert any(expected) == any(keeps(row) for row in raw.months)


def test_latest_share_of_daily_users(setting, raw, demo_warehouse):
    filters, keeps = setting
    compiled, table = ask("company_metrics/dau_mau_latest", filters | DATES, raw, demo_warehouse)
    rows = [row for row in in_months(raw, raw.months, 1, 1) if keeps(row)]
    assert counter_figures(compiled, table).value == near(share_of_days(rows))


def test_daily_users(setting, raw, demo_warehouse):
    filters, keeps = setting
    days: dict[date, list[int]] = defaultdict(list)
    for row in raw.days:
        if keeps(row) and row.users is not None:
            days[row.period].append(row.users)
    compiled, table = ask("company_metrics/daily_users", filters | DATES, raw, demo_warehouse)
    figures = counter_figures(compiled, table)
    sums: dict[date, list[int]] = defaultdict(list)
    for day, users in days.items():
        sums[monday_of(day)].append(sum(users))
    expected = [fmean(sums[week]) if week in sums else None for week in compiled.periods if isinstance(week, date)]
    assert list(figures.line) == [near(value) for value in expected]
    assert compiled.periods[-1] == monday_of(raw.today + timedelta(days=1)) - timedelta(days=7)
