"""BigQuery that refuses, is over budget, hangs, fails or knows no credentials, seen from a board."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from lib.warehouse.duckdb import DuckDBWarehouse
from lib.warehouse.words import BUSY, NO_BILLING, NO_CREDENTIALS, NO_RIGHT
from tests.faults.conftest import CHARTS, TABLES, House, MakeHouse, assert_stands, assert_whole, change_source
from tests.warehouse.double import Answer, Double, Fault

UNANSWERED = "**The warehouse did not answer.** Your filters are fine."
FOREVER = 10_000
# The frame waits a second for names and ages; the rest is a busy machine.
STANDS_S = 5.0


def lose_patience(tree: Path) -> None:
    """Let the copy wait six seconds for a tile's rows, that a hanging service need not be waited for long."""
    change_source(tree / "lib" / "warehouse" / "query.py", "deadline_s: float = 30.0", "deadline_s: float = 6.0")


@pytest.fixture(scope="module")
def double(demo_var: Path) -> Iterator[Double]:
    """The service, with the demo's rows behind it."""
    with Double(0, DuckDBWarehouse(demo_var / "warehouse")) as running:
        yield running


@pytest.fixture(scope="module")
def house(make_house: MakeHouse, double: Double) -> Iterator[House]:
    """An installation on BigQuery."""
    service = {"BOARDROOM_BIGQUERY_ENDPOINT": double.url, "BOARDROOM_BIGQUERY_PROJECT": "acme-hunter2"}
    with make_house(lose_patience, BOARDROOM_WAREHOUSE="bigquery", **service) as made:
        yield made


def test_frame_and_sidebar_stand_while_nothing_answers(house: House, double: Double) -> None:
    double.fault(Fault("hang", on="insert", times=FOREVER))
    begun = time.monotonic()
    try:
        # Another day: neither names nor ages are known of it.
        with house.open("account_name=-silent", until=lambda shown: len(shown.of("skeleton")) >= CHARTS) as (_, shown):
            assert time.monotonic() - begun < STANDS_S
            assert [title.message.body for title in shown.of("heading")][:1] == ["Company metrics"]
            assert shown.of("multiselect")
    finally:
        double.reset()


def test_the_board_stands_on_bigquery(house: House) -> None:
    with house.open() as (_, shown):
        assert_whole(shown)
        house.assert_nothing_given_away(shown)
    with house.open("account_name=Databricks") as (_, shown):
        assert_stands(shown)
        assert not [body for body in shown.bodies("alert") if "No rows" not in body]


# What befalls every query, what each tile says then, and the error in the log.
CASES: dict[str, tuple[Answer | Fault, str, str]] = {
    "refusing": (Fault("accessDenied", times=FOREVER), f"**Not run.** {NO_RIGHT}", "QueryRefused"),
    "over budget": (
        Answer(bytes=412_000_000_000),
        "**Not run.** It would read 412 GB, and its budget is",
        "QueryRefused",
    ),
    "hanging": (Fault("hang", on="insert", times=FOREVER), "**This took too long and was stopped.**", "QueryTimedOut"),
    "slow": (Answer(slow=True), "**This took too long and was stopped.**", "QueryTimedOut"),
    "failing": (Answer(error="backendError"), f"{UNANSWERED} {BUSY}", "WarehouseUnavailable"),
    "without credentials": (
        Fault("authError", times=FOREVER),
        f"{UNANSWERED} {NO_CREDENTIALS}",
        "WarehouseUnavailable",
    ),
    "without money": (
        Fault("billingNotEnabled", times=FOREVER),
        f"{UNANSWERED} {NO_BILLING}",
        "WarehouseUnavailable",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_each_tile_says_what_is_wrong_and_answers_once_it_is_mended(house: House, double: Double, case: str) -> None:
    befalls, sentence, error = CASES[case]
    double.fault(befalls) if isinstance(befalls, Fault) else double.answer(befalls)
    try:
        # Filters of its own: no answer to another case's questions is known already.
        with house.open(f"account_name=-{case.replace(' ', '+')}") as (tab, shown):
            assert_stands(shown)
            entries = house.assert_told(shown, sentence)
            assert len(shown.of("alert")) == CHARTS + TABLES
            assert {entry["error"] for entry in entries.values()} == {error}
            double.reset()
            again = shown.buttons("Try again")
            if again:
                mended = tab.press(again[0])
                assert len(mended.of("vega_lite_chart")) == 1
                assert not mended.of("alert")
            else:
                assert_whole(tab.press(shown.buttons("Refresh")[0]))
    finally:
        double.reset()


def test_a_fault_in_passing_is_not_noticed(house: House, double: Double) -> None:
    for fault in (Fault("backendError", times=3), Fault("reset", on="results"), Fault("lost", on="insert")):
        double.fault(fault)
    try:
        with house.open("account_name=-in+passing") as (_, shown):
            assert_whole(shown)
    finally:
        double.reset()


def test_credentials_that_expire_while_people_read_are_told_and_renewed_ones_go_on(
    house: House, double: Double
) -> None:
    with house.open("account_name=-expires") as (tab, shown):
        assert_whole(shown)
        double.fault(Fault("authError", times=FOREVER))
        try:
            # What is known already needs no warehouse; a refresh and new questions do.
            assert_whole(tab.reload())
            told = tab.press(shown.buttons("Refresh")[0])
            house.assert_told(told, f"{UNANSWERED} {NO_CREDENTIALS}")
            missing = [figure.message.help for figure in told.of("metric") if figure.message.body == "—"]
            assert missing
            assert all("cannot sign in to BigQuery" in why for why in missing)
        finally:
            double.reset()
        assert_whole(tab.reload())
