"""The warehouse file missing, locked, cut short or replaced under a running server, and mended again."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path

import duckdb
import pytest

from lib.board.navigation import page
from lib.warehouse.folder import warehouse_file
from lib.warehouse.words import BROKEN, GONE, LOCKED
from tests.faults.conftest import CHARTS, FIGURES, PAGE, TABLES, House, assert_stands, assert_whole
from tests.tab import Shown

LOOKS = getattr(page(PAGE), "looks", ())
COUNTERS, TILES = LOOKS[:FIGURES], LOOKS[FIGURES:]
UNANSWERED = "**The warehouse did not answer.** Your filters are fine."
WRITER = "import duckdb, sys; held = duckdb.connect(sys.argv[1]); print('held', flush=True); sys.stdin.read()"


def take_away(file: Path) -> None:
    file.unlink()


def cut_short(file: Path) -> None:
    with file.open("r+b") as handle:
        handle.truncate(file.stat().st_size // 2)


def scribble(file: Path) -> None:
    file.write_bytes(b"This is no database. " * 1000)


def make_unreadable(file: Path) -> None:
    file.unlink()
    file.mkdir()  # whoever runs the tests may read every file, but nobody reads a folder


@contextmanager
def written_by_another(file: Path) -> Iterator[None]:
    """Another program has the file open for writing."""
    writer = subprocess.Popen([sys.executable, "-c", WRITER, file], stdin=-1, stdout=-1)
    try:
        assert writer.stdout and writer.stdout.readline() == b"held\n"
        yield
    finally:
        writer.communicate()


CASES: dict[str, tuple[Callable[[Path], object], str]] = {
    "missing": (take_away, GONE),
    "short": (cut_short, BROKEN),
    "scribbled": (scribble, BROKEN),
    "unreadable": (make_unreadable, BROKEN),
    "locked": (written_by_another, LOCKED),
}


def first_chart(shown: Shown) -> bool:
    """Whether the run of one tile ended in its chart."""
    return len(shown.of("vega_lite_chart")) == 1 and not shown.of("alert")


@pytest.mark.parametrize("stamp", CASES)
def test_a_file_that_cannot_be_read_is_told_and_read_once_it_can(house: House, stamp: str) -> None:
    break_file, sentence = CASES[stamp]
    file = house.copy_stamp(stamp)
    broken = break_file(file)
    breaking: AbstractContextManager = broken if isinstance(broken, AbstractContextManager) else nullcontext()
    house.switch(stamp)
    with breaking:
        opening = house.open()
        tab, shown = opening.__enter__()
        assert_stands(shown)
        entries = house.assert_told(shown, f"{UNANSWERED} {sentence}")
        assert len(shown.of("alert")) == CHARTS + TABLES
        assert {entry["error"] for entry in entries.values()} == {"WarehouseUnavailable"}
        assert "company_metrics/dau_mau" in {entry.get("look") for entry in entries.values()}
        again = shown.buttons("Try again")
        assert len(again) == CHARTS + TABLES
        house.assert_told(tab.press(again[0]), sentence)
    try:
        if stamp != "locked":
            mend(file, house)
        assert first_chart(tab.press(again[0]))
    finally:
        house.switch("whole")
        opening.__exit__(None, None, None)


def mend(file: Path, house: House) -> None:
    """Put a whole file in the place of a broken one."""
    if file.is_dir():
        file.rmdir()
    whole = warehouse_file(house.var / "warehouse", "whole").read_bytes()
    fresh = file.with_suffix(".fresh")
    fresh.write_bytes(whole)
    fresh.replace(file)


def test_a_file_cut_short_while_people_read_stops_what_is_not_known_yet(house: House) -> None:
    file = house.copy_stamp("cut")
    house.switch("cut")
    with house.open() as (tab, shown):
        assert_whole(shown)
        cut_short(file)
        assert_whole(tab.reload())
    with house.open("date=7+months") as (tab, shown):
        house.assert_told(shown, f"{UNANSWERED} {BROKEN}")
        mend(file, house)
        assert first_chart(tab.press(shown.buttons("Try again")[0]))
    house.switch("whole")


def test_a_pointer_to_nothing_is_told(house: House) -> None:
    house.switch("never-made")
    with house.open() as (_, shown):
        assert_stands(shown)
        house.assert_told(shown, GONE)
    house.switch("whole")


def test_people_who_read_notice_nothing_of_a_refresh_but_newer_data(house: House) -> None:
    with house.open() as (tab, shown):
        assert_whole(shown)
        before = figures(shown)
        file = house.copy_stamp("newer")
        with duckdb.connect(str(file)) as writer:
            found = writer.execute(
                "SELECT sql FROM duckdb_views() WHERE schema_name = 'analytics' AND view_name = 'instance_months'"
            ).fetchone()
            assert found
            head, _, body = str(found[0]).rstrip("; \n").partition(" AS ")
            doubled = "SELECT * REPLACE (CAST(2 * monthly_users AS BIGINT) AS monthly_users)"
            writer.execute(f"{head.replace('CREATE VIEW', 'CREATE OR REPLACE VIEW')} AS {doubled} FROM ({body})")
        house.switch("newer")
        after = tab.reload()
        assert_whole(after)
        assert figures(after)["Monthly users"] == 2 * figures(shown)["Monthly users"]
        assert figures(after)["Daily users"] == before["Daily users"]
    house.switch("whole")


def figures(shown: Shown) -> dict[str, int]:
    """The counters that count, by label."""
    found = {metric.message.label: metric.message.body.replace(",", "") for metric in shown.of("metric")}
    return {label: int(text) for label, text in found.items() if text.isdigit()}


def test_without_its_origin_a_warehouse_is_shown_and_lets_no_demo_people_in(house: House) -> None:
    house.copy_stamp("unsaid").with_name("origin.json").unlink()
    house.switch("unsaid")
    with house.open() as (_, shown):
        assert_whole(shown)
        house.assert_nothing_given_away(shown)
        assert "Demo data" not in shown.words
    assert "viewer@demo.example" not in "\n".join(house.server.visit("company_metrics"))
    house.switch("whole")
    assert "viewer@demo.example" in "\n".join(house.server.visit("company_metrics"))


def test_a_source_that_was_not_delivered_stops_what_is_made_of_it_and_nothing_else(house: House) -> None:
    source, sentence = "sourcegraph_analytics.releases", "The table of releases was not among the exports."
    origin = house.copy_stamp("partial").with_name("origin.json")
    said = json.loads(origin.read_text())
    origin.write_text(json.dumps({**said, "missing": {source: sentence}}))
    # Only what compares versions needs to know which there are.
    needed = {
        "company_metrics/customers",
        "company_metrics/customers_by_version",
        "company_metrics/latest_version_share",
    }
    house.switch("partial")
    with house.open() as (_, shown):
        assert_stands(shown)
        house.assert_nothing_given_away(shown)
        told = [body for body in shown.bodies("alert") if body == f"**Not delivered.** {sentence}"]
        charts = len(shown.of("vega_lite_chart"))
        assert len(told) == CHARTS - charts + TABLES == len(needed & set(TILES)), shown.words
        assert charts > 0
        missing = [metric for metric in shown.of("metric") if metric.message.body == "—"]
        assert len(missing) == len(needed & set(COUNTERS)) < FIGURES
        assert all(sentence in metric.message.help for metric in missing)
    house.switch("whole")
