"""The production engine on the wire: what it sends, and what it makes of every fault that the double plays."""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from lib.warehouse import (
    Cancellation,
    Parameter,
    Query,
    QueryCancelled,
    QueryInvalid,
    QueryRefused,
    QueryTimedOut,
    WarehouseUnavailable,
)
from lib.warehouse.bigquery import BigQueryWarehouse
from lib.warehouse.freshness import COLUMNS
from tests.warehouse.conftest import Engine
from tests.warehouse.double import Answer, Double, Fault

ONE = Query("SELECT 1 AS x")


@pytest.fixture
def double(bigquery_engine: Engine) -> Double:
    assert bigquery_engine.double
    return bigquery_engine.double


@pytest.fixture
def warehouse(bigquery_engine: Engine) -> BigQueryWarehouse:
    assert isinstance(bigquery_engine.warehouse, BigQueryWarehouse)
    return bigquery_engine.warehouse


def sent(double: Double) -> dict[str, Any]:
    return double.sent("insert")[0].body


def test_the_query_goes_out_unchanged_with_its_limits(warehouse: BigQueryWarehouse, double: Double) -> None:
    sql = "SELECT day\nFROM analytics.days  -- as written\nWHERE day >= @from"
    query = Query(sql, (Parameter("from", "DATE", date(2024, 5, 13)),), budget_bytes=200_000_000, deadline_s=12)
    warehouse.run(query)
    body = sent(double)
    configuration = body["configuration"]
    assert configuration["query"]["query"] == sql
    assert configuration["query"]["parameterMode"] == "NAMED"
    assert configuration["query"]["maximumBytesBilled"] == "200000000"
    assert configuration["query"]["useQueryCache"] is True
    assert configuration["query"]["useLegacySql"] is False
    assert 10_000 < int(configuration["jobTimeoutMs"]) <= 12_000
    assert body["jobReference"]["location"] == "US"
    assert body["jobReference"]["projectId"] == "acme"
    assert body["jobReference"]["jobId"].startswith("boardroom_")


def test_without_a_budget_none_is_sent(warehouse: BigQueryWarehouse, double: Double) -> None:
    warehouse.run(ONE)
    assert "maximumBytesBilled" not in sent(double)["configuration"]["query"]


def test_parameters_carry_their_types(warehouse: BigQueryWarehouse, double: Double) -> None:
    parameters = (
        Parameter("d", "DATE", date(2024, 5, 13)),
        Parameter("t", "TIMESTAMP", datetime(2024, 5, 13, 1, tzinfo=UTC)),
        Parameter("n", "NUMERIC", Decimal("1.5")),
        Parameter("i", "INT64", 7),
        Parameter("missing", "DATE", None),
        Parameter("none", "ARRAY<STRING>", []),
        Parameter("absent", "ARRAY<INT64>", None),
        Parameter("some", "ARRAY<INT64>", [1, 2]),
    )
    warehouse.run(Query("SELECT 1 AS x", parameters))
    found = {p["name"]: p for p in sent(double)["configuration"]["query"]["queryParameters"]}
    assert found["d"]["parameterType"] == {"type": "DATE"}
    assert found["d"]["parameterValue"] == {"value": "2024-05-13"}
    assert found["t"]["parameterValue"]["value"].startswith("2024-05-13")
    assert found["n"]["parameterValue"] == {"value": "1.5"}
    assert found["i"]["parameterValue"] == {"value": "7"}
    assert found["missing"]["parameterType"] == {"type": "DATE"}
    assert found["missing"]["parameterValue"].get("value") is None
    for name, element in (("none", "STRING"), ("absent", "INT64")):
        assert found[name]["parameterType"] == {"type": "ARRAY", "arrayType": {"type": element}}
        assert found[name]["parameterValue"] == {"arrayValues": []}
    assert found["some"]["parameterValue"]["arrayValues"] == [{"value": "1"}, {"value": "2"}]


def test_labels_say_what_the_query_is_for(warehouse: BigQueryWarehouse, double: Double) -> None:
    labels = (("page", "company_metrics"), ("role", "viewer"))
    warehouse.run(Query("SELECT 1 AS x", look="company_metrics/dau_mau", labels=labels))
    assert sent(double)["configuration"]["labels"] == {
        "app": "boardroom",
        "look": "company_metrics-dau_mau",
        "page": "company_metrics",
        "role": "viewer",
    }


def test_billed_bytes_and_cache_hits_come_with_the_result(warehouse: BigQueryWarehouse, double: Double) -> None:
    double.answer(Answer(match="one", bytes=52_428_800, rows=[[1]]))
    double.answer(Answer(match="two", cache_hit=True, rows=[[1]]))
    first, second = warehouse.run(Query("SELECT 'one' AS x")), warehouse.run(Query("SELECT 'two' AS x"))
    assert (first.bytes, first.cache_hit) == (52_428_800, False)
    assert (second.bytes, second.cache_hit) == (0, True)


