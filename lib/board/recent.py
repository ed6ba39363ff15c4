"""Recently opened: pages with what they were about, and when (docs/boards.md, Home)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import streamlit as st

from lib.board.cards import Shelf
from lib.board.words import plain
from lib.log import fault
from lib.state import StateError
from lib.state.own import Opened, recently_opened

SHOWN = 8


def draw_recent(shelf: Shelf, person_id: int) -> None:
    """What the person opened last; each leads back to it with its filters."""
    try:
        opened = recently_opened(person_id, SHOWN)
    except StateError as error:
        st.caption(f"{plain(str(error))} ({fault(error, surface='recently opened')})")
        return
    shown = [(item, page) for item in opened if (page := shelf.page(item.page))]
    if not shown:
        st.caption("The boards that you open stand here, with their filters.")
        return
    now = datetime.now(UTC)
    with st.container(border=True, gap="xsmall"):
        for item, page in shown:
            with st.container(horizontal=True, wrap=False, vertical_alignment="center", gap="small"):
                st.page_link(
                    shelf.links[page.key],
                    label=plain(title_of(item, page.title)),
                    icon=page.icon or None,
                    query_params=dict(item.parameters),
                    width="stretch",
                )
                st.markdown(f":small[:gray[{moment_words(item.at, now)}]]", width="content")


def title_of(item: Opened, title: str) -> str:
    """The page and what it was about: "Single instance: Harrow & Finch"."""
    return f"{title}: {item.about}" if item.about else title


def moment_words(at: datetime, now: datetime) -> str:
    """A moment within a sentence, in UTC: "today 09:12", "yesterday 16:40", "Fri 14 Nov", "14 Nov 2024"."""
    at, now = at.astimezone(UTC), now.astimezone(UTC)
    days = (now.date() - at.date()) / timedelta(days=1)
    if days <= 0:
        return f"today {at:%H:%M}"
    if days == 1:
        return f"yesterday {at:%H:%M}"
    return f"{at:%a} {at.day} {at:%b}" if days < 180 else f"{at.day} {at:%b %Y}"
