"""Errors of the filter language: what stands where, what was expected, and what the person may have meant."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache

LABELS = {"date": "Date", "string": "Text", "number": "Number", "yesno": "Yes/no"}
LONGEST_QUOTE = 40
LONGEST_MESSAGE = 200


class FilterError(Exception):
    """A text that is no filter expression, or a date outside the years 1-9999 (`out_of_range`).

    `position` and `length` count code points of the text as given; `expected` lists what could have stood there;
    `suggestion` is a whole expression in canonical form that parses, or None; `message` is a sentence of at most
    200 characters that names the filter. Codes: docs/filters, "Errors".
    """

    def __init__(
        self,
        code: str,
        position: int,
        length: int,
        problem: str,
        expected: tuple[str, ...] = (),
        suggestion: str | None = None,
        label: str = "Filter",
    ) -> None:
        self.code = code
        self.position = position
        self.length = length
        self.problem = problem
        self.expected = expected
        self.suggestion = suggestion
        self.label = label
        self.message = _message(label, problem, suggestion)
        super().__init__(self.message)

    def __reduce__(self) -> tuple[type[FilterError], tuple[object, ...]]:
        """Results are cached with their errors, so an error must survive pickling."""
        parts = (self.code, self.position, self.length, self.problem, self.expected, self.suggestion, self.label)
        return FilterError, parts

    def named(self, label: str) -> FilterError:
        """The same error with another filter's name in its message."""
        return FilterError(
            self.code, self.position, self.length, self.problem, self.expected, self.suggestion, label=label
        )


def _message(label: str, problem: str, suggestion: str | None) -> str:
    message = f"{clip(label)}: {problem}"
    if suggestion is not None and len(suggestion) <= LONGEST_QUOTE:
        longer = f'{message} Did you mean "{suggestion}"?'
        message = longer if len(longer) <= LONGEST_MESSAGE else message
    return message if len(message) <= LONGEST_MESSAGE else message[: LONGEST_MESSAGE - 1] + "…"


def clip(text: str) -> str:
    """At most 40 characters of a text, on one line."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_QUOTE else line[: LONGEST_QUOTE - 1] + "…"


@dataclass
class Mistake(Exception):
    """What a grammar found wrong, before a suggestion is sought.

    `keywords` could have stood in place of the word at `position`; `repairs` are (start, end, text) replacements in
    the order in which they are to be tried.
    """

    code: str
    position: int
    length: int
    problem: str
    expected: tuple[str, ...] = ()
    keywords: frozenset[str] = frozenset()
    repairs: tuple[tuple[int, int, str], ...] = field(default=())


def explain(mistake: Mistake, kind: str, text: str, canonical: Callable[[str], str]) -> FilterError:
    """Turn a mistake into the error a person reads; `canonical` parses and prints a candidate or raises a Mistake."""
    suggestion = None
    for candidate in _candidates(mistake, text):
        try:
            suggestion = canonical(candidate)
            break
        except Mistake:
            continue
    return FilterError(
        mistake.code,
        mistake.position,
        mistake.length,
        mistake.problem,
        mistake.expected,
        suggestion,
        label=LABELS[kind],
    )


def _candidates(mistake: Mistake, text: str) -> Iterable[str]:
    start, end = mistake.position, mistake.position + mistake.length
    keyword = nearest(text[start:end], mistake.keywords) if end - start <= LONGEST_QUOTE else None
    if keyword:
        yield text[:start] + keyword + text[end:]
    for start, end, repair in mistake.repairs:
        yield text[:start] + repair + text[end:]


@lru_cache(maxsize=4096)
def nearest(word: str, keywords: frozenset[str]) -> str | None:
    """The keyword at an edit distance of at most 2, nearest first, ties by alphabet; None when there is none.

    A keyword that shares nothing with the word is no correction of it. A lone dash is how people write "to".
    """
    if word in ("-", "–", "—"):
        return "to" if "to" in keywords else None
    if not any(letter.isalpha() for letter in word):
        return None
    word = lower(word)
    near = [(distance(word, keyword), keyword) for keyword in keywords if abs(len(word) - len(keyword)) <= 2]
    near = [(far, keyword) for far, keyword in near if far <= 2 and far < max(len(word), len(keyword))]
    return min(near)[1] if near else None


def distance(a: str, b: str) -> int:
    """Edit distance in which two swapped neighbours count as one edit."""
    rows = [list(range(len(b) + 1))]
    for i, left in enumerate(a, 1):
        row = [i]
        for j, right in enumerate(b, 1):
            best = min(rows[-1][j] + 1, row[j - 1] + 1, rows[-1][j - 1] + (left != right))
            if i > 1 and j > 1 and left == b[j - 2] and a[i - 2] == right:
                best = min(best, rows[-2][j - 2] + 1)
            row.append(best)
        rows.append(row)
    return rows[-1][-1]


_LOWER = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")


def lower(word: str) -> str:
    """Lower case of ASCII letters only: the Kelvin sign is no k."""
    return word.translate(_LOWER)
