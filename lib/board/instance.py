"""Which instance a page about one instance speaks of: by its filters, or by its address (docs/boards.md)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa

from lib.board.address import Chosen
from lib.board.results import Outcome
from lib.board.sidebar import quote
from lib.board.visit import Visit, ask, compile_tile, missing_sources
from lib.board.words import Notice, filter_error_notice, filter_words, literals, or_list, plain, trouble_notice
from lib.filters import StringExpression, parse
from lib.looks import Catalogue, CompiledLook, Look

SEARCH = "find"
TYPE = "account_type"
ACCOUNT = "account_name"


@dataclass(frozen=True)
class Chooser:
    """What a page says of its chooser: the look of the matches, the filter that names one, the look without any.

    `unfound` is the look of a search that finds no instance; empty where there is none.
    """

    look: str
    filter: str
    otherwise: str
    unfound: str = ""


@dataclass(frozen=True)
class Offer:
    """A button that changes filters."""

    label: str
    changes: Mapping[str, str]


@dataclass(frozen=True)
class Choice:
    """What the page speaks of. `visit` is as its tiles see it; `shown` the place of the instance among the rows.

    `column` holds what names a row. `searching`: the search box stands above. `nothing`: nothing is chosen, so the
    page shows its look without any. `unfound`: a search found none. `again`: the question that failed.
    """

    visit: Visit
    look: Look
    column: str = ""
    sentence: str = ""
    notice: Notice | None = None
    rows: pa.Table | None = None
    shown: int | None = None
    offer: Offer | None = None
    searching: bool = False
    nothing: bool = False
    unfound: bool = False
    again: CompiledLook | None = None

    @property
    def ids(self) -> list[object]:
        """The values that name the rows."""
        return [] if self.rows is None else self.rows.column(self.column).to_pylist()


def dropping(chooser: Chooser, known: Catalogue, filters: Mapping[str, str]) -> dict[str, str]:
    """The filters that choose among instances, each with the one that it makes void when it changes."""
    look = known.looks.get(chooser.look)
    return {name: chooser.filter for name in filters if look and _chooses(name, look, chooser)}


def choose(visit: Visit, chooser: Chooser) -> Choice:
    """Find the instance the page speaks of. Raises `NotSignedIn`, `QueryCancelled`, `LookError`."""
    look = visit.catalogue.look(chooser.look)
    column = look.filters.get(chooser.filter, "").rpartition(".")[2]
    if column not in look.columns:
        raise look.error(
            "filters", f"no filter {chooser.filter} on a column of the look", "the filter that names a row"
        )
    finder = _Finder(visit, chooser, look, column)
    site = finder.site
    wrong = next((chosen for chosen in (*finder.choosing.values(), site) if chosen.error is not None), None)
    if wrong is not None:
        return Choice(visit, look, notice=filter_error_notice(wrong))
    if missing := missing_sources(visit, look):
        return Choice(visit, look, notice=Notice("info", ":material/info:", f"**Not delivered.** {plain(missing[0])}"))
    try:
        return finder.find()
    except _NoAnswer as error:
        return Choice(visit, look, notice=trouble_notice(error.trouble), again=error.compiled)


class _NoAnswer(Exception):
    def __init__(self, outcome: Outcome, compiled: CompiledLook) -> None:
        assert outcome.trouble is not None
        self.trouble, self.compiled = outcome.trouble, compiled


def _chooses(name: str, look: Look, chooser: Chooser) -> bool:
    return name in look.filters and name not in (chooser.filter, "date")


@dataclass(frozen=True)
class _Finder:
    visit: Visit
    chooser: Chooser
    look: Look
    column: str

    @property
    def site(self) -> Chosen:
        return self.visit.address.filters[self.chooser.filter]

    @property
    def choosing(self) -> dict[str, Chosen]:
        filters = self.visit.address.filters
        return {name: chosen for name, chosen in filters.items() if _chooses(name, self.look, self.chooser)}

    @property
    def used(self) -> list[Chosen]:
        return [chosen for chosen in self.choosing.values() if chosen.expression and not chosen.expression.any]

    def find(self) -> Choice:
        wanted = self.site.expression is not None and not self.site.expression.any
        if not self.used:
            return self._one(None) if wanted else self._choice(searching=True, nothing=True)
        matches = self._ask({self.chooser.filter})
        if not wanted:
            return self._first(matches) if matches.num_rows else self._nobody()
        at = self._place(matches)
        if at is None:
            return self._one(matches)
        words = f"{self._found(matches)} Pick another row to switch." if matches.num_rows > 1 else self._found(matches)
        return self._showing(matches, at, words)

    def _choice(self, **said: Any) -> Choice:
        return Choice(self.visit, self.look, self.column, **said)

    def _first(self, matches: pa.Table) -> Choice:
        words = self._found(matches)
        if matches.num_rows > 1:
            words += " Showing the one with the most monthly users. Pick another row to switch."
        return self._showing(matches, 0, words)

    def _one(self, matches: pa.Table | None) -> Choice:
        """An instance that the address names and that is not among the matches, if there are any to be among."""
        found = self._ask(set(self.choosing))
        name = self._site_words()
        if not found.num_rows:
            words = f"**There is no instance {name}.**"
            if matches is None:
                return self._choice(sentence=words, searching=True, nothing=True)
            rows = matches if matches.num_rows else None
            pick = f" {self._found(matches)} Pick a row." if rows else f" {self._no_match()}"
            return self._choice(sentence=words + pick, rows=rows, searching=self._searches())
        if found.num_rows > 1:
            return self._showing(found, 0, f"**{found.num_rows:,} instances match.** Pick another row to switch.")
        account = found.slice(0, 1).to_pylist()[0].get(ACCOUNT)
        whose = f"It belongs to {plain(str(account))}." if account else "It belongs to no account."
        if matches is not None:
            words = f"**{name} is not among the instances of {self._criteria()}.** {whose}"
            many = matches.num_rows
            label = f"Show the {many:,} that {'matches' if many == 1 else 'match'}"
            return self._showing(found, 0, words, Offer(label, {self.chooser.filter: ""}) if many else None)
        offer = None
        if account and ACCOUNT in self.choosing:
            offer = Offer(
                f"Show all instances of {account}",
                {ACCOUNT: quote(str(account)), self.chooser.filter: self.site.text},
            )
        return self._showing(found, 0, f"**Showing {name}.** {whose}", offer)

    def _nobody(self) -> Choice:
        words = self._no_match()
        notice = Notice("info", ":material/search_insights:", words)
        kind = self.choosing.get(TYPE)
        if kind is not None and kind in self.used and len(self.used) > 1:
            others = self._ask({self.chooser.filter, TYPE})
            if others.num_rows:
                kinds = sorted(set(others.column(TYPE).to_pylist()) - {None}) if TYPE in others.column_names else []
                one = kinds[0] if len(kinds) == 1 else ""
                many = f"There {'is 1' if others.num_rows == 1 else f'are {others.num_rows:,}'}"
                text = f"{words} {many} of {'account type ' + plain(one) if one else 'other account types'}."
                label = f"Show account type {one}" if one else "Show all account types"
                notice = replace(notice, text=text)
                offer = Offer(label, {TYPE: quote(one) if one else ""})
                return self._choice(notice=notice, offer=offer, searching=self._searches(), unfound=self._searches())
        if self._searches():
            words += f" Type {plain(self._search_help())}"
        else:
            words += " Choose fewer filters."
        notice = replace(notice, text=words)
        return self._choice(notice=notice, searching=self._searches(), unfound=self._searches())

    def _showing(self, rows: pa.Table, at: int, words: str, offer: Offer | None = None) -> Choice:
        choice = self._choice(sentence=words, rows=rows, shown=at, offer=offer, searching=self._searches())
        text = quote(str(choice.ids[at]))
        chosen = replace(self.site, text=text, expression=parse("string", text))
        reaching = {
            name: filter for name, filter in self.visit.address.filters.items() if name not in self.choosing
        } | {self.chooser.filter: chosen}
        row = rows.slice(at, 1).to_pylist()[0]
        return replace(choice, visit=replace(self.visit, reaching=reaching, instance=row))

    def _ask(self, aside: set[str]) -> pa.Table:
        """The rows of the matches with some filters left aside."""
        nothing = {name: parse(self.visit.address.filters[name].definition.kind, "") for name in aside}
        compiled = compile_tile(self.visit, self.look, instead=nothing)
        outcome = ask(self.visit, compiled, f".without.{'.'.join(sorted(aside))}")
        if outcome.result is None:
            raise _NoAnswer(outcome, compiled)
        return outcome.result.table

    def _place(self, rows: pa.Table) -> int | None:
        expression = self.site.expression
        assert isinstance(expression, StringExpression)
        context = replace(self.visit.context, case_sensitive=self.site.definition.case_sensitive)
        ids = rows.column(self.column).to_pylist()
        return next((at for at, value in enumerate(ids) if expression.matches(str(value), context)), None)

    def _found(self, rows: pa.Table) -> str:
        many = rows.num_rows
        if many == 1:
            return "**1 instance found.**"
        account = self.choosing.get(ACCOUNT)
        if account is not None and account.expression and [account] == self.used:
            names = literals(account.expression)
            if len(names) == 1:
                known = rows.column(ACCOUNT)[0].as_py() if ACCOUNT in rows.column_names else None
                return f"**{plain(str(known or names[0]))} has {many:,} instances.**"
        return f"**{many:,} instances match {self._criteria()}.**"

    def _no_match(self) -> str:
        return f"**No instance matches {self._criteria()}.**"

    def _criteria(self) -> str:
        words = []
        for chosen in self.used:
            part = part_of(chosen)
            words.append(f"“{part}”" if part and chosen.name == SEARCH else filter_words(chosen, self.visit.context))
        return plain(" and ".join(words))

    def _site_words(self) -> str:
        assert self.site.expression is not None
        names = literals(self.site.expression)
        return plain(or_list(names) if names else self.site.canonical)

    def _searches(self) -> bool:
        return any(chosen.name == SEARCH for chosen in self.used)

    def _search_help(self) -> str:
        text = self.choosing[SEARCH].definition.help
        return text[:1].lower() + text[1:]


def part_of(chosen: Chosen) -> str | None:
    """The text that was searched for; None where the expression says anything else."""
    items = chosen.expression.items if isinstance(chosen.expression, StringExpression) else ()
    return items[0].part if len(items) == 1 else None
