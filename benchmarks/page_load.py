"""How fast the boards open and answer, beside what nothing could be faster than (docs/performance.md).

python -m benchmarks.page_load [--repetitions N] [--people-seconds S] [--output FILE]
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections import defaultdict
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from benchmarks.browser import SignedIn, choose_date, choose_segment, signed_in
from benchmarks.crowd import Crowd, click_together
from benchmarks.docs import put_between
from benchmarks.figures import (
    COLD,
    DATE_CHANGE,
    DATE_RAW,
    FIRST_SCREEN,
    FLOOR,
    RAW,
    TYPE_CHANGE,
    TYPE_KEPT,
    TYPE_RAW,
    WARM,
    Figures,
    as_json,
    as_markdown,
    from_json,
)
from benchmarks.person import person
from benchmarks.questions import ask_at_once, questions_of
from benchmarks.server import Server, copy_tracked_tree, serving
from lib.board import navigation
from lib.board.sidebar import segment_words
from lib.settings import ROOT, Settings, settings
from lib.warehouse import open_warehouse
from lib.warehouse.folder import current_stamp, read_origin

BOARD = "company_metrics"
EMPTY, FORGET = "empty_board", "forget_answers"
OUTPUT = ROOT / "benchmarks" / "results" / "page_load.json"
FIRST_MARK, LAST_MARK = "<!-- figures, by make bench -->", "<!-- end of figures -->"
CHOSEN_TYPE = {"account_type": "Customer"}
CHOSEN_DATE = {"date": "6 months"}
PAGE_RUNS = 5
SESSIONS = 25
ACCOUNT = {"account_name": "Databricks"}
# People who click at once, and how many times the seconds of the others: one person's clicks are few.
CROWDS = ((1, 3), (5, 1), (25, 1))


@dataclass(frozen=True)
class View:
    """A board under one selection, by the name that the tables give it."""

    name: str
    page: str
    filters: dict[str, str]

    @property
    def address(self) -> str:
        """Path and parameters."""
        return f"{self.page}?{urlencode(self.filters)}"


VIEWS = (
    View("Company metrics, one account", BOARD, ACCOUNT),
    View("Batch changes, all customers", "batch_changes", {}),
    View("Batch changes, one account", "batch_changes", ACCOUNT),
    View("Single instance, one account", "single_instance", ACCOUNT),
    View("Cody Pro", "cody_pro", {}),
)


def main(arguments: list[str] | None = None) -> int:
    """Measure, print, write; the exit status is 0 whether the aims hold or not."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.page_load", description=__doc__)
    parser.add_argument("--repetitions", type=int, default=10)
    parser.add_argument("--view-repetitions", type=int, default=6)
    parser.add_argument("--people-seconds", type=float, default=60.0)
    parser.add_argument("--output", type=Path, default=OUTPUT)
    options = parser.parse_args(arguments)
    figures = measure(options.repetitions, options.view_repetitions, options.people_seconds)
    write(as_json(figures), options.output)
    return 0


def write(written: dict[str, Any], output: Path) -> None:
    """Print the tables and keep the figures; those of the committed file stand in docs/performance.md too."""
    tables = as_markdown(from_json(written))
    print(tables)
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(json.dumps(written, indent=1) + "\n", encoding="utf-8")
    if output == OUTPUT:
        put_between(FIRST_MARK, tables, LAST_MARK)


def measure(repetitions: int, view_repetitions: int, people_seconds: float) -> Figures:
    """The whole run, on a server of its own."""
    load_at_start = os.getloadavg()[0]
    warehouse = demo_warehouse(settings())
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="boardroom-bench-")))
        tree = copy_tracked_tree(folder / "tree", more_pages())
        var = folder / "var"
        var.mkdir()
        (var / "warehouse").symlink_to(warehouse)
        server = stack.enter_context(serving(tree, var))
        chromium = stack.enter_context(signed_in(server.base, EMPTY))
        first_page_s, charts = first_visit(chromium)
        seconds = measure_pages(server, chromium, Settings(var=var), charts, repetitions)
        views = measure_views(server, chromium, Settings(var=var), view_repetitions)
        cpu = measure_cpu(server, chromium.cookie, repetitions)
        memory = measure_memory(server, chromium.cookie)
        people = measure_people(server, chromium.cookie, people_seconds)
    stamp = current_stamp(warehouse) or ""
    return Figures(
        commit=commit(),
        date=f"{datetime.now(UTC):%Y-%m-%d}",
        machine={
            "cores": os.cpu_count(),
            "load_at_start": load_at_start,
            "load_at_end": os.getloadavg()[0],
            "python": sys.version.split()[0],
        },
        warehouse=json.loads((warehouse / stamp / "origin.json").read_text(encoding="utf-8")).get("rows", {}),
        seconds=seconds,
        cpu_ms=cpu,
        memory_mb=memory,
        people=people,
        first_page_s=first_page_s,
        views=views,
    )


