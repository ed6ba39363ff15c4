"""Number expressions: values, ranges and missing values, each an include or an exclude."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from lib.filters.errors import Mistake, clip, lower
from lib.filters.forms import list_expected
from lib.filters.lists import check_count, unique

_TOKEN = re.compile(
    r"(?P<number>[+-]?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)"
    r"|(?P<word>-[iI][nN][fF](?![^\W\d_])|[^\W\d_]+)"
    r"|(?P<sign><=|>=|<>|!=|.)",
    re.DOTALL,
)
_SPACES = re.compile(r"[ \t\n\r\v\f]*")
_COMPARISONS = {"<": (False, False), "<=": (False, True), ">": (True, False), ">=": (True, True)}  # is lower, included
_SHOWN = {"number": "a number", "end": "the end", ",": "a comma"}


@dataclass(frozen=True)
class Range:
    """Numbers between two bounds; None is unbounded. A single value is the range from itself to itself, `single`."""

    low: Decimal | None = None
    high: Decimal | None = None
    low_in: bool = True
    high_in: bool = True
    single: bool = False

    def holds(self, value: Decimal | int | float) -> bool:
        """Whether the number lies in it; NaN lies nowhere."""
        low, high = self.low, self.high
        if low is not None and not (value > _like(low, value) or (self.low_in and value == _like(low, value))):
            return False
        if high is not None and not (value < _like(high, value) or (self.high_in and value == _like(high, value))):
            return False
        return value == value

    def is_empty(self) -> bool:
        """Whether no number lies in it."""
        if self.low is None or self.high is None:
            return False
        return self.low > self.high or (self.low == self.high and not (self.low_in and self.high_in))


def _like(bound: Decimal, value: Decimal | int | float) -> Decimal | float:
    """The bound as the engine compares it: a FLOAT64 column meets a FLOAT64."""
    return float(bound) if isinstance(value, float) else bound


@dataclass(frozen=True)
class NumberItem:
    """One item: a range, or NULL when `range` is None."""

    range: Range | None
    exclude: bool = False
    position: int = field(default=0, compare=False)
    length: int = field(default=0, compare=False)

    @property
    def text(self) -> str:
        """Canonical text."""
        return ("NOT " if self.exclude else "") + (range_text(self.range) if self.range else "NULL")


def number_text(value: Decimal) -> str:
    """Plain decimals: `1000`, `5.5`, `-3`."""
    text = f"{value:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


def range_text(part: Range) -> str:
    """`5`, `>5`, `<=10`, `[5.5,10]`."""
    if part.single and part.low is not None:
        return number_text(part.low)
    if part.low is None or part.high is None:
        bound, sign, inside = (part.low, ">", part.low_in) if part.high is None else (part.high, "<", part.high_in)
        return f"{sign}{'=' if inside else ''}{number_text(bound)}" if bound is not None else ""
    opening, closing = "[" if part.low_in else "(", "]" if part.high_in else ")"
    return f"{opening}{number_text(part.low)},{number_text(part.high)}{closing}"


@dataclass(frozen=True)
class _Token:
    kind: str  # number, word, sign or end
    text: str
    position: int
    end: int

    @property
    def key(self) -> str:
        """What the grammar asks for: the kind of a number, else the word or sign itself."""
        return self.kind if self.kind in ("number", "end") else lower(self.text)


def parse_numbers(text: str) -> tuple[tuple[NumberItem, ...], tuple[str, ...]]:
    """Items (includes before excludes) and warnings of a number expression; raises Mistake."""
    reader = _Reader(text)
    items, warnings = reader.read_list()
    if len(items) > 1 and items[0].exclude and not any(item.exclude for item in items[1:]):
        items = [replace(item, exclude=True) for item in items]
        warnings.append("leading_not")
    items = [item for item in items if not item.exclude] + [item for item in items if item.exclude]
    return unique(items), unique(warnings)


class _Reader:
    """Reads one text from left to right; `take` says what the grammar allows at the place where it stands."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = list(_tokens(text))
        self.at = 0
        self.start = 0  # of the item being read

    @property
    def token(self) -> _Token:
        return self.tokens[self.at]

    def sees(self, *keys: str) -> bool:
        return self.token.key in keys

    def take(self, *keys: str) -> _Token:
        token = self.token
        if token.key not in keys:
            raise self.fault(keys)
        self.at += 1
        return token

    def fault(self, keys: Sequence[str]) -> Mistake:
        token = self.token
        expected = tuple(_SHOWN.get(key, key.upper() if key.isalpha() and key != "to" else key) for key in keys)
        words = frozenset(key for key in keys if key.isalpha() and key not in _SHOWN)
        if token.kind == "end":
            problem = f"expected {list_expected(expected)} at the end."
        elif expected == ("a number",):
            problem = f'"{clip(token.text)}" is not a number.'
        else:
            problem = f'"{clip(token.text)}" is not understood here; expected {list_expected(expected)}.'
        length = token.end - token.position
        keywords = words if token.kind == "word" else frozenset()
        return Mistake("expected", token.position, length, problem, expected, keywords)

    def read_list(self) -> tuple[list[NumberItem], list[str]]:
        items: list[NumberItem] = []
        warnings: list[str] = []
        empty = ["empty_item"] if any(token.text == "," for token in self.tokens) else []
        while True:
            if self.sees(",", "end"):
                warnings += empty
            else:
                items.append(self.read_items(items))
            if self.sees("end"):
                return items, warnings
            self.take(",", "end")

    def read_items(self, items: list[NumberItem]) -> NumberItem:
        """The items between two commas: joined by OR; all but the last go into `items`."""
        while True:
            check_count(len(items) + 1, self.token.position)
            item = self.read_item()
            if not self.sees("or"):
                return item
            self.take("or")
            items.append(item)

    def read_item(self) -> NumberItem:
        self.start = start = self.token.position
        exclude = self.sees("not", "!=", "<>")
        if exclude:
            self.at += 1
        core, after = self.read_core(() if exclude else ("not",))
        if not self.sees(*after):
            raise self.fault(after)
        length = self.tokens[self.at - 1].end - start
        item = NumberItem(core, exclude, start, length)
        if core and core.is_empty():
            raise self.empty(item, core)
        return item

    def read_core(self, also: tuple[str, ...]) -> tuple[Range | None, tuple[str, ...]]:
        """The core of an item, and what may follow it."""
        after = (",", "or", "end")
        if self.sees("null"):
            self.at += 1
            return None, after
        if self.sees("(", "["):
            return self.read_interval(), after
        if self.sees(*_COMPARISONS):
            return self.read_comparisons()
        if self.sees("to"):
            self.at += 1
            return Range(high=self.read_number()), after
        if not self.sees("number"):
            raise self.fault(("number", *also, "null", "to", "(", "[", *_COMPARISONS))
        first = self.read_number()
        if not self.sees("to"):
            return Range(first, first, single=True), ("to", *after)
        self.at += 1
        if self.sees("number"):
            return Range(first, self.read_number()), after
        return Range(first), ("number", *after)

    def read_comparisons(self) -> tuple[Range, tuple[str, ...]]:
        after = (",", "or", "end")
        first = self.take(*_COMPARISONS)
        is_lower, included = _COMPARISONS[first.text]
        value = self.read_number()
        part = Range(low=value, low_in=included) if is_lower else Range(high=value, high_in=included)
        if not self.sees("and"):
            return part, ("and", *after)
        self.at += 1
        second = self.take(*(("<", "<=") if is_lower else (">", ">=")))
        value, included = self.read_number(), _COMPARISONS[second.text][1]
        if is_lower:
            return replace(part, high=value, high_in=included), after
        return replace(part, low=value, low_in=included), after

    def read_interval(self) -> Range:
        opening = self.take("(", "[").text
        low_in = opening == "["
        if self.sees(","):
            self.at += 1
            return self.read_high(None, True)
        keys = ("number", ",") if low_in else ("number", ",", "-inf")
        if self.take(*keys).key == "-inf":
            self.take(",")
            return self.read_high(None, True)
        self.at -= 1
        low = self.read_number()
        self.take(",")
        if self.sees("number"):
            return self.read_high(low, low_in)
        if self.take("number", "inf", ")", "]").key == "inf":
            self.take(")")
        return Range(low, None, low_in, True)

    def read_high(self, low: Decimal | None, low_in: bool) -> Range:
        high = self.read_number()
        return Range(low, high, low_in, self.take(")", "]").text == "]")

    def read_number(self) -> Decimal:
        token = self.take("number")
        value = read_number(token.text)
        if value is None:
            problem = "the number is too large or too small to compare."
            raise Mistake("out_of_range", self.start, token.end - self.start, problem)
        return value

    def empty(self, item: NumberItem, core: Range) -> Mistake:
        """Bounds the wrong way round; exchanged, where that helps."""
        repairs = ()
        if core.low is not None and core.high is not None and core.low > core.high:
            swapped = replace(item, range=replace(core, low=core.high, high=core.low))
            repairs = ((item.position, item.position + item.length, swapped.text),)
        problem = "no number lies between these bounds."
        return Mistake("empty_range", item.position, item.length, problem, repairs=repairs)


def _tokens(text: str) -> list[_Token]:
    tokens = []
    at = 0
    while True:
        found = _SPACES.match(text, at)
        at = found.end() if found else at
        token = _TOKEN.match(text, at)
        if token is None:
            return [*tokens, _Token("end", "", len(text), len(text))]
        tokens.append(_Token(token.lastgroup or "", token[0], at, token.end()))
        at = token.end()


def read_number(text: str) -> Decimal | None:
    """The exact value, or None when it cannot be told apart from infinity or zero by a FLOAT64."""
    digits, _, power = lower(text).partition("e")
    if abs(int(power or 0)) > 3000:
        return Decimal(0) if not digits.strip("+-0.") else None
    value = Decimal(text)
    approximate = float(value)
    if approximate in (float("inf"), float("-inf")) or (value != 0 and approximate == 0):
        return None
    return value if value else Decimal(0)
