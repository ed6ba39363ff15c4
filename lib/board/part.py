"""One line of a board, as its page wrote it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Part:
    """Counters, a row of tiles, or a section's title; `when`: filters without which it does not stand there."""

    kind: Literal["counters", "row", "section"]
    looks: tuple[str, ...] = ()
    title: str = ""
    wide: bool = False
    when: tuple[str, ...] = ()
