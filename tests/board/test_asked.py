"""Each query that reaches the warehouse is noted with who asked it; what lies in the cache is not."""

from __future__ import annotations

import threading
from datetime import date
from typing import Any

import pytest

from lib.access import NotSignedIn
from lib.board import asked, results
from lib.warehouse.query import Parameter, Query, QueryRefused
from tests.board.conftest import FewRows


@pytest.fixture
def noted(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = []

    def note(event: str, person: int | None, **given: Any) -> None:
        made.append({"event": event, "person": person, **given})

    monkeypatch.setattr(asked, "note", note)
    return made


@pytest.fixture
def query() -> Query:
    kind = Parameter("kind", "STRING", "account_name")
    return Query(
        "SELECT name", (kind, Parameter("date_1", "DATE", date(2025, 11, 1))), "names", columns=(("name", "STRING"),)
    )


def test_a_query_is_noted_once_with_who_asked_it(warehouse: FewRows, session, noted, query: Query) -> None:
    for _ in range(3):
        assert results.rows("maya", query, page="cody_pro").result
    assert noted == [
        {
            "event": "query",
            "person": 1,
            "look": "names",
            "page": "cody_pro",
            "filters": "kind=account_name; date_1=2025-11-01",
            "rows": 3,
            "bytes": None,
        }
    ]


def test_asking_anew_is_noted_anew(warehouse: FewRows, session, noted, query: Query) -> None:
    results.rows("maya", query)
    results.rows("maya", query, fresh=True)
    assert [entry["person"] for entry in noted] == [1, 1]


def test_a_refresh_in_the_background_is_nobodys(warehouse: FewRows, session, noted, query: Query) -> None:
    with asked.asked_by(1):
        refresh = threading.Thread(target=results._kept, args=("key", query))
        refresh.start()
        refresh.join()
    assert [entry["person"] for entry in noted] == [None]


def test_a_query_without_an_answer_is_noted_with_the_reason(warehouse: FewRows, session, noted, query: Query) -> None:
    warehouse.errors["names"] = QueryRefused("This would read 412 GB.")
    assert results.rows("maya", query).trouble
    warehouse.errors["names"] = RuntimeError("private words of an engine")
    assert results.rows("maya", Query("SELECT name, 2", query.parameters, "names")).trouble
    assert [entry["detail"] for entry in noted] == ["This would read 412 GB.", "unexpected error"]


def test_nobody_signed_in_asks_nothing(warehouse: FewRows, session, noted, query: Query) -> None:
    session.valid = False
    with pytest.raises(NotSignedIn):
        results.rows("maya", query)
    assert noted == []


def test_lists_are_written_out() -> None:
    bound = (Parameter("account_name_1", "ARRAY<STRING>", ["databricks", "acme"]), Parameter("none", "STRING", None))
    assert asked.values_in_words(bound) == "account_name_1=databricks, acme; none=None"
