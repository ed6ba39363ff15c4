"""What is new: boards and tiles that came or changed, and data that arrived (docs/boards.md, Home)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache, partial

import streamlit as st

from lib.board import navigation
from lib.board.ages import through_words
from lib.board.cards import Shelf
from lib.board.navigation import Page
from lib.board.recent import moment_words
from lib.board.visit import sources
from lib.board.words import plain
from lib.looks import Catalogue, Look, present
from lib.settings import settings
from lib.state.content import News, news_since, note_content
from lib.state.later import write_later
from lib.warehouse.query import Freshness
from lib.warehouse.sources import source

NEW_FOR = timedelta(days=30)
SHOWN = 8


def note_content_now(listed: Sequence[Page], known: Catalogue | None) -> None:
    """Have the state database know which boards and tiles there are; asked of it only when that has changed."""
    if known is not None:
        _note(tuple(content_of(listed, known).items()))


@lru_cache(maxsize=1)
def _note(content: tuple[tuple[tuple[str, str], str], ...]) -> None:
    write_later(partial(note_content, dict(content)))


def content_of(listed: Sequence[Page], known: Catalogue) -> Mapping[tuple[str, str], str]:
    """Boards and tiles that can be shown, each with a digest of what its readers would call a change."""
    content = {(page.key, ""): "" for page in listed}
    for page in listed:
        content |= {(page.key, name): _digest(known.looks[name]) for name in page.looks if name in known.looks}
    return content


@lru_cache(maxsize=4096)
def _digest_of(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _digest(look: Look) -> str:
    return _digest_of(look.title, look.definition, look.chart.kind, look.period, " ".join(look.sql.split()))


def read_news() -> list[News]:
    """What came or changed of late. Raises StateError."""
    return news_since(datetime.now(UTC) - NEW_FOR)


def draw_news(shelf: Shelf, news: Sequence[News]) -> None:
    """New and changed boards and tiles, newest first, each with its day and a link."""
    shown = [item for item in news if item.page in shelf.links and (not item.look or shelf.look(item.look))][:SHOWN]
    for item in shown:
        page = shelf.page(item.page)
        if page is None:
            continue
        with st.container(horizontal=True, wrap=False, vertical_alignment="center", gap="small"):
            look = shelf.look(item.look)
            label = f"{page.title}: {look.title}" if look else page.title
            navigation.link(page, shelf.links, label=plain(label))
            st.markdown(f":small[:gray[{plain(told(shelf, item, short=True))}]]", width="content")
    if not shown:
        st.caption(f"No board or tile was added or changed in the last {NEW_FOR.days} days.")


def told(shelf: Shelf, item: News, *, short: bool = False) -> str:
    """One piece of news in words: "new tile Tickets, Mon 17 Nov"; `short` leaves out what the link beside it says."""
    look = shelf.look(item.look)
    kind = "tile" if item.look else "board"
    what = f"{'new' if item.added else 'changed'} {kind}"
    named = f" {look.title}" if look and not short else ""
    return f"{what}{named}, {moment_words(item.at, datetime.now(UTC))}"


def draw_arrivals(shelf: Shelf) -> None:
    """Up to when the sources that grow reach, and when they were loaded, the last loaded first."""
    found: dict[str, Freshness] = {}
    for page in shelf.listed:
        visit = shelf.visit(page)
        for name in page.looks if visit else ():
            if visit and (look := shelf.look(name)):
                found.update(sources(visit, look))
    by_name: dict[str, dict[str, Freshness]] = {}
    for table, fresh in found.items():
        if fresh.grows:
            by_name.setdefault(source(table).name, {})[table] = fresh
    now = present(settings())
    for known in sorted(by_name.values(), key=_loaded, reverse=True):
        with st.container(horizontal=True, wrap=False, vertical_alignment="center", gap="small"):
            st.markdown(f":small[:material/database: {plain(through_words(known))}]", width="stretch")
            st.markdown(f":small[:gray[loaded {moment_words(_loaded(known), now)}]]", width="content")


def _loaded(known: Mapping[str, Freshness]) -> datetime:
    return min(fresh.loaded_at for fresh in known.values())
