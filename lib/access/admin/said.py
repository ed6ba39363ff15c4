"""What became of an act: told at the top of the page in the run that follows the click."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime

import streamlit as st

from lib.access.people import AccessError
from lib.access.sessions import NotSignedIn
from lib.log import fault
from lib.state import StateError

_SAID = "admin.said"
_EMAIL = re.compile(r"([^\s@]+@[^\s@]+[^\s@.,:;])")
_SIGNS = re.compile(r"[\\`*_{}\[\]()<>#+\-!|~$:]")


def attempt(act: Callable[[], object], done: str) -> None:
    """Do it (a button's callback) and remember what to tell: `done`, or why it was not done."""
    try:
        act()
    except (AccessError, NotSignedIn) as error:
        tell(str(error), well=False)
    except StateError as error:
        tell(f"{error} ({fault(error, surface='admin')})", well=False)
    else:
        tell(done)


def tell(sentence: str, well: bool = True) -> None:
    """Show a sentence at the top of the page's next run."""
    st.session_state[_SAID] = (sentence, well)


def draw_said() -> None:
    """Draw what the last act left to tell."""
    said = st.session_state.pop(_SAID, None)
    if said is not None:
        sentence, well = said
        if well:
            st.success(plain(sentence), icon=":material/check:")
        else:
            st.error(plain(sentence), icon=":material/error:")


def plain(text: str) -> str:
    """Text of people's, with nothing in it that Markdown would read; emails as code, since they would become links."""
    parts = _EMAIL.split(text)
    return "".join(code(part) if at % 2 else _SIGNS.sub(r"\\\g<0>", part) for at, part in enumerate(parts))


def code(text: str) -> str:
    """Text as code."""
    return "`" + text.replace("`", "'") + "`"


def in_words(moment: datetime) -> str:
    """`14:05 UTC` today, `Tue 18 Nov, 14:05 UTC` on another day, with the year in another one."""
    moment, today = moment.astimezone(UTC), datetime.now(UTC).date()
    if moment.date() == today:
        return f"{moment:%H:%M} UTC"
    year = "" if moment.year == today.year else f" {moment.year}"
    return f"{moment:%a} {moment.day} {moment:%b}{year}, {moment:%H:%M} UTC"
