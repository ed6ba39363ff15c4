"""Batch changes: running totals of each instance, and the changesets of each week's batch changes."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from lib.demo.days import DAYS, Calendar
from lib.demo.world import Instance

_WINDOW = 93  # instances prune their event log: counts of events reach back so many days


@dataclass(frozen=True)
class Batches:
    """Arrays of shape (days, instances). `made` and `changesets` are of the day, all others as sent."""

    made: np.ndarray
    changesets: np.ndarray
    total: np.ndarray
    closed: np.ndarray
    specs: np.ndarray
    changeset_specs: np.ndarray
    published: np.ndarray
    unpublished: np.ndarray
    merged: np.ndarray
    by_executor: np.ndarray
    contributors: np.ndarray
    users: np.ndarray
    executors: np.ndarray


def _rolling(values: np.ndarray, days: int) -> np.ndarray:
    sums = np.cumsum(values, 0)
    late = np.zeros_like(sums)
    late[days:] = sums[:-days]
    return sums - late


def _follow(values: np.ndarray, share: np.ndarray, days: float) -> np.ndarray:
    """The running total of `share` of `values`, each arriving about `days` later."""
    out = np.zeros(values.shape)
    waiting = np.zeros(values.shape[1])
    done = np.zeros(values.shape[1])
    for day in range(values.shape[0]):
        waiting = waiting + values[day] * share
        arrived = waiting / days
        waiting, done = waiting - arrived, done + arrived
        out[day] = done
    return np.floor(out).astype(np.int64)


def simulate_batches(
    rng: np.random.Generator,
    instances: list[Instance],
    calendar: Calendar,
    monthly: np.ndarray,
    falls: dict[tuple[int, int], int],
) -> Batches:
    """`falls` maps (day, instance) to the number of batch changes deleted then; -1 stands for a reinstallation."""
    rate = np.array([i.batch_rate for i in instances])
    start = np.array([i.start for i in instances])
    end = np.array([i.end for i in instances])
    t = np.arange(DAYS)[:, None]
    alive = (t >= start + 30) & (t <= end)
    trend = np.exp(np.linspace(-0.25, 0.32, DAYS))[:, None]
    made = rng.poisson(np.where(alive, rate * calendar.business[:, None] * trend, 0)).astype(np.int64)
    changesets = rng.poisson(np.where(made > 0, made * 16.5, 0)).astype(np.int64)
    merge = np.array([i.traits["merge"] for i in instances])
    executor = np.array([i.traits["executor"] for i in instances])
    history = np.floor(rate * np.clip(-start, 0, 500) * 0.45).astype(np.int64)
    executed = rng.binomial(made, np.clip(executor * np.linspace(0.55, 1.05, DAYS)[:, None], 0, 1))
    published = np.cumsum(rng.binomial(changesets, 0.82), 0)
    totals = {
        "total": history + np.cumsum(made, 0),
        "closed": np.floor(history * 0.9).astype(np.int64)
        + _follow(made.astype(float), np.full(len(instances), 0.86), 24),
        "published": history * 13 + published,
        "merged": np.floor(history * 13 * merge).astype(np.int64)
        + _follow(np.diff(published, axis=0, prepend=0), merge, 12),
        "by_executor": np.floor(history * executor * 0.4).astype(np.int64) + np.cumsum(executed, 0),
        "unpublished": np.floor(history * 1.6).astype(np.int64) + np.cumsum(changesets, 0) - published,
    }
    for (day, column), fall in falls.items():
        for values in totals.values():
            gone = values[day, column] if fall < 0 else fall * (1 if values is not totals["published"] else 14)
            values[day:, column] = np.maximum(values[day:, column] - gone, 0)
    specs, changeset_specs = _rolling(made * 2, _WINDOW), _rolling((changesets * 1.3).astype(np.int64), _WINDOW)
    day_of_month = (calendar.day - calendar.month_start).astype(int)[:, None] + 1
    reach = np.where((rate > 0) & alive, np.minimum(0.7 + 46 * rate * trend, 0.35 * monthly), 0)
    contributors = np.floor(reach * (1 - np.exp(-day_of_month / 7)) + 0.25).astype(np.int64)
    return Batches(
        made=made,
        changesets=changesets,
        specs=specs,
        changeset_specs=changeset_specs,
        contributors=contributors,
        users=np.floor(contributors * 1.9).astype(np.int64),
        executors=np.where((rate > 0.05) & alive, np.ceil(rate * 4).astype(np.int64), 0),
        **totals,
    )


_COHORT = [
    "Week",
    "BatchChangesOpen",
    "BatchChangesClosed",
    "ChangesetsUnpublished",
    "ChangesetsPublishedOpen",
    "ChangesetsPublishedDraft",
    "ChangesetsPublishedMerged",
    "ChangesetsPublishedClosed",
]


def cohort_lists(
    batches: Batches, calendar: Calendar, merge: np.ndarray, day: np.ndarray, column: np.ndarray, wanted: np.ndarray
) -> pa.Array:
    """The last 12 months' batch changes by the week (Monday) they were made, as each `wanted` ping knows them.

    `merge` is each instance's share of changesets that get merged; a week without batch changes is left out.
    """
    ping = np.nonzero(wanted)[0]
    today, site = day[ping], column[ping]
    back = np.arange(51, -1, -1)
    monday = today[:, None] - calendar.weekday[today][:, None] - 7 * back
    first, last = np.maximum(monday, 0), np.minimum(monday + 6, today[:, None])
    site_wide = np.broadcast_to(site[:, None], monday.shape)

    def of_week(values: np.ndarray) -> np.ndarray:
        sums = np.concatenate([np.zeros((1, values.shape[1]), values.dtype), np.cumsum(values, 0)])
        return sums[np.maximum(last + 1, 0), site_wide] - sums[first, site_wide]

    alive = last >= first
    made = np.where(alive, of_week(batches.made), 0)
    some = made > 0
    count, size = made[some], of_week(batches.changesets)[some]
    age = (today[:, None] - monday)[some]
    merged = np.floor(size * merge[site_wide[some]] * (1 - np.exp(-age / 21))).astype(np.int64)
    dropped = np.floor(size * 0.13 * (1 - np.exp(-age / 30))).astype(np.int64)
    unpublished = np.floor(size * (0.06 + 0.3 * np.exp(-age / 9))).astype(np.int64)
    rest = np.maximum(size - merged - dropped - unpublished, 0)
    draft = np.floor(rest * 0.16).astype(np.int64)
    closed = np.floor(count * (1 - np.exp(-age / 40))).astype(np.int64)
    weeks = calendar.monday[today][:, None] - (7 * back)[None, :]
    week = pa.array(weeks[some]).cast(pa.string())
    fields = [week, count - closed, closed, unpublished, rest - draft, draft, merged, dropped]
    entries = pa.StructArray.from_arrays([pa.array(values) for values in fields], _COHORT)
    length = np.zeros(day.size, dtype=np.int32)
    length[ping] = some.sum(1)
    offsets = np.concatenate([[0], np.cumsum(length)]).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(offsets), entries, mask=pa.array(~wanted))
