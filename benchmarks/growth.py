"""Bytes on BigQuery at 100,000 instances that ping 40 times a day for five years (docs/operating.md, Growth).

    python -m benchmarks.growth

Bytes of a row are measured on the demo warehouse in `var/` as BigQuery counts them; everything else is arithmetic. What
each look reads, beside its budget, is kept in `benchmarks/results/look_bytes.json` and told in docs/performance.md.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path

import duckdb
import sqlglot
from sqlglot import exp

from benchmarks.docs import put_between
from benchmarks.questions import questions_of
from lib.board import navigation
from lib.settings import ROOT, Settings, settings
from lib.warehouse import Query, Warehouse, open_warehouse
from lib.warehouse.folder import current_stamp
from lib.warehouse.schema import table_columns

INSTANCES, PINGS_A_DAY, DAYS = 100_000, 40, 1_826
# Instances of which it is told what a look reads then.
SIZES = (1_000, 10_000, INSTANCES)
OUTPUT = ROOT / "benchmarks" / "results" / "look_bytes.json"
FIRST_MARK, LAST_MARK = "<!-- bytes of looks, by benchmarks.growth -->", "<!-- end of bytes of looks -->"
PINGS, PING_DAYS = "sourcegraph_analytics.update_checks", "analytics.ping_days"
DOLLARS_A_TIB = 6.25
# Of subscribers, of releases, of sources: these do not grow with instances.
APART = re.compile(r"analytics\.(cody_pro|releases|freshness|dotcom)")
WIDTHS = {"INT64": 8, "FLOAT64": 8, "DATE": 8, "TIMESTAMP": 8, "BOOL": 1}
Sizes = Mapping[str, tuple[int, Mapping[str, float]]]


@dataclass(frozen=True)
class LookBytes:
    """What a look's query would read on BigQuery at each of `SIZES`, and its budget, in bytes."""

    name: str
    budget: int
    bytes_at: tuple[int, ...]


def column_bytes(name: str, kind: str) -> str:
    """DuckDB text for all bytes of a column of that GoogleSQL type as BigQuery counts them; NULL is nothing."""
    if kind in WIDTHS:
        return f"{WIDTHS[kind]} * COUNT({name})"
    if kind in ("STRING", "JSON"):
        return f"COALESCE(SUM(2 + strlen(CAST({name} AS VARCHAR))), 0)"
    if kind == "ARRAY<STRING>":
        return f"COALESCE(SUM(list_sum(list_transform({name}, lambda text: 2 + strlen(text)))), 0)"
    fields = re.findall(r"\b(INT64|FLOAT64|DATE|STRING|BOOL)\b", kind)
    width = sum(WIDTHS.get(field, 8) for field in fields)
    return f"COALESCE(SUM(len({name})), 0) * {width}"


def measured(database: Path, tables: Mapping[str, Mapping[str, str]]) -> Sizes:
    """Per table its rows, and per column its bytes a row."""
    found = {}
    with duckdb.connect(str(database), read_only=True) as connection:
        for table, columns in tables.items():
            asked = ", ".join(column_bytes(f'"{name}"', kind) for name, kind in columns.items())
            rows, *sums = connection.execute(f"SELECT COUNT(*), {asked} FROM {table}").fetchone() or (0,)
            found[table] = rows, {name: size / max(rows, 1) for name, size in zip(columns, sums, strict=True)}
    return found


def scanned(query: Query, sizes: Sizes, steps: Mapping[str, str], warehouse: Warehouse, growth: float) -> float:
    """Bytes that a look's query reads then: the columns it names, of the partitions between its first and last date."""
    tree = sqlglot.parse_one(query.sql, dialect="bigquery")
    names = {column.name.lower() for column in tree.find_all(exp.Column)}
    days = sorted(str(p.value)[:10] for p in query.parameters if isinstance(p.value, (date, datetime)))
    total = 0.0
    for table in {f"{named.db}.{named.name}" for named in tree.find_all(exp.Table) if named.db}:
        rows, columns = sizes[table]
        if days and table in steps:
            bounds = f"{steps[table]} BETWEEN DATE '{days[0]}' AND DATE '{days[-1]}'"
            counted = Query(f"SELECT COUNT(*) AS n FROM {table} WHERE {bounds}", (), query.look, 10**12, 60)
            rows = warehouse.run(counted).table.column("n")[0].as_py()
        width = sum(size for name, size in columns.items() if name in names)
        total += rows * width * (1 if APART.match(table) else growth)
    return total


def partitioned_by() -> dict[str, str]:
    """Per model the column by which its table is partitioned."""
    found = {}
    for path in (ROOT / "sql" / "models").glob("*.sql"):
        if named := re.search(r"(?:partitioned_by|time_column) \(?(\w+)", path.read_text(encoding="utf-8")):
            found[f"analytics.{path.stem}"] = named[1]
    return found


def stored(sizes: Sizes, growth: float, longer: float) -> dict[str, tuple[float, float]]:
    """Per table its rows and bytes then; what has no time column grows by instances alone."""
    steps, found = partitioned_by(), {}
    for table, (rows, columns) in sizes.items():
        factor = 1 if APART.match(table) else growth * (longer if table in steps else 1)
        found[table] = rows * factor, rows * factor * sum(columns.values())
    return found


