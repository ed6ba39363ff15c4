"""The language by its cases: cases.yaml holds the worked examples, corners.yaml what is easy to get wrong."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from lib.filters import Context, DateExpression, FilterError, parse, utc_text

KINDS = {"dates": "date", "strings": "string", "numbers": "number", "yesno": "yesno"}
TYPES = {"string": "STRING", "number": "FLOAT64", "yesno": "BOOL", "date": "TIMESTAMP"}
NOW = "2024-05-15T10:30:00Z"


def read_cases() -> Iterator[Any]:
    for file in ("cases.yaml", "corners.yaml"):
        groups = yaml.safe_load(Path(__file__).with_name(file).read_text(encoding="utf-8"))
        for group, cases in groups.items():
            for number, case in enumerate(cases):
                name = f"{file.removesuffix('.yaml')}-{KINDS[group]}-{number}-{case['expression'][:30]!a}"
                yield pytest.param(KINDS[group], case, id=name)


def context_of(case: dict[str, Any]) -> Context:
    return Context(
        datetime.fromisoformat(case.get("now", NOW)),
        case.get("zone", "UTC"),
        case.get("week_start", "monday"),
        case.get("fiscal_start_month", 1),
        case.get("case_sensitive", True),
    )


@pytest.mark.parametrize(("kind", "case"), list(read_cases()))
def test_case(kind: str, case: dict[str, Any]) -> None:
    ctx = context_of(case)
    if "error" in case:
        check_error(kind, case, ctx)
        return
    expression = parse(kind, case["expression"])
    assert parse(kind, expression.to_text()) == expression
    if "canonical" in case:
        assert expression.to_text() == case["canonical"]
    if "words" in case:
        assert expression.describe(ctx) == case["words"]
    if isinstance(expression, DateExpression):
        check_dates(expression, case, ctx)
    else:
        sql, _ = expression.to_sql("x", TYPES[kind], ctx)
        assert sql == case.get("predicate", sql)
        kept = {True: case.get("keeps", []), False: case.get("drops", [])}
        for keep, values in kept.items():
            assert [expression.matches(value, ctx) for value in values] == [keep] * len(values)
    if "warnings" in case or "keeps" in case:
        assert [*expression.warnings, *expression.resolve_warnings(ctx)] == case.get("warnings", [])


def check_dates(expression: DateExpression, case: dict[str, Any], ctx: Context) -> None:
    dates = expression.resolve(ctx)
    found = [[bound and utc_text(bound) for bound in pair] for pair in dates.intervals]
    assert found == case.get("intervals", found)
    assert dates.nulls == case.get("nulls", dates.nulls)
    assert dates.any == expression.any == case.get("any", not expression.items)
    if "intervals" in case:
        assert [*expression.warnings, *dates.warnings] == case.get("warnings", [])


def check_error(kind: str, case: dict[str, Any], ctx: Context) -> None:
    with pytest.raises(FilterError) as caught:
        parse(kind, case["expression"]).resolve_warnings(ctx)
    error = caught.value
    assert [error.code, error.position] == case["error"]
    assert error.length == case.get("length", error.length)
    assert error.suggestion == case.get("suggestion", error.suggestion)
    assert len(error.message) <= 200
    if error.suggestion is not None:
        assert parse(kind, error.suggestion).to_text() == error.suggestion


def test_now_is_cut_to_the_second() -> None:
    assert Context(datetime(2024, 5, 15, 10, 30, 0, 999_999, UTC)).now == datetime(2024, 5, 15, 10, 30, tzinfo=UTC)
