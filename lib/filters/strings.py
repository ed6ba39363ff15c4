"""Text expressions: words (NULL, EMPTY), literals and patterns, each an include or an exclude."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from lib.filters.errors import Mistake, clip
from lib.filters.lists import SPACES, check_count, unique
from lib.filters.patterns import ANY_ONE, ANY_RUN, Pieces

WORDS = {"NULL": "NULL", "null": "NULL", "EMPTY": "EMPTY", "empty": "EMPTY"}
_ODD_WORDS = ("Null", "Empty")
_CARET = frozenset('"%_,^-\\ ')
_BACKSLASH = frozenset('"%_,^-\\')


@dataclass(frozen=True)
class StringItem:
    """One item: `kind` is null, empty, literal or pattern; `value` is a literal's text, `pieces` a pattern's parts."""

    kind: str
    exclude: bool = False
    value: str = ""
    pieces: Pieces = ()
    position: int = field(default=0, compare=False)
    length: int = field(default=0, compare=False)

    @property
    def text(self) -> str:
        """Canonical text of the item, as a chip shows it."""
        return ("-" if self.exclude else "") + _CORE_TEXT[self.kind](self)

    @property
    def literal(self) -> str | None:
        """The very value that the item names; None for words and patterns."""
        return self.value if self.kind == "literal" else None

    @property
    def part(self) -> str | None:
        """The text that a value must contain; None for items that ask for anything else."""
        if self.kind != "pattern" or self.exclude or len(self.pieces) < 3:
            return None
        first, *inner, last = self.pieces
        if (first, last) != (ANY_RUN, ANY_RUN) or any(isinstance(piece, int) for piece in inner):
            return None
        return "".join(str(piece) for piece in inner)


def literal_text(value: str) -> str:
    """Canonical text of a value: quoted where it could be read as something else."""
    odd = any(mark in value for mark in ',"%_^\\') or value.startswith(("-", "{{")) or value != value.strip(SPACES)
    if not odd and value and value not in WORDS:
        return value
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def contains_text(part: str) -> str:
    """Canonical text of the item that keeps every value with this part in it, whatever characters the part has."""
    return StringItem("pattern", pieces=(ANY_RUN, *part, ANY_RUN)).text


def _pattern_text(item: StringItem) -> str:
    last = len(item.pieces) - 1
    parts = []
    for index, piece in enumerate(item.pieces):
        if isinstance(piece, int):
            parts.append("%_"[piece])
            continue
        outer = piece == " " and index in (0, last)
        escape = piece in '"%_,^\\' or outer or (piece == "-" and index == 0)
        parts.append(f"^{piece}" if escape else piece)
    return "".join(parts)


_CORE_TEXT = {
    "null": lambda item: "NULL",
    "empty": lambda item: "EMPTY",
    "literal": lambda item: literal_text(item.value),
    "pattern": _pattern_text,
}


def parse_strings(text: str) -> tuple[tuple[StringItem, ...], tuple[str, ...]]:
    """Items and warnings of a text expression; raises Mistake."""
    items: list[StringItem] = []
    warnings: list[str] = []
    for start, end in _pieces(text):
        if start == end:
            warnings += ["empty_item"] if "," in text else []
            continue
        check_count(len(items) + 1, start)
        item = _read_item(text, start, end)
        if item.kind == "literal" and item.value in _ODD_WORDS and text[end - 1] != '"':
            warnings.append("keyword_case")
        items.append(item)
    return unique(items), unique(warnings)


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    """The (start, end) of each item without its outer spaces; quotes and escapes hide commas."""
    at = 0
    while at <= len(text):
        start = _skip_spaces(text, at)
        mark = text[start : start + 1] == "-"
        begin = _skip_spaces(text, start + 1) if mark else start
        if text[begin : begin + 1] == '"':
            solid = at = _quote_end(text, begin)
            at = _skip_spaces(text, at)
            if text[at : at + 1] not in ("", ","):
                problem = f'a comma must follow the closing quote, not "{clip(text[at : _comma(text, at)])}".'
                raise Mistake("stray_quote", at, 1, problem, ("a comma",))
        else:
            solid, at = _unquoted_end(text, begin)
        yield start, max(solid, start + mark)
        at += 1


def _skip_spaces(text: str, at: int) -> int:
    while at < len(text) and text[at] in SPACES:
        at += 1
    return at


def _comma(text: str, at: int) -> int:
    comma = text.find(",", at)
    return len(text) if comma < 0 else comma


def _quote_end(text: str, at: int) -> int:
    """The position behind the closing quote of the one at `at`."""
    end = at + 1
    while end < len(text):
        if text[end] == "\\" and text[end + 1 : end + 2] in ('"', "\\"):
            end += 2
        elif text[end] == '"':
            return end + 1
        else:
            end += 1
    raise Mistake("unclosed_quote", at, len(text) - at, "the quote is not closed.", ('"',))


def _unquoted_end(text: str, at: int) -> tuple[int, int]:
    """Where unquoted text ends without its trailing spaces, and the position of the comma (or the end) behind it."""
    solid = at
    while at < len(text) and text[at] != ",":
        step = 2 if _is_escape(text, at) else 1
        if text[at] == '"':
            problem = 'a quote inside text is written ^", or the whole text in quotes.'
            raise Mistake("stray_quote", at, 1, problem, ("a comma",))
        if step == 2 or text[at] not in SPACES:
            solid = at + step
        at += step
    return solid, at


def _is_escape(text: str, at: int) -> bool:
    marks = _CARET if text[at] == "^" else _BACKSLASH if text[at] == "\\" else ()
    return text[at + 1 : at + 2] in marks


def _read_item(text: str, start: int, end: int) -> StringItem:
    exclude = text[start] == "-"
    begin = _skip_spaces(text, start + 1) if exclude else start
    place = {"exclude": exclude, "position": start, "length": end - start}
    if begin >= end:
        at = _comma(text, end)
        raise Mistake("expected", at, int(at < len(text)), "a value must follow the minus sign.", ("a value",))
    core = text[begin:end]
    if core in WORDS:
        return StringItem(WORDS[core].lower(), **place)
    if core[0] == '"':
        return StringItem("literal", value=_unquote(core[1:-1]), **place)
    pieces: list[str | int] = []
    at = 0
    while at < len(core):
        if _is_escape(core, at):
            pieces.append(core[at + 1])
            at += 2
            continue
        pieces.append({"%": ANY_RUN, "_": ANY_ONE}.get(core[at], core[at]))
        at += 1
    if any(isinstance(piece, int) for piece in pieces):
        return StringItem("pattern", pieces=tuple(pieces), **place)
    return StringItem("literal", value="".join(str(piece) for piece in pieces), **place)


def _unquote(inner: str) -> str:
    parts = []
    at = 0
    while at < len(inner):
        if inner[at] == "\\" and inner[at + 1 : at + 2] in ('"', "\\"):
            at += 1
        parts.append(inner[at])
        at += 1
    return "".join(parts)
