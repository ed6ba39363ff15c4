"""What a build reports about tables and columns that an export lacks."""

from __future__ import annotations

from sql import build, load


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
