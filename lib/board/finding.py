"""The search box of Home: what it looks through, what it found, where that leads (docs/boards.md, Search)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

import pyarrow as pa
import streamlit as st

from lib.access import NotSignedIn
from lib.board import navigation, results
from lib.board.navigation import Page
from lib.board.old_link_box import grouped
from lib.board.old_links import NoOldLink, read_pasted, unmapped_words
from lib.board.search import Entry, Hit, Index, Kind, Text
from lib.board.sidebar import quote
from lib.board.soon import begin
from lib.board.words import SIGNED_OUT, plain
from lib.log import fault
from lib.looks import Catalogue
from lib.warehouse.query import Query, QueryCancelled

# More names than these are not searched on Home; the single instance's own search finds them.
MOST_NAMES = 250_000
# One line of a hit.
LONGEST_WHY = 80
_NAMES = Query(
    "SELECT kind, name, instances FROM analytics.names WHERE kind IN ('account_name', 'installer_email')"
    f" ORDER BY instances DESC, name LIMIT {MOST_NAMES}",
    look="names",
    budget_bytes=100_000_000,
    deadline_s=30.0,
    columns=(("kind", "STRING"), ("name", "STRING"), ("instances", "INT64")),
)
NAME_KINDS: Mapping[str, Kind] = {"account_name": Kind.account, "installer_email": Kind.email}
FILTERS: Mapping[Kind, str] = {kind: name for name, kind in NAME_KINDS.items()}
_ICONS: Mapping[Kind, str] = {
    Kind.board: ":material/monitoring:",
    Kind.account: ":material/domain:",
    Kind.tile: ":material/insert_chart:",
    Kind.email: ":material/mail:",
}


@dataclass(frozen=True)
class Sought:
    """Everything that can be found, and whether the names of accounts and installers are among it."""

    index: Index
    with_names: bool


def warm(session_key: str | None, listed: Sequence[Page], known: Catalogue | None) -> None:
    """Begin to make the index, so that it stands when the first letter is typed."""
    begin(("search", session_key), partial(sought, session_key, listed, known))


def sought(session_key: str | None, listed: Sequence[Page], known: Catalogue | None) -> Sought:
    """The index over boards, tiles and names, made once for all people; names only for who is signed in at this moment.

    Raises `NotSignedIn`.
    """
    table, asked_at = None, None
    try:
        outcome = results.rows(session_key, _NAMES, tile="search.names", page=navigation.HOME)
        if outcome.result is not None:
            table, asked_at = outcome.result.table, outcome.asked_at
    except QueryCancelled:
        pass
    return _made(tuple(map(id, (*listed, known))), asked_at, listed, known, table)[0]


@st.cache_resource(ttl=timedelta(days=1), max_entries=4, show_spinner=False)
def _made(
    ids: tuple[int, ...],
    asked_at: datetime | None,
    _listed: Sequence[Page],
    _known: Catalogue | None,
    _names: pa.Table | None,
) -> tuple[Sought, object]:
    # Pages and looks are kept beside the index: so long, no other (an edited one) can have the same id.
    entries = [*content_entries(_listed, _known)]
    if _names is not None and instance_page(_listed) is not None:
        entries += name_entries(_names)
    return Sought(Index(entries), _names is not None), (_listed, _known)


def content_entries(listed: Sequence[Page], known: Catalogue | None) -> Iterator[Entry]:
    """Boards and the tiles on them, with all that they are found by."""
    for page in listed:
        texts = [Text("Old number", number, 1) for number in page.looker]
        texts += [Text("Question", page.question, 3), Text("For", page.audience, 3), Text("Section", page.section, 3)]
        yield Entry(Kind.board, page.title, page.key, texts=tuple(texts))
        for name in page.looks:
            look = known.looks.get(name) if known else None
            if look is None:
                continue
            texts = [Text("Old number", number, 1) for number in look.looker]
            texts += [Text("Label", look.label, 1)] if look.label else []
            texts += [Text("Column", column.label, 3) for column in look.columns.values() if not column.hidden]
            texts += [Text("Question", look.question, 3), Text("Definition", look.definition, 4)]
            texts += [Text("Board", page.title, 5)]
            yield Entry(Kind.tile, look.title, page.key, look.id, tuple(texts))


def name_entries(names: pa.Table) -> Iterator[Entry]:
    """Accounts and installer emails; the larger of equals first."""
    columns = (names.column(name).to_pylist() for name in ("kind", "name", "instances"))
    for kind, name, instances in zip(*columns, strict=True):
        if name and kind in NAME_KINDS:
            yield Entry(NAME_KINDS[kind], name, weight=instances or 0)


def instance_page(listed: Sequence[Page]) -> Page | None:
    """The page of one instance, where accounts and installers lead."""
    return next((page for page in listed if page.chooses and set(NAME_KINDS) <= page.filters.keys()), None)


@st.fragment
def draw_search(
    session_key: str | None, listed: Sequence[Page], links: Mapping[str, st.Page], known: Catalogue | None
) -> None:
    """The search box and what it finds while one types; nothing else of the page is drawn again."""
    text = st.text_input(
        "Search",
        key="home.search",
        type="search",
        placeholder="Search boards, tiles and accounts, or paste an old Looker link",
        icon=":material/search:",
        label_visibility="collapsed",
        live="200ms",
    )
    if not text or not text.strip():
        return
    if "/" in text or "?" in text:
        _draw_pasted(text, listed, links)
        return
    try:
        found = sought(session_key, listed, known)
        hits = found.index.search(text)
    except NotSignedIn:
        st.warning(SIGNED_OUT, icon=":material/lock:")
        return
    except Exception as error:
        st.error(f"**The search did not work.** Error {fault(error, asked='search')}.", icon=":material/error:")
        return
    if not hits:
        _say_nothing_found(text.strip())
    else:
        with st.container(border=True, gap="xsmall", key="home-found"):
            for hit in hits:
                _draw_hit(hit, listed, links)
    if not found.with_names:
        st.caption("Accounts and installers are not searched now: the warehouse did not answer.")


def _draw_pasted(text: str, listed: Sequence[Page], links: Mapping[str, st.Page]) -> None:
    """An address of the old tool, and where it leads now, with its filters."""
    try:
        old = read_pasted(text)
    except NoOldLink as error:
        st.info(plain(str(error)), icon=":material/link_off:")
        return
    page = next((page for page in listed if page.key == old.page), None)
    if page is None:
        st.info(unmapped_words(old.name), icon=":material/link_off:")
        return
    with st.container(border=True, gap="xsmall", key="home-found"):
        _draw_found(page, links, page.title, page.icon, grouped(old), f"**Old link** · Looker's {old.name}")


def _say_nothing_found(text: str) -> None:
    try:
        st.info(unmapped_words(read_pasted(text).name), icon=":material/link_off:")
        return
    except NoOldLink:
        pass
    shown = text if len(text) <= 60 else f"{text[:60]}…"
    st.info(
        f"**Nothing found for {plain(shown)}.** Try one word of a board, a tile, an account name or an email.",
        icon=":material/search_off:",
    )


def _draw_hit(hit: Hit, listed: Sequence[Page], links: Mapping[str, st.Page]) -> None:
    entry = hit.entry
    page = next((page for page in listed if page.key == entry.page), None) or instance_page(listed)
    if page is not None:
        icon = page.icon if entry.kind is Kind.board else _ICONS[entry.kind]
        _draw_found(page, links, entry.title, icon, leads_to(entry), why_words(hit, page))


def _draw_found(
    page: Page, links: Mapping[str, st.Page], title: str, icon: str, parameters: Mapping[str, str | list[str]], why: str
) -> None:
    name, what = st.columns([4, 6], vertical_alignment="center", gap="small")
    with name:
        st.page_link(links[page.key], label=plain(title), icon=icon or None, query_params=parameters, width="stretch")
    what.caption(why)


def leads_to(entry: Entry) -> dict[str, str]:
    """The parameters of the page that a hit opens: exactly this name for an account or an installer."""
    return {FILTERS[entry.kind]: quote(entry.title)} if entry.kind in FILTERS else {}


def why_words(hit: Hit, page: Page) -> str:
    """What a hit is, and what of it has the typed words where that is not the title; Markdown."""
    entry, why = hit.entry, hit.why
    if entry.kind in FILTERS:
        return f"**{entry.kind}** · opens {plain(page.title)}"
    what = f"**Board** · {plain(page.question)}" if entry.kind is Kind.board else f"**Tile** on {plain(page.title)}"
    if why is None or why.name in ("Label", "Board") or (entry.kind is Kind.board and why.name == "Question"):
        return what
    shown = why.text if len(why.text) <= LONGEST_WHY else f"{why.text[:LONGEST_WHY].rsplit(' ', 1)[0]} …"
    return f"{what} · {why.name}: {plain(shown)}"
