"""What a tile tells while it waits, and what its waiting person's "Cancel" ends."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from types import SimpleNamespace

import pytest

from lib.board import results, waiting
from lib.board.address import read
from lib.board.visit import Visit
from lib.filters import Context, parse
from lib.looks import CompiledLook, catalogue, compile_look
from tests.board.conftest import NOW


class Line:
    """Keeps what is written, and lets a test wait for the first words."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self.told = threading.Event()

    def markdown(self, text: str) -> None:
        self.words.append(text)
        self.told.set()


@pytest.fixture
def line(monkeypatch) -> Line:
    made = Line()
    monkeypatch.setattr(waiting, "SLOW_S", 0.01)
    monkeypatch.setattr(waiting, "_offer_to_cancel", lambda *_: made)
    return made


@pytest.fixture
def visit(monkeypatch, warehouse) -> Visit:
    monkeypatch.setattr(waiting, "st", SimpleNamespace(session_state={}))
    context, known = Context(now=NOW, zone="UTC"), catalogue()
    return Visit("test", "maya", read({}, known.filters, context, []), NOW, context, known, {})


def compiled(date: str = "12 months") -> CompiledLook:
    return compile_look(catalogue().looks["company_metrics/dau_mau"], {"date": parse("date", date)}, {}, NOW, NOW)


def test_a_tile_that_waits_long_says_for_how_long(visit, line):
    with waiting.telling_when_slow(visit, compiled(), None):
        assert line.told.wait(10)
    assert "Still running after 0 s" in line.words[0]


def test_a_run_that_joins_a_running_question_counts_on(visit, line, monkeypatch):
    monkeypatch.setattr(results, "running_since", lambda query: time.monotonic() - 42)
    with waiting.telling_when_slow(visit, compiled(), None):
        assert line.told.wait(10)
    assert "Still running after 42 s" in line.words[0]


def test_a_tile_that_is_answered_says_nothing_of_waiting(visit, line, monkeypatch):
    monkeypatch.setattr(waiting, "SLOW_S", 10.0)
    with waiting.telling_when_slow(visit, compiled(), None):
        pass
    assert not line.words


def test_cancel_holds_for_this_question_until_it_is_asked_again(visit):
    waiting._cancel(visit, compiled())
    assert waiting.is_stopped(visit, compiled())
    assert not waiting.is_stopped(visit, compiled("6 months"))
    waiting.resume(visit, compiled())
    assert not waiting.is_stopped(visit, compiled())


def test_refresh_asks_what_was_stopped(visit):
    waiting._cancel(visit, compiled())
    assert not waiting.is_stopped(replace(visit, refreshed=set()), compiled())
    assert not waiting.is_stopped(visit, compiled())
