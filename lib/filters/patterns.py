"""Patterns with % and _: matching in time proportional to text times pattern, folding, and cover."""

from __future__ import annotations

from collections.abc import Sequence

ANY_RUN, ANY_ONE = 0, 1  # pieces of a pattern, beside single literal characters

Pieces = tuple[str | int, ...]


def fold(text: str) -> str:
    """Lower case, letter by letter, as the lower-case columns hold it."""
    return text.lower() if text.isascii() else "".join(letter.lower() for letter in text)


def fold_pieces(pieces: Pieces) -> Pieces:
    """A pattern in lower case."""
    folded: list[str | int] = []
    for piece in pieces:
        folded += [piece] if isinstance(piece, int) else fold(piece)
    return tuple(folded)


def like_text(pieces: Pieces) -> str:
    """A pattern as the parameter of LIKE: literal `%`, `_` and `\\` behind a backslash."""
    return "".join("%_"[p] if isinstance(p, int) else f"\\{p}" if p in "%_\\" else p for p in pieces)


def pattern_matches(pieces: Pieces, text: Sequence[str | int]) -> bool:
    """Whether the pattern spells the text.

    The text may itself be a pattern: then True means that the first covers every text of the second.
    """
    at = 0
    piece = 0
    retry: tuple[int, int] | None = None  # behind the last run: where to go on in pattern and text
    while at < len(text):
        here = pieces[piece] if piece < len(pieces) else None
        if here == ANY_RUN and isinstance(here, int):
            retry = (piece + 1, at)
            piece += 1
        elif here is not None and (here == text[at] or (here == ANY_ONE and text[at] != ANY_RUN)):
            piece, at = piece + 1, at + 1
        elif retry:
            retry = (retry[0], retry[1] + 1)
            piece, at = retry
        else:
            return False
    return all(rest == ANY_RUN for rest in pieces[piece:])
