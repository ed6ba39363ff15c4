"""What ten times as many raw events cost: building, disk, memory, and the time of pages (docs/performance.md).

    python -m benchmarks.scale [--scale X] [--times N] [--repetitions N] [--output FILE]

The same instances send so many times the pings and the same visitors so many times the events, on the same days, which
is what growth by use means; more instances mean more rows of rollups (docs/operating.md, Growth).
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from benchmarks.browser import signed_in
from benchmarks.questions import ask_at_once, questions_of
from benchmarks.server import copy_tracked_tree, serving
from lib import demo
from lib.board import navigation
from lib.demo.payloads import PAYLOADS, SENT_ALWAYS
from lib.settings import ROOT, Settings
from lib.warehouse import Warehouse, open_warehouse
from lib.warehouse.folder import current_stamp

OUTPUT = ROOT / "benchmarks" / "results" / "scale.json"
PINGS = "sourcegraph_analytics.update_checks"
EVENTS = ("dotcom_events.events", "dotcom_events.events_usage")
BOARDS = ("company_metrics", "single_instance", "batch_changes", "cody_pro")
SEEN_BOARD, CHARTS, FORGET = "company_metrics", 6, "forget_answers"
LIMIT = 1.3


def main(arguments: list[str] | None = None) -> int:
    """Measure, print and write; the exit status is 0 whether the aim holds or not."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale", description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0, help="share of the demo's accounts (default 1)")
    parser.add_argument("--times", type=int, default=10, help="how many times the raw events (default 10)")
    parser.add_argument("--repetitions", type=int, default=10)
    parser.add_argument("--output", type=Path, default=OUTPUT)
    options = parser.parse_args(arguments)
    found = measure(options.scale, options.times, options.repetitions)
    print(as_markdown(found))
    options.output.parent.mkdir(parents=True, exist_ok=True)
    options.output.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    return 0


def measure(scale: float, times: int, repetitions: int) -> dict[str, Any]:
    """Build both warehouses and open the boards on both, in turns."""
    load_at_start = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="boardroom-scale-") as name:
        folder = Path(name)
        once, more = folder / "exports", folder / "more"
        demo.write_exports(once, scale=scale)
        multiply(once, more, times)
        builds = {str(factor): _build(source, folder / f"var{factor}") for factor, source in ((1, once), (times, more))}
        variables = (folder / "var1", folder / f"var{times}")
        questions = measure_questions(*variables, repetitions)
        pages = measure_pages(folder, *variables, repetitions)
    return {
        "commit": _commit(),
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
        "machine": {"cores": os.cpu_count(), "load_at_start": load_at_start, "load_at_end": os.getloadavg()[0]},
        "scale": scale,
        "times": times,
        "builds": builds,
        "questions": questions,
        "pages": pages,
    }


def multiply(source: Path, target: Path, times: int) -> None:
    """Copy an export so that every ping and event was sent so many times on its day, the last of the day unchanged.

    The further ones come earlier on the same day and, as the demo's own, without the payloads that come once a day.
    """
    heavy = [name for name, payload in PAYLOADS.items() if payload != "NULL" and name not in SENT_ALWAYS]
    target.mkdir()
    with duckdb.connect(config={"threads": 2, "memory_limit": "1500MB"}) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        for path in sorted(source.iterdir()):
            if path.stem == PINGS:
                (target / path.name).mkdir()
                for part in sorted(path.glob("*.parquet")):
                    _multiply(connection, part, target / path.name / part.name, times, dict.fromkeys(heavy, "NULL"))
            elif path.stem in EVENTS:
                _multiply(connection, path, target / path.name, times, {"insert_id": "insert_id || '-' || copy"})
            else:
                shutil.copy(path, target / path.name)


def _multiply(
    connection: duckdb.DuckDBPyConnection, source: Path, target: Path, times: int, replaced: dict[str, str]
) -> None:
    day_so_far = "epoch(TRY_CAST(timestamp AS TIMESTAMP) - date_trunc('day', TRY_CAST(timestamp AS TIMESTAMP)))"
    earlier = f"to_seconds(CAST(floor({day_so_far} * copy / {times}) AS BIGINT))"
    changes = {
        "timestamp": f"strftime(TRY_CAST(timestamp AS TIMESTAMP) - {earlier}, '%Y-%m-%dT%H:%M:%SZ')",
        "received_at": f"received_at - {earlier}",
        **replaced,
    }
    changed = ", ".join(
        f"CASE WHEN copy = 0 THEN {name} ELSE {change} END AS {name}" for name, change in changes.items()
    )
    connection.execute(
        f"COPY (SELECT * EXCLUDE (copy) REPLACE ({changed}) FROM read_parquet($source), range({times}) AS n(copy) "
        f"WHERE copy = 0 OR TRY_CAST(timestamp AS TIMESTAMP) IS NOT NULL) "
        f"TO '{target.as_posix()}' (FORMAT parquet, COMPRESSION lz4, ROW_GROUP_SIZE 16384)",
        {"source": str(source)},
    )


