"""Parquet exports into raw tables: what is checked before anything is built, and the load itself.

The declared columns of `sql/external_models.yaml` are the only list of raw tables. An export is a folder with one
file `<dataset>.<table>.parquet` a table, or a folder of that name (with or without the ending) with parts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import duckdb
import yaml

RAW_TABLES = Path(__file__).parent / "external_models.yaml"
FRESHNESS = "sourcegraph_analytics.freshness"

_STORED_AS = {
    "STRING": "VARCHAR",
    "JSON": "JSON",
    "INT64": "BIGINT",
    "BOOL": "BOOLEAN",
    "DATE": "DATE",
    "TIMESTAMP": "TIMESTAMP WITH TIME ZONE",
    "FLOAT64": "DOUBLE",
    "ARRAY<STRING>": "VARCHAR[]",
}
_ACCEPTED = {
    "STRING": {"VARCHAR"},
    "JSON": {"VARCHAR", "JSON"},
    "INT64": {"BIGINT", "INTEGER", "SMALLINT", "TINYINT", "UINTEGER"},
    "BOOL": {"BOOLEAN"},
    "DATE": {"DATE"},
    "TIMESTAMP": {"TIMESTAMP WITH TIME ZONE", "TIMESTAMP"},
    "FLOAT64": {"DOUBLE", "FLOAT"},
    "ARRAY<STRING>": {"VARCHAR[]"},
}


@dataclass(frozen=True)
class RawTable:
    """A raw table: `name` is `dataset.table`, `columns` map to GoogleSQL types."""

    name: str
    columns: Mapping[str, str]


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong with an export, as a sentence; `column` is None when the whole table is meant."""

    table: str
    column: str | None
    sentence: str


@dataclass(frozen=True)
class Inspection:
    """What an export holds: per table the files to read and the columns that may be read from them."""

    files: Mapping[str, list[str]]
    readable: Mapping[str, frozenset[str]]
    findings: tuple[Finding, ...]


@dataclass
class Loaded:
    """What came in: rows per table, and malformed JSON texts per `table.column` (they became NULL)."""

    rows: dict[str, int] = field(default_factory=dict)
    malformed: dict[str, int] = field(default_factory=dict)


def raw_tables() -> list[RawTable]:
    """All raw tables that the models read, as declared, without the loader's own freshness table."""
    declared = yaml.safe_load(RAW_TABLES.read_text())
    return [
        RawTable(name=entry["name"].replace("`", ""), columns={k: str(v).upper() for k, v in entry["columns"].items()})
        for entry in declared
        if entry["name"].replace("`", "") != FRESHNESS
    ]


def inspect_export(folder: Path, tables: list[RawTable]) -> Inspection:
    """Look at an export without loading it: each missing table or column, wrong type, unreadable file is a finding."""
    files: dict[str, list[str]] = {}
    readable: dict[str, frozenset[str]] = {}
    findings: list[Finding] = []
    with duckdb.connect() as connection:
        for table in tables:
            paths, unreadable = _readable_files(connection, folder, table.name)
            findings += unreadable
            if not paths:
                if not unreadable:
                    findings.append(
                        Finding(table.name, None, f"{table.name}: there is no {table.name}.parquet in the folder.")
                    )
                continue
            found = _described(connection, paths)
            files[table.name] = paths
            good: set[str] = set()
            for column, declared in table.columns.items():
                if column not in found:
                    findings.append(
                        Finding(table.name, column, f"{table.name}: column {column} ({declared}) is missing.")
                    )
                elif found[column] not in _ACCEPTED[declared]:
                    findings.append(
                        Finding(
                            table.name,
                            column,
                            f"{table.name}: column {column} is {found[column]}, expected {declared}.",
                        )
                    )
                else:
                    good.add(column)
            readable[table.name] = frozenset(good)
    return Inspection(files, readable, tuple(findings))


