"""Events of Sourcegraph.com (signed-in and anonymous visitors) and of managed instances."""

from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from lib.demo.days import DAYS, Calendar, calendar
from lib.demo.world import World

_PAGES = [
    ("ViewSearchResults", "https://sourcegraph.com/search?q=context:global+{}"),
    ("SearchResultsQueried", "https://sourcegraph.com/search?q=context:global+{}"),
    ("ViewBlob", "https://sourcegraph.com/github.com/{}/-/blob/main.go"),
    ("ViewRepository", "https://sourcegraph.com/github.com/{}"),
    ("ViewHome", "https://sourcegraph.com/"),
    ("hover", "https://sourcegraph.com/github.com/{}/-/blob/main.go"),
    ("findReferences", "https://sourcegraph.com/github.com/{}/-/blob/main.go"),
    ("ViewSignIn", "https://sourcegraph.com/sign-in"),
]
_SUBJECTS = [
    "torvalds/linux",
    "golang/go",
    "facebook/react",
    "rust-lang/rust",
    "python/cpython",
    "kubernetes/kubernetes",
]
_REFERRERS = ["", "", "", "https://www.google.com/", "https://github.com/", "https://news.ycombinator.com/"]
_MONTHLY_USERS = (13_500, 23_500)  # at the start and at the end
_DAYS_A_MONTH = 1.3  # on how many days a month's usual user comes
_ANONYMOUS = 70_000


def _visits(rng: np.random.Generator, cal: Calendar, scale: float) -> tuple[np.ndarray, np.ndarray]:
    """(day, user id) of all signed-in visits: each month some of the known people come, on one day or on many."""
    months = int(cal.month[-1]) + 1
    people_count = int(130_000 * scale)
    loyalty = rng.lognormal(0, 1.1, people_count)
    joined = np.sort(rng.uniform(-20, months, people_count))
    business = np.where(cal.weekday >= 5, cal.business * 2.4, cal.business)
    days, users = [], []
    for month in range(months):
        of_month = np.nonzero(cal.month == month)[0]
        share = of_month.size / 30
        wanted = (
            scale
            * np.interp(month, [0, months - 1], _MONTHLY_USERS)
            * (0.82 if cal.day[of_month[0]].astype(str)[5:7] == "12" else 1)
        )
        weight = np.where(joined <= month, loyalty * np.exp(-np.maximum(month - joined, 0) / 14), 0)
        chance = np.minimum(weight * wanted / max(weight.sum(), 1), 1)
        chance = np.minimum(chance * wanted / max(chance.sum(), 1), 1)
        came = np.nonzero(rng.random(people_count) < chance * min(1.0, share * 1.25))[0]
        often = rng.geometric(1 / (1 + (_DAYS_A_MONTH - 1) * np.clip(loyalty[came] / 1.8, 0.25, 6) * share))
        often = np.minimum(often, 24)
        people_days = np.repeat(came, often)
        weights = business[of_month] / business[of_month].sum()
        days.append(rng.choice(of_month, people_days.size, p=weights))
        users.append(people_days + 1)
    return np.concatenate(days), np.concatenate(users)


def _events(rng: np.random.Generator, cal: Calendar, day: np.ndarray, user: np.ndarray, site: np.ndarray) -> pa.Table:
    count = day.size
    second = np.clip(rng.normal(54_000, 14_000, count), 0, 86_340).astype(np.int64)
    order = np.lexsort((user, second, day))
    day, user, second, site = day[order], user[order], second[order], site[order]
    sent = cal.day[day].astype("datetime64[s]") + second.astype("timedelta64[s]")
    received = sent + rng.integers(0, 40, count).astype("timedelta64[s]")
    kind = rng.choice(len(_PAGES), count, p=[0.26, 0.2, 0.22, 0.1, 0.08, 0.08, 0.03, 0.03])
    return pa.table(
        {
            "kind": pa.array(kind.astype(np.int8)),
            "subject": pa.array(rng.integers(0, len(_SUBJECTS), count).astype(np.int8)),
            "referrer_no": pa.array(rng.integers(0, len(_REFERRERS), count).astype(np.int8)),
            "user_id": pa.array(user),
            "device": pa.array(np.where(user > 0, user, rng.integers(10_000_000, 14_000_000, count))),
            "cohort": pa.array(cal.monday[day]),
            "sent_at": pa.array(sent.astype("datetime64[us]")),
            "received_at": pa.array(received.astype("datetime64[us]")),
            "site": pa.array(site),
            "number": pa.array(np.arange(count)),
        }
    )


