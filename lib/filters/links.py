"""Filters in addresses: reading the parameters of a link, and writing them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, quote_plus

from lib.filters.context import Context
from lib.filters.date_filter import DateExpression
from lib.filters.definitions import FilterDefinition, names_of, reduce_name
from lib.filters.errors import FilterError, clip
from lib.filters.expression import Expression, parse
from lib.filters.intervals import fixed_text
from lib.filters.lists import SPACES

LONGEST_QUERY = 8000
MOST_PARAMETERS = 50
LOOKER_SETTINGS = frozenset(
    reduce_name(name) for name in ("filter_config", "hide_filter", "theme", "query_timezone", "toggle", "run", "limit")
)
_LOST_PLUS = re.compile(r"""(?:^|,)\s*-?\s*"?([^\s,"@]+(?:\ +[^\s,"@]+)+@[^\s,"@]+)""", re.VERBOSE)


@dataclass(frozen=True)
class LinkFilters:
    """What a link says: texts by filter name (present but empty: any value; absent: not in here), and notices.

    `ignored` are names that no filter of this board has; `repeated` filters that came more than once; `refused` is
    True for a link beyond the limits, of which nothing is applied.
    """

    values: Mapping[str, str]
    ignored: tuple[str, ...] = ()
    repeated: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    refused: bool = False


def read_link(
    query: str | Iterable[tuple[str, str]], definitions: Iterable[FilterDefinition], known: Iterable[str] = ()
) -> LinkFilters:
    """Filter texts out of a query string (form-encoded, with or without `?`) or its decoded pairs. Never raises.

    `known` are names that mean something else to the page (`dashboard`, a look's option): passed over in silence.
    """
    if isinstance(query, str):
        query = query.removeprefix("?")
        size, pairs = len(query), parse_qsl(query, keep_blank_values=True) if len(query) <= LONGEST_QUERY else []
    else:
        pairs = list(query)
        size = sum(len(quote_plus(part, errors="replace")) + 1 for pair in pairs for part in pair)
    if size > LONGEST_QUERY or len(pairs) > MOST_PARAMETERS:
        limit = f"at most {LONGEST_QUERY:,} characters and {MOST_PARAMETERS} parameters are read"
        return LinkFilters({}, notices=(f"This link is too long: {limit}. No filter of it is applied.",), refused=True)
    names = names_of(definitions)
    silent = LOOKER_SETTINGS | {reduce_name(name) for name in known}
    texts: dict[str, list[str]] = {}
    ignored: dict[str, None] = {}
    for name, text in pairs:
        reduced = reduce_name(name)
        if definition := names.get(reduced):
            texts.setdefault(definition.name, []).append(text)
        elif reduced not in silent:
            ignored[name.strip()] = None
    return _collect(texts, tuple(ignored), {definition.name: definition for definition in names.values()})


def _collect(
    texts: Mapping[str, Sequence[str]], ignored: tuple[str, ...], definitions: Mapping[str, FilterDefinition]
) -> LinkFilters:
    values = {name: ",".join(text for text in parts if text.strip(SPACES)) for name, parts in texts.items()}
    repeated = tuple(name for name, parts in texts.items() if len(parts) > 1)
    notices = []
    if ignored:
        notices.append(f"Ignored from the link: {', '.join(clip(name) or '(no name)' for name in ignored)}.")
    for name in repeated:
        notices.append(f"{definitions[name].label} came {len(texts[name])} times in the link; its values were joined.")
    for name, text in values.items():
        lost = _LOST_PLUS.search(text) if definitions[name].kind == "string" else None
        if lost:
            hint = f'a plus may have been lost in "{clip(lost[1])}". In links it is written %2B.'
            notices.append(f"{definitions[name].label}: {hint}")
    return LinkFilters(values, ignored, repeated, tuple(notices))


def link_pairs(
    definitions: Iterable[FilterDefinition],
    values: Mapping[str, Expression | str],
    fixed: Context | Mapping[str, Context] | None = None,
) -> list[tuple[str, str]]:
    """Name and canonical text of every filter, empty ones too, in order; a text in error stays as it is.

    A filter without a value has its default. With `fixed`, dates become the bounds they have in that context (or in
    each filter's own).
    """
    pairs = []
    for definition in definitions:
        value = values.get(definition.name, definition.default)
        try:
            expression = parse(definition.kind, value) if isinstance(value, str) else value
            text = expression.to_text()
            context = fixed.get(definition.name) if isinstance(fixed, Mapping) else fixed
            if context and isinstance(expression, DateExpression):
                text = fixed_text(expression.resolve(context), context.zone)
        except FilterError:
            text = value if isinstance(value, str) else value.to_text()
        pairs.append((definition.name, text))
    return pairs


def write_link(
    definitions: Iterable[FilterDefinition],
    values: Mapping[str, Expression | str],
    fixed: Context | Mapping[str, Context] | None = None,
) -> str:
    """The query string of a link to hand out, without `?`: a space is `%20` and a plus `%2B`. See link_pairs."""
    pairs = link_pairs(definitions, values, fixed)
    return "&".join(f"{_encode(name)}={_encode(text)}" for name, text in pairs)


def _encode(text: str) -> str:
    return quote(text, safe=",:/", errors="replace")
