"""Small raw tables in a DuckDB file, as the loader would have made them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import yaml

from sql.project import FOLDER

_STORED = {
    "STRING": "VARCHAR",
    "INT64": "BIGINT",
    "BOOL": "BOOLEAN",
    "TIMESTAMP": "TIMESTAMPTZ",
    "ARRAY<STRING>": "VARCHAR[]",
}


@contextmanager
def opened(database: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The file, in UTC."""
    with duckdb.connect(str(database)) as connection:
        connection.execute("SET GLOBAL TimeZone = 'UTC'")
        yield connection


def create_raw_tables(database: Path) -> None:
    """Every declared raw table, empty."""
    with opened(database) as connection:
        for entry in yaml.safe_load((FOLDER / "external_models.yaml").read_text(encoding="utf-8")):
            connection.execute(f"CREATE SCHEMA IF NOT EXISTS {entry['name'].split('.')[0]}")
            columns = ", ".join(f'"{name}" {_STORED.get(kind, kind)}' for name, kind in entry["columns"].items())
            connection.execute(f"CREATE TABLE {entry['name']} ({columns})")


def insert(database: Path, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Rows into a raw table; columns not given are NULL, dicts become JSON."""
    with opened(database) as connection:
        for row in rows:
            names = ", ".join(f'"{name}"' for name in row)
            values = [json.dumps(value) if isinstance(value, dict) else value for value in row.values()]
            connection.execute(f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * len(row))})", values)


def ping(site: str, day: str, users: int, **columns: Any) -> dict[str, Any]:
    """A ping at ten o'clock that reports `users` for the day, the week and the month."""
    month = f"{day[:7]}-01"
    return {
        "remote_site_id": site,
        "timestamp": f"{day}T10:00:00Z",
        "received_at": f"{day}T10:00:01Z",
        "remote_site_version": "5.3.0",
        "deploy_type": "helm",
        "site_activity": {
            "DAUs": [{"StartTime": f"{day}T00:00:00Z", "UserCount": users}],
            "MAUs": [{"StartTime": f"{month}T00:00:00Z", "UserCount": users * 3}],
        },
        **columns,
    }


def event(user: int, day: str) -> dict[str, Any]:
    """An event of a signed-in user of sourcegraph.com at ten o'clock."""
    return {
        "user_id": user,
        "timestamp": f"{day}T10:00:00Z",
        "received_at": f"{day}T10:00:01Z",
        "insert_id": f"{user}{day}",
    }


def read(database: Path, sql: str) -> list[tuple[Any, ...]]:
    """All rows of a DuckDB query."""
    with opened(database) as connection:
        return connection.execute(sql).fetchall()
