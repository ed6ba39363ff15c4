"""Yes/no expressions: the table of their words, what each keeps, its SQL and how it reads."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from lib.filters.errors import Mistake, clip
from lib.filters.forms import Node, Word, grow, keywords_of, list_expected, unknown_word, walk
from lib.filters.lists import SPACES, check_count, split_items, unique


@dataclass(frozen=True)
class YesNoForm:
    """One word: the values that it keeps (as an exclude: drops), its clause on a column, and its words for people."""

    values: frozenset[bool | None]
    sql: str
    words: str
    exclude: bool = False


YESNO_FORMS: dict[str, YesNoForm] = {
    "yes": YesNoForm(frozenset([True]), "{} IS TRUE", "yes"),
    "no": YesNoForm(frozenset([False, None]), "{} IS NOT TRUE", "no or missing"),
    "true": YesNoForm(frozenset([True]), "{} IS TRUE", "true"),
    "false": YesNoForm(frozenset([False]), "{} IS FALSE", "false"),
    "null": YesNoForm(frozenset([None]), "{} IS NULL", "missing"),
    "not null": YesNoForm(frozenset([None]), "{} IS NOT NULL", "not missing", exclude=True),
}


def _tree() -> Node:
    root = Node()
    for form in YESNO_FORMS:
        grow(root, form, {}, " ".join)
    return root


_TREE = _tree()


def parse_yesno(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Forms (keys of YESNO_FORMS) and warnings of a yes/no expression; raises Mistake."""
    items: list[str] = []
    warnings: list[str] = []
    for start, end in split_items(text):
        if start == end:
            warnings += ["empty_item"] if "," in text else []
            continue
        check_count(len(items) + 1, start)
        items.append(walk(_TREE, _words(text, start, end), _fault(text, end)))
    return unique(items), unique(warnings)


def _words(text: str, start: int, end: int) -> list[Word]:
    words: list[Word] = []
    for at in range(start, end):
        if text[at] in SPACES:
            continue
        if words and words[-1].end == at:
            words[-1] = Word(words[-1].text + text[at], words[-1].position, at + 1)
        else:
            words.append(Word(text[at], at, at + 1))
    return words


def _fault(text: str, end: int) -> Callable[[Word | None, Sequence[Node], int], Mistake]:
    def fault(word: Word | None, nodes: Sequence[Node], index: int) -> Mistake:
        keywords = keywords_of(nodes)
        expected = tuple(sorted(keywords)) + (("a comma",) if any(node.build for node in nodes) else ())
        if word is None:
            comma = text.find(",", end)
            at = len(text) if comma < 0 else comma
            return Mistake("expected", at, int(at < len(text)), f"expected {list_expected(expected)}.", expected)
        if word.text.startswith("-"):
            return Mistake("expected", word.position, 1, "a minus sign has no meaning here.", expected)
        problem = unknown_word(clip(word.text), expected)
        return Mistake("expected", word.position, word.end - word.position, problem, expected, keywords)

    return fault
