"""Ready-made dates of the sidebar. A preset only fills the text box; the text stays editable."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Preset:
    """What the menu says, and the expression that it fills in."""

    label: str
    text: str


PRESETS = (
    Preset("Any time", ""),
    Preset("Today", "today"),
    Preset("Last complete day", "1 day ago for 1 day"),
    Preset("Last 7 complete days", "7 days ago for 7 days"),
    Preset("Last complete week", "1 week ago for 1 week"),
    Preset("Last 4 complete weeks", "4 weeks ago for 4 weeks"),
    Preset("Last 90 days", "90 days"),
    Preset("Last complete month", "1 month ago for 1 month"),
    Preset("Last 3 months, current one counted", "3 months"),
    Preset("This quarter", "this quarter"),
    Preset("Last complete quarter", "1 quarter ago for 1 quarter"),
    Preset("Year to date", "this year to second"),
    Preset("Last 12 complete months", "12 months ago for 12 months"),
)
