"""What a build reports about tables and columns that an export lacks, and the kinds of rows that lineage leaves out."""

from __future__ import annotations

import duckdb
import pytest

from lib.settings import Settings
from lib.warehouse.folder import current_stamp, warehouse_file
from lib.warehouse.schema import read_schema
from sql import build, load

KIND = read_schema()["analytics.instance_days"].kinds["dotcom_events.events"]
OF_INSTANCES = [
    name
    for name, table in read_schema().items()
    if name.startswith("analytics.") and {"site_id", "account_type"} <= set(table.columns)
]


def test_missing_columns_are_reported_apart_from_missing_tables() -> None:
    findings = (
        load.Finding("raw.pings", "users", "raw.pings: column users (INT64) is missing."),
        load.Finding("raw.map", None, "raw.map: the file a.parquet cannot be read as Parquet."),
        load.Finding("raw.map", None, "raw.map: the file b.parquet cannot be read as Parquet."),
    )
    assert build._missing(load.Inspection({}, {}, findings)) == {
        "missing": {
            "raw.map": "raw.map: the file a.parquet cannot be read as Parquet. "
            "raw.map: the file b.parquet cannot be read as Parquet."
        },
        "missing_columns": {"raw.pings.users": "raw.pings: column users (INT64) is missing."},
    }


@pytest.mark.parametrize("table", OF_INSTANCES)
def test_models_keep_what_all_rows_of_sourcegraph_com_have_in_common(table: str, demo_settings: Settings) -> None:
    folder = demo_settings.warehouse_folder
    columns = read_schema()[table].columns
    other = " OR ".join(f"{name} IS DISTINCT FROM ?" for name in KIND if name in columns)
    values = [value for name, value in KIND.items() if name in columns]
    with duckdb.connect(str(warehouse_file(folder, current_stamp(folder) or "")), read_only=True) as connection:
        found = connection.execute(
            f"SELECT COUNT(*), COUNT(*) FILTER ({other}) FROM {table} WHERE site_id = ?", [*values, KIND["site_id"]]
        ).fetchone()
    assert found is not None and found[1] == 0
    assert found[0] > 0 or table.startswith(("analytics.batch", "analytics.insight"))
