"""Word grammars as tables: patterns are laid into one tree, and a text walks all of them at once.

So the first word that continues no rule, and what could have stood in its place, come out of the table itself.
A pattern is a line of words; `(a|b)` is a choice, a name in capitals a slot. A walk yields one value a word or slot.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from lib.filters.errors import Mistake, clip, lower


@dataclass(frozen=True)
class Word:
    """A word of the text with its place: the positions of its first character and behind its last."""

    text: str
    position: int
    end: int


@dataclass(frozen=True)
class Open:
    """A slot that reads words by rule, not by list: `read` gives the value, or None when the word does not fit."""

    name: str
    read: Callable[[str], Any]


Choice = tuple[str, Any]  # the words, space between them, and the value they stand for
Slot = Sequence["Choice | Open"]


@dataclass
class Node:
    """One place in the tree: what may follow, and what stands complete here."""

    words: dict[str, tuple[Node, bool, Any]] = field(default_factory=dict)
    opens: dict[str, tuple[Node, Open]] = field(default_factory=dict)
    build: Callable[[Sequence[Any]], Any] | None = None


Fault = Callable[["Word | None", "list[Node]", int], Mistake]
State = tuple[Node, tuple[Any, ...]]


def grow(root: Node, pattern: str, slots: Mapping[str, Slot], build: Callable[[Sequence[Any]], Any]) -> None:
    """Lay one pattern into the tree; `build` makes the item from the walk's values."""
    nodes = [root]
    for part in pattern.split():
        choices = slots.get(part) or [(word, word) for word in part.strip("()").split("|")]
        nodes = [_branch(node, choice) for node in nodes for choice in choices]
    for node in nodes:
        node.build = node.build or build


def _branch(node: Node, choice: Choice | Open) -> Node:
    if isinstance(choice, Open):
        return node.opens.setdefault(choice.name, (Node(), choice))[0]
    words, value = choice
    *first, last = words.split()
    for word in first:
        node = node.words.setdefault(word, (Node(), False, None))[0]
    return node.words.setdefault(last, (Node(), True, value))[0]


def walk(root: Node, words: Sequence[Word], fault: Fault) -> Any:
    """Build the item that the words spell; `fault` words the mistake at a word, or at the end (None)."""
    states: list[State] = [(root, ())]
    for index, word in enumerate(words):
        following = list(_follow(states, word.text))
        if not following:
            raise fault(word, [node for node, _ in states], index)
        states = following
    for node, values in states:
        if node.build:
            return node.build(values)
    raise fault(None, [node for node, _ in states], len(words))


def _follow(states: Iterable[State], text: str) -> Iterable[State]:
    key = lower(text)
    for node, values in states:
        if step := node.words.get(key):
            yield step[0], (*values, step[2]) if step[1] else values
        for following, slot in node.opens.values():
            if (value := slot.read(text)) is not None:
                yield following, (*values, value)


def keywords_of(nodes: Iterable[Node]) -> frozenset[str]:
    """The words that may stand at these nodes."""
    return frozenset(word for node in nodes for word in node.words)


def unknown_word(text: str, expected: Sequence[str]) -> str:
    """The sentence for a word that fits nowhere."""
    return f'"{clip(text)}" is not understood here; expected {list_expected(expected)}.'


def list_expected(expected: Sequence[str]) -> str:
    """`a, b or c`, at most six of them."""
    shown = list(expected[:6])
    if len(expected) > 6:
        return ", ".join(shown) + " …"
    return ", ".join(shown[:-1]) + " or " + shown[-1] if len(shown) > 1 else "".join(shown)
