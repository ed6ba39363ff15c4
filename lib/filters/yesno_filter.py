"""A yes/no expression: its predicate, what it keeps, and its words."""

from __future__ import annotations

from dataclasses import dataclass, field

from lib.filters.clauses import Parameters, keep
from lib.filters.context import Context
from lib.filters.lists import join_words
from lib.filters.yesno import YESNO_FORMS

EVERYTHING = frozenset([True, False, None])


@dataclass(frozen=True)
class YesNoExpression:
    """Forms (keys of YESNO_FORMS) in the order given."""

    items: tuple[str, ...]
    warnings: tuple[str, ...] = field(default=(), compare=False)
    kind: str = field(default="yesno", init=False)

    @property
    def any(self) -> bool:
        """Whether every row is kept."""
        return not self.items

    def to_text(self) -> str:
        """Canonical text."""
        return ",".join(self.items)

    def values(self) -> frozenset[bool | None]:
        """The values that are kept."""
        forms = [YESNO_FORMS[item] for item in self.items]
        includes = [form.values for form in forms if not form.exclude]
        kept = frozenset().union(*includes) if includes else EVERYTHING
        return kept.difference(*(form.values for form in forms if form.exclude))

    def matches(self, value: bool | None, ctx: Context) -> bool:
        """Whether a row with this value is kept."""
        return value in self.values()

    def resolve_warnings(self, ctx: Context) -> tuple[str, ...]:
        """Warnings that need the context."""
        return () if self.values() else ("nothing_matches",)

    def to_sql(self, column: str, column_type: str, ctx: Context, prefix: str = "p") -> tuple[str, Parameters]:
        """The clause on a BOOL column; it binds nothing."""
        if self.any:
            return "", ()
        if not self.values():
            return "FALSE", ()
        forms = [YESNO_FORMS[item] for item in self.items]
        clauses = [[form.sql.format(column) for form in forms if form.exclude == side] for side in (False, True)]
        return keep(*(list(dict.fromkeys(side)) for side in clauses)), ()

    def describe(self, ctx: Context) -> str:
        """The meaning in words."""
        if self.any:
            return "any value"
        forms = [YESNO_FORMS[item] for item in self.items]
        includes, excludes = ([form.words for form in forms if form.exclude == side] for side in (False, True))
        return join_words([*([join_words(includes)] if includes else []), *excludes], " and ")
