"""A whole board as files: PDF, XLSX with a sheet a tile, a zip of CSVs."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime

import streamlit as st

from lib.access import NotSignedIn
from lib.board import address as addresses
from lib.board.ages import through_words
from lib.board.downloads.about import filter_lines, moment_words
from lib.board.downloads.cells import cells_of, fields_of
from lib.board.downloads.contents import Contents
from lib.board.downloads.csv_file import csv_bytes
from lib.board.downloads.limits import BOARD_STATED, why_not
from lib.board.downloads.making import Download, Made, NoFile, draw_buttons
from lib.board.downloads.names import file_name
from lib.board.downloads.pdf_file import pdf_bytes
from lib.board.downloads.piece import Piece, ask_pieces
from lib.board.downloads.rows import XLSX, page_link
from lib.board.downloads.xlsx_file import ABOUT, Book, filter_table
from lib.board.part import Part
from lib.board.visit import Visit, sources
from lib.board.words import SIGNED_OUT, plain
from lib.warehouse.query import Freshness

Pieces = Mapping[str, Piece]


def open_board_downloads(visit: Visit, title: str, question: str, parts: Sequence[Part]) -> None:
    """Open the dialog with a board's files. Only outside a parallel run: call it after a click."""
    contents = contents_of(visit, title, question, parts)
    st.dialog(plain(f"Download {title}"), width="medium")(_draw)(visit, contents)


def contents_of(visit: Visit, title: str, question: str, parts: Sequence[Part]) -> Contents:
    """What stands on the board now; call it while the page runs."""
    now = addresses.options_now(visit.address)
    looks = [visit.catalogue.looks[look] for part in parts for look in part.looks if look in visit.catalogue.looks]
    known: dict[str, Freshness] = {}
    for look in looks:
        known.update(sources(visit, look))
    return Contents(
        title=title,
        question=question,
        parts=tuple(parts),
        options={look.id: addresses.chosen_options(look, now) for look in looks},
        through=through_words(known),
        link=page_link(visit),
    )


def board_downloads(visit: Visit, contents: Contents, pieces: Pieces) -> list[Download]:
    """The three files; `pieces` are the tiles as they are now, from which their size is told before the click."""

    def offer(label: str, ending: str, mime: str, make: Callable[[Pieces], bytes]) -> Download:
        def made() -> Made:
            again = answered(visit, contents)
            if sentence := why_not(_cells(again), ending):
                raise NoFile(sentence)
            return Made(make(again), sum(piece.rows for piece in again.values()))

        filters = tuple(visit.address.filters.values())
        name = file_name(visit.page, filters, visit.now.date(), ending)
        said = "; ".join(f"{chosen.name}={chosen.canonical}" for chosen in filters)
        return Download(label, name, mime, made, None, said, why_not(_cells(pieces), ending))

    return [
        offer("PDF", "pdf", "application/pdf", lambda now: pdf_bytes(visit, contents, now)),
        offer("XLSX", "xlsx", XLSX, lambda now: board_xlsx(visit, contents, now)),
        offer("CSV (zip)", "zip", "application/zip", lambda now: board_zip(visit, contents, now)),
    ]


def answered(visit: Visit, contents: Contents) -> dict[str, Piece]:
    """All tiles of the board by look, for whoever is signed in at this moment. Raises `NotSignedIn`."""
    return {piece.id: piece for piece in ask_pieces(visit, contents.wanted)}


def board_xlsx(visit: Visit, contents: Contents, pieces: Pieces) -> bytes:
    """A workbook: first the sheet "About", then a sheet a tile; a tile in trouble has its sentence there."""
    book = Book()
    said = book.name(ABOUT)
    named = {id: book.name(piece.title) for id, piece in pieces.items()}
    tiles = [("Sheet", "Tile", "Definition"), *((named[id], piece.title, _told(piece)) for id, piece in pieces.items())]
    filters = filter_lines(tuple(visit.address.filters.values()), visit.context)
    book.lines_sheet(said, _lines(contents), filter_table(filters), tiles)
    for id, piece in pieces.items():
        if piece.look is None or piece.table is None:
            book.text_sheet(named[id], piece.sentence)
        else:
            book.rows_sheet(named[id], piece.look, piece.table)
    return book.close()


def board_zip(visit: Visit, contents: Contents, pieces: Pieces) -> bytes:
    """A zip: a CSV a tile in the board's order, and README.txt with filters, time and what is missing."""
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        listed = []
        for at, (id, piece) in enumerate(pieces.items(), start=1):
            name = f"{at:02}_{id.rpartition('/')[2]}.csv"
            if piece.look is None or piece.table is None:
                listed.append(f"{piece.title}: not in here. {piece.sentence}")
                continue
            archive.writestr(name, csv_bytes(piece.look, piece.table))
            listed.append(f"{name}: {piece.title}, {piece.rows:,} rows. {piece.footer}")
        archive.writestr("README.txt", _readme(visit, contents, listed).encode())
    return sink.getvalue()


def _readme(visit: Visit, contents: Contents, listed: Sequence[str]) -> str:
    filters = filter_lines(tuple(visit.address.filters.values()), visit.context)
    lines = [f"{label}: {words}" for label, words in _lines(contents)]
    chosen = [f"{line.label}: {line.words}" + (f"  ({line.text})" if line.text else "") for line in filters]
    return "\r\n".join([*lines, "", "Filters", *chosen, "", "Files", *listed, ""])


def _lines(contents: Contents) -> list[tuple[str, str]]:
    lines = [
        ("Board", contents.title),
        ("Question", contents.question),
        ("Data", contents.through),
        ("Made", moment_words(datetime.now(UTC))),
        ("Link", contents.link),
    ]
    return [(label, words) for label, words in lines if words]


def _told(piece: Piece) -> str:
    return piece.sentence or (f"{piece.look.definition} {piece.footer}" if piece.look is not None else "")


def _cells(pieces: Pieces) -> int:
    answers = [(piece.look, piece.table) for piece in pieces.values()]
    return sum(cells_of(fields_of(look, table), table) for look, table in answers if look and table is not None)


def _draw(visit: Visit, contents: Contents) -> None:
    try:
        with st.spinner("Looking at the tiles …"):
            pieces = answered(visit, contents)
    except NotSignedIn:
        st.warning(SIGNED_OUT, icon=":material/lock:")
        return
    tiles = len(pieces)
    st.caption(f"All rows of {tiles} tile{'s' if tiles > 1 else ''} under the filters of the page. {BOARD_STATED}")
    downloads = board_downloads(visit, contents, pieces)
    draw_buttons(visit, downloads, key=f"{visit.page}.files")
    for sentence in dict.fromkeys(filter(None, (download.why_not for download in downloads))):
        st.caption(sentence)
    troubled = [piece for piece in pieces.values() if piece.table is None]
    if troubled:
        told = "\n".join(f"- {plain(piece.title)}: {plain(piece.sentence)}" for piece in troubled)
        st.warning(f"**Not in these files:**\n{told}", icon=":material/error:")
