"""The header of a look, checked: what `sql/looks/<board>/<look>.sql` says above its SELECT (docs/looks.md)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

Format = Literal["integer", "decimal", "percent", "usd", "bytes", "date", "week", "month", "duration", "text"]
ChartKind = Literal["line", "area", "bar", "stacked_bar", "heatmap", "scatter", "histogram", "counter", "table"]
Period = Literal["day", "week_sunday", "week_monday", "month", "instant", "grain"]


def _as_tuple(value: object) -> object:
    return (value,) if isinstance(value, str) else value


Names = Annotated[tuple[str, ...], BeforeValidator(_as_tuple)]


class Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Column(Part):
    """One result column: its label on charts and in tables, GoogleSQL type, format, and whether series may be merged."""

    label: str
    type: str
    format: Format | None = None
    rollup: Literal["sum", "max", "never"] = "never"
    unit: str = ""
    hidden: bool = False


class Chart(Part):
    """How the rows are drawn. `series` names the column that splits marks; several `y` are one series each."""

    kind: ChartKind
    x: str | None = None
    y: Names = ()
    series: str | None = None
    order: Literal["size", "given"] = "size"
    limit: str | None = None
    good: Literal["up", "down", "neither"] = "up"


class Look(Part):
    """One tile's whole truth: header and SQL. `id` is `<board>/<look>`."""

    id: str
    sql: str
    title: str
    label: str = ""
    question: str
    definition: str
    caption: str = ""
    grain: str
    period: Period = "day"
    zone: str = "UTC"
    columns: dict[str, Column]
    filters: dict[str, str] = Field(default_factory=dict)
    options: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    chart: Chart
    over: Literal["last", "range"] | None = None
    trend: str | None = None
    drill: str | None = None
    budget: str
    looker: Names = ()
