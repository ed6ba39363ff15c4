"""Figures of a measured run: ranks, ratios of values that belong together, and aims that can be missed."""

from __future__ import annotations

import dataclasses
import json
import re

import pytest

from benchmarks.crowd import Crowd
from benchmarks.figures import (
    COLD,
    DATE_CHANGE,
    DATE_RAW,
    FLOOR,
    RAW,
    TYPE_CHANGE,
    TYPE_RAW,
    WARM,
    Figures,
    Spread,
    aims,
    as_json,
    as_markdown,
    from_json,
    percentile,
    ratios,
    spread,
)
from lib.settings import ROOT

SECONDS = {
    FLOOR: [1.0, 2.0, 1.0],
    WARM: [1.2, 2.6, 1.4],
    COLD: [3.0, 4.0, 2.0],
    RAW: [1.0, 2.0, 1.0],
    TYPE_CHANGE: [1.0, 1.0, 4.0],
    TYPE_RAW: [1.0, 1.0, 1.0],
    DATE_CHANGE: [4.0, 4.0, 4.0],
    DATE_RAW: [1.0, 1.0, 1.0],
}
FIGURES = Figures(
    commit="abc1234",
    date="2025-11-19",
    machine={"cores": 2, "load_at_start": 0.5, "load_at_end": 1.5},
    warehouse={"sourcegraph_analytics.update_checks": 10},
    seconds=SECONDS,
    cpu_ms={"warm page": [90.0, 110.0, 130.0]},
    memory_mb={"server": 300.0, "a further open page": 1.0},
    views={"Cody Pro": {FLOOR: [1.0, 1.0], WARM: [1.2, 2.2], COLD: [3.0, 2.0], RAW: [1.0, 1.0]}},
    people=[Crowd(1, [0.1] * 19, [0.2]), Crowd(25, [0.25] * 95, [0.9] * 5, errors=1)],
)


def test_spread_is_median_and_ends() -> None:
    assert spread([3.0, 1.0, 2.0, 10.0]) == Spread(2.5, 1.0, 10.0, 4)


@pytest.mark.parametrize(("share", "found"), [(0.5, 10), (0.51, 11), (0.95, 19), (0.951, 20), (1.0, 20), (0.01, 1)])
def test_percentile_is_the_nearest_rank(share: float, found: int) -> None:
    assert percentile(list(range(20, 0, -1)), share) == found


def test_ratios_pair_what_was_measured_together() -> None:
    assert ratios(SECONDS)["cold page / (floor + raw)"] == [1.5, 1.0, 1.0]
    assert ratios(SECONDS)["warm page / floor"] == pytest.approx([1.2, 1.3, 1.4])
    assert ratios(SECONDS)["date / (0.5 s + 1.5 x raw)"] == [2.0, 2.0, 2.0]


def test_a_missing_partner_is_an_error() -> None:
    with pytest.raises(ValueError):
        ratios({**SECONDS, RAW: [1.0]})


def test_aims_are_told_apart_by_whether_they_hold() -> None:
    assert [aim.met for aim in aims(FIGURES)] == [True, True, True, False, True, False, False, True, False]


def test_a_lone_crowd_has_no_ratio() -> None:
    assert len(aims(dataclasses.replace(FIGURES, people=FIGURES.people[:1]))) == 7


def test_all_that_was_measured_is_written() -> None:
    written = json.loads(json.dumps(as_json(FIGURES)))
    assert written["seconds"][COLD] == SECONDS[COLD]
    assert written["people"][1]["new_seconds"] == [0.9] * 5
    assert [aim["met"] for aim in written["aims"]] == [aim.met for aim in aims(FIGURES)]


def test_the_table_says_which_aims_are_missed() -> None:
    told = as_markdown(FIGURES)
    assert "| warm page | 1.40 s | 1.20 s | 2.60 s | 3 |" in told
    assert "| Cody Pro: cold page | 2.50 s | 2.00 s | 3.00 s | 2 |" in told
    assert "| Cody Pro: warm page / floor | 1.70 | 1.5 | missed |" in told
    assert "| server CPU of a warm page run, ms | 110.00 | 100 | missed |" in told
    assert "| 25 | 100 | 0.25 s | 0.25 s | 0.90 s | 0.90 s | 1 |" in told


def test_what_was_written_reads_back() -> None:
    assert from_json(json.loads(json.dumps(as_json(FIGURES)))) == FIGURES


def test_the_docs_tell_the_committed_figures() -> None:
    committed = json.loads((ROOT / "benchmarks/results/page_load.json").read_text())
    told = (ROOT / "docs/performance.md").read_text()
    assert as_markdown(from_json(committed)) in told
    assert re.fullmatch(r"[0-9a-f]{7,}", committed["commit"]), "figures of unsaved changes are nobody's"
