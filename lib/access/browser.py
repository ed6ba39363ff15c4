"""A browser in words, by what it says of itself, so that people recognise their sessions."""

from __future__ import annotations

import re

# The first that is found counts: most browsers also name those that they want to be taken for.
_BROWSERS = {"Edg": "Edge", "OPR": "Opera", "Firefox": "Firefox", "Chrom": "Chrome", "Safari": "Safari"}
_SYSTEMS = {
    "iPhone|iPad": "iOS",
    "Android": "Android",
    "Windows": "Windows",
    "Mac OS": "macOS",
    "CrOS": "ChromeOS",
    "Linux": "Linux",
}


def browser_in_words(user_agent: str | None) -> str | None:
    """`Chrome on macOS`; None when nothing is said, `Another browser` for what is not known."""
    if not user_agent:
        return None
    browser, system = _first(_BROWSERS, user_agent), _first(_SYSTEMS, user_agent)
    return f"{browser or 'Another browser'} on {system}" if system else browser or "Another browser"


def _first(known: dict[str, str], text: str) -> str | None:
    return next((name for sign, name in known.items() if re.search(sign, text)), None)
