"""The demo warehouse and its raw tables, each read once, and the selections that looks are recomputed for."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from lib.settings import Settings
from lib.warehouse.duckdb import DuckDBWarehouse
from tests.looks.asking import Keeps, raw_tables
from tests.looks.raw_figures import RawFigures

SETTINGS = ("all", "one account", "one email", "customers", "hosting", "nobody")


@pytest.fixture(scope="session")
def demo_warehouse(demo_settings: Settings):
    found = DuckDBWarehouse(demo_settings.warehouse_folder)
    yield found
    found.close()


@pytest.fixture(scope="session")
def raw_figures(demo_settings: Settings) -> RawFigures:
    with raw_tables(demo_settings) as (connection, last_day):
        return RawFigures(connection, last_day)


@pytest.fixture(scope="session", params=[0, 100], ids=["on the last day", "100 days before"])
def raw(request, raw_figures: RawFigures) -> RawFigures:
    return raw_figures.on(raw_figures.last_day - timedelta(days=request.param))


@pytest.fixture(scope="session")
def settings_of_filters(raw_figures: RawFigures) -> dict[str, tuple[dict[str, str], Keeps]]:
    """Filters as people write them, and what they keep, by name."""
    emails = Counter(row.email for row in raw_figures.months if row.account_type == "Free" and row.email and row.users)
    shared = max(emails, key=lambda email: (emails[email], email))
    return {
        "all": ({}, lambda row: True),
        "one account": ({"account_name": "databricks"}, lambda row: (row.account_name or "").lower() == "databricks"),
        "one email": ({"installer_email": f'"{shared.upper()}"'}, lambda row: row.email == shared),
        "customers": ({"account_type": "Customer"}, lambda row: row.account_type == "Customer"),
        "hosting": (
            {"instance_type": "-Self-hosted,-App"},
            lambda row: row.instance_type not in ("Self-hosted", "App"),
        ),
        "nobody": ({"account_name": "Nobody at all"}, lambda row: False),
    }


@pytest.fixture(params=SETTINGS)
def setting(request, settings_of_filters) -> tuple[dict[str, str], Keeps]:
    return settings_of_filters[request.param]
