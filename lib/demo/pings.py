"""Pings: which were sent when, what they say, and how they are written."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from lib.demo.activity import Activity, days_seen, ramp_of, simulate
from lib.demo.batches import Batches, cohort_lists, simulate_batches
from lib.demo.days import DAYS, FULL_PINGS_DAYS, OUTAGE, Calendar, calendar, index_of, month_ends
from lib.demo.payloads import ping_select
from lib.demo.quirks import Quirks
from lib.demo.releases import minor_of, newest_by_day, releases, versions_by_day
from lib.demo.world import Instance, World

_LANGUAGES = np.array(["go", "typescript", "java", "python", "cpp", "ruby", "csharp", "rust"])
_FORMAT = "FORMAT parquet, COMPRESSION lz4, ROW_GROUP_SIZE 16384"
_BATCH = 8_192  # rows that one thread takes at a time
_BUSY_SHARE_AT = [0.14, 0.52, 0.86]  # share of a day's people seen by the first three of four pings


@dataclass(frozen=True)
class Rows:
    """Pings as arrays: the day and instance of each, its second of the day, and the share of the day's people seen."""

    day: np.ndarray
    instance: np.ndarray
    second: np.ndarray
    share: np.ndarray
    last: np.ndarray  # whether it is the day's last

    def take(self, chosen: np.ndarray) -> "Rows":
        """The rows of an index or mask."""
        return Rows(self.day[chosen], self.instance[chosen], self.second[chosen], self.share[chosen], self.last[chosen])


def _rows(rng: np.random.Generator, seen: np.ndarray, month_end_early: dict[int, int]) -> Rows:
    """Four pings a day in the last days, the day's last one before that."""
    days, columns = np.nonzero(seen)
    count = days.size
    second = 84_600 - rng.integers(0, 1_500, count)
    share = np.ones(count)
    for column, hour in month_end_early.items():
        # Q13: the month's last ping comes hours before the month ends.
        early = (columns == column) & month_ends(calendar())[days]
        second[early] = hour * 3600 + 17
        share[early] = 0.8
    parts = [Rows(days, columns, second, share, np.ones(count, bool))]
    recent = days >= DAYS - FULL_PINGS_DAYS
    for number, seen_share in enumerate(_BUSY_SHARE_AT):
        n = int(recent.sum())
        parts.append(
            Rows(
                days[recent],
                columns[recent],
                (5 + 6 * number) * 3600 + rng.integers(-7_000, 7_000, n),
                np.full(n, seen_share),
                np.zeros(n, bool),
            )
        )
    return Rows(*(np.concatenate([getattr(part, name) for part in parts]) for name in Rows.__dataclass_fields__))


def _so_far(values: np.ndarray, rows: Rows, fresh: np.ndarray | bool) -> np.ndarray:
    """Values of the day's end, brought back to the ping's hour. `fresh` marks days on which the period begins."""
    at_end = values[rows.day, rows.instance]
    before = np.where(
        np.asarray(fresh)[rows.day] if np.ndim(fresh) else fresh, 0, values[np.maximum(rows.day - 1, 0), rows.instance]
    )
    return np.maximum(before, 0) + np.floor((at_end - before) * rows.share).astype(np.int64)


def _dictionary(values: list[str | None], index: np.ndarray) -> pa.Array:
    unique: dict[str | None, int] = {}
    codes = np.array([unique.setdefault(value, len(unique)) for value in values], dtype=np.int32)
    return pa.DictionaryArray.from_arrays(
        pa.array(codes[index]), pa.array(list(unique), pa.string())
    ).dictionary_decode()


def _licence_keys(world: World, switched_late: int = 4) -> tuple[list[str | None], np.ndarray]:
    """Per day and instance the licence key in use: the account's latest made; kept when it ends."""
    keys: list[str | None] = [None] + [licence.key for licence in world.licences]
    used = np.zeros((DAYS, len(world.instances)), dtype=np.int32)
    by_account: dict[str, list[int]] = {}
    for number, licence in enumerate(world.licences):
        by_account.setdefault(licence.account, []).append(number)
    for column, instance in enumerate(world.instances):
        for number in sorted(by_account.get(instance.account or "", []), key=lambda n: world.licences[n].created):
            used[max(world.licences[number].created + switched_late, 0) :, column] = number + 1
    return keys, used


def _versions(rng: np.random.Generator, instances: list[Instance]) -> np.ndarray:
    return np.stack([versions_by_day(rng, i.lag, i.skip, i.oldest, i.frozen) for i in instances], axis=1)


@dataclass(frozen=True)
class _Story:
    """Everything simulated, from which rows are read off month by month."""

    world: World
    calendar: Calendar
    activity: Activity
    batches: Batches
    versions: np.ndarray
    newest: np.ndarray  # the latest release by day
    licence_keys: list[str | None]
    licences: np.ndarray
    cody: np.ndarray
    latency: np.ndarray
    quirks: Quirks


