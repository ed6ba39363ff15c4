"""What a filter is: its name and aliases, its kind, and how names of links find it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from lib.filters.expression import KINDS

_FIELD = re.compile(r"\s*f\[(.*)\]\s*", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True)
class FilterDefinition:
    """One filter. `default` is the expression of a link without it; `case_sensitive` concerns text only.

    `choices` are the few values it may have, in the order in which they are offered; `names` is the kind of names
    that are offered where there are many. Without `sidebar` it has no control there: it is chosen on the page itself.
    """

    name: str
    label: str
    kind: str
    aliases: tuple[str, ...] = ()
    case_sensitive: bool = True
    help: str = ""
    default: str = ""
    choices: tuple[str, ...] = ()
    names: str = ""
    sidebar: bool = True

    def __post_init__(self) -> None:
        object.__setattr__(self, "aliases", tuple(self.aliases))
        object.__setattr__(self, "choices", tuple(self.choices))
        if self.kind not in KINDS:
            raise ValueError(f"Filter {self.name}: {self.kind!r} is no kind of filter (one of {', '.join(KINDS)}).")
        for name in (self.name, *self.aliases):
            if not reduce_name(name):
                raise ValueError(f"Filter {self.name}: the name {name!r} has no letter or digit.")


def reduce_name(name: str) -> str:
    """A name as links are matched: letters and digits only, without case, after Unicode NFKC.

    Of `f[view.field]` the part after the last dot is the name.
    """
    name = unicodedata.normalize("NFKC", name)
    if found := _FIELD.fullmatch(name):
        name = found[1].rpartition(".")[2]
    folded = unicodedata.normalize("NFKC", name.casefold())
    return "".join(letter for letter in folded if letter.isalnum())


def names_of(definitions: Iterable[FilterDefinition]) -> Mapping[str, FilterDefinition]:
    """Reduced names and aliases to their filters; ValueError when two filters share one."""
    found: dict[str, FilterDefinition] = {}
    for definition in definitions:
        for name in (definition.name, *definition.aliases):
            other = found.setdefault(reduce_name(name), definition)
            if other.name != definition.name:
                raise ValueError(f"Filters {other.name} and {definition.name} cannot both be named {name!r}.")
    return found
