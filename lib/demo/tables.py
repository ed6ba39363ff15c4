"""The small raw tables: accounts, licences, map, telemetry status, releases and internal instances."""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from lib.demo.days import DAYS, day_of, index_of
from lib.demo.names import people
from lib.demo.quirks import INTERNAL_SITES
from lib.demo.releases import releases
from lib.demo.world import World

_STAMP = pa.timestamp("us", tz="UTC")


def _moment(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), UTC)


def _write(folder: Path, name: str, columns: dict[str, tuple[pa.DataType, list]]) -> None:
    table = pa.table({column: pa.array(values, kind) for column, (kind, values) in columns.items()})
    pq.write_table(table, folder / f"{name}.parquet", compression="zstd")


def write_tables(folder: Path, world: World, seed: int) -> None:
    """Write all tables that are small enough to be made in one go."""
    rng = np.random.default_rng([seed, 3])
    _write_accounts(folder, world, rng)
    _write_licences(folder, world)
    _write_map(folder, world)
    _write_telemetry(folder, world, rng)
    text = pa.string()
    train = releases()
    _write(
        folder,
        "sourcegraph_analytics.releases",
        {
            "version": (text, [release.version for release in train]),
            "released_at": (_STAMP, [_moment(release.released_on, 16) for release in train]),
        },
    )
    _write(
        folder,
        "sourcegraph_analytics.internal_instances",
        {"site_id": (text, list(INTERNAL_SITES)), "reason": (text, list(INTERNAL_SITES.values()))},
    )


def _write_accounts(folder: Path, world: World, rng: np.random.Generator) -> None:
    text, accounts = pa.string(), world.accounts
    team = people(rng, 26)
    since = [account.customer_from for account in accounts]
    kinds = [
        "Prospect"
        if account.customer_from is None
        else "Former Customer"
        if account.customer_to is not None
        else "Customer"
        for account in accounts
    ]
    made = [
        day_of((start if start is not None else int(rng.integers(-300, 500))) - int(rng.integers(40, 200)))
        for start in since
    ]
    advised = [account.users > 500 for account in accounts]
    _write(
        folder,
        "salesforce_data.accounts",
        {
            "id": (text, [account.id for account in accounts]),
            "name": (text, [account.name for account in accounts]),
            "type": (text, kinds),
            "owner": (text, [str(rng.choice(team[:12])) for _ in accounts]),
            "customer_engineer": (
                text,
                [str(rng.choice(team[12:20])) if start is not None else None for start in since],
            ),
            "technical_advisor": (text, [str(rng.choice(team[20:])) if yes else None for yes in advised]),
            "created_date": (pa.date32(), made),
            "customer_since": (pa.date32(), [None if start is None else day_of(start) for start in since]),
            "region": (text, [str(rng.choice(["AMER", "EMEA", "APAC"], p=[0.58, 0.3, 0.12])) for _ in accounts]),
            "website": (text, [f"https://www.{account.domain}" for account in accounts]),
            "is_deleted": (pa.bool_(), [account.is_deleted for account in accounts]),
        },
    )


def _write_licences(folder: Path, world: World) -> None:
    text, licences = pa.string(), sorted(world.licences, key=lambda licence: (licence.created, licence.key))
    _write(
        folder,
        "sourcegraph_analytics.licenses",
        {
            "license_key": (text, [licence.key for licence in licences]),
            "license_id": (text, [licence.id for licence in licences]),
            "account_id": (text, [licence.account for licence in licences]),
            "plan": (text, [licence.plan for licence in licences]),
            "seats": (pa.int64(), [licence.seats for licence in licences]),
            "products": (pa.list_(text), [list(licence.products) for licence in licences]),
            "created_at": (_STAMP, [_moment(day_of(licence.created), 15, 20) for licence in licences]),
            "expires_at": (_STAMP, [_moment(day_of(licence.expires), 0) for licence in licences]),
        },
    )


def _write_map(folder: Path, world: World) -> None:
    text, moves = pa.string(), world.moves
    _write(
        folder,
        "sourcegraph_analytics.instance_accounts",
        {
            "site_id": (text, [move.site_id for move in moves]),
            "account_id": (text, [move.account for move in moves]),
            "valid_from": (pa.date32(), [move.valid_from for move in moves]),
            "valid_to": (pa.date32(), [move.valid_to for move in moves]),
            "updated_at": (_STAMP, [_moment(move.updated, 11, 5) for move in moves]),
            "updated_by": (text, [move.by for move in moves]),
        },
    )


def _write_telemetry(folder: Path, world: World, rng: np.random.Generator) -> None:
    text = pa.string()
    customers = [account for account in world.accounts if account.customer_from is not None]
    editors = people(rng, 9)
    edited = [
        day_of(max(index_of(date(2024, 1, 8)), account.customer_from or 0) + int(rng.integers(0, DAYS // 2)))
        for account in customers
    ]
    edited = [min(day, day_of(DAYS - 1) - timedelta(days=2)) for day in edited]
    _write(
        folder,
        "sourcegraph_analytics.telemetry_status",
        {
            "account_id": (text, [account.id for account in customers]),
            "status": (text, [account.telemetry for account in customers]),
            "updated_at": (_STAMP, [_moment(day, 14, 40) for day in edited]),
            "updated_by": (text, [str(rng.choice(editors)) for _ in customers]),
        },
    )
