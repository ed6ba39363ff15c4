"""What a chart's spec depends on: the look's header, and the few facts of its rows that change how it is drawn."""

from __future__ import annotations

from dataclasses import dataclass

from lib.charts.labels import starts_at_zero
from lib.charts.marks import Marks
from lib.looks.look import Look

_WEEKS_BY_DAY = 26
_DAYS_BY_DAY = 120
# Beyond, gaps between bars are thinner than a pixel.
_BARS_WITH_GAPS = 120


@dataclass(frozen=True)
class Form:
    """Looks of equal form share one spec.

    `by_month`: month names on the time axis. `dense`: bars without gaps. `beside`: bars of one place side by side.
    `from_zero`: the value axis starts at zero. `opens`: marks are clicked for the rows behind them.
    """

    kind: str
    timed: bool
    by_month: bool
    dense: bool
    beside: bool
    from_zero: bool
    x_label: str
    x_format: str | None
    value_label: str
    value_format: str | None
    series_label: str | None
    limit: bool
    rules: str | None
    opens: bool = False


def form_of(look: Look, marks: Marks, period: str) -> Form:
    """The form of a look with these marks; `period` is the look's period unit."""
    chart, columns = look.chart, look.columns
    x = columns[chart.x] if chart.x else None
    value = columns[chart.y[0]] if chart.y else None
    several = len(chart.y) > 1
    return Form(
        kind=chart.kind,
        timed=look.time_column is not None,
        by_month=_by_month(period, len(marks.xs)),
        dense=len(marks.xs) > _BARS_WITH_GAPS,
        beside=chart.kind == "bar" and _stands_beside(marks),
        from_zero=starts_at_zero(look, marks),
        x_label=x.label if x else "",
        x_format=x.format if x else None,
        value_label="Value" if several else value.label if value else "Rows",
        value_format=value.format if value else None,
        series_label=columns[chart.series].label if chart.series else "Measure" if several else None,
        limit=chart.limit is not None,
        rules=columns[chart.rules].label if chart.rules else None,
        opens=look.drill is not None,
    )


def _by_month(period: str, places: int) -> bool:
    """Weeks and days carry month names once there are too many of them to be named one by one."""
    if period == "month":
        return True
    return places > (_WEEKS_BY_DAY if period.startswith("week") else _DAYS_BY_DAY)


def _stands_beside(marks: Marks) -> bool:
    """Whether any place has two bars on the same side of zero; colours alone need no more room."""
    sides = [(row.x, (row.value or 0.0) < 0) for row in marks.rows if row.value is not None]
    return len(set(sides)) < len(sides)
