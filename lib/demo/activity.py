"""How many people use each instance on each day: the one simulation that all user counts come from.

Every instance has a pool of people, some who come on most working days and some who come now and then. From these two
groups follow daily, weekly and monthly users that fit each other: a week's users are at least any of its days'.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np

from lib.demo.days import DAYS, Calendar, index_of
from lib.demo.world import Instance

_HEAVY_DAILY = 0.78
_LIGHT_DAILY = 0.07


@dataclass(frozen=True)
class Activity:
    """Arrays of shape (days, instances), at each day's end, counted from their period's start."""

    daily: np.ndarray
    weekly: np.ndarray  # since Sunday
    insight_weekly: np.ndarray  # since Monday
    monthly: np.ndarray
    rolling: np.ndarray  # the last 30 days
    before: np.ndarray  # users of the whole calendar month before
    week_visits: np.ndarray  # user-days since Sunday
    insight_week_visits: np.ndarray  # user-days since Monday
    month_visits: np.ndarray
    visits: np.ndarray  # user-days since the demo's start
    accounts: np.ndarray  # user accounts that exist
    created: np.ndarray  # user accounts made since the month's start
    deleted: np.ndarray
    retained: np.ndarray
    resurrected: np.ndarray


def pool_sizes(rng: np.random.Generator, instances: list[Instance]) -> np.ndarray:
    """People who may use each instance, by day: steady growth, a ramp at the start, a decline before the end."""
    t = np.arange(DAYS)[:, None]
    users = np.array([i.users for i in instances])
    growth = np.array([i.growth for i in instances])
    start = np.array([i.start for i in instances])
    end = np.array([i.end for i in instances])
    size = users * growth ** (t / DAYS - 0.5)
    ramp = 1 - 0.85 * np.exp(-np.maximum(t - start, 0) / 55)
    leaving = end < DAYS - 1
    decline = np.where(leaving, 1 / (1 + np.exp((t - (end - 45)) / 22)), 1.0)
    phase, width = rng.uniform(0, 2 * np.pi, users.size), rng.uniform(0.0, 0.05, users.size)
    wave = 1 + width * np.sin(2 * np.pi * t / 240 + phase)
    size = size * ramp * decline * wave
    # The App serves one person.
    return np.where(np.array([i.kind == "app" for i in instances]), 1.0, size)


def simulate(rng: np.random.Generator, instances: list[Instance], calendar: Calendar) -> Activity:
    """Users of all instances on all days, from whether they ping or not."""
    count = len(instances)
    pool = pool_sizes(rng, instances)
    noise = np.array([i.traits["weekday_noise"] for i in instances])
    heavy_share = np.array([0.34 + 0.3 * i.traits["heavy"] for i in instances])
    trend = np.linspace(0.93, 1.03, DAYS)[:, None]  # people come back a little more often with time
    busy = np.clip(calendar.business[:, None] * trend * rng.normal(1, noise, (DAYS, count)), 0.01, 1.2)
    stay_heavy = 1 - np.minimum(_HEAVY_DAILY * busy, 0.97)
    stay_light = 1 - np.minimum(_LIGHT_DAILY * busy, 0.97)

    def users(heavy_away: np.ndarray, light_away: np.ndarray, day: int) -> np.ndarray:
        expected = pool[day] * (heavy_share * (1 - heavy_away) + (1 - heavy_share) * (1 - light_away))
        return np.floor(expected + luck[day]).astype(np.int64)

    luck = rng.random((DAYS, count))
    names = list(Activity.__dataclass_fields__)
    out = {name: np.zeros((DAYS, count), dtype=np.int64) for name in names}
    gone = {period: [np.ones(count), np.ones(count)] for period in ("week", "monday", "month")}
    total = {name: np.zeros(count, dtype=np.int64) for name in ("weekly", "insight_weekly", "monthly")}
    visits = {name: np.zeros(count, dtype=np.int64) for name in ("week", "monday", "month", "all")}
    before = np.floor(pool[0] * 0.9).astype(np.int64)
    accounts_at_start = np.ceil(pool[0] * np.where(pool[0] > 3, 1.22, 1.0)).astype(np.int64)
    # The month had begun before the demo's first day: those days count as 12 working days.
    gone["month"] = [np.full(count, (1 - _HEAVY_DAILY) ** 12), np.full(count, (1 - _LIGHT_DAILY) ** 12)]
    visits["month"] = np.floor(pool[0] * 0.33 * (calendar.day[0] - calendar.month_start[0]).astype(int)).astype(
        np.int64
    )
    log_heavy, log_light = np.cumsum(np.log(stay_heavy), 0), np.cumsum(np.log(stay_light), 0)

    for day in range(DAYS):
        fresh = {
            "week": calendar.week_start[day] == calendar.day[day],
            "monday": calendar.monday[day] == calendar.day[day],
            "month": calendar.month_start[day] == calendar.day[day],
        }
        if fresh["month"] and day:
            before = out["monthly"][day - 1]
            accounts_at_start = out["accounts"][day - 1]
        today = users(stay_heavy[day], stay_light[day], day)
        floor_of = today
        for period, name in (("week", "weekly"), ("monday", "insight_weekly"), ("month", "monthly")):
            away = gone[period]
            if fresh[period]:
                away[0], away[1] = np.ones(count), np.ones(count)
                total[name] = np.zeros(count, dtype=np.int64)
                visits[period] = np.zeros(count, dtype=np.int64)
            away[0], away[1] = away[0] * stay_heavy[day], away[1] * stay_light[day]
            # A month is never below the week that runs in it, so that one ping agrees with itself on the first days.
            least = np.maximum(today, total["weekly"]) if name == "monthly" else today
            total[name] = np.maximum.reduce([total[name], users(away[0], away[1], day), least])
            visits[period] = visits[period] + today
            out[name][day] = total[name]
        visits["all"] = visits["all"] + today
        since = max(day - 30, -1)
        heavy_30 = np.exp(log_heavy[day] - (log_heavy[since] if since >= 0 else 0))
        light_30 = np.exp(log_light[day] - (log_light[since] if since >= 0 else 0))
        out["daily"][day] = floor_of
        out["rolling"][day] = np.maximum(users(heavy_30, light_30, day), total["monthly"])
        out["before"][day] = before
        out["week_visits"][day], out["insight_week_visits"][day] = visits["week"], visits["monday"]
        out["month_visits"][day], out["visits"][day] = visits["month"], visits["all"]
        _count_growth(out, day, total["monthly"], before, accounts_at_start)
    return Activity(**out)


def _count_growth(
    out: dict[str, np.ndarray], day: int, monthly: np.ndarray, before: np.ndarray, accounts_at_start: np.ndarray
) -> None:
    """Split the month's users so far into made, come back and stayed; they add up to the month's users."""
    back = np.floor(monthly * 0.045).astype(np.int64)
    stayed = np.minimum(np.floor(monthly * 0.925).astype(np.int64), np.floor(before * 0.965).astype(np.int64))
    made = monthly - back - stayed
    out["retained"][day], out["resurrected"][day] = stayed, back
    out["created"][day] = made
    out["deleted"][day] = np.floor(made * 0.42).astype(np.int64)
    out["accounts"][day] = np.maximum(accounts_at_start + made - out["deleted"][day], monthly)


def days_seen(rng: np.random.Generator, instances: list[Instance], outage: tuple[int, int]) -> np.ndarray:
    """Whether a ping of the instance is stored on the day: (days, instances) of booleans."""
    t = np.arange(DAYS)[:, None]
    start = np.array([i.start for i in instances])
    end = np.array([i.end for i in instances])
    seen = (t >= start) & (t <= end) & (rng.random((DAYS, len(instances))) > 0.004)
    lost = rng.random((DAYS, len(instances))) < 0.72
    first, last = outage
    seen[first : last + 1] &= ~lost[first : last + 1]
    return seen


def ramp_of(instances: list[Instance], trait: str, from_trait: str) -> np.ndarray:
    """The share of users reached by day for a part of the product that spreads after a day of its own."""
    t = np.arange(DAYS)[:, None]
    share = np.array([i.traits[trait] for i in instances])
    begun = np.array([i.traits[from_trait] for i in instances])
    launch = index_of(date(2024, 2, 21))
    floor = 1 / (1 + np.exp(2.0))
    spread = 1 / (1 + np.exp(-(t - begun - 110) / 55))
    return np.where((t >= begun) & (t >= launch), share * (spread - floor) / (1 - floor), 0).clip(0, 1)