def test_a_job_that_is_not_complete_is_asked_again(warehouse: BigQueryWarehouse, double: Double) -> None:
    double.answer(Answer(rows=[[4]], incomplete=3))
    assert warehouse.run(ONE).table.to_pylist() == [{"x": 4}]
    assert len(double.sent("results")) >= 4


def test_pages_are_followed_by_their_tokens(warehouse: BigQueryWarehouse, double: Double) -> None:
    double.answer(Answer(rows=[[n] for n in range(25)], page_size=10))
    assert warehouse.run(ONE).table.column("x").to_pylist() == list(range(25))
    assert [r.query.get("pageToken") for r in double.sent("results")] == [None, "10", "20"]


def test_over_budget_names_both_sizes(warehouse: BigQueryWarehouse, double: Double) -> None:
    double.answer(Answer(bytes=1_288_490_188))
    with pytest.raises(QueryRefused, match=r"would read 1\.3 GB, and its budget is 200 MB") as refused:
        warehouse.run(Query("SELECT 1 AS x", budget_bytes=200_000_000))
    assert refused.value.construct == "budget"
    assert len(double.sent("insert")) == 1


REFUSALS = [
    ("accessDenied", QueryRefused, "no right"),
    ("quotaExceeded", WarehouseUnavailable, "quota"),
    ("billingNotEnabled", WarehouseUnavailable, "billing"),
    ("responseTooLarge", QueryRefused, "memory"),
    ("notFound", QueryInvalid, "not in the warehouse"),
    ("invalidQuery", QueryInvalid, "does not work"),
]


@pytest.mark.parametrize(
    ("kind", "error", "words"), [*REFUSALS, ("authError", WarehouseUnavailable, "credentials missing or expired")]
)
def test_each_refused_request_has_its_error_and_is_not_repeated(
    warehouse: BigQueryWarehouse, double: Double, kind: str, error: type[Exception], words: str
) -> None:
    double.fault(Fault(kind, "insert", times=99))
    with pytest.raises(error, match=words):
        warehouse.run(ONE)
    assert len(double.sent("insert")) == 1


@pytest.mark.parametrize(("kind", "error", "words"), REFUSALS)
def test_each_failed_job_has_its_error_and_is_not_repeated(
    warehouse: BigQueryWarehouse, double: Double, kind: str, error: type[Exception], words: str
) -> None:
    double.answer(Answer(error=kind))
    with pytest.raises(error, match=words):
        warehouse.run(ONE)
    assert len(double.sent("insert")) == 1


@pytest.mark.parametrize("kind", ["rateLimitExceeded", "backendError", "internalError", "reset"])
@pytest.mark.parametrize("operation", ["insert", "results", "get"])
def test_a_passing_fault_is_tried_again(
    warehouse: BigQueryWarehouse, double: Double, kind: str, operation: str
) -> None:
    double.answer(Answer(rows=[[9]]))
    double.fault(Fault(kind, operation, times=2))
    assert warehouse.run(ONE).table.to_pylist() == [{"x": 9}]
    assert len(double.sent(operation)) >= 3


def test_a_lost_answer_does_not_run_the_query_twice(warehouse: BigQueryWarehouse, double: Double) -> None:
    double.answer(Answer(rows=[[9]]))
    double.fault(Fault("lost", "insert"))
    assert warehouse.run(ONE).table.to_pylist() == [{"x": 9}]
    ids = {request.body["jobReference"]["jobId"] for request in double.sent("insert")}
    assert (len(double.sent("insert")), len(ids)) == (2, 1)


@pytest.mark.parametrize("kind", ["jobRateLimitExceeded", "jobInternalError"])
def test_a_job_that_failed_in_passing_is_begun_once_more(
    warehouse: BigQueryWarehouse, double: Double, kind: str
) -> None:
    double.answer(Answer(error=kind))
    with pytest.raises(WarehouseUnavailable, match="too much to do"):
        warehouse.run(ONE)
    ids = {request.body["jobReference"]["jobId"] for request in double.sent("insert")}
    assert len(ids) == 2


