"""What a tile tells while it waits, and that it draws an answer once."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from lib.board import tile
from lib.filters import parse
from lib.looks import CompiledLook, catalogue, compile_look
from tests.board.conftest import NOW, rows_of


class Footer:
    """Keeps what is written, and lets a test wait for the first words."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self.told = threading.Event()

    def markdown(self, text: str) -> None:
        self.words.append(text)
        self.told.set()


def test_a_tile_that_waits_long_says_for_how_long(monkeypatch):
    monkeypatch.setattr(tile, "SLOW_S", 0.01)
    footer = Footer()
    with tile.telling_when_slow(footer):
        assert footer.told.wait(10)
    assert "Still running after 0 s" in footer.words[0]


def test_a_tile_that_is_answered_says_nothing_of_waiting():
    footer = Footer()
    with tile.telling_when_slow(footer):
        pass
    assert not footer.words


@pytest.fixture
def compiled() -> CompiledLook:
    look = catalogue().looks["company_metrics/dau_mau"]
    return compile_look(look, {"date": parse("date", "12 months")}, {}, NOW, NOW)


def test_an_answer_is_drawn_once(compiled: CompiledLook, monkeypatch):
    table, asked_at = rows_of(compiled.query, 11), datetime(2025, 11, 19, 6, 10, 1, tzinfo=UTC)
    drawn = tile.drawing_of(compiled, asked_at, table)
    monkeypatch.setattr(tile, "draw", lambda *_: pytest.fail("drawn again"))
    assert tile.drawing_of(compiled, asked_at, table) is drawn


def test_a_newer_answer_and_an_edited_look_are_drawn_anew(compiled: CompiledLook):
    table, asked_at = rows_of(compiled.query, 11), datetime(2025, 11, 19, 6, 10, 2, tzinfo=UTC)
    first = tile.drawing_of(compiled, asked_at, table)
    newer = tile.drawing_of(compiled, datetime(2025, 11, 19, 6, 10, 3, tzinfo=UTC), table.slice(0, 5))
    assert newer.table.num_rows < first.table.num_rows
    edited = compiled.look.model_copy(update={"title": "Stickiness"})
    assert "Stickiness" in tile.drawing_of(replace(compiled, look=edited), asked_at, table).alt
