"""What a tile tells while it waits."""

from __future__ import annotations

import threading

from lib.board import tile


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
