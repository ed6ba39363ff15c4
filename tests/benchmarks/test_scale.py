"""Ten times the raw events: what is multiplied, and that the days of the rollups stay what they were."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest

from benchmarks.scale import EVENTS, PINGS, as_markdown, multiply, ratio
from lib import demo
from lib.settings import ROOT

TIMES = 3


@pytest.fixture(scope="module")
def exports(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("exports")
    demo.write_exports(folder / "once", scale=0.02)
    multiply(folder / "once", folder / "more", TIMES)
    return folder / "once", folder / "more"


def _asked(exports: tuple[Path, Path], question: str, name: str) -> list[list[tuple]]:
    return [
        duckdb.execute(question, [str(folder / f"{name}.parquet{suffix}")]).fetchall()
        for folder in exports
        for suffix in ["/*.parquet" if (folder / f"{name}.parquet").is_dir() else ""]
    ]


@pytest.mark.parametrize("name", [PINGS, *EVENTS])
def test_every_event_is_there_so_many_times(exports: tuple[Path, Path], name: str) -> None:
    (once,), (more,) = _asked(exports, "SELECT COUNT(*) FROM read_parquet(?)", name)
    assert more[0] == TIMES * once[0]


def test_the_last_ping_of_a_day_says_what_it_said(exports: tuple[Path, Path]) -> None:
    last = """SELECT * FROM read_parquet(?) QUALIFY ROW_NUMBER() OVER (
        PARTITION BY remote_site_id, LEFT(timestamp, 10) ORDER BY timestamp DESC, received_at
    ) = 1 ORDER BY ALL"""
    once, more = _asked(exports, last, PINGS)
    assert once == more


def test_more_pings_say_who_used_the_instance_and_nothing_heavy(exports: tuple[Path, Path]) -> None:
    counted = "SELECT COUNT(site_activity), COUNT(search_usage), COUNT(DISTINCT timestamp) FROM read_parquet(?)"
    (once,), (more,) = _asked(exports, counted, PINGS)
    assert more[:2] == (TIMES * once[0], once[1])
    assert more[2] > 2 * once[2]


def test_ratios_pair_turns() -> None:
    assert ratio({"first": [1.0, 2.0, 4.0], "second": [1.5, 2.0, 8.0]}) == 1.5


def test_the_table_says_whether_the_limit_holds() -> None:
    values = {"first": [1.0, 1.0], "second": [1.2, 1.2]}
    built = {"raw_events": 5, "seconds": 1, "cpu_seconds": 2, "peak_memory_mb": 3, "disk_mb": 4}
    told = as_markdown(
        {
            "commit": "abc1234",
            "date": "2025-11-19",
            "machine": {"cores": 2, "load_at_start": 0.5, "load_at_end": 1.5},
            "scale": 0.5,
            "times": 10,
            "builds": {"1": built, "10": {**built, "raw_events": 50}},
            "questions": {"cody_pro": {"first": [1.0, 1.0], "second": [1.5, 1.5]}},
            "pages": values,
        }
    )
    assert "| x 10 | 50 | 1 s | 2 s | 3 MB | 4 MB |" in told
    assert "| CPU of all questions, cody_pro | 1.00 s | 1.50 s | 1.50 | missed |" in told
    assert "| page without stored answers, company_metrics | 1.00 s | 1.20 s | 1.20 | holds |" in told


def test_the_docs_tell_the_committed_figures() -> None:
    committed = json.loads((ROOT / "benchmarks/results/scale.json").read_text())
    assert as_markdown(committed) in (ROOT / "docs/performance.md").read_text()
