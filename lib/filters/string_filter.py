"""A text expression: its predicate, what it keeps, and its words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from lib.filters.clauses import Binder, Parameters, any_of, keep
from lib.filters.context import Context
from lib.filters.lists import join_words
from lib.filters.patterns import ANY_ONE, ANY_RUN, Pieces, fold, fold_pieces, like_text, pattern_matches
from lib.filters.strings import StringItem


@dataclass(frozen=True)
class StringExpression:
    """Items in the order given; equal items make equal expressions, whatever was typed."""

    items: tuple[StringItem, ...]
    warnings: tuple[str, ...] = field(default=(), compare=False)
    kind: str = field(default="string", init=False)

    @property
    def any(self) -> bool:
        """Whether every row is kept."""
        return not self.items

    def to_text(self) -> str:
        """Canonical text."""
        return ",".join(item.text for item in self.items)

    def matches(self, value: str | Sequence[str] | None, ctx: Context) -> bool:
        """Whether a row with this value is kept; a list matches by its elements, an empty one counts as None."""
        if self.any:
            return True
        items = _folded(self.items, ctx)
        values = [value] if isinstance(value, str) else list(value or [])
        values = values if ctx.case_sensitive else [fold(v) for v in values]
        includes = [item for item in items if not item.exclude]
        excludes = [item for item in items if item.exclude]
        kept = not includes or any(_holds(item, values) for item in includes)
        return kept and not any(_holds(item, values) for item in excludes)

    def keeps_nothing(self, ctx: Context) -> bool:
        """Whether it is plain that no row can match."""
        items = _folded(self.items, ctx)
        excludes = [item for item in items if item.exclude]
        includes = [item for item in items if not item.exclude] or [
            StringItem("null"),
            StringItem("pattern", pieces=(ANY_RUN,)),
        ]
        return bool(excludes) and all(_is_dead(item, excludes) for item in includes)

    def resolve_warnings(self, ctx: Context) -> tuple[str, ...]:
        """Warnings that need the context."""
        return ("nothing_matches",) if self.keeps_nothing(ctx) else ()

    def to_sql(self, column: str, column_type: str, ctx: Context, prefix: str = "p") -> tuple[str, Parameters]:
        """The clause on a STRING or ARRAY<STRING> column: docs/filters, "SQL"."""
        if self.any:
            return "", ()
        if self.keeps_nothing(ctx):
            return "FALSE", ()
        binder = Binder(prefix)
        items = _folded(self.items, ctx)
        clauses = _ListClauses if column_type.startswith("ARRAY") else _TextClauses
        on = clauses(column, binder)
        sides = []
        for exclude in (False, True):
            side = [item for item in items if item.exclude == exclude]
            values = [item for item in side if item.kind in ("literal", "pattern")]
            words = [item.kind for item in side if item.kind not in ("literal", "pattern")]
            sides.append([on.value_clause(values, exclude)] if values else [])
            sides[-1] += [on.word_clause(word, exclude) for word in words]
        return keep(*sides), tuple(binder.parameters)

    def describe(self, ctx: Context) -> str:
        """The meaning in words."""
        if self.any:
            return "any value"
        includes, excludes = (_words([item for item in self.items if item.exclude == side]) for side in (False, True))
        parts = ([join_words(includes)] if includes else []) + excludes
        return join_words(parts, " and ")


@dataclass(frozen=True)
class _TextClauses:
    column: str
    binder: Binder

    def value_clause(self, items: Sequence[StringItem], exclude: bool) -> str:
        clause = any_of(_value_tests(self.column, items, self.binder))
        return f"({self.column} IS NULL OR NOT ({clause}))" if exclude else clause

    def word_clause(self, kind: str, exclude: bool) -> str:
        c = self.column
        if kind == "null":
            return f"{c} IS NOT NULL" if exclude else f"{c} IS NULL"
        return f"({c} IS NOT NULL AND {c} <> '')" if exclude else f"({c} IS NULL OR {c} = '')"


@dataclass(frozen=True)
class _ListClauses:
    column: str
    binder: Binder

    def value_clause(self, items: Sequence[StringItem], exclude: bool) -> str:
        tests = " OR ".join(_value_tests("element", items, self.binder))
        return f"{'NOT ' if exclude else ''}{self._exists(tests)}"

    def word_clause(self, kind: str, exclude: bool) -> str:
        empty, full = (f"IFNULL(ARRAY_LENGTH({self.column}), 0) {sign} 0" for sign in ("=", ">"))
        if kind == "null":
            return full if exclude else empty
        blank = self._exists("element = ''")
        return f"({full} AND NOT {blank})" if exclude else f"({empty} OR {blank})"

    def _exists(self, tests: str) -> str:
        return f"EXISTS (SELECT 1 FROM UNNEST({self.column}) AS element WHERE {tests})"


def _value_tests(subject: str, items: Sequence[StringItem], binder: Binder) -> list[str]:
    literals = list(dict.fromkeys(item.value for item in items if item.kind == "literal"))
    tests = [f"{subject} IN UNNEST({binder.bind('ARRAY<STRING>', tuple(literals))})"] if literals else []
    patterns = dict.fromkeys(like_text(item.pieces) for item in items if item.kind == "pattern")
    return tests + [f"{subject} LIKE {binder.bind('STRING', pattern)}" for pattern in patterns]


def _folded(items: Sequence[StringItem], ctx: Context) -> list[StringItem]:
    if ctx.case_sensitive:
        return list(items)
    return [replace(item, value=fold(item.value), pieces=fold_pieces(item.pieces)) for item in items]


def _holds(item: StringItem, values: Sequence[str]) -> bool:
    if item.kind == "null":
        return not values
    if item.kind == "empty":
        return not values or "" in values
    if item.kind == "literal":
        return item.value in values
    return any(pattern_matches(item.pieces, value) for value in values)


def _is_dead(item: StringItem, excludes: Sequence[StringItem]) -> bool:
    """Whether the excludes drop everything that the include keeps; False where that is not plain."""
    if item.kind == "null":
        return any(other.kind in ("null", "empty") for other in excludes)
    if item.kind == "empty":
        return any(_holds(other, []) for other in excludes) and any(_holds(other, [""]) for other in excludes)
    if item.kind == "literal":
        return any(_holds(other, [item.value]) for other in excludes)
    if _is_covered(item.pieces, excludes):
        return True
    blank = all(piece == ANY_RUN for piece in item.pieces) and any(_holds(other, [""]) for other in excludes)
    return blank and _is_covered((ANY_ONE, ANY_RUN), excludes)


def _is_covered(pieces: Pieces, excludes: Sequence[StringItem]) -> bool:
    return any(other.kind == "pattern" and pattern_matches(other.pieces, pieces) for other in excludes)


def _words(items: Sequence[StringItem]) -> list[str]:
    """What the includes, or the excludes, of one expression say; equal verbs share one phrase."""
    phrases: dict[str, list[str]] = {}
    for item in items:
        verb, value = _phrase(item)
        phrases.setdefault(verb, []).append(value)
    return [f"{verb} {join_words(values)}" for verb, values in phrases.items()]


def _phrase(item: StringItem) -> tuple[str, str]:
    """A verb and what it stands before."""
    no = item.exclude
    if item.kind in ("null", "empty"):
        return ("is not" if no else "is"), "missing" if item.kind == "null" else "missing or empty"
    if item.kind == "literal":
        return ("is not" if no else "is"), f'"{item.value}"'
    inner = item.pieces
    before, after = inner[0] == ANY_RUN, inner[-1] == ANY_RUN
    core = inner[1 if before else 0 : -1 if after and len(inner) > 1 else None]
    if len(inner) > 1 and core and not any(isinstance(piece, int) for piece in core):
        text = "".join(str(piece) for piece in core)
        if before and after:
            return ("does not contain" if no else "contains"), f'"{text}"'
        if after:
            return ("does not start with" if no else "starts with"), f'"{text}"'
        if before:
            return ("does not end with" if no else "ends with"), f'"{text}"'
    return ("is not like" if no else "is like"), f'"{like_text(inner)}"'
