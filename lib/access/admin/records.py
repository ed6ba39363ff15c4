"""The tab of the audit: searched, paged, newest first, and downloaded as it was found."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import partial

import pyarrow as pa
import streamlit as st

from lib.access.admin.tables import height_of, times
from lib.access.audit_search import MOST_DOWNLOADED, Record, Search, download_audit, known_events, search_audit
from lib.access.page import visitor_address
from lib.access.people import now

ON_A_PAGE = 100
# Where the page is narrow the table scrolls sideways, rather than cutting what is read.
_WIDTHS = {"To whom": 180, "Board": 130, "Look": 200, "Filters": 320, "Details": 180}


def draw_records(key: str | None) -> None:
    """Draw the tab. Raises NotAdmin, NotSignedIn and StateError."""
    search = _draw_search(key)
    page = st.session_state.get(_page_key(search), 1)
    records, count = search_audit(key, search, (page - 1) * ON_A_PAGE, ON_A_PAGE)
    if page > 1 and not records:
        st.session_state[_page_key(search)] = 1
        records, count = search_audit(key, search, 0, ON_A_PAGE)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(_found_in_words(count), width="content")
        st.space("stretch")
        st.download_button(
            "Download CSV",
            partial(download_audit, key, search, visitor_address()),
            file_name=f"boardroom-audit-{now():%Y-%m-%d}.csv",
            mime="text/csv",
            icon=":material/download:",
            on_click="ignore",
            disabled=not count,
        )
    if not records:
        st.info("Nothing was recorded that fits this search.", icon=":material/search_off:")
        return
    _draw_table(records)
    if count > ON_A_PAGE:
        st.pagination(-(-count // ON_A_PAGE), key=_page_key(search))


def _draw_search(key: str | None) -> Search:
    today = now().date()
    with st.grid(5, min_column_width=170, gap="small"):
        person = st.text_input("Person", placeholder="Any", key="admin.audit.person", icon=":material/search:")
        events = st.multiselect("What", known_events(key), placeholder="Anything", key="admin.audit.events")
        look = st.text_input("Board or look", placeholder="Any", key="admin.audit.look")
        text = st.text_input("Text in filters, details or address", placeholder="Any", key="admin.audit.text")
        days = st.date_input(
            "Days, UTC", (today - timedelta(days=6), today), key="admin.audit.days", format="YYYY-MM-DD"
        )
    since, until = _bounds(days)
    return Search(person.strip(), tuple(events), look.strip(), text.strip(), since, until)


def _bounds(days: object) -> tuple[datetime | None, datetime | None]:
    """The first moment and the one after the last; while only one day is picked, that day on."""
    picked = [day for day in days if isinstance(day, date)] if isinstance(days, tuple | list) else []
    since = datetime.combine(picked[0], time(), UTC) if picked else None
    until = datetime.combine(picked[1] + timedelta(days=1), time(), UTC) if len(picked) > 1 else None
    return since, until


def _page_key(search: Search) -> str:
    """Another search begins on its first page."""
    return f"admin.audit.page.{search.words()}"


def _found_in_words(count: int) -> str:
    words = "1 record, newest first." if count == 1 else f"{count:,} records, newest first."
    return f"{words} The file holds the newest {MOST_DOWNLOADED:,}." if count > MOST_DOWNLOADED else words


def _draw_table(records: list[Record]) -> None:
    table = pa.table(
        {
            "When, UTC": pa.array([record.at for record in records], pa.timestamp("ms", "UTC")),
            "What": [record.event for record in records],
            **{
                label: pa.array([getattr(record, name) for record in records], pa.string())
                for label, name in {"Who": "person", "To whom": "subject", "Board": "page", "Look": "look"}.items()
            },
            "Filters": pa.array([record.filters for record in records], pa.string()),
            "Rows": pa.array([record.rows for record in records], pa.int64()),
            "Bytes": pa.array([record.bytes for record in records], pa.int64()),
            "Details": pa.array([record.detail for record in records], pa.string()),
            "Address": pa.array([record.address for record in records], pa.string()),
        }
    )
    st.dataframe(
        table,
        hide_index=True,
        height=height_of(len(records)),
        column_config={
            **times("When, UTC", seconds=True),
            **{name: st.column_config.Column(width=width) for name, width in _WIDTHS.items()},
            "Rows": st.column_config.NumberColumn(format="%,d"),
            "Bytes": st.column_config.NumberColumn(format="bytes"),
        },
        placeholder="—",
        alt="Records of the audit, newest first",
    )
