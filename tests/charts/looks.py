"""Looks and rows for chart tests, in the shapes that boards use."""

from datetime import date

import pyarrow as pa

from lib.looks.look import Look

MONTHS = [date(2024, month, 1) for month in range(1, 7)]


def look(kind: str, *, series: bool = False, several: bool = False, rollup: str = "never", **changes: object) -> Look:
    """A monthly look of `users`, by `instance_type` where `series`, beside `seats` where `several`."""
    columns = {
        "month": {"label": "Month", "type": "DATE", "format": "month"},
        "users": {"label": "Monthly users", "type": "INT64", "format": "integer", "rollup": rollup},
    }
    if series:
        columns["instance_type"] = {"label": "Instance type", "type": "STRING"}
    if several:
        columns["seats"] = {"label": "Seats", "type": "INT64", "format": "integer"}
    chart = {"kind": kind, "x": "month", "y": ["users", "seats"] if several else ["users"]}
    if series:
        chart["series"] = "instance_type"
    header = {
        "id": "tests/users",
        "sql": "SELECT 1",
        "title": "Monthly users",
        "question": "How many?",
        "definition": "Users of the month.",
        "grain": "one row a month",
        "period": "month",
        "budget": "1 GB",
        "columns": columns,
        "chart": chart,
    }
    return Look.model_validate(header | changes)


def look_of(kind: str, columns: dict[str, dict], chart: dict, **changes: object) -> Look:
    """A look with these result columns, the first of them its x; `chart` says the rest of how it is drawn."""
    header = {
        "id": "tests/shape",
        "sql": "SELECT 1",
        "title": "Shape",
        "question": "What is it like?",
        "definition": "As the test says.",
        "grain": "one row a place",
        "period": "month",
        "budget": "1 GB",
        "columns": columns,
        "chart": {"kind": kind, "x": next(iter(columns)), **chart},
    }
    return Look.model_validate(header | changes)


MONTH = {"label": "Month", "type": "DATE", "format": "month"}
DAY = {"label": "Day", "type": "DATE", "format": "date"}


def number(label: str, **changes: object) -> dict[str, object]:
    """A column of whole numbers."""
    return {"label": label, "type": "INT64", "format": "integer"} | changes


def rows(values: list[int | None], months: list[date] | None = None, **columns: object) -> pa.Table:
    """One row a month with the value given; further columns are repeated or given as lists."""
    months = months or MONTHS[: len(values)]
    data = {"month": months, "users": values}
    for name, value in columns.items():
        data[name] = value if isinstance(value, list) else [value] * len(values)
    return pa.table(data)
