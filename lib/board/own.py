"""A person's own content on pages: hearts, subscribing, and what was opened (docs/boards.md, Home)."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from lib.access import NotSignedIn, current_key, require
from lib.access.audit import note
from lib.board.address import Chosen
from lib.board.icons import named_icon
from lib.board.visit import Visit
from lib.board.words import filter_words, literals, or_list, plain
from lib.filters import DateExpression
from lib.log import fault
from lib.state import StateError
from lib.state.later import write_later
from lib.state.own import Kind, Marks, marks_of, note_opened, set_favourite, set_subscription

ADD, REMOVE = ":material/heart_plus: Add to favourites", ":material/heart_check: Remove from favourites"
_MARKS, _SAID, _NOTED = "own.marks", "own.said", "own.noted"


def read_marks(person_id: int) -> Marks | None:
    """A person's marks, read once for this run of a page; None, with a log entry, when they cannot be read."""
    marks = None
    try:
        marks = marks_of(person_id)
    except StateError as error:
        fault(error, surface="own content")
    st.session_state[_MARKS] = marks
    return marks


def is_favourite(kind: Kind, key: str) -> bool:
    """Whether the page or look has this person's heart, as this run knows it."""
    marks = st.session_state.get(_MARKS)
    return marks is not None and (kind, key) in marks.favourites


def is_subscribed(page: str) -> bool:
    """Whether the board is among this person's own, as this run knows it."""
    marks = st.session_state.get(_MARKS)
    return marks is not None and page in marks.boards


def heart_entry(look_id: str) -> str:
    """The entry of a tile's menu that gives a heart, or takes it away."""
    return REMOVE if is_favourite("look", look_id) else ADD


def toggle_by_entry(look_id: str, widget: str) -> None:
    """Give or take a heart when a menu's choice was that entry (a callback)."""
    if st.session_state.get(widget) in (ADD, REMOVE):
        toggle_favourite("look", look_id)


def draw_heart(kind: Kind, key: str, place: str) -> None:
    """The heart of a page or look, as a button."""
    favourite = is_favourite(kind, key)
    what = "Remove from favourites" if favourite else "Add to favourites"
    st.button(
        named_icon("heart_filled" if favourite else "heart", what),
        key=f"{place}.heart.{kind}.{key.replace('/', '-')}",
        type="tertiary",
        help=what,
        on_click=toggle_favourite,
        args=(kind, key),
    )


def draw_subscribe(page: str, place: str) -> None:
    """The button that puts a board among one's own, or takes it out."""
    subscribed = is_subscribed(page)
    what = "Remove from my boards" if subscribed else "Subscribe: add to my boards"
    st.button(
        named_icon("added" if subscribed else "add", what),
        key=f"{place}.subscribe.{page}",
        type="tertiary",
        help=what,
        on_click=toggle_subscription,
        args=(page,),
    )


def toggle_favourite(kind: Kind, key: str) -> None:
    """Give a heart or take it away (a callback); who is signed in is asked anew."""
    favourite = not is_favourite(kind, key)
    _change(
        lambda person: set_favourite(person, kind, key, favourite),
        "Added to favourites" if favourite else "Removed from favourites",
    )


def toggle_subscription(page: str) -> None:
    """Put a board among one's own or take it out (a callback); who is signed in is asked anew."""
    subscribed = not is_subscribed(page)
    _change(
        lambda person: set_subscription(person, page, subscribed),
        "Added to my boards" if subscribed else "Removed from my boards",
    )


def tell_change() -> None:
    """Say what became of the last click on a heart or a board, once; not within a parallel run."""
    if said := st.session_state.pop(_SAID, None):
        text, icon = said
        st.toast(text, icon=icon)


def remember_visit(visit: Visit, person_id: int) -> None:
    """Note that the page was opened with these filters: once for each address, and without making the page wait."""
    parameters = {**visit.address.changed, **visit.address.options}
    opened = (person_id, visit.page, tuple(sorted(visit.address.changed.items())))
    if st.session_state.get(_NOTED) == opened:
        return
    st.session_state[_NOTED] = opened
    write_later(partial(note_opened, person_id, visit.page, about(visit), parameters))
    filters = "; ".join(f"{name}={chosen.canonical}" for name, chosen in visit.address.filters.items())
    note("opened", person_id, page=visit.page, filters=filters)


def about(visit: Visit) -> str:
    """What a visit is about, in few words: the account of the chosen instance, or the filters that were changed."""
    changed = [chosen for chosen in visit.address.filters.values() if chosen.changed and chosen.error is None]
    if visit.instance is not None:
        named = visit.instance.get("account_name") or visit.instance.get("installer_email")
        changed = [chosen for chosen in changed if chosen.name == "date"]
        return ", ".join([*([str(named)] if named else []), *(_words(chosen, visit) for chosen in changed)])
    return ", ".join(_words(chosen, visit) for chosen in changed)


def _words(chosen: Chosen, visit: Visit) -> str:
    expression = chosen.expression
    if expression is None:
        return ""
    if isinstance(expression, DateExpression):
        return chosen.canonical if not expression.any else "any time"
    if names := literals(expression):
        return or_list(names)
    return filter_words(chosen, visit.context) or f"any {chosen.definition.label.lower()}"


def _change(write: Callable[[int], None], done: str) -> None:
    try:
        person = require(current_key())
        write(person.id)
        st.session_state[_MARKS] = marks_of(person.id)
        st.session_state[_SAID] = (done, ":material/check:")
    except NotSignedIn:
        return  # the run that follows says so
    except StateError as error:
        fault(error, surface="own content")
        st.session_state[_SAID] = (f"**Not kept.** {plain(str(error))}", ":material/error:")
