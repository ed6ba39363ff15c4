"""`sql/schema.yaml` against the models, and what the lineage says."""

from __future__ import annotations

import pytest
import yaml

from sql import schema


def test_the_checked_in_file_is_current() -> None:
    assert schema.FILE.read_text(encoding="utf-8") == schema.text(), "make it with: python -m sql.schema"


def test_sources_are_raw_tables_found_through_all_models() -> None:
    tables = yaml.safe_load(schema.FILE.read_text(encoding="utf-8"))
    assert tables["sourcegraph_analytics.update_checks"]["sources"] == ["sourcegraph_analytics.update_checks"]
    assert tables["analytics.ping_days"]["sources"] == [
        "sourcegraph_analytics.internal_instances",
        "sourcegraph_analytics.update_checks",
    ]
    assert "sourcegraph_analytics.licenses" in tables["analytics.instance_months"]["sources"]
    assert not [
        name for name, table in tables.items() for source in table["sources"] if source.startswith("analytics.")
    ]


def test_asking_whether_a_day_is_whole_makes_no_source() -> None:
    tables = yaml.safe_load(schema.FILE.read_text(encoding="utf-8"))
    assert "sourcegraph_analytics.freshness" not in tables["analytics.instance_months"]["sources"]
    assert "dotcom_events.events" in tables["analytics.freshness"]["sources"]


PINGS = "sourcegraph_analytics.update_checks"
KEYS = {f"{PINGS}.{column}" for column in ("remote_site_id", "timestamp", "received_at")}


def test_what_every_ping_needs_is_behind_all_that_is_made_of_pings() -> None:
    tables = yaml.safe_load(schema.FILE.read_text(encoding="utf-8"))
    made_of_pings = {
        name
        for name, table in tables.items()
        if PINGS in table["sources"] and name not in (PINGS, "analytics.freshness", "analytics.releases")
    }
    assert len(made_of_pings) > 8
    for name in made_of_pings:
        table = tables[name]
        columns = [set(table["needs"]) | set(table["raw_columns"].get(column, ())) for column in table["columns"]]
        # Licences and accounts stand without pings; what they say of instances does not.
        assert any(needed >= KEYS for needed in columns) or name == "analytics.licence_days", name
    for name in ("ping_days", "instance_days", "instance_weeks", "instance_months", "instances"):
        assert set(tables[f"analytics.{name}"]["needs"]) >= KEYS, name


@pytest.mark.parametrize(
    ("table", "column", "derives", "not_from"),
    [
        ("ping_days", "cody_users", "cody_usage", "site_activity"),
        ("ping_days", "daily_users", "unique_users_today", "cody_usage"),
        ("instance_months", "monthly_users", "site_activity", "remote_site_version"),
        ("instance_months", "releases_behind", "remote_site_version", "site_activity"),
        ("account_months", "user_accounts", "total_user_accounts", "site_activity"),
        ("instances", "os", "os", "cody_usage"),
    ],
)
def test_a_column_derives_from_its_payload_through_all_models(
    table: str, column: str, derives: str, not_from: str
) -> None:
    described = yaml.safe_load(schema.FILE.read_text(encoding="utf-8"))[f"analytics.{table}"]
    behind = {*described["raw_columns"][column], *described["needs"]}
    assert f"{PINGS}.{derives}" in behind
    assert f"{PINGS}.{not_from}" not in behind


def test_names_types_and_releases_come_from_tables_that_rows_do_not_need() -> None:
    months = yaml.safe_load(schema.FILE.read_text(encoding="utf-8"))["analytics.instance_months"]
    for column, raw in (
        ("account_name", "salesforce_data.accounts.name"),
        ("account_type", "sourcegraph_analytics.licenses.plan"),
        ("releases_behind", "sourcegraph_analytics.releases.version"),
        ("account_id", "sourcegraph_analytics.instance_accounts.account_id"),
    ):
        assert raw in months["raw_columns"][column]
        assert raw not in months["needs"]


def test_rows_of_sourcegraph_com_are_a_kind_of_their_own() -> None:
    tables = yaml.safe_load(schema.FILE.read_text(encoding="utf-8"))
    assert {name for name, table in tables.items() if "kinds" in table} == {"analytics.instance_days"}
    (table, kind), *others = tables["analytics.instance_days"]["kinds"].items()
    assert (table, others) == ("dotcom_events.events", [])
    assert kind["account_type"] == "Free" and kind["pings"] == 0 and kind["account_id"] is None