def _facts(story: _Story, rows: Rows) -> pa.Table:
    """One row a ping with the columns that the payloads are made of."""
    cal, act, bat, instances = story.calendar, story.activity, story.batches, story.world.instances
    t, i = rows.day, rows.instance
    week, monday, month = cal.week_start == cal.day, cal.monday == cal.day, cal.month_start == cal.day
    train = releases()
    names = [release.version for release in train]
    minors = np.array([release.minor for release in train])
    version = story.versions[t, i]
    ancient = np.array([instance.oldest == "3.43" for instance in instances])[i]
    critical = np.array([instance.telemetry == "critical" for instance in instances])[i]

    keyless = (minors[version] < minor_of("5.0")) | ancient

    def fixed(values: list[str | None]) -> pa.Array:
        return _dictionary(values, i)

    def trait(name: str) -> np.ndarray:
        return np.array([instance.traits.get(name, 0.0) for instance in instances])[i]

    language = np.array([int(instance.traits["language"]) for instance in instances])
    own_version = [instance.version for instance in instances]
    sent = np.array([own is None for own in own_version])[i]
    repositories = np.array([instance.repos for instance in instances])[i]
    day0 = cal.day.astype("datetime64[s]")
    sent_at = day0[t] + rows.second.astype("timedelta64[s]")
    # Each part is rounded down by itself; one ping must still agree with itself.
    weekly = _so_far(act.weekly, rows, week)
    monthly = np.maximum(_so_far(act.monthly, rows, month), weekly)
    resurrected = _so_far(act.resurrected, rows, month)
    retained = np.minimum(_so_far(act.retained, rows, month), monthly - resurrected)
    columns: dict[str, object] = {
        "site_id": fixed([instance.site_id for instance in instances]),
        "version": _dictionary([*own_version, *names], np.where(sent, len(own_version) + version, i)),
        "license_key": _dictionary(story.licence_keys, np.where(keyless, 0, story.licences[t, i])),
        "email": fixed([instance.email for instance in instances]),
        "auth": fixed([instance.auth for instance in instances]),
        "code_hosts": fixed([instance.code_hosts for instance in instances]),
        "deploy_type": fixed([instance.deploy_type for instance in instances]),
        "remote_ip": fixed([f"203.0.113.{n % 250 + 1}" for n in range(len(instances))]),
        "dependency_versions": fixed(
            [
                f'{{"postgresVersion":"{instance.postgres}","redisCacheVersion":"7.2.5","redisStoreVersion":"7.2.5"}}'
                for instance in instances
            ]
        ),
        "code_host_versions": fixed([_host_versions(instance) for instance in instances]),
        "language": fixed([str(_LANGUAGES[n]) for n in language]),
        "other_language": fixed([str(_LANGUAGES[n + 2]) for n in language]),
        "has_update": np.where(version < story.newest[t], "true", "false"),
        "last": rows.last,
        "ancient": ancient,
        "critical": critical,
        "two_days": minors[version] < minor_of("5.4"),
        "app": np.array([instance.kind == "app" for instance in instances])[i],
        "sent_at": sent_at.astype("datetime64[us]"),
        "received_at": (sent_at + story.quirks.delay(rows.day, rows.instance, rows.second)).astype("datetime64[us]"),
        **{
            f"{name}_text": _dictionary([f"{day}T00:00:00Z" for day in days], t)
            for name, days in (
                ("day", cal.day),
                ("day_before", cal.day - 1),
                ("week_start", cal.week_start),
                ("monday", cal.monday),
                ("month_start", cal.month_start),
                ("rolling_start", cal.day - 29),
            )
        },
        "daily": np.floor(act.daily[t, i] * rows.share).astype(np.int64),
        "yesterday": act.daily[np.maximum(t - 1, 0), i],
        "weekly": weekly,
        "insight_weekly": _so_far(act.insight_weekly, rows, monday),
        "monthly": monthly,
        "rolling": act.rolling[t, i],
        "week_visits": _so_far(act.week_visits, rows, week),
        "insight_week_visits": _so_far(act.insight_week_visits, rows, monday),
        "month_visits": _so_far(act.month_visits, rows, month),
        "visits": _so_far(act.visits, rows, False),
        "users_before": act.before[t, i],
        "accounts": act.accounts[t, i],
        "created": monthly - retained - resurrected,
        "deleted": _so_far(act.deleted, rows, month),
        "retained": retained,
        "resurrected": resurrected,
        "batching": np.array([instance.batch_rate > 0 for instance in instances])[i],
        "batch_total": bat.total[t, i],
        "batch_closed": bat.closed[t, i],
        "batch_specs": bat.specs[t, i],
        "changeset_specs": bat.changeset_specs[t, i],
        "published": bat.published[t, i],
        "unpublished": bat.unpublished[t, i],
        "merged": bat.merged[t, i],
        "by_executor": np.minimum(bat.by_executor, bat.total)[t, i],
        "contributors": bat.contributors[t, i],
        "batch_users": bat.users[t, i],
        "executors": bat.executors[t, i],
        "repositories": np.floor(repositories * (0.8 + 0.4 * t / DAYS)).astype(np.int64),
        "cody_share": np.where(minors[version] >= minor_of("5.3"), story.cody[t, i], 0.0),
        "latency": story.latency[t, i],
        "cohorts": _cohorts(story, rows),
        **{name: trait(name) for name in ("searches", "navigation", "precise", "insights", "monitors", "notebooks")},
        **{name: trait(name) for name in ("browser_extension", "native_integration", "vscode", "jetbrains")},
        "saved": trait("saved_searches"),
    }
    kinds, numbers = story.quirks.marks(rows.day, rows.instance, rows.last)
    columns["quirk"], columns["bad_number"] = pa.array(kinds, pa.string()), pa.array(numbers, pa.string())
    return pa.table(
        {
            name: value if isinstance(value, pa.Array | pa.ChunkedArray) else pa.array(value)
            for name, value in columns.items()
        }
    )


