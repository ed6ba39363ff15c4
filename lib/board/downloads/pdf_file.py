"""A board as PDF: A4 pages with its head, its filters in words, figures, charts as vectors, first rows of tables."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from pypdf import PdfReader, PdfWriter
from pypdf.annotations import Link
from pypdf.generic import RectangleObject

from lib.board.downloads.about import filter_lines, moment_words
from lib.board.downloads.contents import Contents
from lib.board.downloads.paper import page, placed, rule, shorten, text, wrap
from lib.board.downloads.picture import Block, tile_block
from lib.board.downloads.piece import Piece
from lib.board.part import Part
from lib.board.visit import Visit
from lib.charts.export import paper
from lib.charts.renderer import renderer

# A4 on its side, in points; what is drawn counts in pixels, as on the screen.
_WIDTH, _HEIGHT, _SCALE = 841.89, 595.28, 0.75
_MARGIN = 40.0
_ROOM = _WIDTH / _SCALE - 2 * _MARGIN
_FOOT = 22.0
_BOTTOM = _HEIGHT / _SCALE - _MARGIN - _FOOT
_GAP = 28.0
# Three rows of tiles a page.
_CHART_HEIGHT = 162.0
_COUNTERS_A_ROW = 6


@dataclass
class _Sheet:
    """One page in the making: what is drawn, down to where, and the sections that begin on it."""

    drawn: list[str] = field(default_factory=list)
    y: float = _MARGIN
    sections: list[str] = field(default_factory=list)


def pdf_bytes(visit: Visit, contents: Contents, pieces: Mapping[str, Piece], made_at: datetime | None = None) -> bytes:
    """The board as PDF. Text stays text and charts stay vectors. Raises `NotRendered`."""
    made = moment_words(made_at or datetime.now(UTC))
    sheets = [_Sheet()]
    _put(sheets[0], _head(visit, contents, made))
    for section, block in _blocks(contents.parts, pieces):
        if sheets[-1].y + block.height > _BOTTOM and sheets[-1].drawn:
            sheets.append(_Sheet())
        if section:
            sheets[-1].sections.append(section)
        _put(sheets[-1], block)
    writer = PdfWriter()
    for number, sheet in enumerate(sheets, start=1):
        foot = _foot(contents.title, made, f"{number} of {len(sheets)}")
        svg = page("".join(sheet.drawn) + foot, _WIDTH, _HEIGHT, _SCALE)
        writer.add_page(PdfReader(io.BytesIO(renderer().pdf(svg))).pages[0])
        for section in sheet.sections:
            writer.add_outline_item(title=section, page_number=number - 1)
    _link(writer, contents.link)
    writer.add_metadata({"/Title": contents.title, "/Creator": "Boardroom"})
    writer.compress_identical_objects()
    sink = io.BytesIO()
    writer.write(sink)
    return sink.getvalue()


def _put(sheet: _Sheet, block: Block) -> None:
    sheet.drawn.append(placed(block.svg, _MARGIN, sheet.y))
    sheet.y += block.height


def _head(visit: Visit, contents: Contents, made: str) -> Block:
    """Title, question, filters in words, how old it is."""
    gray = paper().gray
    svg, y = text(0, 22, shorten(contents.title, _ROOM, 24, bold=True), 24, bold=True), 40.0
    filters = filter_lines(tuple(visit.address.filters.values()), visit.context)
    words = "  ·  ".join(f"{line.label}: {line.words}" for line in filters)
    age = "  ·  ".join(filter(None, (contents.through, f"Made at {made}")))
    for line in wrap(contents.question, _ROOM, 12, 2):
        svg += text(0, y, line, 12, color=gray)
        y += 16
    for line in wrap(words or "No filters", _ROOM, 11, 3):
        svg += text(0, y + 2, line, 11)
        y += 15
    svg += text(0, y + 2, age, 11, color=gray)
    return Block(svg + rule(0, y + 12, _ROOM), y + 26)


def _blocks(parts: Sequence[Part], pieces: Mapping[str, Piece]) -> Iterator[tuple[str, Block]]:
    """What stands beneath each other; a section's title goes with the row that follows it."""
    section = ""
    for part in parts:
        if part.kind == "section":
            section = part.title
            continue
        for block in _rows(part, pieces):
            yield section, _titled(section, block) if section else block
            section = ""


def _titled(section: str, block: Block) -> Block:
    return Block(text(0, 18, section, 16, bold=True) + placed(block.svg, 0, 34), block.height + 34)


def _rows(part: Part, pieces: Mapping[str, Piece]) -> Iterator[Block]:
    across = _COUNTERS_A_ROW if part.kind == "counters" else 1 if part.wide else max(2, min(len(part.looks), 3))
    width = (_ROOM - _GAP * (across - 1)) / across
    for first in range(0, len(part.looks), across):
        blocks = [tile_block(pieces[look], width, _CHART_HEIGHT) for look in part.looks[first : first + across]]
        svg = "".join(placed(block.svg, at * (width + _GAP), 0) for at, block in enumerate(blocks))
        yield Block(svg, max(block.height for block in blocks) + 10)


def _foot(title: str, made: str, number: str) -> str:
    y, gray = _HEIGHT / _SCALE - _MARGIN, paper().gray
    left = text(_MARGIN, y, shorten(f"Boardroom  ·  {title}  ·  {made}", _ROOM * 0.8, 10), 10, color=gray)
    return rule(_MARGIN, y - 16, _ROOM) + left + text(_MARGIN + _ROOM, y, number, 10, color=gray, anchor="end")


def _link(writer: PdfWriter, link: str) -> None:
    """The board's title leads to the board."""
    if link.startswith(("http://", "https://")):
        title = RectangleObject((_MARGIN * _SCALE, _HEIGHT - 55, _WIDTH / 2, _HEIGHT - 25))
        writer.add_annotation(0, Link(rect=title, url=link))
