"""Rows: for signed-in people only, one query however many ask, errors as values, nothing else forgotten."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pyarrow as pa
import pytest

from lib.access import NotSignedIn
from lib.board import results
from lib.warehouse.query import (
    Freshness,
    Parameter,
    Query,
    QueryCancelled,
    QueryInvalid,
    QueryTimedOut,
    Result,
    WarehouseUnavailable,
)

PINGS = "sourcegraph_analytics.update_checks"
QUERY = Query("SELECT 1 AS n", look="company_metrics/monthly_users")


class Warehouse:
    """Answers every question with the number of questions so far, after `gate` opens."""

    engine = "duckdb"

    def __init__(self) -> None:
        self.stamp = "first"
        self.loaded_at = datetime(2025, 11, 18, tzinfo=UTC)
        self.asked: list[Query] = []
        self.error: Exception | None = None
        self.gate = threading.Event()
        self.gate.set()
        self.running = threading.Event()

    def run(self, query, cancellation=None):
        self.asked.append(query)
        number = len(self.asked)
        self.running.set()
        if cancellation is not None:
            cancellation.on_cancel(self.gate.set)
        assert self.gate.wait(10)
        if cancellation is not None and cancellation.cancelled:
            raise QueryCancelled("Stopped.")
        if self.error is not None:
            raise self.error
        return Result(
            pa.table({"n": [number]}), (("n", "INT64"),), 0.1, data_through=datetime(2025, 11, 18, tzinfo=UTC)
        )

    def freshness(self, *, anew=False):
        return {PINGS: Freshness(PINGS, self.loaded_at, self.loaded_at, True)}


@pytest.fixture
def warehouse(monkeypatch):
    made = Warehouse()
    valid = {"maya", "noor"}

    def require(key):
        if key not in valid:
            raise NotSignedIn
        return SimpleNamespace(id=1, email="", name=key, role="viewer")

    monkeypatch.setattr(results, "warehouse", lambda: made)
    monkeypatch.setattr(results, "require", require)
    monkeypatch.setattr(results, "sources_of", lambda sql: frozenset({PINGS}))
    monkeypatch.setattr(results, "FLIGHTS", results.Flights(check_every_s=0.001))
    monkeypatch.setattr(results, "TURNS", results.Turns())
    for kept in (results._answer, results._kept):
        kept.clear()
    made.valid = valid
    return made


def n(outcome: results.Outcome) -> int:
    assert outcome.result is not None, outcome.trouble
    return outcome.result.table.column("n")[0].as_py()


@pytest.mark.parametrize("key", [None, "", "a guess"])
def test_nobody_gets_rows_without_a_session_even_when_they_lie_in_the_cache(warehouse, key):
    results.rows("maya", QUERY)
    with pytest.raises(NotSignedIn):
        results.rows(key, QUERY)
    assert len(warehouse.asked) == 1


def test_a_session_that_ends_gets_no_more_rows(warehouse):
    results.rows("maya", QUERY)
    warehouse.valid.remove("maya")
    with pytest.raises(NotSignedIn):
        results.rows("maya", QUERY)


def test_two_people_who_ask_the_same_at_once_cause_one_query(warehouse):
    warehouse.gate.clear()
    with ThreadPoolExecutor(2) as people:
        first = people.submit(results.rows, "maya", QUERY, tile="a")
        assert warehouse.running.wait(10)
        second = people.submit(results.rows, "noor", QUERY, tile="b")
        warehouse.gate.set()
        assert (n(first.result(10)), n(second.result(10))) == (1, 1)
    assert len(warehouse.asked) == 1


def test_two_looks_of_the_same_rows_cause_one_query(warehouse):
    """As tiles of `rows_of` do: one text, other looks, at once."""
    warehouse.gate.clear()
    with ThreadPoolExecutor(2) as tiles:
        first = tiles.submit(results.rows, "maya", QUERY, tile="a", page="p")
        assert warehouse.running.wait(10)
        second = tiles.submit(results.rows, "maya", replace(QUERY, look="company_metrics/seats"), tile="b", page="p")
        warehouse.gate.set()
        assert (n(first.result(10)), n(second.result(10))) == (1, 1)
    assert n(results.rows("maya", replace(QUERY, look="company_metrics/third"))) == 1
    assert len(warehouse.asked) == 1


def test_other_values_are_another_question(warehouse):
    by_name = [
        Query("SELECT @name AS n", (Parameter("name", "ARRAY<STRING>", [name]),)) for name in ("Acme", "Databricks")
    ]
    assert [n(results.rows("maya", query)) for query in by_name] == [1, 2]
    assert [n(results.rows("noor", query)) for query in by_name] == [1, 2]


def test_a_value_of_another_type_is_another_question(warehouse):
    texts = [Query("SELECT @x AS n", (Parameter("x", kind, "1"),)) for kind in ("STRING", "INT64")]
    assert [n(results.rows("maya", query)) for query in texts] == [1, 2]


def test_new_data_is_another_question(warehouse):
    results.rows("maya", QUERY)
    warehouse.stamp = "second"
    assert n(results.rows("maya", QUERY)) == 2


def test_an_error_is_an_answer_that_waiters_share(warehouse):
    warehouse.error = QueryTimedOut("Too slow.")
    outcomes = [results.rows(key, QUERY) for key in ("maya", "noor", "maya")]
    assert {outcome.trouble.kind for outcome in outcomes} == {"timed_out"}
    assert len({outcome.trouble.id for outcome in outcomes}) == 1
    assert len(warehouse.asked) == 1


def test_after_an_error_is_forgotten_the_question_is_asked_again(warehouse):
    warehouse.error = WarehouseUnavailable("The warehouse file is locked.")
    assert results.rows("maya", QUERY).trouble.kind == "unavailable"
    warehouse.error = None
    results.forget_trouble(QUERY)
    assert n(results.rows("maya", QUERY)) == 2


def test_who_asks_again_after_an_error_takes_nobodys_answer(warehouse):
    results.rows("noor", QUERY)
    warehouse.error = WarehouseUnavailable("The warehouse file is locked.")
    assert results.rows("maya", QUERY, fresh=True).trouble.kind == "unavailable"
    results.forget_trouble(QUERY)
    assert n(results.rows("noor", QUERY)) == n(results.rows("maya", QUERY)) == 1


def test_a_fresh_answer_is_there_for_everybody(warehouse):
    results.rows("maya", QUERY)
    assert n(results.rows("maya", QUERY, fresh=True)) == 2
    assert n(results.rows("noor", QUERY)) == 2


def test_a_fresh_answer_leaves_those_of_other_filters(warehouse):
    other = Query("SELECT 2 AS n")
    results.rows("maya", QUERY)
    results.rows("maya", other)
    results.rows("maya", QUERY, fresh=True)
    assert n(results.rows("noor", other)) == 2
    assert len(warehouse.asked) == 3


def test_while_somebody_refreshes_all_others_have_the_stored_answer_at_once(warehouse):
    results.rows("noor", QUERY)
    warehouse.running.clear()
    warehouse.gate.clear()
    with ThreadPoolExecutor(2) as people:
        first = people.submit(results.rows, "maya", QUERY, tile="a", fresh=True)
        assert warehouse.running.wait(10)
        second = people.submit(results.rows, "maya", QUERY, tile="b", fresh=True)
        assert n(results.rows("noor", QUERY)) == 1
        assert not first.done() and not second.done()
        warehouse.gate.set()
        assert (n(first.result(10)), n(second.result(10))) == (2, 2)
    assert n(results.rows("noor", QUERY)) == 2
    assert len(warehouse.asked) == 2


def test_each_refresh_asks_again_and_the_last_answer_serves(warehouse):
    for turn in range(2, 6):
        results.rows("noor", QUERY)
        assert n(results.rows("maya", QUERY, fresh=True)) == turn
    assert n(results.rows("noor", QUERY)) == 5


def test_a_refresh_that_is_stopped_or_fails_leaves_the_stored_answer(warehouse):
    results.rows("noor", QUERY)
    warehouse.running.clear()
    warehouse.gate.clear()
    with ThreadPoolExecutor(1) as people:
        stopped = people.submit(results.rows, "maya", QUERY, tile="dau", fresh=True)
        assert warehouse.running.wait(10)
        results.stop("dau")
        with pytest.raises(QueryCancelled):
            stopped.result(10)
    assert n(results.rows("noor", QUERY)) == 1
    warehouse.error = QueryTimedOut("Too slow.")
    assert results.rows("maya", QUERY, fresh=True).trouble.kind == "timed_out"
    assert n(results.rows("noor", QUERY)) == 1


def test_new_data_under_the_same_stamp_is_another_question(warehouse):
    """As on BigQuery, which has one stamp for ever."""
    results.rows("maya", QUERY)
    assert n(results.rows("maya", QUERY)) == 1
    warehouse.loaded_at += timedelta(hours=1)
    assert n(results.rows("noor", QUERY)) == 2


def test_the_engines_own_words_stay_in_the_log(warehouse):
    warehouse.error = QueryInvalid("This tile is broken.", detail="Binder Error: /srv/secret.duckdb")
    trouble = results.rows("maya", QUERY).trouble
    assert "Binder" not in trouble.sentence and len(trouble.id) == 8


def test_an_unforeseen_error_has_an_id_and_no_words_of_its_own(warehouse):
    warehouse.error = RuntimeError("password=hunter2")
    trouble = results.rows("maya", QUERY).trouble
    assert (trouble.kind, trouble.sentence, len(trouble.id)) == ("unexpected", "", 8)


def test_a_newer_question_of_a_tile_cancels_the_older_one(warehouse):
    warehouse.gate.clear()
    with ThreadPoolExecutor(2) as people:
        older = people.submit(results.rows, "maya", QUERY, tile="dau")
        assert warehouse.running.wait(10)
        newer = people.submit(results.rows, "maya", Query("SELECT 2 AS n"), tile="dau")
        with pytest.raises(QueryCancelled):
            older.result(10)
        assert newer.result(10).result is not None


def test_a_cancelled_query_is_no_answer_for_the_next_who_asks(warehouse):
    warehouse.gate.clear()
    with ThreadPoolExecutor(1) as people:
        stopped = people.submit(results.rows, "maya", QUERY, tile="dau")
        assert warehouse.running.wait(10)
        results.stop("dau")
        with pytest.raises(QueryCancelled):
            stopped.result(10)
    assert n(results.rows("noor", QUERY)) == 2


def test_labels_say_page_look_and_role_and_do_not_split_the_cache(warehouse):
    results.rows("maya", QUERY, page="company_metrics")
    results.rows("noor", QUERY, page="single_instance")
    assert len(warehouse.asked) == 1
    assert dict(warehouse.asked[0].labels) == {
        "app": "boardroom",
        "page": "company_metrics",
        "look": "company_metrics/monthly_users",
        "role": "viewer",
    }


def test_asked_at_is_when_the_warehouse_was_asked_not_when_the_page_was_opened(warehouse):
    assert results.rows("maya", QUERY).asked_at == results.rows("noor", QUERY).asked_at
