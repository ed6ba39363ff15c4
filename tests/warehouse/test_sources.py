"""The list of sources is whole, and says of each when it is late."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import yaml

from lib.settings import ROOT
from lib.warehouse.query import Freshness
from lib.warehouse.sources import FILE, Schedule, late_by, source

NOW = datetime(2025, 11, 19, tzinfo=UTC)


def test_every_raw_table_is_listed_with_its_schedule_and_no_other() -> None:
    declared = {entry["name"] for entry in yaml.safe_load((ROOT / "sql" / "external_models.yaml").read_text())}
    assert set(yaml.safe_load(FILE.read_text())) == declared - {"sourcegraph_analytics.freshness"}


def test_who_edits_is_told_of_sources_kept_by_hand_only() -> None:
    for table in ("sourcegraph_analytics.instance_accounts", "sourcegraph_analytics.telemetry_status"):
        assert source(table).schedule == Schedule.BY_HAND


def test_a_source_that_is_not_listed_goes_by_its_table_and_is_loaded_daily() -> None:
    found = source("zendesk.ticket_events")
    assert (found.name, found.schedule) == ("ticket events", Schedule.DAILY)
    fresh = Freshness("zendesk.ticket_events", NOW, NOW - timedelta(hours=40), grows=True)
    assert late_by(fresh, NOW, embedded=False) == timedelta(hours=4)


def test_a_moment_in_the_past_makes_nothing_late() -> None:
    fresh = Freshness("dotcom_events.events", NOW, NOW, grows=True)
    assert late_by(fresh, NOW - timedelta(days=30), embedded=False) == timedelta()
