"""What stands in a tile without rows: the sentence, a way to ask again, and the details that support asks for."""

from __future__ import annotations

import streamlit as st

from lib.board import address as addresses
from lib.board import results
from lib.board.results import Trouble
from lib.board.visit import Visit
from lib.board.waiting import resume
from lib.board.words import STOPPED, Notice, trouble_notice
from lib.looks import CompiledLook, Look

_BOXES = {"error": st.error, "warning": st.warning, "info": st.info}


def draw_notice(notice: Notice) -> None:
    """Draw one box."""
    _BOXES[notice.tone](notice.text, icon=notice.icon)


def draw_trouble(visit: Visit, compiled: CompiledLook, trouble: Trouble) -> None:
    """Draw why rows did not come, "Try again" where that may help, and "Copy details"."""
    notice = trouble_notice(trouble)
    draw_notice(notice)
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        if notice.again:
            st.button(
                "Try again",
                key=f"{visit.key(compiled.look.id)}.again",
                icon=":material/refresh:",
                on_click=results.forget_trouble,
                args=(compiled.query,),
            )
        with st.popover("Copy details", icon=":material/content_copy:", type="tertiary"):
            st.caption("For whoever looks after Boardroom")
            st.code(details(visit, compiled.look, trouble), language=None, wrap_lines=True)
    st.markdown(f":small[:gray[Error {trouble.id} at {trouble.at:%H\\:%M} UTC]]")


def draw_stopped(visit: Visit, compiled: CompiledLook) -> None:
    """Draw a tile whose waiting somebody ended by "Cancel"."""
    draw_notice(STOPPED)
    st.button(
        "Try again",
        key=f"{visit.key(compiled.look.id)}.again",
        icon=":material/refresh:",
        on_click=resume,
        args=(visit, compiled),
    )


def details(visit: Visit, look: Look, trouble: Trouble) -> str:
    """What support needs to find an error and see it again, as lines of text; all of it stands on the page too."""
    filters = [f"{name}={chosen.text}" for name, chosen in visit.address.filters.items() if chosen.text]
    lines = {
        "Error": f"{trouble.id} ({trouble.kind.replace('_', ' ')})",
        "Time": f"{trouble.at:%Y-%m-%d %H:%M:%S} UTC",
        "Tile": f"{look.title} ({look.id})",
        "Filters": "; ".join(filters) or "none",
        "Link": addresses.link((st.context.url or f"/{visit.page}").partition("?")[0], visit.address),
    }
    return "\n".join(f"{name}: {text}" for name, text in lines.items())
