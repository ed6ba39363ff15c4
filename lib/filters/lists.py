"""Lists of items: commas, spaces, empty items and the limits that hold for every kind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

from lib.filters.errors import Mistake

SPACES = " \t\n\r\v\f"
LONGEST_TEXT = 2000
MOST_ITEMS = 200
MOST_COUNT = 99_999

T = TypeVar("T")


def check_text(text: str) -> None:
    """Refuse what no kind reads: too long a text, and Looker's user attributes."""
    start = text.lstrip(SPACES + ",")
    if start.startswith("{{"):
        at = len(text) - len(start)
        raise Mistake("unsupported", at, 2, "user attributes ({{ … }}) are not read here. Write the value itself.")
    if len(text) > LONGEST_TEXT:
        problem = f"the text has {len(text):,} characters; at most {LONGEST_TEXT:,} are read."
        raise Mistake("too_long", LONGEST_TEXT, len(text) - LONGEST_TEXT, problem)


def check_count(count: int, position: int) -> None:
    """Refuse the item that is one too many."""
    if count > MOST_ITEMS:
        raise Mistake("too_many", position, 0, f"more than {MOST_ITEMS} items. Use fewer, or a pattern.")


def split_items(text: str) -> Iterator[tuple[int, int]]:
    """The (start, end) of each piece between commas, outer spaces dropped; start == end for an empty piece."""
    at = 0
    for piece in text.split(","):
        core = piece.strip(SPACES)
        start = at + len(piece) - len(piece.lstrip(SPACES)) if core else at
        yield start, start + len(core)
        at += len(piece) + 1


def unique(items: Iterable[T]) -> tuple[T, ...]:
    """Items in order, repeats dropped."""
    return tuple(dict.fromkeys(items))


def join_words(parts: Iterable[str], last: str = " or ") -> str:
    """`a`, `a or b`, `a, b or c`."""
    parts = list(parts)
    return parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + last + parts[-1] if parts else ""
