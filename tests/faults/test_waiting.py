"""Somebody who waits long is told so, can stop it, and leaves nothing running; closing the tab stops it too."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from lib.warehouse.duckdb import DuckDBWarehouse
from lib.warehouse.folder import warehouse_file
from lib.warehouse.words import REPLACED, UNWANTED
from tests.faults.conftest import CHARTS, FIGURES, House, MakeHouse, assert_stands, assert_whole, change_source
from tests.faults.test_warehouse_file import mend
from tests.tab import Drawn, Shown
from tests.warehouse.double import Answer, Double

LOOK = "average_seat_consumption"
FOR_EVER = """(
    SELECT COUNT(*) FROM UNNEST(GENERATE_ARRAY(1, 100000)) AS a, UNNEST(GENERATE_ARRAY(1, 100000)) AS b
    WHERE MOD(a * b, 7) = 3
  )"""
TABS = 8
# What threads and memory may differ by when everybody is gone: pools keep some of both.
THREADS, MEGABYTES = 24, 200


def grow_impatient(tree: Path) -> None:
    """Let the copy offer "Cancel" after half a second."""
    change_source(tree / "lib" / "board" / "waiting.py", "SLOW_S = 10.0", "SLOW_S = 0.5")


def slow_down(tree: Path) -> None:
    """One tile of the copy never ends by itself."""
    grow_impatient(tree)
    average = "AVG(SAFE_DIVIDE(monthly_users, seats))"
    change_source(tree / "sql" / "looks" / "company_metrics" / f"{LOOK}.sql", average, f"{average} + {FOR_EVER}")


@pytest.fixture(scope="module")
def double(demo_var: Path) -> Iterator[Double]:
    with Double(0, DuckDBWarehouse(demo_var / "warehouse")) as running:
        yield running


@pytest.fixture(scope="module")
def house(make_house: MakeHouse, double: Double) -> Iterator[House]:
    """An installation on BigQuery."""
    service = {"BOARDROOM_BIGQUERY_ENDPOINT": double.url, "BOARDROOM_BIGQUERY_PROJECT": "acme"}
    with make_house(grow_impatient, linked=True, BOARDROOM_WAREHOUSE="bigquery", **service) as made:
        yield made


@pytest.fixture(scope="module")
def slow_house(make_house: MakeHouse) -> Iterator[House]:
    """An installation on DuckDB with a tile that takes for ever."""
    with make_house(slow_down) as made:
        yield made


def wait_until(true: Callable[[], bool], seconds: float = 30.0) -> bool:
    """Whether it became true in time."""
    deadline = time.monotonic() + seconds
    while not true() and time.monotonic() < deadline:
        time.sleep(0.1)
    return true()


def cancels(shown: Shown) -> list[Drawn]:
    """The button of the slow tile."""
    return [button for button in shown.buttons("Cancel") if LOOK in button.message.id]


def only_the_slow_tile_is_left(shown: Shown) -> bool:
    others = len(shown.of("vega_lite_chart")) == CHARTS - 1 and len(shown.of("metric")) == FIGURES
    return others and bool(cancels(shown)) and "Still running after" in shown.words


def stopped_queries(house: House) -> int:
    """How often the record of queries says that the slow tile's was stopped."""
    with closing(sqlite3.connect(house.var / "state.sqlite")) as state:
        found = state.execute(
            "SELECT COUNT(*) FROM audit WHERE event = 'query' AND look = ? AND detail = ?",
            (f"company_metrics/{LOOK}", UNWANTED),
        )
        return int(found.fetchone()[0])


def test_cancel_stops_the_question_and_says_so(house: House, double: Double) -> None:
    double.answer(Answer(match=f"AS {LOOK}", slow=True))
    with house.open("account_name=-cancel", until=only_the_slow_tile_is_left) as (tab, shown):
        stopped = tab.press(cancels(shown)[0])
        assert double.wait_for("cancel")
        assert_stands(stopped)
        assert stopped.bodies("alert") == ["**Stopped.** You cancelled it."]
        assert not stopped.buttons("Cancel")
        assert len(stopped.of("vega_lite_chart")) == CHARTS - 1
        assert tab.reload().bodies("alert") == ["**Stopped.** You cancelled it."]
        double.reset()
        again = tab.press(stopped.buttons("Try again")[0])
        assert len(again.of("vega_lite_chart")) == 1
        assert_whole(tab.reload())


