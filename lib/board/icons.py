"""Icons that have a name: a button with nothing but one of Streamlit's own is read aloud as "more_vert icon"."""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from typing import Literal

from lib.board.words import plain

Icon = Literal["menu", "info", "heart", "heart_filled", "add", "added"]
# A picture does not know the page's colours; this gray has 4.1 on the light theme's ground and 4.3 on the dark one's.
COLOR = "#767D8A"
_HEART = "M8 13.8 2.7 8.3a3.4 3.4 0 0 1 4.9-4.7l.4.4.4-.4a3.4 3.4 0 0 1 4.9 4.7z"
_SHAPES: dict[Icon, str] = {
    "menu": '<g fill="{0}"><circle cx="8" cy="3" r="1.5"/><circle cx="8" cy="8" r="1.5"/>'
    '<circle cx="8" cy="13" r="1.5"/></g>',
    "info": '<circle cx="8" cy="8" r="6.2" fill="none" stroke="{0}" stroke-width="1.4"/>'
    '<g fill="{0}"><circle cx="8" cy="5" r="1"/><rect x="7.3" y="7" width="1.4" height="4.6"/></g>',
    "heart": f'<path d="{_HEART}" fill="none" stroke="{{0}}" stroke-width="1.4"/>',
    "heart_filled": f'<path d="{_HEART}" fill="{{0}}"/>',
    "add": '<g fill="none" stroke="{0}" stroke-width="1.4"><rect x="2" y="2" width="12" height="12" rx="2"/>'
    '<path d="M8 5v6M5 8h6"/></g>',
    "added": '<rect x="2" y="2" width="12" height="12" rx="2" fill="{0}"/>'
    '<path d="M5 8.2l2.2 2.2L11.2 6" fill="none" stroke="#FFFFFF" stroke-width="1.5"/>',
}


def named_icon(icon: Icon, name: str) -> str:
    """The label of a button that shows an icon and is called `name`; Markdown."""
    return f"![{plain(name)}]({_picture(icon)})"


@cache
def _picture(icon: Icon) -> str:
    shape = _SHAPES[icon].format(COLOR)
    drawn = f'<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16" viewBox="0 0 16 16">{shape}</svg>'
    return f"data:image/svg+xml;base64,{b64encode(drawn.encode()).decode()}"