def _host_versions(instance: Instance) -> str:
    hosts = [host for host in instance.code_hosts.split(",") if host in ("GITLAB", "BITBUCKETSERVER", "GITHUB")]
    versions = {"GITHUB": "3.14.2", "GITLAB": "17.5.1-ee", "BITBUCKETSERVER": "8.19.9"}
    return "[" + ",".join(f'{{"external_service_kind":"{host}","version":"{versions[host]}"}}' for host in hosts) + "]"


def _cohorts(story: _Story, rows: Rows) -> pa.Array:
    """The cohort list, in the day's last pings: lately, at each month's end before, and on a site's last day."""
    instances = story.world.instances
    batching = np.array([instance.batch_rate > 0 for instance in instances])
    final = np.array([instance.end for instance in instances])
    merge = np.array([instance.traits["merge"] for instance in instances])
    telling = (
        (rows.day >= DAYS - FULL_PINGS_DAYS) | month_ends(story.calendar)[rows.day] | (rows.day == final[rows.instance])
    )
    return cohort_lists(
        story.batches, story.calendar, merge, rows.day, rows.instance, rows.last & batching[rows.instance] & telling
    )


def write_pings(folder: Path, world: World, quirks: Quirks, seed: int, report: Callable[[float], None]) -> None:
    """Write `update_checks` into `folder`, one Parquet file for each month in which pings were stored."""
    rng = np.random.default_rng([seed, 2])
    cal = calendar()
    activity = simulate(rng, world.instances, cal)
    quirks.edit_activity(activity)
    batches = simulate_batches(rng, world.instances, cal, activity.monthly, quirks.batch_falls())
    keys, licences = _licence_keys(world)
    story = _Story(
        world,
        cal,
        activity,
        batches,
        _versions(rng, world.instances),
        newest_by_day(),
        keys,
        licences,
        ramp_of(world.instances, "cody", "cody_from"),
        np.array([i.traits["latency"] for i in world.instances]) * rng.lognormal(0, 0.06, (DAYS, len(world.instances))),
        quirks,
    )
    seen = quirks.edit_seen(days_seen(rng, world.instances, (index_of(OUTAGE[0]), index_of(OUTAGE[1]))))
    rows = _rows(rng, seen, quirks.early_month_ends())
    rows = rows.take(quirks.with_repeats(rows.day, rows.instance, rows.last))
    order = np.lexsort((rows.instance, rows.second + rng.integers(0, 90, rows.day.size), rows.day))
    rows = rows.take(order)
    folder.mkdir(parents=True, exist_ok=True)
    connection = duckdb.connect(config={"threads": 2, "memory_limit": "700MB"})
    try:
        connection.execute("SET GLOBAL TimeZone = 'UTC'")
        connection.execute("CREATE MACRO as_text(payload) AS CAST(to_json(payload) AS VARCHAR)")
        months = int(cal.month[-1]) + 1

        def write(month: int) -> None:
            name = str(cal.month_start[cal.month == month][0])[:7]
            _write_month(connection, story, rows.take(cal.month[rows.day] == month), folder / f"{name}.parquet")

        # A month's facts are made on one core; meanwhile the month before is written on the other.
        with ThreadPoolExecutor(2) as pool:
            for done, _ in enumerate(pool.map(write, range(months)), start=1):
                report(done / months)
    finally:
        connection.close()


def _write_month(connection: duckdb.DuckDBPyConnection, story: _Story, rows: Rows, target: Path) -> None:
    facts = pa.Table.from_batches(_facts(story, rows).combine_chunks().to_batches(max_chunksize=_BATCH))
    path = target.as_posix().replace("'", "''")
    with connection.cursor() as cursor:
        cursor.register("facts", facts)
        cursor.execute(f"COPY ({ping_select()}) TO '{path}' ({_FORMAT})")