def demo_warehouse(given: Settings) -> Path:
    """The folder of the demo warehouse: the checkout's if it is of today's models, else one built beside it."""
    stamp = current_stamp(given.warehouse_folder)
    origin = read_origin(given.warehouse_folder, stamp) if stamp else None
    if origin is not None and origin.origin == "demo" and origin.is_of_today:
        return given.warehouse_folder
    var = given.var.absolute() / "benchmarks"
    say("Building the demo warehouse")
    environment = {**os.environ, "BOARDROOM_VAR": str(var)}
    subprocess.run([sys.executable, "-m", "sql.build", "--demo"], cwd=ROOT, env=environment, check=True)
    return var / "warehouse"


def more_pages() -> dict[str, str]:
    """Pages of the measured copy that the product does not have: the frame alone, and one that empties the cache."""
    filters = _board().filters
    empty = f"""from lib.board import Board
board = Board(title="Empty", question="The frame without a tile.", filters={filters!r}, section="Company")
with board:
    pass
"""
    forget = "import streamlit as st\nst.cache_data.clear()\nst.title('Forgotten')\n"
    return {EMPTY: empty, FORGET: forget}


def first_visit(chromium: SignedIn) -> tuple[float, int]:
    """Seconds of the very first page after the start, and how many charts it has."""
    with chromium.opened(BOARD, len(_board().looks) // 2, quiet_ms=5_000) as (_, sight):
        return sight.seconds, sight.charts


def measure_pages(
    server: Server, chromium: SignedIn, given: Settings, charts: int, repetitions: int
) -> dict[str, list[float]]:
    """Every kind of page and choice once a repetition, one after the other, so that noise hits all."""
    seconds: dict[str, list[float]] = defaultdict(list)
    warehouse = open_warehouse(given)
    asked = {
        measure: questions_of(_board(), given, warehouse, changed)
        for measure, changed in ((RAW, {}), (TYPE_RAW, CHOSEN_TYPE), (DATE_RAW, CHOSEN_DATE))
    }
    for queries in asked.values():
        ask_at_once(warehouse, queries)
    for repetition in range(repetitions):
        say(f"Pages, repetition {repetition + 1} of {repetitions}")
        for measure, queries in asked.items():
            seconds[measure].append(ask_at_once(warehouse, queries).seconds)
        with chromium.opened(EMPTY, 0) as (_, sight):
            seconds[FLOOR].append(sight.seconds)
        forget(server, chromium.cookie)
        with chromium.opened(BOARD, charts) as (_, sight):
            _check(sight.errors)
            seconds[COLD].append(sight.seconds)
        with chromium.opened(BOARD, charts) as (page, sight):
            seconds[WARM].append(sight.seconds)
            seconds[FIRST_SCREEN].append(sight.first_screen)
            forget(server, chromium.cookie)
            seconds[TYPE_CHANGE].append(choose_segment(page, BOARD, "account_type", "Customer", charts).seconds)
            choose_segment(page, BOARD, "account_type", "Any", charts)
            seconds[TYPE_KEPT].append(choose_segment(page, BOARD, "account_type", "Customer", charts).seconds)
            choose_segment(page, BOARD, "account_type", "Any", charts)
            forget(server, chromium.cookie)
            sight = choose_date(page, BOARD, "date", CHOSEN_DATE["date"], charts)
            _check(sight.errors)
            seconds[DATE_CHANGE].append(sight.seconds)
    warehouse.close()
    order = (FLOOR, WARM, FIRST_SCREEN, COLD, RAW, TYPE_CHANGE, TYPE_KEPT, TYPE_RAW, DATE_CHANGE, DATE_RAW)
    return {measure: seconds[measure] for measure in order}


def measure_views(
    server: Server, chromium: SignedIn, given: Settings, repetitions: int
) -> dict[str, dict[str, list[float]]]:
    """The other boards, and one account where a board has accounts: floor, cold and warm page, raw, by view."""
    found: dict[str, dict[str, list[float]]] = {}
    warehouse = open_warehouse(given)
    for view in VIEWS:
        say(view.name)
        with chromium.opened(view.address, 1, quiet_ms=5_000) as (_, sight):
            _check(sight.errors)
            charts = sight.charts
        queries = questions_of(_page(view.page), given, warehouse, view.filters)
        ask_at_once(warehouse, queries)
        seconds: dict[str, list[float]] = {measure: [] for measure in (FLOOR, WARM, FIRST_SCREEN, COLD, RAW)}
        for _ in range(repetitions):
            seconds[RAW].append(ask_at_once(warehouse, queries).seconds)
            with chromium.opened(EMPTY, 0) as (_, sight):
                seconds[FLOOR].append(sight.seconds)
            forget(server, chromium.cookie)
            for measure in (COLD, WARM):
                with chromium.opened(view.address, charts) as (_, sight):
                    _check(sight.errors)
                    seconds[measure].append(sight.seconds)
            seconds[FIRST_SCREEN].append(sight.first_screen)
        found[view.name] = seconds
    warehouse.close()
    return found


def measure_cpu(server: Server, cookie: str, repetitions: int) -> dict[str, list[float]]:
    """Milliseconds of server CPU a page run, all answers cached, without a browser: each value a mean of some runs."""
    found: dict[str, list[float]] = defaultdict(list)
    with person(server.base, cookie, BOARD) as tab:
        tab.open()
        for text in ("Customer", ""):
            tab.choose("account_type", [segment_words(text)])
        for repetition in range(repetitions):
            say(f"Server CPU, repetition {repetition + 1} of {repetitions}")
            for measure, name in (("warm page", BOARD), ("floor", EMPTY)):
                before = server.cpu_seconds()
                for _ in range(PAGE_RUNS):
                    with person(server.base, cookie, name) as visitor:
                        _check(visitor.open().errors)
                found[measure].append((server.cpu_seconds() - before) / PAGE_RUNS * 1000)
            before = server.cpu_seconds()
            for turn in range(2 * PAGE_RUNS):
                _check(tab.choose("account_type", [segment_words("" if turn % 2 else "Customer")]).errors)
            found["filter change, cached"].append((server.cpu_seconds() - before) / (2 * PAGE_RUNS) * 1000)
    return dict(found)


def measure_memory(server: Server, cookie: str) -> dict[str, float]:
    """Megabytes of the server now, and what each further open page adds (slope over 1 to 25)."""
    sizes = []
    with ExitStack() as tabs:
        before = server.resident_bytes() / 2**20
        for _ in range(SESSIONS):
            _check(tabs.enter_context(person(server.base, cookie, BOARD)).open().errors)
            sizes.append(server.resident_bytes() / 2**20)
    slope = statistics.linear_regression(range(1, SESSIONS + 1), sizes).slope
    return {"server": before, "a further open page": slope}


def measure_people(server: Server, cookie: str, seconds: float) -> list[Crowd]:
    """People who click at once; what the server logged as a fault meanwhile counts as an error too."""
    crowds = []
    for people, times in CROWDS:
        say(f"{people} people for {seconds * times:.0f} s")
        before = server.faults()
        crowd = click_together(server.base, cookie, BOARD, people, seconds * times)
        crowd.errors += server.faults() - before
        crowds.append(crowd)
    return crowds


def forget(server: Server, cookie: str) -> None:
    """Empty the server's result cache."""
    with person(server.base, cookie, FORGET) as tab:
        tab.open()


def _board() -> navigation.Page:
    return _page(BOARD)


def _page(key: str) -> navigation.Page:
    found = navigation.page(key)
    if found is None:
        raise FileNotFoundError(f"There is no page {key}.")
    return found


def _check(errors: int) -> None:
    if errors:
        raise RuntimeError(f"The page shows {errors} errors; the server's log has the reason.")


def commit() -> str:
    return subprocess.run(
        ["git", "describe", "--always", "--dirty", "--exclude=*"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.strip()


def say(text: str) -> None:
    print(f"{datetime.now(UTC):%H:%M:%S} {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
