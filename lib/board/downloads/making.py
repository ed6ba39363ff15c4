"""One press of a download button: it ends with a file and its record in the audit, or with a sentence."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st
from streamlit import runtime

from lib.access import NotSignedIn
from lib.access.audit import note
from lib.board import results
from lib.board.visit import Visit
from lib.log import fault
from lib.warehouse.query import QueryCancelled

# Streamlit's browser side waits for a file so long.
PATIENCE_S = 180.0
_LOOK_AGAIN_S = 0.25


class NoFile(Exception):
    """There is nothing to put into the file; the message is the sentence for people."""


@dataclass(frozen=True)
class Made:
    """A file: its bytes, and how many rows it holds."""

    data: bytes
    rows: int


@dataclass(frozen=True)
class Download:
    """One button: what it offers, and how its file is made. `why_not`: the reason why it cannot be pressed."""

    label: str
    file_name: str
    mime: str
    make: Callable[[], Made]
    look: str | None = None
    filters: str = ""
    why_not: str = ""


class Making:
    """Streamlit calls this when its button is pressed, in a thread without the page's context."""

    def __init__(self, visit: Visit, download: Download) -> None:
        self.done, self.told, self.data = threading.Event(), "", b""
        self._visit, self._download = visit, download

    def __call__(self) -> bytes:
        """The file's bytes. Raises what stopped it, once `told` says so in words."""
        try:
            self.data = make_file(self._visit, self._download)
            return self.data
        except Exception as error:
            self.told = told_of(error, self._download)
            raise
        finally:
            self.done.set()

    def keep(self, place: str) -> None:
        """Keep the file for this browser until its page runs anew; call it in a run of the page.

        Streamlit throws a file that no page refers to away when two runs of anybody's have ended, which on a busy
        server is before the browser fetches it.
        """
        if self.data and runtime.exists():
            kept = runtime.get_instance().media_file_mgr
            name, mime = self._download.file_name, self._download.mime
            kept.add(self.data, mime, f"download.{place}", name, is_for_static_download=True)


def make_file(visit: Visit, download: Download) -> bytes:
    """Make a file for whoever is signed in at this moment, and record it. Raises `NotSignedIn`, `NoFile`."""
    person = results.require(visit.session_key)
    made = download.make()
    # Whoever was signed out meanwhile gets nothing.
    results.require(visit.session_key)
    note(
        "export",
        person.id,
        page=visit.page,
        look=download.look,
        filters=download.filters,
        bytes=len(made.data),
        rows=made.rows,
        detail=download.file_name.rpartition(".")[2],
    )
    return made.data


def told_of(error: Exception, download: Download) -> str:
    """The sentence for a file that was not made, in Markdown."""
    if isinstance(error, NotSignedIn):
        return "**You are signed out.** Sign in again to download."
    if isinstance(error, NoFile):
        return str(error)
    if isinstance(error, QueryCancelled):
        return "**The file was not made,** since it was stopped. Try again."
    return f"**The file could not be made.** Try again. Error {fault(error, file=download.file_name)}."


def draw_buttons(visit: Visit, downloads: Sequence[Download], *, key: str) -> None:
    """Buttons beside each other; beneath them, what became of the one that was pressed if it gave no file.

    Draw them where a press runs little else: in a dialog or a fragment of their own.
    """
    with st.container(horizontal=True, gap="small"):
        for download in downloads:
            making = Making(visit, download)
            st.download_button(
                download.label,
                making,
                download.file_name,
                download.mime,
                key=f"{key}.{download.label}",
                icon=":material/download:",
                help=download.why_not or None,
                disabled=bool(download.why_not),
                on_click=_press,
                args=(key, making),
            )
    pressed = st.session_state.pop(f"{key}.pressed", None)
    if pressed is not None:
        _tell(pressed, key)


def _press(key: str, making: Making) -> None:
    st.session_state[f"{key}.pressed"] = making


def _tell(making: Making, key: str) -> None:
    slot, began = st.empty(), time.monotonic()
    while not making.done.wait(_LOOK_AGAIN_S) and time.monotonic() - began < PATIENCE_S:
        slot.markdown(f":small[:gray[:material/hourglass: Making the file, {time.monotonic() - began:.0f} s]]")
    making.keep(key)
    if making.told:
        slot.warning(making.told, icon=":material/error:")
    else:
        slot.empty()
