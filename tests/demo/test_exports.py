"""The exports have the declared shape, agree with themselves, and depend on nothing but seed and scale."""

import subprocess
import sys
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from lib.demo import FIRST_DAY, LAST_DAY, write_exports
from lib.demo.world import build_world

TABLES = {
    "dotcom_events.events",
    "dotcom_events.events_usage",
    "salesforce_data.accounts",
    "sams.accounts",
    "sourcegraph_analytics.instance_accounts",
    "sourcegraph_analytics.internal_instances",
    "sourcegraph_analytics.licenses",
    "sourcegraph_analytics.releases",
    "sourcegraph_analytics.telemetry_status",
    "sourcegraph_analytics.update_checks",
    "ssc.billing_cycles",
    "ssc.subscriptions",
    "stripe.charges",
    "stripe.invoices",
    "stripe.subscriptions",
}


def content(folder: Path) -> dict[str, pa.Table]:
    files = sorted(path for path in folder.rglob("*.parquet") if path.is_file())
    return {path.relative_to(folder).as_posix(): pq.read_table(path) for path in files}


@pytest.fixture(scope="module")
def smallest(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[float]]:
    """The smallest export and the shares that its progress told."""
    folder, shares = tmp_path_factory.mktemp("smallest"), []
    write_exports(folder, seed=3, scale=0.002, on_progress=lambda _, share: shares.append(share))
    return folder, shares


def test_the_command_line_gives_the_same_rows_for_the_same_seed(smallest: tuple[Path, list[float]], tmp_path: Path):
    command = [sys.executable, "-m", "lib.demo", str(tmp_path), "--seed", "3", "--scale", "0.002"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2])
    assert "100% Raw tables written" in done.stderr
    assert content(tmp_path) == content(smallest[0])


def test_another_seed_gives_another_world():
    assert build_world(1, 0.002) == build_world(1, 0.002)
    assert build_world(1, 0.002) != build_world(2, 0.002)


def test_progress_rises_to_one(smallest: tuple[Path, list[float]]):
    shares = smallest[1]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


def test_every_table_is_there(exports: Path):
    assert {path.name.removesuffix(".parquet") for path in exports.glob("*.parquet")} == TABLES


def test_pings_are_texts_but_for_the_time_of_storing(raw: duckdb.DuckDBPyConnection):
    kinds = {name: kind for name, kind, *_ in raw.execute("DESCRIBE update_checks").fetchall()}
    assert kinds.pop("received_at") == "TIMESTAMP WITH TIME ZONE"
    assert set(kinds.values()) == {"VARCHAR"}
    assert len(kinds) == 47


def test_small_tables_have_their_types(raw: duckdb.DuckDBPyConnection):
    kinds = {name: kind for name, kind, *_ in raw.execute("DESCRIBE licenses").fetchall()}
    assert kinds["seats"] == "BIGINT"
    assert kinds["products"] == "VARCHAR[]"
    assert kinds["created_at"] == "TIMESTAMP WITH TIME ZONE"
    kinds = {name: kind for name, kind, *_ in raw.execute("DESCRIBE instance_accounts").fetchall()}
    assert kinds["valid_from"] == kinds["valid_to"] == "DATE"


def test_pings_and_events_cover_two_years(raw: duckdb.DuckDBPyConnection):
    for table in ("update_checks", "events"):
        first, last = raw.execute(
            f"SELECT min(CAST(timestamp AS DATE)), max(CAST(timestamp AS DATE)) FROM {table}"
        ).fetchall()[0]
        assert (first, last) == (FIRST_DAY, LAST_DAY)
        assert raw.execute(
            f"SELECT max(received_at) < TIMESTAMPTZ '2025-11-19 00:00:00+00' FROM {table}"
        ).fetchall() == [(True,)]


def test_one_ping_a_day_and_four_in_the_last_ninety_days(raw: duckdb.DuckDBPyConnection):
    sql = """SELECT day >= DATE '2025-08-21' AS recent, max(n) FROM
        (SELECT site, day, count(DISTINCT timestamp) AS n FROM pings GROUP BY ALL) GROUP BY 1 ORDER BY 1"""
    assert raw.execute(sql).fetchall() == [(False, 1), (True, 4)]


