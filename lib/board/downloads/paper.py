"""Words and lines on paper: SVG text that is measured, shortened and broken into lines before it is drawn."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from html import escape

from lib.charts.export import FONT, paper

# Advance widths of the font's printable ASCII, in thousandths of its size (Liberation Sans has Helvetica's).
_ASCII = (
    "278 278 355 556 556 889 667 191 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556 556 556 278 278 "
    "584 584 584 556 1015 667 667 722 722 667 611 778 722 278 500 667 556 833 722 778 667 778 722 667 611 722 667 944 "
    "667 667 611 278 278 278 469 556 333 556 556 500 556 556 278 556 556 222 222 500 222 833 556 556 556 556 333 500 "
    "278 556 500 722 500 500 500 334 260 334 584"
)
_WIDTHS = {chr(32 + at): int(width) / 1000 for at, width in enumerate(_ASCII.split())}
_OTHER, _WIDE, _BOLD = 0.6, 1.0, 1.07
# What XML cannot hold, and what would break a line.
_UNPRINTED = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]+")


def width_of(words: str, size: float, *, bold: bool = False) -> float:
    """About how wide words are at a font size, in the same unit."""
    return sum(map(_advance, words)) * size * (_BOLD if bold else 1)


def shorten(words: str, width: float, size: float, *, bold: bool = False) -> str:
    """Words cut with an ellipsis where they are wider than that."""
    words = _UNPRINTED.sub(" ", words).strip()
    if width_of(words, size, bold=bold) <= width:
        return words
    room, kept = width - width_of("…", size, bold=bold), 0
    for kept, sign in enumerate(words):  # noqa: B007
        room -= width_of(sign, size, bold=bold)
        if room < 0:
            break
    return f"{words[:kept].rstrip()}…"


def wrap(words: str, width: float, size: float, most: int) -> list[str]:
    """Words as lines of that width, at most so many; the last one is cut where there would be more."""
    lines: list[str] = []
    left = _UNPRINTED.sub(" ", words).split()
    while left:
        line = left.pop(0)
        while left and width_of(f"{line} {left[0]}", size) <= width:
            line += f" {left.pop(0)}"
        if len(lines) == most - 1 and left:
            line, left = f"{line} {' '.join(left)}", []
        lines.append(shorten(line, width, size))
    return lines


def text(
    x: float, y: float, words: str, size: float = 12, *, color: str = "", bold: bool = False, anchor: str = "start"
) -> str:
    """Words whose baseline stands at `y`; `anchor`: start, middle or end at `x`."""
    weight = ' font-weight="bold"' if bold else ""
    clean = escape(_UNPRINTED.sub(" ", words))
    place = f'x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}"'
    return f'<text {place} font-family="{FONT}" fill="{color or paper().ink}"{weight}>{clean}</text>'


def rule(x: float, y: float, width: float) -> str:
    """A hairline."""
    return f'<path d="M{x:.1f},{y:.1f}h{width:.1f}" stroke="{paper().line}" stroke-width="1" fill="none"/>'


def sparkline(
    values: Sequence[float | None], x: float, y: float, width: float, height: float, *, zero: bool = True
) -> str:
    """A line of values in a box, from zero or not, with gaps where nothing is known; none for fewer than two values."""
    known = [value for value in values if value is not None and value == value]
    if len(known) < 2:
        return ""
    low, high = (min(0.0, *known), max(0.0, *known)) if zero else (min(known), max(known))
    span, step = (high - low) or 1.0, width / (len(values) - 1)
    path, pen = [], "M"
    for at, value in enumerate(values):
        if value is None or value != value:
            pen = "M"
            continue
        path.append(f"{pen}{x + at * step:.1f},{y + height - (value - low) / span * height:.1f}")
        pen = "L"
    return f'<path d="{"".join(path)}" stroke="{paper().categories[0]}" stroke-width="1.5" fill="none"/>'


def placed(svg: str, x: float, y: float) -> str:
    """A drawing moved to its place."""
    return f'<g transform="translate({x:.1f},{y:.1f})">{svg}</g>'


def page(body: str, width: float, height: float, scale: float = 1.0) -> str:
    """A white page of that size around what is drawn on it; `scale`: how many of its units a unit of the file is."""
    size = f'width="{width:.2f}" height="{height:.2f}" viewBox="0 0 {width / scale:.2f} {height / scale:.2f}"'
    white = '<rect width="100%" height="100%" fill="#FFFFFF"/>'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" {size}>{white}{body}</svg>'
    )


def _advance(sign: str) -> float:
    width = _WIDTHS.get(sign)
    if width is None:
        width = _WIDE if unicodedata.east_asian_width(sign) in "WF" else _OTHER
    return width
