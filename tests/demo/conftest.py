"""One small demo export for all tests of this folder, shared by parallel workers."""

import fcntl
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from lib.demo import write_exports

SCALE = 0.03


@pytest.fixture(scope="session")
def exports(shared_folder: Path) -> Path:
    """The folder of a small demo export; the first worker that needs it writes it, the others wait."""
    folder = shared_folder / "demo-exports"
    with (shared_folder / "demo-exports.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "written").exists():
            write_exports(folder, scale=SCALE)
            (folder / "written").touch()
    return folder


@pytest.fixture(scope="session")
def raw(exports: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection with a view for each exported table; those of pings, events and Salesforce go without a dataset."""
    connection = duckdb.connect(config={"threads": 1})
    connection.execute("SET TimeZone = 'UTC'")
    for path in exports.glob("*.parquet"):
        files = (path / "*.parquet" if path.is_dir() else path).as_posix()
        dataset, table, _ = path.name.split(".")
        connection.execute(f"CREATE SCHEMA IF NOT EXISTS {dataset}")
        connection.execute(f"CREATE VIEW {dataset}.{table} AS SELECT * FROM '{files}'")
    connection.execute("SET search_path = 'main,sourcegraph_analytics,dotcom_events,salesforce_data'")
    connection.execute(
        """CREATE TABLE pings AS
        SELECT *, remote_site_id AS site, CAST(timestamp AS TIMESTAMP) AS sent,
               CAST(CAST(timestamp AS TIMESTAMP) AS DATE) AS day,
               TRY_CAST(site_activity AS JSON) AS activity, TRY_CAST(batch_changes_usage AS JSON) AS batches
        FROM update_checks"""
    )
    yield connection
    connection.close()
