"""Where links of the old tool lead: `/looks/N`, `/dashboards/N`, `/boards/N`, and the same as parameters of `/`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import urlencode

from lib.board.navigation import HOME, pages
from lib.looks import catalogue, check_catalogue

KINDS = {"looks": "look", "dashboards": "dashboard", "boards": "board"}
UNKNOWN = "old_link"


def old_numbers() -> dict[str, str]:
    """From old number (`look 1521`) to page address; a broken look claims nothing.

    Raises LookError when two pages claim a number.
    """
    listed = {page.key: page.looker for page in pages()}
    return check_catalogue(replace(catalogue(), errors={}), listed)


def new_address(kind: str, number: str, query: str = "") -> str:
    """The path that an old path leads to, parameters kept; Home with a note when nobody claims the number."""
    old = f"{KINDS.get(kind, kind)} {number}"
    page = old_numbers().get(old)
    if page is None:
        return f"/{HOME}?{urlencode({UNKNOWN: old})}"
    return f"/{page}?{query}" if query else f"/{page}"


def old_number_in(parameters: Mapping[str, str]) -> tuple[str, str] | None:
    """The parameter (`look`, `dashboard`, `board`) of `/` that names an old number, with that number."""
    return next(((kind, parameters[kind]) for kind in KINDS.values() if parameters.get(kind)), None)
