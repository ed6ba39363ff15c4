"""The company board's numbers once more, in plain Python from the raw tables, by the words of docs/warehouse.

Nothing here comes from the models or the looks: this is what they are held against.
"""

from __future__ import annotations

import copy
import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from statistics import fmean
from typing import Self

import duckdb

DAY = timedelta(days=1)
PING_COLUMNS = [
    "remote_site_id",
    "remote_site_version",
    "installer_email",
    "deploy_type",
    "unique_users_today",
    "timestamp",
    "received_at",
    "site_activity",
    "total_user_accounts",
    "batch_changes_usage",
    "search_usage",
    "new_code_intel_usage",
    "growth_statistics",
    "code_insights_usage",
    "code_insights_critical_telemetry",
    "cody_usage",
    "saved_searches",
    "code_monitoring_usage",
    "notebooks_usage",
]


@dataclass
class Site:
    """What an instance reported: users by day, week and month, and the last ping of each day it pinged on."""

    daily: dict[date, int] = field(default_factory=dict)
    weekly: dict[date, int] = field(default_factory=dict)
    monthly: dict[date, int] = field(default_factory=dict)
    last_pings: dict[date, dict] = field(default_factory=dict)
    reported_by: dict[date, dict] = field(default_factory=dict)
    week_reported_by: dict[date, dict] = field(default_factory=dict)
    month_reported_by: dict[date, dict] = field(default_factory=dict)


@dataclass(frozen=True)
class Row:
    """One instance in one period, with what filters select by."""

    site_id: str
    period: date
    users: int | None
    account_id: str | None
    account_name: str | None
    email: str | None
    account_type: str
    instance_type: str
    ping: dict | None
    mean_daily: float | None = None
    pinged: bool = False
    products: tuple[str, ...] = ()


def month_of(day: date) -> date:
    return day.replace(day=1)


def sunday_of(day: date) -> date:
    return day - (day.weekday() + 1) % 7 * DAY


def monday_of(day: date) -> date:
    return day - day.weekday() * DAY


def whole_number(text: object) -> int | None:
    """A count sent as text, None unless it is a whole number from 0 to 10^12."""
    if text is None or not re.fullmatch(r"\s*[+-]?[0-9]+\s*", str(text)):
        return None
    number = int(str(text))
    return number if 0 <= number <= 10**12 else None


def moment(text: str | None) -> datetime | None:
    try:
        found = datetime.fromisoformat(text) if text else None
    except ValueError:
        return None
    return None if found is None else found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)


def payload(text: str | None) -> dict:
    try:
        found = json.loads(text) if text else None
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


