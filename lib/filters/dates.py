"""Date expressions: the table of their forms, and how a text is read by it.

Each form is one row: the patterns that spell it, what it means, how it prints. Patterns are walked by `forms.py`;
N is a count, UNIT a unit, POINT a day word, a weekday or an absolute date, SMALLER a unit smaller than the one before.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from lib.filters.absolute import looks_like_date, read_absolute, repairs_of
from lib.filters.context import WEEKDAYS, Context
from lib.filters.errors import Mistake, clip
from lib.filters.forms import Choice, Node, Open, Slot, Word, grow, keywords_of, list_expected, unknown_word, walk
from lib.filters.lists import MOST_COUNT, check_count, split_items, unique
from lib.filters.moments import DAY_WORDS, Moment, count_text, moment_start, moment_text, moment_unit
from lib.filters.periods import RANKS, Place, floor_place, shift_place

Span = tuple[Place | None, Place | None]


@dataclass(frozen=True)
class DateItem:
    """One item: the row of DATE_FORMS and its arguments; its place in the text takes no part in equality."""

    form: str
    args: tuple[Any, ...] = ()
    position: int = field(default=0, compare=False)
    length: int = field(default=0, compare=False)


Build = Callable[[Sequence[Any]], tuple[Any, ...]]


@dataclass(frozen=True)
class DateForm:
    """How one form is spelt (`patterns` with the arguments they yield), what it covers (`span`) and how it prints."""

    meaning: str
    patterns: tuple[tuple[str, Build], ...]
    text: Callable[..., str]
    span: Callable[..., Span] | None = None


def _ago(values: Sequence[Any], at: int = 0) -> Moment:
    return Moment("ago" if "ago" in values or "from" not in values else "from now", (values[at], values[at + 1]))


def _stretch(moment: Moment, n: int, unit: str, ctx: Context) -> Span:
    start = moment_start(moment, ctx)
    return start, shift_place(start, n, unit, ctx)


def _window(n: int, unit: str, ctx: Context) -> Span:
    start = floor_place(ctx.now, unit, ctx)
    return shift_place(start, 1 - n, unit, ctx), shift_place(start, 1, unit, ctx)


def _edge(side: str, moment: Moment, ctx: Context) -> Span:
    start = moment_start(moment, ctx)
    return (None, start) if side == "before" else (start, None)


DATE_FORMS: dict[str, DateForm] = {
    "null": DateForm("rows without a date", (("null", lambda v: ()),), lambda: "null"),
    "not null": DateForm("rows with a date", (("not null", lambda v: ()),), lambda: "not null"),
    "window": DateForm(
        "N units, the current one counted and taken whole",
        (("N UNIT", lambda v: (v[0], v[1])), ("last N UNIT", lambda v: (v[1], v[2]))),
        count_text,
        _window,
    ),
    "so far": DateForm(
        "from the start of the current unit to the start of the current smaller one",
        (("this UNIT to SMALLER", lambda v: (v[1], v[3])),),
        lambda unit, smaller: f"this {unit} to {smaller}",
        lambda unit, smaller, ctx: (floor_place(ctx.now, unit, ctx), floor_place(ctx.now, smaller, ctx)),
    ),
    "stretch": DateForm(
        "N units from a moment on",
        (
            ("POINT for N UNIT", lambda v: (v[0], v[2], v[3])),
            ("N UNIT ago for N UNIT", lambda v: (_ago(v), v[4], v[5])),
            ("N UNIT from now for N UNIT", lambda v: (_ago(v), v[5], v[6])),
            ("last complete UNIT", lambda v: (Moment("ago", (1, v[2])), 1, v[2])),
            ("last N complete UNIT", lambda v: (Moment("ago", (v[1], v[3])), v[1], v[3])),
        ),
        lambda moment, n, unit: f"{moment_text(moment)} for {count_text(n, unit)}",
        _stretch,
    ),
    "period": DateForm(
        "a moment's own length",
        (
            ("POINT", lambda v: (v[0],)),
            ("(this|next|last) UNIT", lambda v: (Moment("named", (v[0], v[1])),)),
            ("N UNIT ago", lambda v: (_ago(v),)),
            ("N UNIT from now", lambda v: (_ago(v),)),
        ),
        moment_text,
        lambda moment, ctx: _stretch(moment, 1, moment_unit(moment), ctx),
    ),
    "edge": DateForm(
        "everything before a moment, or everything from its start on",
        (
            ("(before|after) BOUND", lambda v: (v[0], v[1])),
            ("(before|after) N UNIT", lambda v: (v[0], _ago(v, 1))),
            ("(before|after) N UNIT ago", lambda v: (v[0], _ago(v, 1))),
            ("(before|after) N UNIT from now", lambda v: (v[0], _ago(v, 1))),
            ("(before|after) (this|next|last) UNIT", lambda v: (v[0], Moment("named", (v[1], v[2])))),
        ),
        lambda side, moment: f"{side} {moment_text(moment)}",
        _edge,
    ),
    "range": DateForm(
        "from the start of one moment to the start of another",
        (("BOUND to BOUND", lambda v: (v[0], v[2])),),
        lambda first, last: f"{moment_text(first)} to {moment_text(last)}",
        lambda first, last, ctx: (moment_start(first, ctx), moment_start(last, ctx)),
    ),
}

_COUNT = re.compile(r"[0-9]+")


def _read_count(word: str) -> int | None:
    return int(word) if _COUNT.fullmatch(word) else None


def _read_date(word: str) -> Moment | None:
    found = read_absolute(word)
    return Moment("absolute", (found,)) if found else None


def _units(largest: int = 99) -> list[Choice]:
    return [(unit + end, unit) for unit, rank in RANKS.items() if rank < largest for end in ("", "s")]


_POINT: Slot = (
    *((word, Moment("day word", (word,))) for word in DAY_WORDS),
    *((word, Moment("weekday", (index,))) for index, word in enumerate(WEEKDAYS)),
    Open("a date", _read_date),
)
_SLOTS: dict[str, Slot] = {
    "N": (Open("a number", _read_count),),
    "UNIT": _units(),
    "POINT": _POINT,
    "BOUND": (*_POINT, ("now", Moment("now"))),
}
_UNIT_WORDS = frozenset(word for words, _ in _units() for word in words.split())


def _tree() -> Node:
    root = Node()
    for name, form in DATE_FORMS.items():
        for pattern, build in form.patterns:

            def item(values: Sequence[Any], name: str = name, build: Build = build) -> DateItem:
                return DateItem(name, build(values))

            if "SMALLER" not in pattern:
                grow(root, pattern, _SLOTS, item)
                continue
            for unit, rank in RANKS.items():
                one: Slot = [choice for choice in _units() if choice[1] == unit]
                grow(root, pattern, {"UNIT": one, "SMALLER": _units(rank)}, item)
    return root


_TREE = _tree()
_WORD = re.compile(r"[^ \t\n\r\v\f]+")
_CLOCK = re.compile(r"[0-9]+(:[0-9]+)+")
_DASHED_DAY = re.compile(r"[0-9]+[-/][0-9]+[-/][0-9]+")


def parse_dates(text: str) -> tuple[tuple[DateItem, ...], tuple[str, ...]]:
    """Items and warnings of a date expression; raises Mistake."""
    items: list[DateItem] = []
    warnings: list[str] = []
    for start, end in split_items(text):
        if start == end:
            warnings += ["empty_item"] if "," in text else []
            continue
        check_count(len(items) + 1, start)
        items.append(_read_item(text, start, end))
    return unique(items), unique(warnings)


def _read_item(text: str, start: int, end: int) -> DateItem:
    words = _words(text, start, end)

    def fault(word: Word | None, nodes: list[Node], index: int) -> Mistake:
        before = words[index - 1] if index else None
        return _fault(text, word, nodes, before, _date_could_stand(words, index - 1))

    found: DateItem = walk(_TREE, words, fault)
    item = DateItem(found.form, found.args, start, end - start)
    _check_item(item)
    return item


def _words(text: str, start: int, end: int) -> list[Word]:
    words: list[Word] = []
    for found in _WORD.finditer(text, start, end):
        last = words[-1] if words else None
        if last and _DASHED_DAY.fullmatch(last.text) and _CLOCK.fullmatch(found[0]):
            words[-1] = Word(f"{last.text} {found[0]}", last.position, found.end())
        else:
            words.append(Word(found[0], found.start(), found.end()))
    return words


def _date_could_stand(words: Sequence[Word], index: int) -> bool:
    """Whether a date was possible at that word: first in its item, or behind before, after or to."""
    return index == 0 or (index > 0 and words[index - 1].text.lower() in ("before", "after", "to"))


def _fault(text: str, word: Word | None, nodes: list[Node], before: Word | None, date_before: bool) -> Mistake:
    if before and date_before and len(before.text) == 8 and _COUNT.fullmatch(before.text):
        return _bad_date(before)
    expected = _expected(nodes)
    if word is None:
        end = _item_end(text, before.end if before else 0)
        after = f' after "{clip(before.text)}"' if before else ""
        what = "a unit (day, week, month …)" if expected == ("a unit",) else list_expected(expected)
        return Mistake("expected", end, int(end < len(text)), f"expected {what}{after}.", expected)
    if any("a date" in node.opens for node in nodes) and looks_like_date(word.text):
        return _bad_date(word)
    keywords = keywords_of(nodes)
    if word.text.startswith("-") and len(word.text) > 1:
        return Mistake("expected", word.position, 1, "a minus sign has no meaning in dates.", expected)
    if expected == ("a unit",):
        problem = f'"{clip(word.text)}" is not a unit (day, week, month …).'
    else:
        problem = unknown_word(word.text, expected)
    return Mistake("expected", word.position, word.end - word.position, problem, expected, keywords)


def _item_end(text: str, position: int) -> int:
    comma = text.find(",", position)
    return len(text) if comma < 0 else comma


def _bad_date(word: Word) -> Mistake:
    repairs = tuple((word.position, word.end, repair) for repair in repairs_of(word.text))
    problem = f'"{clip(word.text)}" is not a date. Dates are written 2024-05-31.'
    return Mistake("bad_date", word.position, word.end - word.position, problem, ("a date",), repairs=repairs)


def _expected(nodes: Sequence[Node]) -> tuple[str, ...]:
    words = keywords_of(nodes)
    opens = {name for node in nodes for name in node.opens}
    expected = [name for name in ("a date", "a number") if name in opens]
    if units := words & _UNIT_WORDS:
        rest = units - {"quarter", "quarters", "year", "years"}
        expected.append("a unit" if "week" in units or not rest else "a smaller unit")
    if "monday" in words:
        expected.append("a weekday")
    expected += sorted(words - _UNIT_WORDS - set(WEEKDAYS))
    if any(node.build for node in nodes):
        expected.append("a comma")
    return tuple(expected)


def _check_item(item: DateItem) -> None:
    moments = [part for part in item.args if isinstance(part, Moment)]
    counts = [part for part in item.args if isinstance(part, int)]
    offsets = [part.args[0] for part in moments if part.form in ("ago", "from now")]
    dates = [part.args[0] for part in moments if part.form == "absolute"]
    place = (item.position, item.length)
    if any(count > MOST_COUNT for count in counts + offsets):
        raise Mistake("out_of_range", *place, f"counts go up to {MOST_COUNT:,}.")
    if 0 in counts:
        raise Mistake("out_of_range", *place, "a count starts at 1.")
    if any(date.year == 0 for date in dates):
        raise Mistake("out_of_range", *place, "years go from 1 to 9999.")
    if item.form == "range" and len(dates) == 2 and all(dates[1].civil(m) <= dates[0].civil(m) for m in (1, 12)):
        swapped = f"{dates[1].to_text()} to {dates[0].to_text()}"
        repair = (item.position, item.position + item.length, swapped)
        raise Mistake("empty_range", *place, "the end is not later than the start.", repairs=(repair,))


def date_item_text(item: DateItem) -> str:
    """Canonical text of one item."""
    return DATE_FORMS[item.form].text(*item.args)


def date_item_span(item: DateItem, ctx: Context) -> Span | None:
    """The half-open stretch that one item covers, or None for `null` and `not null`.

    OverflowError or ValueError outside the years 1-9999.
    """
    span = DATE_FORMS[item.form].span
    return span(*item.args, ctx) if span else None
