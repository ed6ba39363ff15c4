"""Figures of a measured run: spreads, ratios within one repetition, aims, and how they are written down."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from benchmarks.crowd import Crowd

FLOOR, WARM, COLD, RAW = "floor", "warm page", "cold page", "raw"
FIRST_SCREEN = "warm page, first screen"
TYPE_CHANGE, TYPE_RAW, TYPE_KEPT = "account type, new", "account type, raw", "account type, cached"
DATE_CHANGE, DATE_RAW = "date, new", "date, raw"


@dataclass(frozen=True)
class Spread:
    """Median, least and most of some values."""

    median: float
    low: float
    high: float
    count: int


@dataclass(frozen=True)
class Aim:
    """One aim: what was found, in words and as a number, its limit, and whether the limit holds."""

    name: str
    found: float
    limit: float

    @property
    def met(self) -> bool:
        """Whether what was found is within the limit."""
        return self.found <= self.limit


@dataclass(frozen=True)
class Figures:
    """A whole run. `seconds` by measure, one value a repetition, so that values of one place belong together.

    `views` holds the floor, warm page, cold page and raw of other boards and selections, by their name.
    """

    commit: str
    date: str
    machine: dict[str, Any]
    warehouse: dict[str, Any]
    seconds: dict[str, list[float]]
    cpu_ms: dict[str, list[float]]
    memory_mb: dict[str, float]
    people: list[Crowd] = field(default_factory=list)
    first_page_s: float = 0.0
    views: dict[str, dict[str, list[float]]] = field(default_factory=dict)


def spread(values: Sequence[float]) -> Spread:
    """The spread of at least one value."""
    return Spread(statistics.median(values), min(values), max(values), len(values))


def percentile(values: Sequence[float], share: float) -> float:
    """The least value that so large a share of the values does not exceed (nearest rank); `share` in (0, 1]."""
    ranked = sorted(values)
    return ranked[max(0, -(-int(share * 1000) * len(ranked) // 1000) - 1)]


def ratios(seconds: dict[str, list[float]]) -> dict[str, list[float]]:
    """Each aim's ratio, repetition by repetition, so that noise of the machine hits both sides of it."""

    def over(measure: str, limits: Sequence[float]) -> list[float]:
        return [value / limit for value, limit in zip(seconds[measure], limits, strict=True)]

    return {
        **page_ratios(seconds),
        "account type / (0.5 s + 1.5 x raw)": over(TYPE_CHANGE, [0.5 + 1.5 * raw for raw in seconds[TYPE_RAW]]),
        "date / (0.5 s + 1.5 x raw)": over(DATE_CHANGE, [0.5 + 1.5 * raw for raw in seconds[DATE_RAW]]),
    }


def page_ratios(seconds: Mapping[str, list[float]]) -> dict[str, list[float]]:
    """The ratios of one view of a page, repetition by repetition."""
    measured = zip(seconds[FLOOR], seconds[RAW], seconds[COLD], seconds[WARM], strict=True)
    cold, warm = zip(*((cold / (floor + raw), warm / floor) for floor, raw, cold, warm in measured), strict=True)
    return {"cold page / (floor + raw)": list(cold), "warm page / floor": list(warm)}


def aims(figures: Figures) -> list[Aim]:
    """The aims and what was found, medians of ratios within one repetition."""
    limits = (1.5, 1.5, 1.0, 1.0)
    found = [
        Aim(name, statistics.median(values), limit)
        for (name, values), limit in zip(ratios(figures.seconds).items(), limits, strict=True)
    ]
    for view, seconds in figures.views.items():
        found += [
            Aim(f"{view}: {name}", statistics.median(values), 1.5) for name, values in page_ratios(seconds).items()
        ]
    found.append(Aim("server CPU of a warm page run, ms", statistics.median(figures.cpu_ms["warm page"]), 100.0))
    if len(figures.people) > 1:
        one, most = figures.people[0], figures.people[-1]
        found.append(
            Aim(
                f"p95 of {most.people} people / p95 of one",
                percentile(most.all_seconds, 0.95) / percentile(one.all_seconds, 0.95),
                3.0,
            )
        )
        found.append(Aim("errors that people saw", float(sum(crowd.errors for crowd in figures.people)), 0.0))
    return found


def as_json(figures: Figures) -> dict[str, Any]:
    """Everything that was measured, rounded to a tenth of a millisecond, and the aims."""
    said = [
        {"aim": aim.name, "found": round(aim.found, 3), "limit": aim.limit, "met": aim.met} for aim in aims(figures)
    ]
    return _rounded({**asdict(figures), "aims": said})


def from_json(written: Mapping[str, Any]) -> Figures:
    """What `as_json` wrote, as figures again; the aims follow from them."""
    plain = {name: value for name, value in written.items() if name != "aims"}
    return Figures(**{**plain, "people": [Crowd(**crowd) for crowd in written["people"]]})


def as_markdown(figures: Figures) -> str:
    """The tables of docs/performance.md."""
    machine = figures.machine
    lines = [
        f"Commit {figures.commit}, {figures.date}, {machine['cores']} cores, "
        f"load average {machine['load_at_start']:.1f} at the start and {machine['load_at_end']:.1f} at the end.",
        "",
        "| measure | median | min | max | times |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    lines += [_row(name, values, "s") for name, values in figures.seconds.items()]
    for view, seconds in figures.views.items():
        lines += [_row(f"{view}: {name}", values, "s") for name, values in seconds.items()]
    lines += [_row(f"server CPU, {name}", values, "ms") for name, values in figures.cpu_ms.items()]
    lines += ["", "| aim | found | limit | |", "| --- | ---: | ---: | --- |"]
    lines += [
        f"| {aim.name} | {aim.found:.2f} | {aim.limit:g} | {'holds' if aim.met else 'missed'} |"
        for aim in aims(figures)
    ]
    if figures.people:
        lines += ["", "| people | clicks | p50 | p95 | longest | p95, new | errors |"]
        lines += ["| ---: | ---: | ---: | ---: | ---: | ---: | ---: |"]
        lines += [_crowd_row(crowd) for crowd in figures.people]
    memory = ", ".join(f"{name} {value:.1f} MB" for name, value in figures.memory_mb.items())
    lines += ["", f"Memory: {memory}. First page after the start: {figures.first_page_s:.2f} s."]
    return "\n".join(lines)


def _row(name: str, values: Sequence[float], unit: str) -> str:
    found = spread(values)
    places = 2 if unit == "s" else 0
    cells = (f"{value:.{places}f} {unit}" for value in (found.median, found.low, found.high))
    return f"| {name} | {' | '.join(cells)} | {found.count} |"


def _crowd_row(crowd: Crowd) -> str:
    times = crowd.all_seconds
    cells = (percentile(times, 0.5), percentile(times, 0.95), max(times), percentile(crowd.new_seconds, 0.95))
    told = " | ".join(f"{value:.2f} s" for value in cells)
    return f"| {crowd.people} | {len(times)} | {told} | {crowd.errors} |"


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 4)
    if isinstance(value, dict):
        return {name: _rounded(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_rounded(inner) for inner in value]
    return value
