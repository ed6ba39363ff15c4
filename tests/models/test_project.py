"""How the project is configured, and what a build reports."""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime
from pathlib import Path
from types import ModuleType

import pytest

from lib.settings import Settings
from sql import config, project
from tests.models.cases import project as loaded
from tests.models.raw import create_raw_tables, insert, opened, ping


def test_only_the_two_tables_of_daily_facts_are_incremental() -> None:
    incremental = {
        project._plain_name(name) for name, model in loaded().models.items() if model.kind.is_incremental_by_time_range
    }
    assert incremental == set(project.INCREMENTAL)
    assert {loaded().get_model(name).lookback for name in incremental} == {project.LOOKBACK_DAYS}


def test_every_model_declares_grain_types_and_what_is_written_runs() -> None:
    for model in loaded().models.values():
        if not model.kind.is_external:
            assert model.grains and model.columns_to_types and not model.optimize_query, model.name
            assert model.columns_to_types.keys() == {p.alias_or_name for p in model.query.selects}, model.name


def test_day_tables_are_partitioned_and_clustered() -> None:
    model = loaded().get_model("analytics.instance_days")
    assert [column.name for column in model.partitioned_by] == ["day"]
    assert [column.name for column in model.clustered_by] == ["account_key", "site_id"]


def test_bigquery_is_a_gateway_only_where_a_project_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert set(config.configuration(None, date(2024, 1, 1)).gateways) == {"duckdb"}

    # SQLMesh only looks whether its PostgreSQL driver is there.
    monkeypatch.setitem(sys.modules, "psycopg2", ModuleType("psycopg2"))
    wanted = Settings(
        var=tmp_path, bigquery_project="acme", bigquery_models_state_url="postgresql://ann:pw@db.example:6432/models"
    )
    monkeypatch.setattr(config, "settings", lambda: wanted)
    made = config.configuration(None, date(2024, 1, 1))
    assert made.default_gateway == "bigquery"
    gateway = made.gateways["bigquery"]
    assert gateway.connection.project == "acme"
    state = gateway.state_connection
    assert (state.host, state.port, state.user, state.database) == ("db.example", 6432, "ann", "models")


def test_a_build_reports_findings_and_is_not_stopped_by_them(tmp_path: Path) -> None:
    database = tmp_path / "warehouse.duckdb"
    create_raw_tables(database)
    insert(
        database,
        "sourcegraph_analytics.update_checks",
        [ping("a", "2024-03-02", 5, license_key="k", total_repos="1e3")],
    )
    insert(
        database,
        "sourcegraph_analytics.licenses",
        [{"license_key": "k", "account_id": "B", "plan": "team", "created_at": "2024-01-01"}],
    )
    insert(
        database,
        "sourcegraph_analytics.instance_accounts",
        [{"site_id": "a", "account_id": "A", "valid_from": "2024-01-01"}],
    )
    steps: list[tuple[str, int, int]] = []

    found = project.build(
        database, date(2024, 3, 1), datetime(2024, 3, 3, tzinfo=UTC), lambda *step: steps.append(step)
    )

    assert {(finding.model, finding.audit) for finding in found} == {
        ("analytics.ping_days", "few_bad_numbers"),
        ("analytics.instance_days", "licence_and_map_agree"),
        ("analytics.accounts", "mapped_accounts_exist"),
    }
    assert steps[-1][1] == steps[-1][2]
    assert {name for name, _, _ in steps} >= {"analytics.ping_days", "analytics.accounts"}


def test_a_model_that_fails_is_named_and_leaves_nothing_open(tmp_path: Path) -> None:
    database = tmp_path / "warehouse.duckdb"
    create_raw_tables(database)
    with opened(database) as connection:
        connection.execute("ALTER TABLE sourcegraph_analytics.releases DROP COLUMN version")

    with pytest.raises(project.ModelsFailed) as failure:
        project.build(database, date(2024, 3, 1), datetime(2024, 3, 3, tzinfo=UTC))

    assert "analytics.releases" in failure.value.models
    assert not list(tmp_path.glob("*.wal"))
