"""The example of docs/measures for a day of Cody Pro, too long to be written row by row."""

from __future__ import annotations

from copy import deepcopy
from datetime import date
from io import StringIO
from typing import Any

import pytest
from sqlmesh.core.test.runner import run_tests

from tests.models.cases import Case, cases, project
from tests.models.test_reference_engine import (
    test_a_worked_example_holds_on_the_reference_engine as hold_against_google,
)

DAY = date(2025, 1, 4)


@pytest.fixture
def case() -> Case:
    """3 new and 40 retained persons on a day at whose end 1,000 are active."""
    model = next(case for case in cases() if case.name == "all_fields_of_a_day")
    body: dict[str, Any] = deepcopy(model.body)
    body["inputs"]["analytics.cody_pro_cycles"]["rows"] = [
        {"subscription_id": f"s{at}", "cycle_no": 1, "sams_account_id": f"p{at}", "day": DAY, "is_first": at < 3}
        for at in range(43)
    ]
    body["inputs"]["analytics.cody_pro_spells"]["rows"] = [
        {"sams_account_id": f"p{at}", "first_day": DAY, "last_day": DAY} for at in range(1_000)
    ]
    counts = {"new_subscribers": 3, "retained_subscribers": 40, "daily_subscribers": 43, "active_subscribers": 1_000}
    cents = {"daily_revenue": 387_00, "daily_revenue_added": 27_00, "daily_revenue_retained": 360_00}
    rates = {"mrr": 9_000_00, "arr": 108_000_00, "canceled_subscribers": 0, "active_at_start": 0}
    body["outputs"]["query"]["rows"] = [{"day": DAY, **counts, **cents, **rates}]
    return Case(model.path, model.name, body)


def test_a_day_of_43_subscribers_and_1000_active_ones(case: Case) -> None:
    context = project()
    (example,) = context.select_tests(patterns=[f"{case.path}::{case.name}"])
    result = run_tests(
        [example.model_copy(update={"body": case.body})],
        models=context._models,
        config=context.config,
        selected_gateway=context.selected_gateway,
        dialect=context.default_dialect,
        stream=StringIO(),
        default_catalog=context.default_catalog,
    )
    assert result.testsRun == 1
    assert result.wasSuccessful(), "\n".join(str(text) for _, text in result.failures + result.errors)


def test_the_same_on_the_reference_engine(case: Case) -> None:
    hold_against_google(case)
