"""Filters and options in the address, both ways; the address is the truth, widgets follow it (docs/boards.md)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import quote

import streamlit as st

from lib.filters import (
    Context,
    DateExpression,
    Expression,
    FilterDefinition,
    FilterError,
    LinkFilters,
    parse,
    read_link,
    write_link,
)
from lib.looks import Look

DRILL = "drill"
"""The parameter that asks for the rows behind a mark; it is gone as soon as a filter changes."""


@dataclass(frozen=True)
class Chosen:
    """One filter of a page as the address has it: text, what it means, or why it means nothing.

    Exactly one of `expression` and `error` is set.
    """

    definition: FilterDefinition
    text: str
    default: str
    expression: Expression | None
    error: FilterError | None

    @property
    def name(self) -> str:
        """The filter's name in addresses and looks."""
        return self.definition.name

    @property
    def canonical(self) -> str:
        """The text as links carry it; a text that is not understood stays as it was typed."""
        return self.expression.to_text() if self.expression is not None else self.text

    @property
    def changed(self) -> bool:
        """Whether it differs from the board's default in meaning, not only in spelling."""
        return self.error is not None or self.canonical != canonical(self.definition, self.default)


@dataclass(frozen=True)
class Address:
    """All that the address of a page says: its filters in the board's order, options by key, sentences to show.

    `drops` names for a filter the one that means nothing any more once it changes (an account: the chosen instance).
    """

    filters: Mapping[str, Chosen]
    options: Mapping[str, str]
    notices: tuple[str, ...] = ()
    drops: Mapping[str, str] = field(default_factory=dict)

    @property
    def changed(self) -> dict[str, str]:
        """The filters that differ from the board's defaults, in canonical form."""
        return {name: chosen.canonical for name, chosen in self.filters.items() if chosen.changed}


def read(
    defaults: Mapping[str, str],
    definitions: Mapping[str, FilterDefinition],
    context: Context,
    pairs: list[tuple[str, str]] | None = None,
    drops: Mapping[str, str] | None = None,
) -> Address:
    """What the address says. A filter that is absent has its default, one that is present and empty is any value.

    A text that is not understood is never replaced by another (docs/filters, Errors). `pairs` stand for the
    address in tests and links.
    """
    given = address_pairs() if pairs is None else pairs
    known = {name: definitions[name] for name in defaults}
    # Options count, too, before they are put aside: beyond the limits nothing of a link is applied.
    refused = read_link(given, ()).refused
    options = {} if refused else {key: text for key, text in given if is_option(key)}
    said = read_link([pair for pair in given if refused or not is_option(pair[0])], list(known.values()))
    filters = {
        name: choose(definition, said.values.get(name, defaults[name]), defaults[name], context)
        for name, definition in known.items()
    }
    return Address(filters, options, _notices(said), drops or {})


def choose(definition: FilterDefinition, text: str, default: str, context: Context) -> Chosen:
    """Read one filter's text at this run's moment, which some dates need to be understood."""
    try:
        expression = parse(definition.kind, text)
        if isinstance(expression, DateExpression):
            expression.resolve(context)
        return Chosen(definition, text, default, expression, None)
    except FilterError as error:
        return Chosen(definition, text, default, None, error)


def canonical(definition: FilterDefinition, text: str) -> str:
    """The one spelling that links carry; the text itself where it is not understood."""
    try:
        return parse(definition.kind, text).to_text()
    except FilterError:
        return text


def write(address: Address, changes: Mapping[str, str], *, drop_options: bool = False) -> None:
    """Put every filter of the page into the address, those of `changes` anew, all in canonical form; options stay.

    Call it when a person changed something, never on opening: a rewritten address is one more step of "back".
    """
    now = replace(address, options=options_now(address))
    st.query_params.from_dict(parameters(now, changes, drop_options=drop_options))


def parameters(address: Address, changes: Mapping[str, str], *, drop_options: bool = False) -> dict[str, str]:
    """The whole set of query parameters of a page after these changes, in the board's order."""
    texts = {name: chosen.canonical for name, chosen in address.filters.items()}
    for name, text in changes.items():
        if name in address.drops and canonical(address.filters[name].definition, text) != texts[name]:
            texts[address.drops[name]] = ""
    texts |= {name: canonical(address.filters[name].definition, text) for name, text in changes.items()}
    return texts if drop_options else {**texts, **address.options}


def link(base: str, address: Address, fixed: Context | None = None) -> str:
    """An address to hand out, in the spelling that mail programs leave alone; with `fixed`, its dates stay.

    Every filter stands in it, empty ones too, so that a later change of a default changes no link.
    """
    definitions = [chosen.definition for chosen in address.filters.values()]
    query = write_link(definitions, {name: chosen.text for name, chosen in address.filters.items()}, fixed)
    options = [f"{quote(key, safe='.')}={quote(text, safe='')}" for key, text in address.options.items()]
    return f"{base}?{'&'.join([part for part in (query, *options) if part])}"


def option_key(look_id: str, option: str) -> str:
    """The parameter that carries a tile's option, such as `new_and_cancelled.grain`."""
    return f"{look_id.rpartition('/')[2]}.{option}"


def is_option(key: str) -> bool:
    """Whether a parameter is a tile's option and no filter (a link of the old tool has brackets around its dot)."""
    return "." in key and "[" not in key


def chosen_options(look: Look, options: Mapping[str, str]) -> dict[str, str]:
    """Each option of a look as the address has it; an unknown choice is the look's first."""
    found = {name: options.get(option_key(look.id, name), "") for name in look.options}
    return {name: found[name] if found[name] in choices else choices[0] for name, choices in look.options.items()}


def write_option(look_id: str, option: str, choice: str) -> None:
    """Put a tile's option into the address."""
    st.query_params[option_key(look_id, option)] = choice


def options_now(address: Address) -> Mapping[str, str]:
    """The tiles' options as they are in the browser: a tile writes its own without a run of the page."""
    return {key: text for key, text in st.query_params.items() if is_option(key)} or address.options


def _notices(said: LinkFilters) -> tuple[str, ...]:
    if not said.ignored:
        return said.notices
    ignored, *others = said.notices
    return (f"{ignored} This board has no such filters.", *others)


def address_pairs() -> list[tuple[str, str]]:
    """The parameters of the browser's address, those that are repeated as often as they stand there."""
    return [(key, text) for key in st.query_params if key != DRILL for text in st.query_params.get_all(key)]
