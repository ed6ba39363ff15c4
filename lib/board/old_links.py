"""Where links of the old tool lead: `/looks/N`, `/dashboards/N`, `/boards/N`, and the same as parameters of `/`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, quote, urlsplit

from lib.board.navigation import HOME, pages
from lib.filters import reduce_name
from lib.looks import catalogue, check_catalogue

KINDS = {"looks": "look", "dashboards": "dashboard", "boards": "board"}
# The parameter of Home that names an old number to which no page belongs.
UNKNOWN = "old_link"
# A pasted text is an address, not a file.
LONGEST_PASTED = 10_000
_NUMBER = r"(?P<number>[0-9]{1,9})"
_PATH = re.compile(rf"(?:^|/)(?P<kind>look|dashboard|board)s(?:-next)?/{_NUMBER}(?:/.*)?$", re.IGNORECASE)
_NAMED = re.compile(rf"^(?P<kind>look|dashboard|board)\s+#?{_NUMBER}$", re.IGNORECASE)


class NoOldLink(ValueError):
    """A pasted text that is no address of the old tool; the message is the sentence for whoever pasted it."""


@dataclass(frozen=True)
class OldLink:
    """An old number with its kind (`look`, `dashboard`, `board`), and the decoded parameters that came with it."""

    kind: str
    number: str
    parameters: tuple[tuple[str, str], ...] = ()

    @property
    def name(self) -> str:
        """How looks and pages claim it: "dashboard 413"."""
        return f"{self.kind} {self.number}"

    @property
    def page(self) -> str | None:
        """The key of the page that took its place; None where none did yet."""
        return old_numbers().get(self.name)


def old_numbers() -> dict[str, str]:
    """From old number (`look 1521`) to page address; a broken look claims nothing.

    Raises LookError when two pages claim a number.
    """
    listed = {page.key: page.looker for page in pages()}
    return check_catalogue(replace(catalogue(), errors={}), listed)


def new_address(kind: str, number: str, query: str = "") -> str:
    """The path of this site that an old path leads to, parameters kept; Home with a note when nobody claims the number.

    `kind` is the old path's first part, `number` the rest of it, `query` its parameters as they came.
    """
    found = _PATH.search(f"/{kind}/{number}")
    old = OldLink(KINDS[kind], _plain_number(found)) if found else None
    if old is None or old.page is None:
        return f"/{HOME}?{UNKNOWN}={quote(old.name if old else KINDS[kind])}"
    return f"/{old.page}?{query}" if query else f"/{old.page}"


def old_link_in(pairs: Iterable[tuple[str, str]]) -> OldLink | None:
    """The old number that the parameters of `/` name (`?dashboard=413&…`), with the other parameters; None for none."""
    pairs = list(pairs)
    for at, (name, text) in enumerate(pairs):
        if (kind := reduce_name(name)) in KINDS.values() and (found := _NAMED.match(f"{kind} {text.strip()}")):
            return OldLink(kind, _plain_number(found), (*pairs[:at], *pairs[at + 1 :]))
    return None


def read_pasted(text: str) -> OldLink:
    """What a pasted address names: `https://company.looker.com/dashboards/413?…` of whatever host, its path alone,
    `?dashboard=413&…`, or `dashboard 413`. Raises NoOldLink with a sentence.
    """
    text = text.strip().strip("<>\"'").strip()
    if not text:
        raise NoOldLink("Paste an address of the old tool, such as https://company.looker.com/dashboards/409.")
    if len(text) > LONGEST_PASTED:
        raise NoOldLink("That is too long for an address.")
    if found := _NAMED.match(text):
        return _old_link(found, ())
    try:
        parts = urlsplit(text)
    except ValueError:
        raise NoOldLink("That is no address.") from None
    pairs = tuple(parse_qsl(parts.query, keep_blank_values=True))
    if found := _PATH.search(parts.path):
        return _old_link(found, pairs)
    if named := old_link_in(pairs):
        return named
    if "/" in text or "?" in text or "." in text:
        raise NoOldLink("This address names no look, dashboard or board. One that does reads like /dashboards/409.")
    raise NoOldLink("That is no address. Copy it from the browser's address bar, or write “dashboard 409”.")


def _old_link(found: re.Match[str], pairs: tuple[tuple[str, str], ...]) -> OldLink:
    return OldLink(found["kind"].lower(), _plain_number(found), pairs)


def _plain_number(found: re.Match[str]) -> str:
    return found["number"].lstrip("0") or "0"


def unmapped_words(name: str) -> str:
    """The note on Home for an old number without a page; whatever the address says, nothing of it but a number."""
    found = _NAMED.match(name)
    if found is None:
        return "This old link names nothing that moved here. Search for what it showed."
    kind, number = found["kind"].lower(), found["number"]
    return f"Looker's {kind} {number} has not moved here yet. Search for what it showed, or look through the boards."
