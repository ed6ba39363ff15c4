"""How new the data is, and who reads it when."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from lib.warehouse import Freshness, QueryInvalid, WarehouseUnavailable
from lib.warehouse import freshness as module
from lib.warehouse.freshness import FreshnessCache, data_since, data_through

EARLY, LATE = datetime(2024, 5, 14, tzinfo=UTC), datetime(2024, 5, 15, tzinfo=UTC)
KNOWN = {
    "raw.pings": Freshness("raw.pings", LATE, EARLY, grows=True, data_since=datetime(2022, 1, 1, tzinfo=UTC)),
    "raw.events": Freshness("raw.events", LATE, LATE, grows=True, data_since=datetime(2023, 1, 1, tzinfo=UTC)),
    "raw.map": Freshness("raw.map", datetime(2020, 1, 1, tzinfo=UTC), datetime(2020, 1, 1, tzinfo=UTC), grows=False),
}


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("SELECT x FROM raw.pings", EARLY),
        ("SELECT x FROM raw.events", LATE),
        ("SELECT x FROM raw.pings, raw.events", EARLY),
        ("SELECT x FROM raw.events, raw.map", LATE),
        ("SELECT x FROM raw.map", None),
        ("SELECT x FROM raw.unknown", None),
        ("SELECT 1 AS x", None),
    ],
)
def test_the_oldest_growing_source_says_how_far_a_query_reaches(sql: str, expected: datetime | None) -> None:
    assert data_through(sql, KNOWN) == expected


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("SELECT x FROM raw.pings", datetime(2022, 1, 1, tzinfo=UTC)),
        ("SELECT x FROM raw.pings, raw.events, raw.map", datetime(2023, 1, 1, tzinfo=UTC)),
        ("SELECT x FROM raw.map", None),
        ("SELECT 1 AS x", None),
    ],
)
def test_figures_begin_where_the_last_source_begins(sql: str, expected: datetime | None) -> None:
    assert data_since(sql, KNOWN) == expected


def test_one_thread_reads_while_others_wait() -> None:
    calls, start = [], threading.Barrier(6)

    def read() -> dict[str, Freshness]:
        calls.append(1)
        return KNOWN

    cache = FreshnessCache(read)

    def ask(_: int) -> object:
        start.wait(10)
        return cache.get("one")

    with ThreadPoolExecutor(6) as pool:
        assert all(found == KNOWN for found in pool.map(ask, range(6)))
    assert len(calls) == 1
    cache.get("two")
    assert len(calls) == 2


def test_what_is_kept_for_a_while_is_read_again_after_it(monkeypatch: pytest.MonkeyPatch) -> None:
    calls, now = [], [100.0]
    monkeypatch.setattr(module.time, "monotonic", lambda: now[0])
    cache = FreshnessCache(lambda: calls.append(1) or KNOWN, seconds=180)
    cache.get()
    now[0] += 179
    cache.get()
    assert len(calls) == 1
    now[0] += 2
    cache.get()
    assert len(calls) == 2


def test_a_failure_is_kept_shortly_and_then_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    now, answers = [100.0], [WarehouseUnavailable("gone"), KNOWN]

    def read() -> dict[str, Freshness]:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(module.time, "monotonic", lambda: now[0])
    cache = FreshnessCache(read)
    for _ in range(2):
        with pytest.raises(WarehouseUnavailable):
            cache.get()
    now[0] += module.SECONDS_AFTER_FAILURE + 1
    assert cache.get() == KNOWN


def test_a_table_that_is_not_built_yet_means_nothing_is_known() -> None:
    def read() -> dict[str, Freshness]:
        raise QueryInvalid("no table")

    assert FreshnessCache(read).get() == {}


def test_nobody_waits_while_somebody_reads_anew() -> None:
    newer = {**KNOWN, "raw.pings": Freshness("raw.pings", LATE, LATE, grows=True)}
    answers, reading, gate = [KNOWN, newer], threading.Event(), threading.Event()

    def read() -> dict[str, Freshness]:
        if len(answers) == 1:
            reading.set()
            assert gate.wait(10)
        return answers.pop(0)

    cache = FreshnessCache(read)
    assert cache.get() == KNOWN
    with ThreadPoolExecutor(1) as pool:
        refreshing = pool.submit(cache.get, anew=True)
        assert reading.wait(10)
        assert cache.get() == KNOWN
        gate.set()
        assert refreshing.result(10) == newer
    assert cache.get() == newer


def test_when_reading_again_fails_what_was_known_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    now, answers = [100.0], [KNOWN, WarehouseUnavailable("gone"), {}]

    def read() -> dict[str, Freshness]:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(module.time, "monotonic", lambda: now[0])
    cache = FreshnessCache(read, seconds=180)
    assert cache.get("one") == KNOWN
    now[0] += 181
    assert cache.get("one") == KNOWN
    assert cache.get("one") == KNOWN
    now[0] += module.SECONDS_AFTER_FAILURE + 1
    assert cache.get("one") == {}
