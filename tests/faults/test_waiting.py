"""Somebody who waits long is told so, can stop it, and leaves nothing running; closing the tab stops it too."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from lib.warehouse.duckdb import DuckDBWarehouse
from tests.faults.conftest import CHARTS, House, MakeHouse, assert_stands, assert_whole, change_source
from tests.tab import Drawn, Shown
from tests.warehouse.double import Answer, Double


def grow_impatient(tree: Path) -> None:
    """Let the copy offer "Cancel" after half a second."""
    change_source(tree / "lib" / "board" / "waiting.py", "SLOW_S = 10.0", "SLOW_S = 0.5")


@pytest.fixture(scope="module")
def double(demo_var: Path) -> Iterator[Double]:
    with Double(0, DuckDBWarehouse(demo_var / "warehouse")) as running:
        yield running


@pytest.fixture(scope="module")
def house(make_house: MakeHouse, double: Double) -> Iterator[House]:
    service = {"BOARDROOM_BIGQUERY_ENDPOINT": double.url, "BOARDROOM_BIGQUERY_PROJECT": "acme"}
    with make_house(grow_impatient, BOARDROOM_WAREHOUSE="bigquery", **service) as made:
        yield made


def cancels(shown: Shown) -> list[Drawn]:
    """The button of the slow tile."""
    return [button for button in shown.buttons("Cancel") if "average_seat" in button.message.id]


def offers_to_cancel(shown: Shown) -> bool:
    return bool(cancels(shown)) and "Still running after" in shown.words


def test_cancel_stops_the_question_and_says_so(house: House, double: Double) -> None:
    double.answer(Answer(match="AS average_seat_consumption", slow=True))
    with house.open("account_name=-cancel", until=offers_to_cancel) as (tab, shown):
        (cancel,) = cancels(shown)
        stopped = tab.press(cancel)
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
