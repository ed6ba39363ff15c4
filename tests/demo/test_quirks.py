"""Every awkward case that docs/demo.md names can be found in the exports by a query."""

from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest

from lib.demo import quirks
from lib.demo.names import AWKWARD_NAMES

Raw = duckdb.DuckDBPyConnection


def rows(raw: Raw, sql: str, *values: object) -> list[tuple]:
    return raw.execute(sql, list(values)).fetchall()


def value(raw: Raw, sql: str, *values: object):
    return rows(raw, sql, *values)[0][0]


def test_q1_the_same_ping_is_stored_twice(raw: Raw):
    site, day = quirks.DUPLICATE
    found = rows(
        raw,
        "SELECT timestamp, count(*) FROM pings WHERE site = ? AND day = ? GROUP BY 1 HAVING count(*) > 1",
        site,
        day,
    )
    assert len(found) == 1
    assert found[0][1] == 2


def test_q1_a_ping_is_stored_a_day_late(raw: Raw):
    site, day = quirks.STORED_LATE
    late = value(raw, "SELECT max(epoch(received_at) - epoch(sent)) FROM pings WHERE site = ? AND day = ?", site, day)
    assert late > 86_400


def test_q1_pings_are_stored_out_of_order(raw: Raw):
    sql = """SELECT count(*) FROM (
            SELECT sent, lag(sent) OVER (PARTITION BY site ORDER BY received_at, sent) AS earlier FROM pings)
        WHERE sent < earlier"""
    assert value(raw, sql) > 0


def test_q2_an_instance_is_silent_and_comes_back(raw: Raw):
    site, first, last = quirks.SILENT
    assert value(raw, "SELECT count(*) FROM pings WHERE site = ? AND day BETWEEN ? AND ?", site, first, last) == 0
    for day in (first - timedelta(days=1), last + timedelta(days=1)):
        assert value(raw, "SELECT count(*) FROM pings WHERE site = ? AND day = ?", site, day) >= 1


def test_q3_installer_emails_are_missing_empty_shared_upper_case_or_tagged(raw: Raw):
    emails = dict(rows(raw, "SELECT site, any_value(installer_email) FROM pings GROUP BY 1"))
    assert emails["src-leading-main"] is None
    assert emails["src-cmd-main"] == ""
    assert emails["src-hf-emea-20b4"] != emails["src-hf-prod-7c1e"]
    assert emails["src-hf-emea-20b4"].lower() == emails["src-hf-prod-7c1e"]
    assert emails["src-databricks-prod"] == emails["src-databricks-managed"]
    assert "+" in emails["src-hf-sandbox-e9"]


def test_q4_accounts_have_several_instances_and_some_instances_have_none(raw: Raw):
    sql = "SELECT count(*) FROM instance_accounts JOIN accounts ON id = account_id WHERE name = ?"
    assert value(raw, sql, "Databricks") == 2
    assert value(raw, sql, "Harrow & Finch") == 3
    assert (
        value(raw, "SELECT count(DISTINCT site) FROM pings WHERE site NOT IN (SELECT site_id FROM instance_accounts)")
        > 5
    )


def test_q4_an_instance_moves_to_another_account_and_its_old_row_stays_open(raw: Raw):
    sql = """SELECT name, valid_from, valid_to, updated_at FROM instance_accounts JOIN accounts ON id = account_id
        WHERE site_id = ? ORDER BY updated_at"""
    old, new = rows(raw, sql, quirks.MOVED_SITE)
    assert (old[0], new[0]) == ("Cobalt Freight", "Quayside Logistics")
    assert new[1] == quirks.MOVED_ON
    assert old[2] is None
    assert value(raw, "SELECT count(*) FROM pings WHERE site = ? AND day >= ?", quirks.MOVED_SITE, quirks.MOVED_ON) > 0


def test_q4_the_moved_instance_still_sends_the_old_accounts_licence(raw: Raw):
    sql = """SELECT DISTINCT name FROM pings JOIN licenses USING (license_key) JOIN accounts ON id = account_id
        WHERE site = ? AND day >= ?"""
    assert rows(raw, sql, quirks.MOVED_SITE, quirks.MOVED_ON) == [("Cobalt Freight",)]


@pytest.mark.parametrize(
    ("site", "version"),
    [
        ("src-snake-main", "dev"),
        ("src-organic-main", "5.3.2+dirty"),
        ("src-acme-main", "288124_2024-05-14_5.3-abc"),
        ("src-null-main", ""),
    ],
)
def test_q5_versions_that_are_no_release(raw: Raw, site: str, version: str):
    assert rows(raw, "SELECT DISTINCT remote_site_version FROM pings WHERE site = ?", site) == [(version,)]


def test_q5_app_versions_are_dates(raw: Raw):
    assert (
        value(
            raw,
            "SELECT count(*) FROM pings WHERE deploy_type = 'app' AND remote_site_version ~ '20\\d\\d\\.\\d+\\.\\d+'",
        )
        > 0
    )


