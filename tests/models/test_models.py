"""Each worked example of the models on DuckDB, by SQLMesh's own test runner."""

from __future__ import annotations

from copy import deepcopy
from io import StringIO

import pytest
from sqlmesh.core.test.runner import run_tests

from tests.models.cases import Case, cases, project, table_name


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.id)
def test_a_worked_example_holds(case: Case) -> None:
    result = project().test(match_patterns=[f"{case.path}::{case.name}"])
    assert result.testsRun == 1
    assert result.wasSuccessful(), "\n".join(str(text) for _, text in result.failures + result.errors)


def test_every_model_has_a_worked_example() -> None:
    proven = {case.body["model"] for case in cases()}
    models = {table_name(name) for name, model in project().models.items() if not model.kind.is_external}
    assert models - proven == set()


def test_an_example_that_does_not_hold_is_told() -> None:
    case = next(case for case in cases() if case.name == "two_pings_of_a_day")
    context = project()
    (example,) = context.select_tests(patterns=[f"{case.path}::{case.name}"])
    body = deepcopy(example.body)
    body["outputs"]["query"]["rows"][0]["week_users"][0]["users"] += 1
    result = run_tests(
        [example.model_copy(update={"body": body})],
        models=context._models,
        config=context.config,
        selected_gateway=context.selected_gateway,
        dialect=context.default_dialect,
        stream=StringIO(),
        default_catalog=context.default_catalog,
    )
    assert len(result.failures) == 1
