"""Figures of people who work with the boards: ranks a kind of click, memory a session, aims, and how they are told."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from benchmarks.figures import Aim, percentile

# Design: nobody sees an error, and 25 people wait at most three times as long as one.
MOST_TIMES, AIM_PEOPLE = 3.0, 25
# Memory counts as flat when its last third is at most a twentieth above the third before it.
FLAT = 1.05
KINDS = ("filter", "new filter", "dialog", "rows", "heart", "page")


@dataclass(frozen=True)
class Minute:
    """What the server's process weighed so many seconds after the first click."""

    second: float
    memory_mb: float


@dataclass
class Workers:
    """What so many people saw: seconds of each click by its kind, errors, and what the server paid.

    `memory_before_mb` with one page open before, `memory_open_mb` with everybody's page open; `cpu_share` in cores.
    """

    people: int
    minutes: float
    processes: int = 1
    memory_before_mb: float = 0.0
    memory_open_mb: float = 0.0
    cpu_share: float = 0.0
    errors: int = 0
    told: list[str] = field(default_factory=list)
    seconds: dict[str, list[float]] = field(default_factory=dict)
    course: list[Minute] = field(default_factory=list)

    @property
    def all_seconds(self) -> list[float]:
        """Of every click."""
        return [second for seconds in self.seconds.values() for second in seconds]

    @property
    def session_mb(self) -> float:
        """What an open page adds to the server's memory."""
        return (self.memory_open_mb - self.memory_before_mb) / self.people

    @property
    def growth(self) -> float:
        """Memory of the last third of the time over that of the third before it; 1 where there are too few figures."""
        third = len(self.course) // 3
        if not third:
            return 1.0
        sizes = [minute.memory_mb for minute in self.course]
        return statistics.median(sizes[-third:]) / statistics.median(sizes[-2 * third : -third])


@dataclass(frozen=True)
class Figures:
    """A whole run: crowds one after the other, and one that clicked for long."""

    commit: str
    date: str
    machine: dict[str, Any]
    crowds: list[Workers]
    soak: Workers | None


def aims(figures: Figures) -> list[Aim]:
    """The aims and what was found."""
    by_people = {crowd.people: crowd for crowd in figures.crowds if crowd.processes == 1}
    everybody = [*figures.crowds, *([figures.soak] if figures.soak else [])]
    held = [crowd for crowd in everybody if crowd.people <= AIM_PEOPLE]
    found = [Aim(f"errors that up to {AIM_PEOPLE} people saw", float(sum(crowd.errors for crowd in held)), 0.0)]
    if 1 in by_people and AIM_PEOPLE in by_people:
        ratio = _p95(by_people[AIM_PEOPLE]) / _p95(by_people[1])
        found.append(Aim(f"p95 of {AIM_PEOPLE} people / p95 of one", ratio, MOST_TIMES))
    for crowd in figures.crowds:
        if 1 in by_people and crowd.processes > 1:
            ratio = _p95(crowd) / _p95(by_people[1])
            found.append(
                Aim(f"p95 of {crowd.people} people on {crowd.processes} processes / p95 of one", ratio, MOST_TIMES)
            )
    if figures.soak:
        name = f"memory over {figures.soak.minutes:g} minutes, last third / third before"
        found.append(Aim(name, figures.soak.growth, FLAT))
    return found


def as_json(
    commit: str, date: str, machine: Mapping[str, Any], crowds: Sequence[Workers], soak: Workers | None
) -> dict[str, Any]:
    """Everything that was measured, rounded to a millisecond and a tenth of a megabyte."""
    figures = Figures(commit, date, dict(machine), list(crowds), soak)
    return _rounded(asdict(figures))


def from_json(written: Mapping[str, Any]) -> Figures:
    """What `as_json` wrote, as figures again."""
    soak = written["soak"]
    return Figures(
        **{**written, "crowds": [_workers(crowd) for crowd in written["crowds"]], "soak": soak and _workers(soak)}
    )


def _workers(written: Mapping[str, Any]) -> Workers:
    return Workers(**{**written, "course": [Minute(**minute) for minute in written["course"]]})


def as_markdown(figures: Figures) -> str:
    """The tables of docs/performance.md."""
    machine = figures.machine
    minutes = sorted({f"{crowd.minutes:g}" for crowd in figures.crowds})
    lines = [
        f"Commit {figures.commit}, {figures.date}, {machine['cores']} cores, load average "
        f"{machine['load_at_start']:.1f} at the start and {machine['load_at_end']:.1f} at the end; "
        f"{' and '.join(minutes)} minutes a crowd.",
        "",
        "| people | clicks | p50 | p95 | longest | errors | cores used | memory | a session |",
        "| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
        *(_crowd_row(crowd) for crowd in figures.crowds),
    ]
    if figures.soak:
        lines.append(_crowd_row(figures.soak, f"{figures.soak.people}, {figures.soak.minutes:g} minutes"))
    kinds = [kind for kind in KINDS if any(kind in crowd.seconds for crowd in figures.crowds)]
    lines += ["", f"| p50, p95 | {' | '.join(kinds)} |", f"| --- |{' ---: |' * len(kinds)}"]
    for crowd in figures.crowds:
        lines.append(f"| {_name(crowd)} | {' | '.join(_ranks(crowd, kind) for kind in kinds)} |")
    lines += ["", "| aim | found | limit | |", "| --- | ---: | ---: | --- |"]
    lines += [
        f"| {aim.name} | {aim.found:.2f} | {aim.limit:g} | {'holds' if aim.met else 'missed'} |"
        for aim in aims(figures)
    ]
    if figures.soak and figures.soak.course:
        lines += ["", f"Memory of the {figures.soak.minutes:g} minutes: {_course(figures.soak.course)}."]
    return "\n".join(lines)


def _p95(crowd: Workers) -> float:
    return percentile(crowd.all_seconds, 0.95)


def _crowd_row(crowd: Workers, name: str = "") -> str:
    times = crowd.all_seconds
    ranks = " | ".join(f"{value:.2f} s" for value in (percentile(times, 0.5), percentile(times, 0.95), max(times)))
    last = crowd.course[-1].memory_mb if crowd.course else crowd.memory_open_mb
    cells = f"{crowd.errors} | {crowd.cpu_share:.2f} | {last:.0f} MB | {crowd.session_mb:.1f} MB"
    return f"| {name or _name(crowd)} | {len(times)} | {ranks} | {cells} |"


def _name(crowd: Workers) -> str:
    return f"{crowd.people} on {crowd.processes} processes" if crowd.processes > 1 else f"{crowd.people}"


def _ranks(crowd: Workers, kind: str) -> str:
    times = crowd.seconds.get(kind)
    return f"{percentile(times, 0.5):.2f}, {percentile(times, 0.95):.2f} s" if times else "—"


def _course(course: Sequence[Minute]) -> str:
    """Seven moments of it, first and last among them."""
    places = sorted({round(part * (len(course) - 1) / 6) for part in range(7)})
    return ", ".join(f"{course[at].memory_mb:.0f} MB after {course[at].second / 60:.0f} min" for at in places)


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 3)
    if isinstance(value, dict):
        return {name: _rounded(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_rounded(inner) for inner in value]
    return value