def test_a_ping_agrees_with_itself(raw: duckdb.DuckDBPyConnection):
    sql = """SELECT count(*),
        count(*) FILTER (day_users > week_users OR week_users > month_users OR month_users > accounts) FROM
        (SELECT CAST(activity->'DAUs'->0->>'UserCount' AS INT) AS day_users,
                CAST(activity->'WAUs'->0->>'UserCount' AS INT) AS week_users,
                CAST(activity->'MAUs'->0->>'UserCount' AS INT) AS month_users,
                TRY_CAST(regexp_extract(total_user_accounts, '^[0-9]+$') AS INT) AS accounts FROM pings)"""
    count, wrong = raw.execute(sql).fetchall()[0]
    assert count > 20_000
    assert wrong == 0


def test_growth_adds_up_to_the_months_users(raw: duckdb.DuckDBPyConnection):
    sql = """SELECT max(abs(CAST(activity->'MAUs'->0->>'UserCount' AS INT) - created - back - stayed)) FROM
        (SELECT activity, CAST(json_extract_string(growth_statistics, '$.CreatedUsers') AS INT) AS created,
                CAST(json_extract_string(growth_statistics, '$.ResurrectedUsers') AS INT) AS back,
                CAST(json_extract_string(growth_statistics, '$.RetainedUsers') AS INT) AS stayed FROM pings)"""
    assert raw.execute(sql).fetchall()[0][0] == 0


def test_weekends_are_quiet_and_christmas_is_too(raw: duckdb.DuckDBPyConnection):
    def users(day: date) -> int:
        sql = """SELECT sum(u) FROM (SELECT max(TRY_CAST(unique_users_today AS INT)) AS u FROM pings
            WHERE day = ? GROUP BY site)"""
        return raw.execute(sql, [day]).fetchall()[0][0]

    tuesday = users(date(2025, 10, 14))
    assert users(date(2025, 10, 12)) < tuesday * 0.35
    assert users(date(2024, 12, 25)) < users(date(2024, 12, 11)) * 0.7


def test_an_outage_loses_most_pings(raw: duckdb.DuckDBPyConnection):
    sql = """SELECT day, count(DISTINCT site) FROM pings
        WHERE day BETWEEN '2025-05-05' AND '2025-05-09' GROUP BY 1 ORDER BY 1"""
    counts = [count for _, count in raw.execute(sql).fetchall()]
    assert max(counts[1:4]) < 0.6 * min(counts[0], counts[4])


def test_databricks_is_large_and_grows(raw: duckdb.DuckDBPyConnection):
    sql = """SELECT sum(u) FROM (SELECT max(CAST(activity->'MAUs'->0->>'UserCount' AS INT)) AS u FROM pings
        WHERE site LIKE 'src-databricks-%' AND date_trunc('month', day) = ? GROUP BY site)"""
    early, late = (raw.execute(sql, [month]).fetchall()[0][0] for month in (date(2024, 1, 1), date(2025, 10, 1)))
    assert late > early * 1.5 > 3_000


def test_signed_in_and_anonymous_visitors(raw: duckdb.DuckDBPyConnection):
    signed_in, anonymous = raw.execute(
        "SELECT count(*) FILTER (user_id > 0), count(*) FILTER (user_id = 0) FROM events"
    ).fetchall()[0]
    assert signed_in > anonymous > 0


def test_managed_instances_send_events_of_their_own(raw: duckdb.DuckDBPyConnection):
    sites = {site for (site,) in raw.execute("SELECT DISTINCT site_id FROM events_usage").fetchall()}
    assert {"src-databricks-managed", "src-hf-emea-20b4"} <= sites
    assert raw.execute("SELECT count(*) FROM events_usage WHERE site_id = 'src-databricks-prod'").fetchall() == [(0,)]
