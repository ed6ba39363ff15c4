"""The header of a look, checked: what `sql/looks/<board>/<look>.sql` says above its SELECT (docs/looks.md)."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

Format = Literal[
    "integer", "change", "decimal", "percent", "usd", "bytes", "date", "week", "month", "duration", "text", "code"
]
ChartKind = Literal[
    "line",
    "area",
    "bar",
    "stacked_bar",
    "funnel",
    "heatmap",
    "scatter",
    "histogram",
    "counter",
    "table",
    "facts",
]
Period = Literal["day", "week_sunday", "week_monday", "month", "instant", "grain"]
ColumnType = Literal[
    "BOOL",
    "DATE",
    "DATETIME",
    "FLOAT64",
    "INT64",
    "NUMERIC",
    "STRING",
    "TIME",
    "TIMESTAMP",
    "ARRAY<STRING>",
    "ARRAY<INT64>",
    "ARRAY<FLOAT64>",
    "ARRAY<DATE>",
]
Show = Literal["sparkline", "progress"]

BYTE_UNITS = {"KB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12}
GRAIN_UNITS: dict[str, Period] = {"day": "day", "week": "week_monday", "month": "month"}


class LookError(Exception):
    """A look that cannot be shown: which file and line, what was found there, what is expected.

    `look` is the look's id, `file` its path from the repository's root; `line` counts from 1.
    """

    def __init__(self, look: str, file: str, line: int, found: str, expected: str) -> None:
        super().__init__(f"{file}, line {line}: found {found}; expected {expected}")
        self.look, self.file, self.line, self.found, self.expected = look, file, line, found, expected


def _as_tuple(value: object) -> object:
    return (value,) if isinstance(value, str) else value


def _byte_text(value: str) -> str:
    parse_bytes(value)
    return value


def parse_bytes(text: str) -> int:
    """Bytes of a budget such as `200 MB` (decimal units, as BigQuery bills); ValueError for any other text."""
    match = re.fullmatch(r"(\d+(?:\.\d+)?) ?(KB|MB|GB|TB)", text)
    if match is None:
        raise ValueError("a size such as 200 MB or 1.5 GB")
    return int(float(match[1]) * BYTE_UNITS[match[2]])


Names = Annotated[tuple[str, ...], BeforeValidator(_as_tuple)]
Text = Annotated[str, Field(min_length=1)]


class Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Column(Part):
    """One result column: its label on charts and in tables, GoogleSQL type, format, and whether series may be merged.

    `names` says how single values of a series are shown (`docker-compose: Docker Compose`); the data keep theirs.
    `rows` says which rows a measure of its own part counts (`account_type: Customer`), for the rows behind a mark.
    `show` draws a table's cell as a line (of an array) or a bar (of a fraction); `badge` names the column whose text
    stands beside a fact as a badge.
    """

    label: Text
    type: ColumnType
    format: Format | None = None
    rollup: Literal["sum", "max", "never"] = "never"
    unit: str = ""
    hidden: bool = False
    names: dict[str, str] = Field(default_factory=dict)
    rows: dict[str, str] = Field(default_factory=dict)
    show: Show | None = None
    badge: str | None = None


class Chart(Part):
    """How the rows are drawn. `series` names the column that splits marks; several `y` are one series each.

    `below` names those of `y` that are drawn below zero, `rules` a column whose texts mark places of the x axis;
    `zero: false` lets the value axis start elsewhere.
    """

    kind: ChartKind
    x: str | None = None
    y: Names = ()
    series: str | None = None
    order: Literal["size", "given"] = "size"
    limit: str | None = None
    rules: str | None = None
    below: Names = ()
    zero: bool = True
    good: Literal["up", "down", "neither"] = "up"


class Sent(Part):
    """The field of a ping that a look lives from, and the version since which instances send it (`5.0`)."""

    field: Text
    since: Annotated[str, Field(pattern=r"^\d+\.\d+$")]


class Opens(Part):
    """Where a row of a table leads: a page (None: the row's own) with filters set to the row's columns."""

    page: str | None = None
    filters: dict[str, str] = Field(min_length=1)


class Look(Part):
    """One tile's whole truth: header and SQL. `id` is `<board>/<look>`.

    With `rows_of` its SQL, columns and `SHARED_KEYS` are the other look's, so that both ask one question.
    """

    id: str
    sql: str
    file: str = ""
    lines: dict[str, int] = Field(default_factory=dict, repr=False)
    title: Text
    label: str = ""
    question: Text
    definition: Text
    caption: str = ""
    rows_of: str | None = None
    grain: Text
    period: Period = "day"
    zone: str = "UTC"
    columns: dict[str, Column] = Field(min_length=1)
    filters: dict[str, str] = Field(default_factory=dict)
    options: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    chart: Chart
    over: Literal["last", "range"] | None = None
    at_least: Annotated[int, Field(ge=2)] | None = None
    trend: str | None = None
    drill: str | None = None
    opens: Opens | None = None
    sent: Sent | None = None
    budget: Annotated[str, AfterValidator(_byte_text)]
    looker: Names = ()

    @property
    def board(self) -> str:
        """The board whose folder holds the look; old links of its `looker` numbers lead there."""
        return self.id.partition("/")[0]

    @property
    def budget_bytes(self) -> int:
        """What the look may read at most, in bytes."""
        return parse_bytes(self.budget)

    @property
    def time_column(self) -> str | None:
        """The result column that tells a mark's period: the x of the chart where it is a moment, else None."""
        x = self.chart.x
        return x if x in self.columns and self.columns[x].type in ("DATE", "DATETIME", "TIMESTAMP") else None

    def period_unit(self, options: dict[str, str]) -> Period:
        """What one mark stands for under these options: `period`, or the chosen grain where the look says `grain`."""
        return GRAIN_UNITS[options["grain"]] if self.period == "grain" else self.period

    def error(self, place: str, found: str, expected: str) -> LookError:
        """A LookError at a header key such as `chart.x`, or at `sql` for the line of the SELECT."""
        line = self.lines.get(place) or self.lines.get(place.partition(".")[0], 1)
        return LookError(self.id, self.file, line, found, expected)


SHARED_KEYS = ("grain", "period", "zone", "filters", "options", "budget")
"""What a look with `rows_of` takes from the other as it is, beside its SELECT and columns."""
HEADER_KEYS = tuple(name for name in Look.model_fields if name not in ("id", "sql", "file", "lines"))