def load_export(
    connection: duckdb.DuckDBPyConnection,
    tables: list[RawTable],
    inspection: Inspection,
    loaded_at: datetime,
    on_table: Callable[[str, float], None],
) -> Loaded:
    """Replace every raw table by the export's rows; what the export lacks becomes an empty table or NULL column.

    `on_table` is told the table about to be loaded and the share done before it (0 to 1).
    """
    loaded = Loaded()
    sizes = {name: sum(Path(path).stat().st_size for path in paths) for name, paths in inspection.files.items()}
    total, done = sum(sizes.values()) or 1, 0
    for table in tables:
        on_table(table.name, done / total)
        schema = table.name.split(".")[0]
        connection.execute(f'CREATE SCHEMA IF NOT EXISTS "{schema}"')
        if table.name in inspection.files:
            connection.execute(_create_from_files(table, inspection))
            _count_malformed(connection, table, inspection, loaded)
        else:
            typed = ", ".join(f'"{name}" {_STORED_AS[kind]}' for name, kind in table.columns.items())
            connection.execute(f"CREATE OR REPLACE TABLE {table.name} ({typed})")
        row = connection.execute(f"SELECT COUNT(*) FROM {table.name}").fetchone()
        loaded.rows[table.name] = row[0] if row else 0
        done += sizes.get(table.name, 0)
    connection.execute("CREATE SCHEMA IF NOT EXISTS sourcegraph_analytics")
    connection.execute(f"CREATE OR REPLACE TABLE {FRESHNESS} (source VARCHAR, loaded_at TIMESTAMP WITH TIME ZONE)")
    connection.executemany(
        f"INSERT INTO {FRESHNESS} VALUES (?, ?)", [[name, loaded_at] for name in sorted(inspection.files)]
    )
    return loaded


def _readable_files(connection: duckdb.DuckDBPyConnection, folder: Path, name: str) -> tuple[list[str], list[Finding]]:
    single = folder / f"{name}.parquet"
    parts = [part for place in (single, folder / name) if place.is_dir() for part in sorted(place.glob("*.parquet"))]
    candidates = [single] if single.is_file() else parts
    paths, findings = [], []
    for path in candidates:
        try:
            _described(connection, [str(path)])
        except duckdb.Error:
            findings.append(Finding(name, None, f"{name}: the file {path.name} cannot be read as Parquet."))
        else:
            paths.append(str(path))
    return paths, findings


def _described(connection: duckdb.DuckDBPyConnection, paths: list[str]) -> dict[str, str]:
    rows = connection.execute("DESCRIBE SELECT * FROM read_parquet(?, union_by_name=true)", [paths]).fetchall()
    return {row[0]: row[1] for row in rows}


def _create_from_files(table: RawTable, inspection: Inspection) -> str:
    readable = inspection.readable[table.name]
    wanted = []
    for name, kind in table.columns.items():
        stored = _STORED_AS[kind]
        if name not in readable:
            wanted.append(f'CAST(NULL AS {stored}) AS "{name}"')
        elif kind == "JSON":
            wanted.append(f'TRY_CAST("{name}" AS JSON) AS "{name}"')
        else:
            wanted.append(f'CAST("{name}" AS {stored}) AS "{name}"')
    return (
        f"CREATE OR REPLACE TABLE {table.name} AS SELECT {', '.join(wanted)} "
        f"FROM read_parquet({_quoted(inspection.files[table.name])}, union_by_name=true)"
    )


def _count_malformed(
    connection: duckdb.DuckDBPyConnection, table: RawTable, inspection: Inspection, loaded: Loaded
) -> None:
    columns = [
        name for name, kind in table.columns.items() if kind == "JSON" and name in inspection.readable[table.name]
    ]
    if not columns:
        return
    sent = _texts_sent(connection, inspection.files[table.name], columns)
    counts = ", ".join(f'COUNT("{name}")' for name in columns)
    kept = connection.execute(f"SELECT {counts} FROM {table.name}").fetchone()
    for name, payloads in zip(columns, kept or (), strict=True):
        if sent[name] > payloads:
            loaded.malformed[f"{table.name}.{name}"] = sent[name] - payloads


def _texts_sent(connection: duckdb.DuckDBPyConnection, paths: list[str], columns: list[str]) -> dict[str, int]:
    """How many texts each column holds: from the files' own statistics, read in full only where these say nothing."""
    stated = connection.execute(
        """
        SELECT path_in_schema, SUM(num_values - stats_null_count), BOOL_AND(stats_null_count IS NOT NULL)
        FROM parquet_metadata(?)
        GROUP BY path_in_schema
        """,
        [paths],
    ).fetchall()
    sent = dict.fromkeys(columns, 0)
    sent |= {name: int(count) for name, count, known in stated if known and name in sent}
    unknown = [name for name, _, known in stated if not known and name in sent]
    if unknown:
        counts = ", ".join(f'COUNT("{name}")' for name in unknown)
        row = connection.execute(f"SELECT {counts} FROM read_parquet({_quoted(paths)}, union_by_name=true)").fetchone()
        sent |= dict(zip(unknown, row or (), strict=True))
    return sent


def _quoted(paths: list[str]) -> str:
    return "[" + ", ".join("'" + path.replace("'", "''") + "'" for path in paths) + "]"