def test_a_closed_tab_cancels_its_job(house: House, double: Double) -> None:
    double.reset()
    double.answer(Answer(match=f"AS {LOOK}", slow=True))
    with house.open("account_name=-closed", until=only_the_slow_tile_is_left):
        (slow,) = {
            request.body["jobReference"]["jobId"]
            for request in double.sent("insert")
            if f"AS {LOOK}" in request.body["configuration"]["query"]["query"]
        }
        assert slow not in cancelled_jobs(double)
    assert wait_until(lambda: slow in cancelled_jobs(double))
    double.reset()


def cancelled_jobs(double: Double) -> set[str]:
    """The ids of the jobs that were cancelled."""
    return {request.path.split("/")[-2] for request in double.sent("cancel")}


def test_many_tabs_that_come_and_go_leave_nothing_behind(house: House, double: Double) -> None:
    double.reset()
    with house.open("account_name=-before") as (_, shown):
        assert_whole(shown)
    threads, memory = standing(house)
    double.answer(Answer(match=f"AS {LOOK}", slow=True))
    for at in range(TABS):
        with house.open(f"account_name=-gone+{at}", until=lambda shown: bool(shown.of("heading"))):
            pass
    double.reset()
    assert wait_until(lambda: standing(house)[0] <= threads + THREADS, 60), (standing(house), threads)
    assert standing(house)[1] <= memory + MEGABYTES
    with house.open("account_name=-after") as (_, shown):
        assert_whole(shown)


def standing(house: House) -> tuple[int, float]:
    """The threads of the server and its memory in megabytes."""
    status = Path(f"/proc/{house.server.process.pid}/status").read_text()
    found = dict(line.split(":", 1) for line in status.splitlines())
    return int(found["Threads"]), int(found["VmRSS"].split()[0]) / 1024


def test_on_duckdb_cancel_and_a_closed_tab_interrupt_the_query(slow_house: House) -> None:
    with slow_house.open(until=only_the_slow_tile_is_left) as (tab, shown):
        assert tab.press(cancels(shown)[0]).bodies("alert") == ["**Stopped.** You cancelled it."]
    assert wait_until(lambda: stopped_queries(slow_house) == 1)
    with slow_house.open("date=7+months", until=only_the_slow_tile_is_left):
        assert stopped_queries(slow_house) == 1
    assert wait_until(lambda: stopped_queries(slow_house) == 2)


def test_a_file_replaced_while_a_query_runs_stops_it_with_a_sentence(slow_house: House) -> None:
    file = warehouse_file(slow_house.var / "warehouse", "whole")
    with slow_house.open("date=8+months", until=only_the_slow_tile_is_left) as (tab, _):
        mend(file, slow_house)
        with slow_house.open("date=9+months", until=only_the_slow_tile_is_left):
            told = tab.watch(lambda shown: "Error" in shown.words)
            slow_house.assert_told(told, f"**The warehouse did not answer.** Your filters are fine. {REPLACED}")


def test_a_file_removed_while_a_query_runs_keeps_nobody_waiting(slow_house: House) -> None:
    file = warehouse_file(slow_house.var / "warehouse", "whole")
    away = file.with_suffix(".away")
    with slow_house.open("date=10+months", until=only_the_slow_tile_is_left) as (tab, shown):
        file.rename(away)
        try:
            with slow_house.open("date=11+months") as (_, asked):
                assert_stands(asked)
                slow_house.assert_told(asked, "The warehouse file is missing.")
            assert tab.press(cancels(shown)[0]).of("alert")
        finally:
            away.rename(file)
        assert only_the_slow_tile_is_left(tab.go("date=13+months", only_the_slow_tile_is_left))