class RawFigures:
    """All of the raw tables that the board needs, and the rows that its measures add up.

    `last_day` is the data's, `today` the last day that is over for the person who asks.
    """

    def __init__(self, warehouse: duckdb.DuckDBPyConnection, last_day: date) -> None:
        self.warehouse, self.last_day, self.today = warehouse, last_day, last_day
        read = self._read
        self.accounts = {row["id"]: row["name"] for row in read("salesforce_data.accounts", ["id", "name"])}
        self.map = defaultdict(list)
        for row in read("sourcegraph_analytics.instance_accounts"):
            self.map[row["site_id"]].append(row)
        self.licences = defaultdict(list)
        for row in read("sourcegraph_analytics.licenses"):
            self.licences[row["account_id"]].append(row)
        self.internal = {row["site_id"] for row in read("sourcegraph_analytics.internal_instances")}
        self.managed = {row["site_id"] for row in read("dotcom_events.events_usage", ["site_id"])}
        self.releases = self._read_releases()
        self.dotcom = self._read_dotcom()
        self.all_pings = sorted(self._pings(), key=lambda ping: ping["at"])
        self.sites = self._read_sites()
        self.months = [*self._rows("monthly", month_of)]
        self.weeks = [*self._rows("weekly", sunday_of)]
        self.days = [*self._rows("daily", lambda day: day)]

    def on(self, today: date) -> Self:
        """The same figures, asked for on the day after `today`."""
        found = copy.copy(self)
        found.today = today
        return found

    @property
    def now(self) -> datetime:
        """The midnight after `today`."""
        return datetime.combine(self.today + DAY, datetime.min.time(), UTC)

    def _read(self, table: str, columns: list[str] | None = None) -> list[dict]:
        names = ", ".join(columns or ["*"])
        return self.warehouse.execute(f"SELECT {names} FROM {table}").to_arrow_table().to_pylist()

    def _read_releases(self) -> list[tuple[date, tuple[int, int]]]:
        rows = self._read("sourcegraph_analytics.releases")
        clean = [row for row in rows if not re.search(r"[+-]", row["version"])]
        return [(row["released_at"].date(), number) for row in clean if (number := version_number(row["version"]))]

    def _read_dotcom(self) -> set[tuple[int, date]]:
        rows = self._read("dotcom_events.events", ["user_id", "timestamp", "received_at"])
        found = set()
        for row in rows:
            at = moment(row["timestamp"])
            if row["user_id"] and row["user_id"] > 0 and at and at <= row["received_at"] + DAY:
                found.add((row["user_id"], at.date()))
        return found

    def _read_sites(self) -> dict[str, Site]:
        sites: dict[str, Site] = defaultdict(Site)
        unique: dict[tuple[str, date], list[int]] = defaultdict(list)
        entries: dict[tuple[str, date], list[int]] = defaultdict(list)
        for ping in self.all_pings:
            site, day = sites[ping["remote_site_id"]], ping["at"].date()
            activity = payload(ping["site_activity"])
            daily = activity.get("DAUs") or []
            if not daily and (users := whole_number(ping["unique_users_today"])) is not None:
                unique[ping["remote_site_id"], day].append(users)
            for start, users in self._entries(daily, day):
                if start in (day, day - DAY):
                    entries[ping["remote_site_id"], start].append(users)
                    if start < day:
                        site.reported_by.setdefault(start, ping)
            for start, users in self._entries(activity.get("WAUs") or [], day):
                week = sunday_of(start)
                site.weekly[week] = max(users, site.weekly.get(week, 0))
                site.week_reported_by.setdefault(week, ping)
            for start, users in self._entries(activity.get("MAUs") or [], day):
                month = month_of(start)
                site.monthly[month] = max(users, site.monthly.get(month, 0))
                site.month_reported_by.setdefault(month, ping)
            site.last_pings[day] = ping
        for (name, day), users in unique.items():
            sites[name].daily[day] = max(users)
        for (name, day), users in entries.items():
            sites[name].daily[day] = max(users)
        return sites

    def pings_of(self, site: str) -> list[dict]:
        """Every ping of one instance that counts."""
        return [ping for ping in self.all_pings if ping["remote_site_id"] == site]

    def _pings(self) -> Iterable[dict]:
        seen = set()
        for ping in self._read("sourcegraph_analytics.update_checks", PING_COLUMNS):
            at, site = moment(ping["timestamp"]), ping["remote_site_id"]
            if not site or site == "SourcegraphWeb" or site in self.internal or ping["deploy_type"] == "dev":
                continue
            if at is None or at > ping["received_at"] + DAY or (site, at) in seen or at.date() > self.last_day:
                continue
            seen.add((site, at))
            yield {**ping, "at": at}

    @staticmethod
    def _entries(entries: list[dict], day: date) -> Iterable[tuple[date, int]]:
        for entry in entries:
            start, users = moment(entry.get("StartTime")), whole_number(entry.get("UserCount"))
            if start and users is not None and 0 <= (day - start.date()).days <= 400:
                yield start.date(), users

    def _rows(self, kind: str, floor: Callable[[date], date]) -> Iterable[Row]:
        for name, site in self.sites.items():
            users = getattr(site, kind)
            days = {day: "own" for day in site.last_pings}
            days |= {day: "reported" for day in site.daily if day not in days}
            days_of = defaultdict(list)
            for day in days:
                days_of[floor(day)].append(day)
            for period in sorted({*days_of, *users}):
                inside = days_of[period]
                pinged = [day for day in inside if days[day] == "own"]
                if pinged:
                    day, ping = max(pinged), site.last_pings[max(pinged)]
                elif inside:
                    day, ping = max(inside), site.reported_by[max(inside)]
                else:
                    ping = (site.month_reported_by if kind == "monthly" else site.week_reported_by)[period]
                    day = ping["at"].date()
                daily = [site.daily[day] for day in inside if day in site.daily and day <= self.last_day]
                yield self._row(
                    name, period, users.get(period), day, ping, fmean(daily) if daily else None, bool(pinged)
                )
        yield from self._dotcom_rows(kind, floor)

    def _dotcom_rows(self, kind: str, floor: Callable[[date], date]) -> Iterable[Row]:
        users, daily = defaultdict(set), defaultdict(set)
        for user, day in self.dotcom:
            users[floor(day)].add(user)
            daily[day].add(user)
        for period, people in users.items():
            counts = [len(found) for day, found in daily.items() if floor(day) == period]
            yield Row(
                "sourcegraph.com",
                period,
                len(people),
                None,
                None,
                None,
                "Free",
                "Sourcegraph.com",
                None,
                fmean(counts),
            )

    def _row(
        self, name: str, period: date, users: int | None, day: date, ping: dict, mean: float | None, pinged: bool
    ) -> Row:
        account = self.account_on(name, day)
        licence = self.licence_on(account, day)
        email = (ping["installer_email"] or "").strip().lower() or None
        products = (licence or {}).get("products") or []
        if (ping["deploy_type"] or "").lower() == "app":
            instance_type = "App"
        else:
            instance_type = "Managed" if "managed" in products or name in self.managed else "Self-hosted"
        return Row(
            name,
            period,
            users,
            account,
            self.accounts.get(account) if account else None,
            email,
            account_type(licence),
            instance_type,
            ping,
            mean,
            pinged,
            tuple(products),
        )

    def account_on(self, site: str, day: date) -> str | None:
        """Whose the instance is on a day, by the hand-kept map alone."""
        rows = [
            row
            for row in self.map.get(site, ())
            if (row["valid_from"] or date.min) <= day < (row["valid_to"] or date.max)
        ]
        return max(rows, key=lambda row: (row["updated_at"], row["valid_from"]))["account_id"] if rows else None

    def licence_on(self, account: str | None, day: date) -> dict | None:
        """The licence in force: paid plans before free and trial, then the one created last."""
        rows = [
            row
            for row in self.licences.get(account, ())
            if row["created_at"].date() <= day and (row["expires_at"] is None or day < row["expires_at"].date())
        ]
        return max(rows, key=lambda row: (is_paid(row), row["created_at"]), default=None)

    def latest_minors(self, day: date) -> list[tuple[int, int]]:
        """Minor releases known on a day, newest first."""
        return sorted({number for released, number in self.releases if released <= day}, reverse=True)

    def customer_months(self) -> Iterable[tuple[str, date, list[Row], dict]]:
        """Customers of each month, by the licence on its last day: account, month, its instances' rows, licence."""
        owned = defaultdict(list)
        for row in self.months:
            if row.account_id:
                owned[row.account_id, row.period].append(row)
        for (account, month), rows in owned.items():
            last = min((month + 31 * DAY).replace(day=1) - DAY, self.last_day)
            licence = self.licence_on(account, last)
            if account_type(licence) == "Customer" and licence:
                yield account, month, rows, licence


def is_paid(licence: dict) -> bool:
    return (licence["plan"] or "").strip().lower() not in ("free", "trial")


def account_type(licence: dict | None) -> str:
    return "Customer" if licence and is_paid(licence) else "Free"


def version_number(version: str | None) -> tuple[int, int] | None:
    """Major and minor of a version; None for dev, blank and date versions of the App."""
    released = re.sub(r"^[0-9]+_[0-9-]+_", "", version or "")
    found = re.match(r"v?([0-9]{1,3})\.([0-9]{1,4})", released)
    return (int(found[1]), int(found[2])) if found else None
