"""What the files of a whole board hold: its head, its parts in order, and where it leads back to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lib.board.downloads.piece import Wanted
from lib.board.part import Part


@dataclass(frozen=True)
class Contents:
    """A board as its page stands at this moment; `options` are those of its tiles, by look."""

    title: str
    question: str
    parts: tuple[Part, ...]
    options: Mapping[str, Mapping[str, str]]
    through: str
    link: str

    @property
    def wanted(self) -> list[Wanted]:
        """Its looks in order, each once."""
        looks = dict.fromkeys(look for part in self.parts for look in part.looks)
        return [Wanted(look, self.options.get(look, {})) for look in looks]
