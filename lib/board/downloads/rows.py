"""The rows of one tile, or those behind a mark, as files: all of them, not those shown."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import pyarrow as pa
import streamlit as st

from lib.board import address as addresses
from lib.board import results
from lib.board.downloads.about import About, about_rows
from lib.board.downloads.cells import cells_of, fields_of
from lib.board.downloads.csv_file import csv_bytes
from lib.board.downloads.limits import STATED, why_not
from lib.board.downloads.making import Download, Made, NoFile, draw_buttons
from lib.board.downloads.names import file_name
from lib.board.downloads.parquet_file import parquet_bytes
from lib.board.downloads.picture import png_bytes
from lib.board.downloads.piece import Wanted, ask_piece
from lib.board.downloads.sql_file import sql_bytes
from lib.board.downloads.xlsx_file import xlsx_bytes
from lib.board.results import Outcome
from lib.board.visit import Visit, listened
from lib.board.words import plain, trouble_notice
from lib.looks import CompiledLook, Look
from lib.warehouse.query import Query

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv"
PARQUET = "application/vnd.apache.parquet"
_INSTEAD = {"xlsx": "CSV or Parquet", "csv": "Parquet"}


@dataclass(frozen=True)
class Asked:
    """Rows that a page shows and a file may ask for again: look, query, words on which they are, the way back."""

    visit: Visit
    look: Look
    query: Query
    told: tuple[tuple[str, str], ...] = ()
    link: str = ""

    def again(self) -> Outcome:
        """The rows whole, from the cache where possible. Raises `NotSignedIn`, and `NoFile` where none came."""
        # A name of its own: two downloads at once must not stop each other as runs of one tile do.
        tile = f"{self.visit.key(self.look.id)}.{uuid.uuid4().hex}"
        query = replace(self.query, row_limit=None)
        outcome = results.rows(self.visit.session_key, query, tile=tile, page=self.visit.page)
        if outcome.trouble is not None:
            raise NoFile(f"{trouble_notice(outcome.trouble).text} Error {outcome.trouble.id}.")
        return outcome

    def about(self, outcome: Outcome) -> About:
        """What a file says of the rows."""
        return about_rows(self.visit, self.look, outcome, self.link, self.told)

    def download(self, label: str, ending: str, mime: str, make: Callable[[Outcome], bytes], why: str = "") -> Download:
        """One button for these rows, its name and its record."""

        def made() -> Made:
            outcome = self.again()
            return Made(make(outcome), _table(outcome).num_rows)

        filters = listened(self.visit, self.look)
        said = "; ".join(f"{chosen.name}={chosen.canonical}" for chosen in filters)
        told = "; ".join(f"{label}: {words}" for label, words in self.told)
        return Download(
            label,
            file_name(self.look.id, filters, self.visit.now.date(), ending),
            mime,
            made,
            self.look.id,
            "; ".join(filter(None, (said, told))),
            why,
        )


def rows_downloads(
    visit: Visit,
    look: Look,
    query: Query,
    outcome: Outcome | None,
    *,
    key: str,
    told: Sequence[tuple[str, str]] = (),
    drawn: CompiledLook | None = None,
) -> None:
    """Buttons for the rows of a query as CSV, XLSX, Parquet and SQL; a file is made when its button is pressed.

    Call it in a dialog or a fragment, where a press runs little else. `outcome` are the rows as the page has them, from
    which their size is told before the click; the file asks for them again, whole (without the query's `row_limit`),
    for whoever is signed in then. `told` says which rows these are beyond the page's filters, as ("Month", "Oct 2025").
    With `drawn`, the tile that they fill, there is a picture too.
    """
    if outcome is None or outcome.result is None:
        st.caption("No rows to download.")
        return
    asked = Asked(visit, look, query, tuple(told), page_link(visit))
    table, cut = outcome.result.table, outcome.result.cut
    cells = cells_of(fields_of(look, table), table)
    refused = {ending: "" if cut else why_not(cells, ending, _INSTEAD[ending]) for ending in _INSTEAD}
    offer = asked.download
    downloads = [
        offer("CSV", "csv", CSV, lambda now: csv_bytes(look, _within(look, now, "csv")), refused["csv"]),
        offer(
            "XLSX",
            "xlsx",
            XLSX,
            lambda now: xlsx_bytes(look, _within(look, now, "xlsx"), asked.about(now)),
            refused["xlsx"],
        ),
        *([_picture(visit, drawn)] if drawn is not None else []),
        offer("Parquet", "parquet", PARQUET, lambda now: parquet_bytes(look, _table(now), asked.about(now))),
        offer("SQL", "sql", "application/sql", lambda now: sql_bytes(query, asked.about(now))),
    ]
    draw_buttons(visit, downloads, key=key)
    for sentence in filter(None, refused.values()):
        st.caption(sentence)
    count = f"All rows, more than the {table.num_rows:,} shown" if cut else _counted(table.num_rows)
    st.caption(f"{count}, under the filters of the page. {STATED}")


def _picture(visit: Visit, compiled: CompiledLook) -> Download:
    look = compiled.look

    def made() -> Made:
        piece = ask_piece(visit, Wanted(look.id, compiled.options))
        if piece.table is None:
            raise NoFile(plain(piece.sentence))
        return Made(png_bytes(visit, piece), piece.rows)

    filters = listened(visit, look)
    said = "; ".join(f"{chosen.name}={chosen.canonical}" for chosen in filters)
    return Download("PNG", file_name(look.id, filters, visit.now.date(), "png"), "image/png", made, look.id, said)


def page_link(visit: Visit) -> str:
    """The address of the page as it is, to stand in files; call it while the page runs."""
    base = (st.context.url or f"/{visit.page}").partition("?")[0]
    return addresses.link(base, visit.address)


def _within(look: Look, outcome: Outcome, ending: str) -> pa.Table:
    """The rows, unless there are more by now than such a file holds."""
    table = _table(outcome)
    if sentence := why_not(cells_of(fields_of(look, table), table), ending, _INSTEAD[ending]):
        raise NoFile(sentence)
    return table


def _table(outcome: Outcome) -> pa.Table:
    if outcome.result is None:
        raise NoFile("**No rows came.** Try again.")
    return outcome.result.table


def _counted(rows: int) -> str:
    return "The one row" if rows == 1 else f"All {rows:,} rows"
