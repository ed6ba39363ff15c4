"""The models find each disagreement of SSC and Stripe that the demo plants, for its reason, and no other."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from lib.demo.disagreements import planted_disagreements
from lib.warehouse.folder import current_stamp, warehouse_file
from tests.conftest import SMALL
from tests.demo.test_quirks import rows, value

COMPARED = """CREATE TEMP TABLE compared AS
WITH planned AS (
  SELECT DISTINCT CAST(UNNEST(generate_series(first_day, last_day, INTERVAL 1 DAY)) AS DATE) AS day,
    sams_account_id AS subscriber, reason AS planted
  FROM planted
)
SELECT planted, reason AS found, COUNT(*) AS days, COUNT(DISTINCT subscriber) AS persons
FROM planned FULL JOIN analytics.cody_pro_reconciliation USING (day, subscriber)
GROUP BY ALL"""


@pytest.fixture(scope="module")
def compared(demo_var: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The small demo warehouse, with days and persons by planted and by found reason."""
    folder = demo_var / "warehouse"
    stamp = current_stamp(folder)
    assert stamp is not None
    with duckdb.connect(str(warehouse_file(folder, stamp)), read_only=True) as connection:
        connection.register("planted", planted_disagreements(scale=SMALL))
        connection.execute(COMPARED)
        yield connection


def test_each_planted_day_is_found_for_its_reason_and_no_other_is(compared: duckdb.DuckDBPyConnection):
    assert rows(compared, "SELECT planted, found FROM compared ORDER BY ALL") == [
        (reason, reason)
        for reason in ("missing in SSC", "missing in Stripe", "other amount", "other date", "other status")
    ]
    assert value(compared, "SELECT MIN(persons) FROM compared") > 20


def test_the_match_share_of_the_days_is_about_93_in_100(compared: duckdb.DuckDBPyConnection):
    sql = """SELECT AVG(active_both / (active_ssc + active_stripe - active_both))
        FROM analytics.cody_pro_reconciliation_days WHERE day >= DATE '2024-11-19'"""
    assert value(compared, sql) == pytest.approx(0.935, abs=0.008)