def rebuilt(sizes: Sizes, growth: float, longer: float) -> dict[str, float]:
    """Per FULL model the bytes that one rebuild reads: in each of its SELECTs, the columns named, of whole tables."""
    steps, found = partitioned_by(), {}
    for path in sorted((ROOT / "sql" / "models").glob("*.sql")):
        text = path.read_text(encoding="utf-8")
        if "kind FULL" not in text:
            continue
        query = re.sub(r"@(whole_number|count_in_range|version_part)\(", "(", text.partition(");\n\n")[2])
        total = 0.0
        for select in sqlglot.parse_one(query, dialect="bigquery").find_all(exp.Select):
            names = {column.name for column in select.find_all(exp.Column)}
            for source in filter(None, (select.args.get("from_"), *(select.args.get("joins") or ()))):
                table = f"{source.this.db}.{source.this.name}" if isinstance(source.this, exp.Table) else ""
                if table in sizes and not APART.match(table):
                    rows, columns = sizes[table]
                    width = sum(size for name, size in columns.items() if name in names)
                    total += rows * width * growth * (longer if table in steps else 1)
        found[path.stem] = total
    return found


def main() -> int:
    """Print the tables of docs/operating.md."""
    given = settings()
    stamp = current_stamp(given.warehouse_folder)
    if stamp is None:
        print("There is no warehouse: make run builds the demo.", file=sys.stderr)
        return 1
    models = sorted(path.stem for path in (ROOT / "sql" / "models").glob("*.sql"))
    tables = {f"analytics.{name}": table_columns(f"analytics.{name}") for name in models}
    database = given.warehouse_folder / stamp / "warehouse.duckdb"
    sizes = measured(database, tables)
    with duckdb.connect(str(database), read_only=True) as connection:
        days, site_days = connection.execute(
            "SELECT COUNT(DISTINCT day), COUNT(*) FROM analytics.ping_days WHERE day >= (SELECT MAX(day) - 30 FROM "
            "analytics.ping_days)"
        ).fetchone() or (1, 1)
        whole = " + ".join(f"COALESCE(2 + strlen(CAST({name} AS VARCHAR)), 0)" for name in _ping_columns(connection))
        ping = connection.execute(
            f"SELECT AVG({whole}) FROM {PINGS} WHERE search_usage IS NOT NULL AND received_at >= "
            f"(SELECT MAX(received_at) - INTERVAL 60 DAY FROM {PINGS})"
        ).fetchone() or (0,)
    growth, longer = INSTANCES / (site_days / days), DAYS / 731
    print(f"{site_days / days:.0f} instances a day here; a ping with its payloads: {ping[0]:,.0f} bytes")
    print(f"raw pings: {INSTANCES * PINGS_A_DAY * ping[0] / 1e9:,.1f} GB a day, "
          f"{INSTANCES * PINGS_A_DAY * ping[0] * DAYS / 1e12:,.1f} TB")  # fmt: skip
    for table, (rows, size) in stored(sizes, growth, longer).items():
        print(f"{table:40} {sum(sizes[table][1].values()):7.0f} B  {rows / 1e6:9.2f} M rows {size / 1e9:9.2f} GB")
    for model, size in rebuilt(sizes, growth, longer).items():
        print(f"rebuilding {model:30} reads {size / 1e9:9.2f} GB")
    warehouse = open_warehouse(given)
    here = site_days / days
    looks = []
    for key in (page.key for page in navigation.pages() if page.looks):
        told = look_bytes(key, given, warehouse, sizes, here)
        looks += told
        total = sum(look.bytes_at[-1] for look in told)
        print(f"{key}: {total / 1e9:.1f} GB a page, {total / 2**40 * DOLLARS_A_TIB:.3f} dollars")
    write(looks)
    warehouse.close()
    return 0


def look_bytes(
    page: str, given: Settings, warehouse: Warehouse, sizes: Sizes, instances_here: float
) -> list[LookBytes]:
    """What each query of a page reads under the page's own filters; tiles that need the same rows share one query."""
    board = navigation.page(page)
    if board is None:
        raise FileNotFoundError(f"There is no page {page}.")
    steps, found = partitioned_by(), []
    asked = questions_of(board, given, warehouse, {})
    for query in {(query.sql, str(query.parameters)): query for query in asked}.values():
        apart, whole = (scanned(query, sizes, steps, warehouse, growth) for growth in (0.0, 1.0))
        read = tuple(round(apart + (whole - apart) * size / instances_here) for size in SIZES)
        found.append(LookBytes(query.look, query.budget_bytes or 0, read))
    return found


def as_markdown(looks: Sequence[LookBytes]) -> str:
    """The table of docs/performance.md: a look a line, the largest share of its budget first."""
    lines = [
        f"| look | budget | {' | '.join(f'{size:,} instances' for size in SIZES)} |",
        f"| --- | ---: |{' ---: |' * len(SIZES)}",
    ]
    for look in sorted(looks, key=lambda look: (-look.bytes_at[-1] / look.budget, look.name)):
        cells = " | ".join(f"{_size(read)}{'' if read <= look.budget else ', over'}" for read in look.bytes_at)
        lines.append(f"| `{look.name}` | {_size(look.budget)} | {cells} |")
    return "\n".join(lines)


def write(looks: Sequence[LookBytes]) -> None:
    """Keep the figures, and tell them in the docs."""
    OUTPUT.write_text(json.dumps([asdict(look) for look in looks], indent=1) + "\n", encoding="utf-8")
    put_between(FIRST_MARK, as_markdown(looks), LAST_MARK)


def read_looks() -> list[LookBytes]:
    """The figures that are kept."""
    written = json.loads(OUTPUT.read_text(encoding="utf-8"))
    return [LookBytes(look["name"], look["budget"], tuple(look["bytes_at"])) for look in written]


def _size(size: float) -> str:
    return f"{size / 1e9:,.1f} GB" if size >= 1e9 else f"{size / 1e6:,.1f} MB"


def _ping_columns(connection: duckdb.DuckDBPyConnection) -> list[str]:
    return [row[0] for row in connection.execute(f"DESCRIBE {PINGS}").fetchall()]


if __name__ == "__main__":
    sys.exit(main())
