"""One tile drawn on paper: title, caption, chart or rows, what they are from; and as a PNG of its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from lib.board.counter import is_level
from lib.board.downloads.about import filter_lines, moment_words
from lib.board.downloads.paper import page, placed, shorten, sparkline, text, wrap
from lib.board.downloads.piece import Piece
from lib.board.downloads.table_picture import facts_picture, table_picture
from lib.board.visit import Visit, listened
from lib.charts import HEIGHT, draw, format_change, format_counter
from lib.charts.export import chart_svg, paper
from lib.charts.renderer import renderer

PICTURE_WIDTH = 760.0
COUNTER_HEIGHT = 86.0
_MARGIN = 20.0
_SCALE = 2.0


@dataclass(frozen=True)
class Block:
    """Something drawn, from its upper left corner, and how high it is."""

    svg: str
    height: float


def tile_block(piece: Piece, width: float, chart_height: float = HEIGHT) -> Block:
    """A tile as it stands on paper. Raises `NotRendered`."""
    if piece.figures is not None:
        return counter_block(piece, width)
    gray = paper().gray
    head = text(0, 13, shorten(piece.title, width, 13, bold=True), 13, bold=True)
    caption = wrap(piece.caption, width, 10.5, 2)
    for at, line in enumerate(caption):
        head += text(0, 28 + 13 * at, line, 10.5, color=gray)
    top = 24.0 + 13 * len(caption)
    body = _body(piece, width, chart_height)
    end = top + body.height
    foot = text(0, end + 14, shorten(piece.footer, width, 9.5), 9.5, color=gray) if piece.footer else ""
    return Block(head + placed(body.svg, 0, top) + foot, end + (20 if foot else 4))


def counter_block(piece: Piece, width: float) -> Block:
    """A counter: its figure, its change, its line."""
    figures, look = piece.figures, piece.look
    label = look.label if look is not None and look.label else piece.title
    svg = text(0, 11, shorten(label, width, 11), 11, color=paper().gray)
    if figures is None or look is None:
        words = "".join(
            text(0, 48 + 12 * at, line, 9.5, color=paper().gray)
            for at, line in enumerate(wrap(piece.sentence, width, 9.5, 4))
        )
        return Block(svg + text(0, 34, "—", 20, bold=True) + words, COUNTER_HEIGHT)
    svg += text(0, 34, format_counter(figures.value, look.columns[look.chart.y[0]].format), 20, bold=True)
    if figures.change is not None:
        words = format_change(figures.change, figures.change_kind)
        sign, color = "", paper().gray
        if not is_level(figures):
            is_up = figures.change > 0
            sign = "▲ " if is_up else "▼ "
            if look.chart.good != "neither":
                color = paper().good if is_up == (look.chart.good == "up") else paper().bad
        svg += text(0, 50, shorten(f"{sign}{words.lstrip('-')} {figures.versus}", width, 10.5), 10.5, color=color)
    return Block(svg + sparkline(figures.line, 0, 58, width, 24, zero=False), COUNTER_HEIGHT)


def png_bytes(visit: Visit, piece: Piece) -> bytes:
    """A tile as a picture of its own: beneath it its filters in words, and when it was made. Raises `NotRendered`."""
    width = PICTURE_WIDTH - 2 * _MARGIN
    tile = tile_block(piece, width, chart_height=300)
    lines = filter_lines(listened(visit, piece.look), visit.context) if piece.look is not None else ()
    filters = "; ".join(f"{line.label}: {line.words}" for line in lines if line.words != "any")
    told = wrap(f"{filters or 'No filters'}. Boardroom, {moment_words(datetime.now(UTC))}.", width, 9.5, 3)
    foot = "".join(text(0, tile.height + 12 + 12 * at, line, 9.5, color=paper().gray) for at, line in enumerate(told))
    height = tile.height + 8 + 12 * len(told) + 2 * _MARGIN
    return renderer().png(page(placed(tile.svg + foot, _MARGIN, _MARGIN), PICTURE_WIDTH, height), _SCALE)


def _body(piece: Piece, width: float, chart_height: float) -> Block:
    look, table, compiled = piece.look, piece.table, piece.compiled
    if piece.sentence or look is None or table is None or compiled is None:
        lines = wrap(piece.sentence, width, 11, 5)
        return Block("".join(text(0, 16 + 15 * at, line, 11) for at, line in enumerate(lines)), 15.0 * len(lines) + 12)
    if look.chart.kind in ("table", "facts"):
        drawn = table_picture if look.chart.kind == "table" else facts_picture
        return Block(*drawn(look, table, width))
    drawing = draw(look, table, compiled.period_unit, compiled.unfinished_from)
    svg = chart_svg(drawing, width, chart_height)
    if not drawing.note:
        return Block(svg, chart_height)
    return Block(svg + text(0, chart_height + 12, drawing.note, 10, color=paper().gray), chart_height + 16)
