"""That a tile draws an answer once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from lib.board import tile
from lib.filters import parse
from lib.looks import CompiledLook, catalogue, compile_look
from tests.board.conftest import NOW, rows_of


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
