"""When new data come, pages show them with their new age, on both engines; and what is late is marked everywhere."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from lib.board import results
from lib.board.flights import Flights
from lib.board.turns import Turns
from lib.warehouse import freshness as module
from lib.warehouse.bigquery import FRESHNESS_SECONDS, BigQueryWarehouse
from lib.warehouse.duckdb import DuckDBWarehouse
from lib.warehouse.query import Freshness, Query
from tests.board.conftest import NOW
from tests.warehouse.conftest import TABLES, make_warehouse
from tests.warehouse.double import Answer, Double

COUNT = Query("SELECT COUNT(*) AS x FROM analytics.days", look="company_metrics/dau_mau", columns=(("x", "INT64"),))
PINGS, EVENTS = "sourcegraph_analytics.update_checks", "dotcom_events.events"
NEWER = "UPDATE analytics.freshness SET data_through = '2024-05-16', loaded_at = '2024-05-16 03:00' WHERE grows;"


@pytest.fixture
def asking(monkeypatch: pytest.MonkeyPatch) -> Iterator[SimpleNamespace]:
    """Somebody signed in asks the engine that is put into `engine`."""
    asking = SimpleNamespace(engine=None)
    person = SimpleNamespace(id=1, email="", name="maya", role="viewer")
    monkeypatch.setattr(results, "warehouse", lambda: asking.engine)
    monkeypatch.setattr(results, "require", lambda key: person)
    monkeypatch.setattr(results, "FLIGHTS", Flights())
    monkeypatch.setattr(results, "TURNS", Turns())
    monkeypatch.setattr("lib.board.asked.note", lambda *given, **more: None)
    for kept in (results._answer, results._kept):
        kept.clear()
    yield asking
    asking.engine.close()


def seen(anew: bool = False) -> tuple[int, datetime]:
    """What a page shows: a figure, and up to when the data reach."""
    through = results.freshness("maya", anew=anew)["analytics.days"].data_through
    outcome = results.rows("maya", COUNT, fresh=anew)
    assert outcome.result is not None, outcome.trouble
    return outcome.result.table.column("x")[0].as_py(), through


def test_a_refreshed_warehouse_file_shows_with_its_age_at_once(asking: SimpleNamespace, tmp_path: Path) -> None:
    make_warehouse(tmp_path, "one")
    asking.engine = DuckDBWarehouse(tmp_path)
    assert seen() == (3, datetime(2024, 5, 15, tzinfo=UTC))
    make_warehouse(
        tmp_path, "two", f"{TABLES}; SET TimeZone = 'UTC'; {NEWER} DELETE FROM analytics.days WHERE users = 5"
    )
    assert seen() == (2, datetime(2024, 5, 16, tzinfo=UTC))


def answer(double: Double, figure: int, day: int) -> None:
    """Let BigQuery hold that figure, with data up to that day of May."""
    moment = datetime(2024, 5, day, tzinfo=UTC)
    row = ["analytics.days", True, moment, None, moment, None, None]
    double.answer(Answer(match="analytics.days", columns=[("x", "INT64")], rows=[[figure]]))
    double.answer(Answer(match="analytics.freshness", columns=list(module.COLUMNS), rows=[row]))


def test_new_data_of_bigquery_show_within_minutes_and_at_once_for_who_refreshes(
    asking: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [100.0]
    monkeypatch.setattr(module, "time", SimpleNamespace(monotonic=lambda: now[0]))
    first, second, third = (datetime(2024, 5, day, tzinfo=UTC) for day in (15, 16, 17))
    with Double() as double:
        asking.engine = BigQueryWarehouse("acme", "US", endpoint=double.url)
        answer(double, 1, 15)
        assert seen() == (1, first)
        answer(double, 2, 16)
        now[0] += FRESHNESS_SECONDS - 1
        assert seen() == (1, first)
        now[0] += 2
        assert seen() == (2, second)
        answer(double, 3, 17)
        assert seen(anew=True) == (3, third)
        assert seen() == (3, third)


def everything(page) -> str:
    return "\n".join(str(element.value) for kind in ("markdown", "caption", "info") for element in getattr(page, kind))


@pytest.fixture
def pings_behind(warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    """The pings of the last two days did not come."""
    known = {
        PINGS: Freshness(PINGS, NOW - timedelta(days=2), NOW - timedelta(days=2), True),
        EVENTS: Freshness(EVENTS, NOW, NOW, True),
    }
    monkeypatch.setattr(warehouse, "freshness", lambda *, anew=False: known, raising=False)


@pytest.mark.usefixtures("pings_behind")
def test_a_source_behind_its_schedule_is_marked_on_the_page_on_each_tile_and_counter(open_page) -> None:
    page = open_page(date="7 days")
    shown = everything(page)
    late = r"Pings\: data end Sun 16 Nov 2025, 1 day late"
    assert shown.count(late) == 3  # the head and both tiles
    assert shown.count(":orange-badge[1 day late]") == 2
    assert page.metric[0].label.startswith(":orange[:material/warning:]")
    assert late in page.metric[0].help
    assert "Data end Sun 16 Nov 2025; the rest has none yet." in shown


def test_nothing_is_marked_while_all_is_on_time(open_page) -> None:
    page = open_page()
    assert "late" not in everything(page)
    assert page.metric[0].label == "Monthly users"
    assert "Data end" not in everything(page)


def test_a_date_after_the_data_is_told_beside_it_and_on_empty_tiles(open_page, warehouse) -> None:
    warehouse.empty = lambda bound: True
    shown = everything(open_page(date="2026"))
    assert "Data end Tue 18 Nov 2025, before this begins." in shown
    assert shown.count("**Nothing yet.** Data end Tue 18 Nov 2025, before these dates begin.") == 2


def test_refresh_asks_anew_for_this_pages_answers_and_ages_and_no_others(open_page, warehouse, monkeypatch) -> None:
    anew: list[bool] = []
    told = warehouse.freshness()
    monkeypatch.setattr(warehouse, "freshness", lambda *, anew_=anew, anew=False: anew_.append(anew) or told)
    open_page(date="90 days")
    page = open_page(date="7 days")
    before, names = len(warehouse.looks_asked()), len(warehouse.asked)
    assert not any(anew)
    page.button(key="test_board.refresh").click().run()
    asked = warehouse.looks_asked()[before:]
    assert sorted(asked) == sorted(set(asked)) and len(asked) >= 3
    assert len(warehouse.asked) - names == len(asked)
    assert anew.count(True) == 1
    for date in ("90 days", "7 days"):
        before = len(warehouse.asked)
        open_page(date=date)
        assert len(warehouse.asked) == before
