"""How long a search takes over 1,000 looks and 100,000 names: `python -m benchmarks.search` (docs/performance.md)."""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import time
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.figures import percentile
from lib.board.search import Entry, Index, Kind, Text

LOOKS, NAMES = 1_000, 100_000
LIMIT_MS = 100.0
RESULTS = Path(__file__).parent / "results" / "search.json"
SEED = 11
SYLLABLES = """
    ac al am an ar bel ben bo bright ca cel cor da del dyn ed el en ever fal fin gen gra har hel in ka kel la lin lo
    mar max me mi mon na nex no nor or pa pen qua ra ri ro sa sil sol ta tel ter tra un va ver vi wes win za zen
""".split()  # noqa: SIM905
ENDINGS = ("Inc", "GmbH", "Labs", "Systems", "Group", "Software", "Data", "Bank", "Health", "Robotics", "& Sons", "AG")
MEASURES = ("users", "seats", "changesets", "searches", "instances", "insights", "monitors", "revenue", "sessions")
PERIODS = ("Daily", "Weekly", "Monthly", "Quarterly", "Yearly")
TYPED = (
    "databricks", "datbricks", "Databrikcs", "monthly usrs", "weekly searches", "look 1521", "1521", "bricks",
    "seat consumption", "ops@databricks.example", "robotics", "belgra systems", "no such thing here",
    "quarterly insigths",
)  # fmt: skip


def made_entries(looks: int, names: int) -> Iterator[Entry]:
    """Looks and names in the mixture and lengths of real ones, the same every time."""
    dice = random.Random(SEED)
    for number in range(looks):
        title = f"{dice.choice(PERIODS)} {dice.choice(MEASURES)} by {_word(dice)} {number}"
        columns = [Text("Column", f"{_word(dice)} {dice.choice(MEASURES)}", 3) for _ in range(6)]
        words = " ".join(dice.choice([_word(dice), *MEASURES, *PERIODS, "of", "the", "by"]) for _ in range(40))
        own = (Text("Old number", f"look {number + 1000}", 1), *columns, Text("Definition", words, 4))
        yield Entry(Kind.tile, title, "board", f"board/look_{number}", own)
    yield Entry(Kind.account, "Databricks", weight=2)
    yield Entry(Kind.email, "ops@databricks.example", weight=2)
    for number in range((names - 2) // 2):
        name = _word(dice).capitalize()
        yield Entry(Kind.account, f"{name} {_word(dice).capitalize()} {dice.choice(ENDINGS)}", weight=number % 5)
        yield Entry(Kind.email, f"{_word(dice)}.{_word(dice)}@{name.lower()}{number % 97}.example", weight=number % 3)


def typed_steps(text: str) -> list[str]:
    """A text as somebody types it: every beginning of it."""
    return [text[:length] for length in range(1, len(text) + 1)]


def measure(looks: int = LOOKS, names: int = NAMES, repetitions: int = 3) -> dict[str, Any]:
    """Milliseconds of every search that typing these texts letter by letter asks, and what the index costs."""
    entries = list(made_entries(looks, names))
    began = time.perf_counter()
    index = Index(entries)
    built = time.perf_counter() - began
    first = index.search("databr")[0].entry
    assert (first.kind, first.title) == (Kind.account, "Databricks"), first
    searches: list[tuple[float, str]] = []
    cpu: list[float] = []
    for _ in range(repetitions):
        for text in TYPED:
            for typed in typed_steps(text):
                began, used = time.perf_counter(), time.thread_time()
                index.search(typed)
                searches.append(((time.perf_counter() - began) * 1000, typed))
                cpu.append((time.thread_time() - used) * 1000)
    times = [spent for spent, _ in searches]
    longest, slowest = max(searches)
    del index
    tracemalloc.start()
    index = Index(list(made_entries(looks, names)))
    memory, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return {
        "looks": looks,
        "names": len(entries) - looks,
        "words": len(index.words),
        "searches": len(times),
        "p50_ms": round(percentile(times, 0.5), 1),
        "p95_ms": round(percentile(times, 0.95), 1),
        "cpu_p50_ms": round(percentile(cpu, 0.5), 1),
        "cpu_p95_ms": round(percentile(cpu, 0.95), 1),
        "longest_ms": round(longest, 1),
        "longest_for": slowest,
        "limit_ms": LIMIT_MS,
        "met": percentile(times, 0.95) < LIMIT_MS,
        "index_s": round(built, 2),
        "index_mb": round(memory / 1e6, 1),
    }


def main() -> None:
    """Measure and write the figures down."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, default=RESULTS)
    output = parser.parse_args().output
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=True)
    figures = {"commit": commit.stdout.strip(), "date": f"{datetime.now(UTC):%Y-%m-%d}", **measure()}
    output.write_text(json.dumps(figures, indent=2) + "\n")
    print(json.dumps(figures, indent=2))


def _word(dice: random.Random) -> str:
    return "".join(dice.choice(SYLLABLES) for _ in range(dice.randint(2, 4)))


if __name__ == "__main__":
    main()