@pytest.mark.parametrize("kind", ["rateLimitExceeded", "backendError", "reset"])
def test_retries_are_narrow(
    warehouse: BigQueryWarehouse, double: Double, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setattr("lib.warehouse.bigquery.RETRY_SECONDS", 0.3)
    double.fault(Fault(kind, times=10_000))
    with pytest.raises(WarehouseUnavailable, match="minute"):
        warehouse.run(ONE)
    assert 2 <= len(double.sent("insert")) <= 20


@pytest.mark.parametrize("operation", ["insert", "get", "results"])
def test_a_silent_line_ends_at_the_deadline(warehouse: BigQueryWarehouse, double: Double, operation: str) -> None:
    double.answer(Answer(rows=[[1]], slow=operation == "get"))
    double.fault(Fault("hang", operation, times=99))
    with pytest.raises(QueryTimedOut):
        warehouse.run(Query("SELECT 1 AS x", deadline_s=0.5))


def test_a_query_may_take_longer_than_one_request(
    warehouse: BigQueryWarehouse, double: Double, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lib.warehouse.bigquery.HTTP_SECONDS", 0.2)
    double.answer(Answer(rows=[[1]], slow=True))
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(warehouse.run, ONE)
        assert double.wait_for("results")
        time.sleep(0.5)
        double.release()
        assert running.result(10).table.num_rows == 1


def test_a_query_past_its_deadline_is_cancelled_by_its_id(warehouse: BigQueryWarehouse, double: Double) -> None:
    double.answer(Answer(slow=True))
    with pytest.raises(QueryTimedOut):
        warehouse.run(Query("SELECT 1 AS x", deadline_s=0.5))
    assert double.wait_for("cancel")
    assert double.sent("cancel")[0].path.endswith(f"/{sent(double)['jobReference']['jobId']}/cancel")
    assert double.sent("cancel")[0].query["location"] == "US"


def test_a_cancelled_query_is_cancelled_by_its_id(warehouse: BigQueryWarehouse, double: Double) -> None:
    cancellation = Cancellation()
    double.answer(Answer(slow=True))
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(warehouse.run, ONE, cancellation)
        assert double.wait_for("results")
        cancellation.cancel()
        with pytest.raises(QueryCancelled):
            running.result(10)
    assert double.wait_for("cancel")
    assert double.sent("cancel")[0].path.endswith(f"/{sent(double)['jobReference']['jobId']}/cancel")


def test_a_job_that_somebody_else_cancelled_is_cancelled(warehouse: BigQueryWarehouse, double: Double) -> None:
    double.answer(Answer(error="stopped", message="Job execution was cancelled: User requested cancellation"))
    with pytest.raises(QueryCancelled):
        warehouse.run(ONE)


def test_a_job_that_the_service_timed_out_is_timed_out(warehouse: BigQueryWarehouse, double: Double) -> None:
    double.answer(Answer(error="stopped", message="Job execution was cancelled: Job timed out after 12s"))
    with pytest.raises(QueryTimedOut):
        warehouse.run(ONE)


def test_freshness_is_asked_once_in_a_while(warehouse: BigQueryWarehouse, double: Double) -> None:
    double.answer(Answer(match="analytics.freshness", columns=list(COLUMNS)))
    for _ in range(3):
        warehouse.run(Query("SELECT 1 AS x FROM analytics.days"))
    asked = [r for r in double.sent("insert") if "analytics.freshness" in r.body["configuration"]["query"]["query"]]
    assert len(asked) == 1


def test_a_query_survives_that_nothing_is_known_of_freshness(warehouse: BigQueryWarehouse, double: Double) -> None:
    double.answer(Answer(match="analytics.days", rows=[[1]]))
    double.answer(Answer(match="analytics.freshness", error="accessDenied"))
    result = warehouse.run(Query("SELECT 1 AS x FROM analytics.days"))
    assert (result.table.num_rows, result.data_through) == (1, None)


def test_freshness_is_empty_before_the_models_were_built(warehouse: BigQueryWarehouse, double: Double) -> None:
    double.answer(Answer(match="analytics.freshness", error="notFound"))
    assert warehouse.freshness() == {}


def test_freshness_is_asked_anew_for_who_refreshes(warehouse: BigQueryWarehouse, double: Double) -> None:
    days = [datetime(2024, 5, day, tzinfo=UTC) for day in (15, 16)]
    for day in reversed(days):
        row = ["analytics.days", True, day, None, day, None, None]
        double.answer(Answer(match="analytics.freshness", columns=list(COLUMNS), rows=[row]))
        assert warehouse.freshness(anew=day == days[0])["analytics.days"].data_through == day
    assert warehouse.freshness()["analytics.days"].data_through == days[0]


def test_one_client_serves_all_threads(warehouse: BigQueryWarehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    made = []
    make = warehouse._make_client
    monkeypatch.setattr(warehouse, "_make_client", lambda: made.append(1) or make())
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda _: warehouse.run(ONE), range(12)))
    assert len(made) == 1


@pytest.mark.parametrize("content", [None, "not json", "{}", json.dumps({"type": "service_account"})])
def test_credentials_that_do_not_read_are_unavailable(tmp_path: Path, content: str | None) -> None:
    key = tmp_path / "key.json"
    if content is not None:
        key.write_text(content, encoding="utf-8")
    with pytest.raises(WarehouseUnavailable, match="credentials") as error:
        BigQueryWarehouse("acme", credentials=key).run(ONE)
    assert str(tmp_path) not in str(error.value)


def test_no_default_credentials_are_unavailable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(tmp_path / "none.json"))
    with pytest.raises(WarehouseUnavailable, match="credentials"):
        BigQueryWarehouse("acme").run(ONE)
