"""Pieces of a predicate: bound parameters, and includes and excludes joined so that no kept row meets NULL."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

Parameters = tuple[tuple[str, str, object], ...]


@dataclass
class Binder:
    """Collects the parameters of one clause; names are the prefix, an underscore and a number."""

    prefix: str
    parameters: list[tuple[str, str, object]] = field(default_factory=list)

    def bind(self, kind: str, value: object) -> str:
        """`@name` of a new parameter."""
        name = f"{self.prefix}_{len(self.parameters) + 1}"
        self.parameters.append((name, kind, value))
        return f"@{name}"


def any_of(clauses: Sequence[str]) -> str:
    """Clauses joined with OR, in parentheses when there are several."""
    return clauses[0] if len(clauses) == 1 else f"({' OR '.join(clauses)})"


def all_of(clauses: Sequence[str]) -> str:
    """Clauses joined with AND, in parentheses when there are several."""
    return clauses[0] if len(clauses) == 1 else f"({' AND '.join(clauses)})"


def keep(includes: Sequence[str], excludes: Sequence[str]) -> str:
    """The clause of rows that some include matches (if there are any) and that every exclude's clause lets pass."""
    return all_of([*([any_of(includes)] if includes else []), *excludes])
