"""`sql/schema.yaml` against the models, and what the lineage says."""

from __future__ import annotations

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