def test_q5_versions_must_be_sorted_as_numbers(raw: Raw):
    released = dict(rows(raw, "SELECT version, released_at FROM releases"))
    assert released["5.9.0"] < released["5.10.0"] < released["5.11.0"] < released["6.0.0"]
    assert "5.10.0" < "5.9.0"  # as text they stand the other way round
    assert value(raw, "SELECT count(DISTINCT site) FROM pings WHERE remote_site_version LIKE '5.10.%'") > 0


def test_q6_an_old_version_sends_an_empty_activity(raw: Raw):
    assert rows(raw, "SELECT DISTINCT site_activity, deploy_type FROM pings WHERE site = 'src-oxbow-main'") == [
        ("{}", "")
    ]


def test_q6_critical_telemetry_sends_months_only(raw: Raw):
    assert rows(raw, "SELECT DISTINCT json_keys(activity) FROM pings WHERE site = 'src-penumbra-main'") == [(["MAUs"],)]


def test_q6_older_versions_send_two_days_and_newer_ones_one(raw: Raw):
    sql = """SELECT json_array_length(activity, '$.DAUs') AS days, json_exists(activity, '$.RMAUs') AS rolling
        FROM pings WHERE json_exists(activity, '$.DAUs') GROUP BY ALL ORDER BY ALL"""
    assert rows(raw, sql) == [(1, True), (2, False)]


def test_q6_a_user_count_is_null(raw: Raw):
    sql = (
        "SELECT count(*) FROM pings WHERE site = ? AND day = ? AND json_type(activity, '$.DAUs[0].UserCount') = 'NULL'"
    )
    day = next(day for day, kind in quirks.ODD_ACTIVITY[1].items() if kind == "no users for the day")
    assert value(raw, sql, quirks.ODD_ACTIVITY[0], day) > 0


def test_q7_numbers_that_are_none(raw: Raw):
    site, first, texts = quirks.BAD_NUMBERS
    for n, text in enumerate(texts):
        sql = """SELECT unique_users_today, total_user_accounts FROM pings
            WHERE site = ? AND day = ? ORDER BY sent DESC LIMIT 1"""
        assert rows(raw, sql, site, first + timedelta(days=n)) == [(text, text)]


def test_q7_bad_numbers_are_rare(raw: Raw):
    sql = "SELECT avg(CASE WHEN regexp_full_match(total_user_accounts, '[0-9]{1,9}') THEN 0 ELSE 1 END) FROM pings"
    assert 0 < value(raw, sql) < 0.01


def batch_changes(raw: Raw, site: str, day: date) -> int:
    sql = """SELECT CAST(batches->>'BatchChangesCount' AS INT) FROM pings
        WHERE site = ? AND day = ? ORDER BY sent DESC LIMIT 1"""
    return value(raw, sql, site, day)


def test_q8_a_running_total_falls_when_batch_changes_are_deleted(raw: Raw):
    site, day, deleted = quirks.DELETED_BATCH_CHANGES
    before = batch_changes(raw, site, day - timedelta(days=1))
    assert 0 < batch_changes(raw, site, day) < before
    assert deleted > 0


def test_q8_running_totals_start_again_after_a_reinstallation(raw: Raw):
    site, day = quirks.REINSTALLED
    assert batch_changes(raw, site, day - timedelta(days=1)) > 50
    assert batch_changes(raw, site, day) == 0


def test_q9_a_renewal_overlaps_the_licence_before(raw: Raw):
    sql = """SELECT count(*) FROM licenses a JOIN licenses b USING (account_id)
       
            WHERE a.plan = 'enterprise' AND b.plan = 'enterprise' AND a.created_at < b.created_at
            AND b.created_at < a.expires_at"""
    assert value(raw, sql) > 5


def test_q9_an_expired_licence_still_pings(raw: Raw):
    sql = """SELECT count(*) FROM pings JOIN licenses USING (license_key)
        WHERE site = 'src-tessellate-main' AND received_at > expires_at + INTERVAL 60 DAY"""
    assert value(raw, sql) > 0


def test_q9_several_licences_in_force_and_seats_changed_within_a_month(raw: Raw):
    name, day = quirks.SEATS_CHANGED
    sql = """SELECT seats, created_at FROM licenses JOIN accounts ON id = account_id
       
            WHERE name = ? AND created_at <= CAST(? AS DATE) + INTERVAL 1 DAY AND expires_at > ?
            AND plan <> 'trial' ORDER BY created_at"""
    in_force = rows(raw, sql, name, day, day)
    assert len(in_force) >= 2
    assert in_force[-1][1].date() == day
    assert in_force[-1][0] != in_force[-2][0]
    assert day.day not in (1, 30, 31)
    sql = """SELECT count(*) FROM licenses JOIN accounts ON id = account_id
        WHERE name = ? AND created_at <= TIMESTAMPTZ '2025-09-01' AND expires_at > TIMESTAMPTZ '2025-09-01'"""
    assert value(raw, sql, name) >= 3