def _list(values: list[str]) -> str:
    return "[" + ", ".join("'" + value.replace("'", "''") + "'" for value in values) + "]"


_SELECT = f"""SELECT
  {_list([name for name, _ in _PAGES])}[kind + 1] AS name,
  replace({_list([url for _, url in _PAGES])}[kind + 1], '{{}}', {_list(_SUBJECTS)}[subject + 1]) AS url,
  'anon-' || device AS anonymous_user_id,
  'https://sourcegraph.com/' AS first_source_url,
  'https://sourcegraph.com/search' AS last_source_url,
  CAST(user_id AS BIGINT) AS user_id,
  CASE WHEN kind IN (1, 6) THEN 'BACKEND' ELSE 'WEB' END AS source,
  strftime(sent_at, '%Y-%m-%dT%H:%M:%SZ') AS timestamp,
  CAST(CAST(sent_at AS DATE) AS VARCHAR) AS version,
  '{{}}' AS feature_flags,
  CAST(cohort AS VARCHAR) AS cohort_id,
  {_list(_REFERRERS)}[referrer_no + 1] AS referrer,
  CASE WHEN kind = 1 THEN '{{"patternType":"standard"}}' ELSE '{{}}' END AS public_argument,
  'dev-' || device AS device_id,
  'ins-' || number AS insert_id,
  {{extra}}
  received_at AT TIME ZONE 'UTC' AS received_at
FROM events"""


def _copy(events: pa.Table, target: Path, extra: str) -> None:
    connection = duckdb.connect(config={"threads": 2, "memory_limit": "600MB"})
    try:
        connection.execute("SET TimeZone = 'UTC'")
        connection.register("events", pa.Table.from_batches(events.to_batches(max_chunksize=65_536)))
        path = target.as_posix().replace("'", "''")
        connection.execute(f"COPY ({_SELECT.replace('{extra}', extra)}) TO '{path}' (FORMAT parquet, COMPRESSION lz4)")
    finally:
        connection.close()


def write_traffic(folder: Path, world: World, seed: int, scale: float) -> None:
    """Write `dotcom_events.events` and `dotcom_events.events_usage`."""
    rng = np.random.default_rng([seed, 4])
    cal = calendar()
    day, user = _visits(rng, cal, scale)
    weights = cal.business * np.linspace(0.8, 1.2, DAYS)
    anonymous = rng.choice(DAYS, int(_ANONYMOUS * scale), p=weights / weights.sum())
    days = np.concatenate([day, anonymous])
    users = np.concatenate([user, np.zeros(anonymous.size, dtype=user.dtype)])
    events = _events(rng, cal, days, users, np.zeros(days.size, dtype=np.int64))
    _copy(events, folder / "dotcom_events.events.parquet", "")
    managed = [i for i in world.instances if i.kind == "managed"]
    key = {licence.account: licence.key for licence in sorted(world.licences, key=lambda one: one.created)}
    span = [(max(i.start, 0), min(i.end, DAYS - 1)) for i in managed]
    pairs = [(n, d) for n, (first, last) in enumerate(span) for d in range(first, last + 1, 2)]
    site, days = np.array([n for n, _ in pairs]), np.array([d for _, d in pairs])
    sizes = np.maximum(np.array([i.users for i in managed])[site] * 0.4, 1)
    users = np.floor(rng.random(site.size) * sizes).astype(np.int64) + 1
    usage = _events(rng, cal, days, users, site)
    text = f"""{_list([i.site_id for i in managed])}[site + 1] AS site_id,
  {_list([key.get(i.account or "", "") for i in managed])}[site + 1] AS license_key,
  {_list([i.email for i in managed])}[site + 1] AS initial_admin_email,
  {_list([i.deploy_type for i in managed])}[site + 1] AS deploy_type,"""
    _copy(usage, folder / "dotcom_events.events_usage.parquet", text)
