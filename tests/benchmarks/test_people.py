"""Figures of people at work: errors and waits that can miss their aim, memory that can grow, and how they are told."""

from __future__ import annotations

import dataclasses
import json
import re
from itertools import islice

import pytest

from benchmarks import people
from benchmarks.people_figures import Figures, Minute, Workers, aims, as_json, as_markdown, from_json
from lib.settings import ROOT


def course(*sizes: float) -> list[Minute]:
    return [Minute(60.0 * at, size) for at, size in enumerate(sizes, 1)]


ONE = Workers(1, 5, 1, 300, 301, 0.02, 0, [], {"filter": [0.1] * 19 + [0.2], "page": [0.3]}, course(300, 301, 301))
MANY = Workers(25, 5, 1, 300, 350, 0.8, 2, ["page: nothing"], {"filter": [0.5] * 90, "page": [1.2] * 10}, course(400))
SOAK = Workers(25, 60, 1, 300, 350, 0.7, 0, [], {"filter": [0.2] * 10}, course(*[400] * 20, *[410] * 20, *[440] * 20))
FIGURES = Figures("abc1234", "2025-11-19", {"cores": 2, "load_at_start": 0.5, "load_at_end": 1.5}, [ONE, MANY], SOAK)


def test_what_an_open_page_costs_is_spread_over_the_people() -> None:
    assert MANY.session_mb == 2.0


@pytest.mark.parametrize(("sizes", "growth"), [([1, 1], 1.0), ([1, 2, 4], 2.0), ([9, 9, 2, 2, 3, 3], 1.5)])
def test_growth_compares_the_last_third_with_the_one_before(sizes: list[float], growth: float) -> None:
    assert dataclasses.replace(ONE, course=course(*sizes)).growth == growth


def test_errors_waits_and_memory_miss_their_aims() -> None:
    assert [(round(aim.found, 2), aim.met) for aim in aims(FIGURES)] == [(2, False), (6.0, False), (1.07, False)]
    calm = dataclasses.replace(MANY, errors=0, seconds={"filter": [0.5]})
    flat = dataclasses.replace(SOAK, course=course(*[400] * 60))
    assert all(aim.met for aim in aims(dataclasses.replace(FIGURES, crowds=[ONE, calm], soak=flat)))


def test_a_run_without_a_long_crowd_says_nothing_of_memory() -> None:
    assert len(aims(dataclasses.replace(FIGURES, soak=None))) == 2


def test_the_tables_tell_crowds_kinds_and_aims() -> None:
    told = as_markdown(FIGURES)
    assert "| 25 | 100 | 0.50 s | 1.20 s | 1.20 s | 2 | 0.80 | 400 MB | 2.0 MB |" in told
    assert "| 25, 60 minutes | 10 |" in told
    assert "| 1 | 0.10, 0.10 s | 0.30, 0.30 s |" in told
    assert "| p95 of 25 people / p95 of one | 6.00 | 3 | missed |" in told
    assert "Memory of the 60 minutes: 400 MB after 1 min," in told


def test_what_was_written_reads_back() -> None:
    written = json.loads(json.dumps(as_json("abc1234", "2025-11-19", FIGURES.machine, FIGURES.crowds, SOAK)))
    assert from_json(written) == FIGURES


def test_people_do_everything_that_a_board_offers_and_see_every_board() -> None:
    kinds = [kind for kind, _ in islice(people._acts("1-0"), 8)]
    assert kinds == ["filter", "dialog", "new filter", "rows", "filter", "heart", "page", "page"]
    assert people.FIRST_BOARD in people.boards()
    assert len(people.boards()) >= 4


def test_the_docs_tell_the_committed_figures() -> None:
    committed = json.loads(people.OUTPUT.read_text())
    assert as_markdown(from_json(committed)) in (ROOT / "docs/performance.md").read_text()
    assert re.match(r"[0-9a-f]{7,}", committed["commit"])
