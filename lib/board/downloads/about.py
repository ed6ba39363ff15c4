"""What a file says of its rows: what they mean, which filters chose them, how old they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from lib.board.address import Chosen
from lib.board.ages import through_words
from lib.board.results import Outcome
from lib.board.visit import Visit, listened, sources, unreached
from lib.board.words import ZONES, day_words, literals, or_list, range_words
from lib.filters import Context, DateExpression
from lib.looks import Look


@dataclass(frozen=True)
class FilterLine:
    """One filter: its label, what it lets through in words, and its text as the address has it."""

    name: str
    label: str
    words: str
    text: str


@dataclass(frozen=True)
class About:
    """The facts of a file; `told` says more of which rows these are, as pairs of label and words."""

    look: str
    title: str
    question: str
    definition: str
    grain: str
    filters: tuple[FilterLine, ...]
    unused: tuple[str, ...]
    told: tuple[tuple[str, str], ...]
    through: str
    asked: str
    zone: str
    link: str

    def lines(self) -> list[tuple[str, str]]:
        """Everything but the filters as label and words, in the order in which people read it."""
        lines = [
            ("Title", self.title),
            ("Question", self.question),
            ("Definition", self.definition),
            ("One row", self.grain),
            *self.told,
            ("Filters not used", ", ".join(self.unused)),
            ("Data", self.through),
            ("Asked", self.asked),
            ("Days", "" if self.zone == "UTC" else f"in {ZONES.get(self.zone, self.zone)}"),
            ("Link", self.link),
            ("Tile", self.look),
        ]
        return [(label, words) for label, words in lines if words]

    def as_data(self) -> dict[str, object]:
        """The same for programs."""
        return {
            "look": self.look,
            "title": self.title,
            "filters": {line.name: line.text for line in self.filters},
            "told": dict(self.told),
            "data": self.through,
            "asked_at": self.asked,
            "zone": self.zone,
            "link": self.link,
        }


def about_rows(visit: Visit, look: Look, outcome: Outcome, link: str, told: Sequence[tuple[str, str]] = ()) -> About:
    """The facts of a look's rows on a page; `link` leads back to it."""
    return About(
        look=look.id,
        title=look.title,
        question=look.question,
        definition=look.definition,
        grain=look.grain,
        filters=filter_lines(listened(visit, look), visit.context),
        unused=tuple(chosen.definition.label for chosen in unreached(visit, look)),
        told=tuple(told),
        through=through_words(sources(visit, look)),
        asked=moment_words(outcome.asked_at),
        zone=look.zone,
        link=link,
    )


def filter_lines(filters: Sequence[Chosen], context: Context) -> tuple[FilterLine, ...]:
    """Filters in words and as the address has them."""
    return tuple(
        FilterLine(chosen.name, chosen.definition.label, _words(chosen, context), chosen.canonical)
        for chosen in filters
    )


def moment_words(moment: datetime) -> str:
    """A moment in full: "Wed 19 Nov 2025 06:10 UTC"."""
    return f"{day_words(moment)} {moment.astimezone(UTC):%H:%M} UTC"


def _words(chosen: Chosen, context: Context) -> str:
    if chosen.expression is None:
        return "not understood"
    if isinstance(chosen.expression, DateExpression):
        return range_words(chosen.expression.resolve(context), context.zone)
    if names := literals(chosen.expression):
        return or_list(names)
    return "any" if chosen.expression.any else chosen.expression.describe(context)