def _build(export: Path, var: Path) -> dict[str, float]:
    """Build a warehouse of that export in a process of its own: what the kernel says it took."""
    environment = {**os.environ, "BOARDROOM_VAR": str(var)}
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "sql.build", "--from", str(export)], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL
    )
    _, status, used = os.wait4(process.pid, 0)
    if status:
        raise RuntimeError("The warehouse was not built; the terminal says why.")
    warehouse = _warehouse_folder(var)
    origin = json.loads((warehouse / "origin.json").read_text(encoding="utf-8"))
    # The demo's people may sign in then, and the boards stand at the data's end.
    (warehouse / "origin.json").write_text(json.dumps({**origin, "origin": "demo"}), encoding="utf-8")
    files = [file.stat().st_size for file in warehouse.rglob("*") if file.is_file()]
    return {
        "raw_events": sum(origin["rows"].get(name, 0) for name in (PINGS, *EVENTS)),
        "exports_mb": sum(file.stat().st_size for file in export.rglob("*.parquet")) / 1e6,
        "seconds": time.perf_counter() - began,
        "cpu_seconds": used.ru_utime + used.ru_stime,
        "peak_memory_mb": used.ru_maxrss / 1024,
        "disk_mb": sum(files) / 1e6,
    }


def measure_questions(first: Path, second: Path, repetitions: int) -> dict[str, dict[str, list[float]]]:
    """Per board the seconds of CPU that all its questions take on either warehouse, asked in turns."""
    found: dict[str, dict[str, list[float]]] = {}
    given = [Settings(var=var) for var in (first, second)]
    with ExitStack() as stack:
        warehouses = [stack.enter_context(_opened(one)) for one in given]
        for key in BOARDS:
            board = navigation.page(key)
            if board is None:
                raise FileNotFoundError(f"There is no page {key}.")
            asked = [questions_of(board, one, it, {}) for one, it in zip(given, warehouses, strict=True)]
            values: dict[str, list[float]] = {"first": [], "second": []}
            for repetition in range(repetitions + 1):
                for name, warehouse, queries in zip(values, warehouses, asked, strict=True):
                    before = time.process_time()
                    ask_at_once(warehouse, queries)
                    if repetition:
                        values[name].append(round(time.process_time() - before, 4))
            found[key] = values
    return found


def measure_pages(folder: Path, first: Path, second: Path, repetitions: int) -> dict[str, list[float]]:
    """Seconds of a board's page in a browser on either warehouse, no answer stored, opened in turns."""
    forget = "import streamlit as st\nst.cache_data.clear()\nst.title('Forgotten')\n"
    tree = copy_tracked_tree(folder / "tree", {FORGET: forget})
    values: dict[str, list[float]] = {"first": [], "second": []}
    with ExitStack() as stack:
        servers = [stack.enter_context(serving(tree, var)) for var in (first, second)]
        for repetition in range(repetitions + 1):
            for name, server in zip(values, servers, strict=True):
                with signed_in(server.base, FORGET) as chromium:
                    with chromium.opened(FORGET, 0):
                        pass
                    with chromium.opened(SEEN_BOARD, CHARTS, quiet_ms=2_000) as (_, sight):
                        if sight.errors:
                            raise RuntimeError("The page has errors.")
                        if repetition:
                            values[name].append(round(sight.seconds, 4))
    return values


def ratio(values: dict[str, list[float]]) -> float:
    """The median of what the second takes, in terms of the first, turn by turn."""
    return statistics.median(second / first for first, second in zip(values["first"], values["second"], strict=True))


def as_markdown(found: dict[str, Any]) -> str:
    """The tables of docs/performance.md."""
    machine, times = found["machine"], found["times"]
    lines = [
        f"Commit {found['commit']}, {found['date']}, {machine['cores']} cores, load average "
        f"{machine['load_at_start']:.1f} at the start and {machine['load_at_end']:.1f} at the end; "
        f"{found['scale']:.0%} of the demo's accounts.",
        "",
        "| raw events | rows | build | CPU | peak memory | disk |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    lines += [
        f"| x {factor} | {built['raw_events']:,} | {built['seconds']:.0f} s | {built['cpu_seconds']:.0f} s | "
        f"{built['peak_memory_mb']:,.0f} MB | {built['disk_mb']:,.0f} MB |"
        for factor, built in found["builds"].items()
    ]
    lines += ["", f"| measure | x 1 | x {times} | ratio | limit {LIMIT:g} |", "| --- | ---: | ---: | ---: | --- |"]
    measures = {f"CPU of all questions, {key}": values for key, values in found["questions"].items()}
    measures[f"page without stored answers, {SEEN_BOARD}"] = found["pages"]
    for name, values in measures.items():
        first, second = (statistics.median(values[one]) for one in ("first", "second"))
        grown = ratio(values)
        told = "holds" if grown <= LIMIT else "missed"
        lines.append(f"| {name} | {first:.2f} s | {second:.2f} s | {grown:.2f} | {told} |")
    return "\n".join(lines)


@contextmanager
def _opened(given: Settings) -> Iterator[Warehouse]:
    warehouse = open_warehouse(given)
    try:
        yield warehouse
    finally:
        warehouse.close()


def _warehouse_folder(var: Path) -> Path:
    stamp = current_stamp(var / "warehouse")
    if stamp is None:
        raise FileNotFoundError(f"There is no warehouse in {var}.")
    return var / "warehouse" / stamp


def _commit() -> str:
    asked = ["git", "rev-parse", "--short", "HEAD"]
    return subprocess.run(asked, cwd=ROOT, check=True, capture_output=True, text=True).stdout.strip()


if __name__ == "__main__":
    sys.exit(main())
