"""Macros of the models: cleaning of what instances send as text (docs/models.md, Cleaning)."""

from __future__ import annotations

from sqlglot.expressions.core import Expression
from sqlmesh import macro

GREATEST_COUNT = 1_000_000_000_000


@macro()
def whole_number(evaluator, text: Expression) -> str:
    """A count sent as text: INT64, or NULL where it is blank, signed, fractional or too large to be one."""
    sent = text.sql(dialect="bigquery")
    number = f"SAFE_CAST({sent} AS INT64)"
    return f"CASE WHEN {number} BETWEEN 0 AND {GREATEST_COUNT} THEN {number} END"


@macro()
def count_in_range(evaluator, number: Expression) -> str:
    """The second half of `whole_number`, where the cast has been made: the INT64, or NULL where it is no count."""
    cast = number.sql(dialect="bigquery")
    return f"CASE WHEN {cast} BETWEEN 0 AND {GREATEST_COUNT} THEN {cast} END"


@macro()
def version_part(evaluator, version: Expression, position: Expression) -> str:
    """Part 0 (major), 1 (minor) or 2 (patch) of a version as INT64; NULL for `dev`, blank and dates."""
    sent = version.sql(dialect="bigquery")
    released = f"REGEXP_REPLACE({sent}, r'^[0-9]+_[0-9-]+_', '')"
    numbers = f"REGEXP_EXTRACT({released}, r'^v?([0-9]{{1,3}}\\.[0-9]{{1,4}}[0-9.]*)')"
    return f"SAFE_CAST(SPLIT({numbers}, '.')[SAFE_OFFSET({position.sql()})] AS INT64)"
