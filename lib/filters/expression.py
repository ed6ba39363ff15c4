"""What every kind of filter expression offers, and `parse`, which reads them all."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Literal, Protocol, overload

from lib.filters.clauses import Parameters
from lib.filters.context import Context
from lib.filters.date_filter import DateExpression
from lib.filters.dates import parse_dates
from lib.filters.errors import LABELS, Mistake, explain
from lib.filters.lists import LONGEST_TEXT, check_text
from lib.filters.number_filter import NumberExpression
from lib.filters.numbers import parse_numbers
from lib.filters.string_filter import StringExpression
from lib.filters.strings import parse_strings
from lib.filters.yesno import parse_yesno
from lib.filters.yesno_filter import YesNoExpression

Kind = Literal["date", "string", "number", "yesno"]
KINDS: tuple[Kind, ...] = ("date", "string", "number", "yesno")


class Expression(Protocol):
    """A filter that was read. It knows no clock: `ctx` brings the moment."""

    @property
    def kind(self) -> str:
        """date, string, number or yesno."""
        ...

    @property
    def any(self) -> bool:
        """Whether every row is kept: no predicate at all."""
        ...

    @property
    def items(self) -> tuple[Any, ...]:
        """The items, repeats dropped."""
        ...

    @property
    def warnings(self) -> tuple[str, ...]:
        """Codes of what was read leniently: empty_item, keyword_case, leading_not."""
        ...

    def to_text(self) -> str:
        """Canonical text: it reads back as an equal expression."""
        ...

    def describe(self, ctx: Context) -> str:
        """The meaning in words."""
        ...

    def matches(self, value: Any, ctx: Context) -> bool:
        """Whether a row with this value is kept, as `to_sql` decides it."""
        ...

    def to_sql(self, column: str, column_type: str, ctx: Context, prefix: str = "p") -> tuple[str, Parameters]:
        """The GoogleSQL clause and its parameters (name, type, value); ("", ()) for any value."""
        ...

    def resolve_warnings(self, ctx: Context) -> tuple[str, ...]:
        """Codes of what only the context reveals: nothing_matches."""
        ...


@overload
def parse(kind: Literal["date"], text: str) -> DateExpression: ...
@overload
def parse(kind: Literal["string"], text: str) -> StringExpression: ...
@overload
def parse(kind: Literal["number"], text: str) -> NumberExpression: ...
@overload
def parse(kind: Literal["yesno"], text: str) -> YesNoExpression: ...
@overload
def parse(kind: str, text: str) -> Expression: ...
def parse(kind: str, text: str) -> Expression:
    """Read one filter expression. Pure: no clock, no network. Raises FilterError; ValueError for an unknown kind."""
    if kind not in LABELS:
        raise ValueError(f"{kind!r} is no kind of filter.")
    try:
        return _read(kind, text)
    except Mistake as mistake:
        raise explain(mistake, kind, text, lambda candidate: _read(kind, candidate).to_text()) from None


@lru_cache(maxsize=4096)
def _read(kind: str, text: str) -> Expression:
    check_text(text)
    expression: Expression
    match kind:
        case "date":
            expression = DateExpression(*parse_dates(text))
        case "string":
            expression = StringExpression(*parse_strings(text))
        case "number":
            expression = NumberExpression(*parse_numbers(text))
        case _:
            expression = YesNoExpression(*parse_yesno(text))
    if len(expression.to_text()) > LONGEST_TEXT:
        problem = f"written out in full the text is longer than {LONGEST_TEXT:,} characters."
        raise Mistake("too_long", 0, len(text), problem)
    return expression