def test_q10_pings_that_never_count(raw: Raw):
    assert value(raw, "SELECT count(*) FROM pings WHERE site = ?", quirks.DOTCOM_SITE) > 0
    assert value(raw, "SELECT count(DISTINCT site) FROM pings JOIN internal_instances ON site_id = site") == len(
        quirks.INTERNAL_SITES
    )
    assert rows(raw, "SELECT DISTINCT site FROM pings WHERE deploy_type = 'dev'") == [(quirks.DEV_SITE,)]


def test_q11_awkward_account_names(raw: Raw):
    names = {name for (name,) in rows(raw, "SELECT name FROM accounts")}
    assert set(AWKWARD_NAMES) <= names
    for character in ",", '"', "%", "_", "🚀":
        assert any(character in name for name in names)
    assert any(name.startswith(" ") for name in names)
    assert {"null", "=cmd", "Acme Robotics", "ACME ROBOTICS"} <= names
    assert rows(raw, "SELECT name FROM accounts WHERE name IS NULL OR name = ''") == []


def test_q12_weeks_start_on_sunday_except_those_of_insights_and_cohorts(raw: Raw):
    def weekdays(sql: str) -> list[tuple]:
        return rows(
            raw, f"SELECT DISTINCT dayofweek(CAST(left(start, 10) AS DATE)) FROM ({sql}) WHERE start IS NOT NULL"
        )

    assert weekdays("SELECT activity->'WAUs'->0->>'StartTime' AS start FROM pings") == [(0,)]
    assert weekdays("SELECT json_extract_string(search_usage, '$.Weekly.StartTime') AS start FROM pings") == [(0,)]
    assert weekdays("SELECT json_extract_string(new_code_intel_usage, '$.start_time') AS start FROM pings") == [(0,)]
    assert weekdays("SELECT json_extract_string(code_insights_usage, '$.WeekStart') AS start FROM pings") == [(1,)]
    assert weekdays("SELECT batches->'BatchChangesCohorts'->0->>'Week' AS start FROM pings") == [(1,)]


def test_q13_the_last_ping_of_a_month_comes_hours_before_its_end(raw: Raw):
    site, hour = quirks.EARLY_MONTH_END
    sql = "SELECT max(hour(sent)) FROM pings WHERE site = ? AND day = last_day(day)"
    assert value(raw, sql, site) == hour


def test_q13_month_to_date_values_begin_again(raw: Raw):
    sql = """SELECT CAST(json_extract_string(growth_statistics, '$.RetainedUsers') AS INT) FROM pings
        WHERE site = 'src-databricks-prod' AND day = ? ORDER BY sent DESC LIMIT 1"""
    end, start = value(raw, sql, date(2025, 9, 30)), value(raw, sql, date(2025, 10, 1))
    assert 0 < start < end / 1.3


def test_q14_a_deleted_account_still_pings(raw: Raw):
    sql = """SELECT max(day), any_value(name)
        FROM pings JOIN instance_accounts ON site_id = site JOIN accounts ON id = account_id
        WHERE is_deleted"""
    last, name = rows(raw, sql)[0]
    assert name == "Lantern Insurance"
    assert last >= date(2025, 11, 1)


def test_q17_payloads_that_are_null_or_malformed(raw: Raw):
    site, days = quirks.ODD_ACTIVITY
    texts = dict(rows(raw, "SELECT day, any_value(site_activity) FROM pings WHERE site = ? GROUP BY 1", site))
    kinds = {kind: texts[day] for day, kind in days.items()}
    assert kinds["null text"] == "null"
    assert kinds["quoted null"] == '"null"'
    assert kinds["cut off"].startswith('{"DAUs"')
    assert value(raw, "SELECT count(*) FROM pings WHERE site_activity IS NOT NULL AND activity IS NULL") > 0
    assert value(raw, "SELECT count(*) FROM pings WHERE search_usage IS NULL") > 0


def test_q18_nobody_came_is_not_nothing_said(raw: Raw):
    site, day = quirks.NOBODY_CAME
    users = rows(
        raw,
        "SELECT DISTINCT activity->'DAUs'->0->>'UserCount', unique_users_today FROM pings WHERE site = ? AND day = ?",
        site,
        day,
    )
    assert users == [("0", "0")]
    site, day = quirks.NOTHING_SAID
    said = """SELECT count(*) FROM (SELECT unnest(CAST(activity->'DAUs' AS JSON[])) AS entry FROM pings WHERE site = ?)
        WHERE left(entry->>'StartTime', 10) = CAST(? AS VARCHAR)"""
    assert value(raw, said, site, day) == 0


def test_every_quirk_is_in_the_docs():
    text = (Path(__file__).parents[2] / "docs" / "demo.md").read_text()
    for number in range(1, 19):
        assert f"| Q{number} |" in text
    places = [
        quirks.MOVED_SITE,
        quirks.SILENT[0],
        quirks.REINSTALLED[0],
        quirks.DUPLICATE[0],
        quirks.BAD_NUMBERS[0],
        quirks.DEV_SITE,
    ]
    for place in [*places, *quirks.INTERNAL_SITES, quirks.DOTCOM_SITE, *AWKWARD_NAMES]:
        assert place in text, place
