"""A smoke test on a real project; it costs nothing worth naming and is skipped unless a project is given."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from lib.settings import Settings
from lib.warehouse import Parameter, Query, QueryInvalid, QueryRefused, open_warehouse

LIVE = Settings()
pytestmark = [
    pytest.mark.bigquery,
    pytest.mark.skipif(
        LIVE.bigquery_project is None or LIVE.bigquery_endpoint is not None,
        reason="BOARDROOM_BIGQUERY_PROJECT names no project",
    ),
]


@pytest.fixture(scope="module")
def warehouse():
    opened = open_warehouse(LIVE.model_copy(update={"warehouse": "bigquery"}))
    yield opened
    opened.close()


def test_values_and_parameters_of_each_type_come_back(warehouse) -> None:
    sql = """
    SELECT @d AS d, @t AS t, @n AS n, ARRAY_LENGTH(@none) AS none, ['a', 'b'] AS l, NUMERIC '1.25' AS m,
           @missing AS missing
    """
    parameters = (
        Parameter("d", "DATE", date(2024, 5, 13)),
        Parameter("t", "TIMESTAMP", datetime(2024, 5, 13, 1, tzinfo=UTC)),
        Parameter("n", "INT64", 7),
        Parameter("none", "ARRAY<STRING>", []),
        Parameter("missing", "STRING", None),
    )
    row = warehouse.run(Query(sql, parameters, look="smoke", budget_bytes=10_485_760)).table.to_pylist()[0]
    assert row["d"] == date(2024, 5, 13)
    assert row["t"] == datetime(2024, 5, 13, 1, tzinfo=UTC)
    assert (row["n"], row["none"], row["l"], str(row["m"]), row["missing"]) == (7, 0, ["a", "b"], "1.250000000", None)


def test_a_mistake_is_invalid(warehouse) -> None:
    with pytest.raises(QueryInvalid) as invalid:
        warehouse.run(Query("SELECT no_such_function(1) AS x"))
    assert "no_such_function" in invalid.value.detail.lower()


def test_over_budget_is_refused(warehouse) -> None:
    query = Query("SELECT MAX(site_id) AS x FROM analytics.ping_days", budget_bytes=1)
    try:
        warehouse.run(query)
    except QueryRefused as refused:
        assert refused.construct == "budget"
    except QueryInvalid:
        pytest.skip("the models are not built in this project")
    else:
        pytest.fail("a budget of one byte was not held")
