"""A tile that waits long for its rows: it says for how long, and can be stopped by whoever waits (docs/boards.md)."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import RerunException, StopException, add_script_run_ctx, get_script_run_ctx

from lib.board import results
from lib.board.visit import Visit
from lib.looks import CompiledLook
from lib.warehouse.alarm import Alarm

SLOW_S = 10.0
_ALARM = Alarm()


@contextmanager
def telling_when_slow(visit: Visit, compiled: CompiledLook, footer: Any) -> Iterator[None]:
    """From the tenth second on the footer says how long the warehouse has been asked, and offers to stop it."""
    context, done, writing = get_script_run_ctx(), threading.Event(), threading.Lock()
    # A newer run of the page joins a query that runs already: its time goes on.
    started = results.running_since(compiled.query) or time.monotonic()

    def tell() -> None:
        # Attached in here, the thread stands outside its tile's fragment, and so does the button that it draws: a
        # button of the page begins a new run at once, one of the fragment waits until the whole page has run.
        add_script_run_ctx(ctx=context)
        with suppress(StopException, RerunException):  # a newer run of the page
            line = None
            while not done.is_set():
                with writing:
                    if not done.is_set():
                        line = line or _offer_to_cancel(visit, compiled, footer)
                        seconds = time.monotonic() - started
                        line.markdown(f":small[:gray[:material/hourglass: Still running after {seconds:.0f} s]]")
                done.wait(1)

    def begin() -> None:
        threading.Thread(target=tell, name="slow-tile", daemon=True).start()

    # Most tiles are answered long before: only a slow one gets a thread.
    beginning = _ALARM.after(SLOW_S - (time.monotonic() - started), begin)
    try:
        yield
    finally:
        beginning.cancel()
        with writing:
            done.set()


def is_stopped(visit: Visit, compiled: CompiledLook) -> bool:
    """Whether this person stopped this very question; other filters, "Try again" and "Refresh" ask again."""
    key = _key(visit, compiled)
    if visit.refreshed is not None:
        st.session_state.pop(key, None)
    return st.session_state.get(key) == _question(compiled)


def resume(visit: Visit, compiled: CompiledLook) -> None:
    """Let a stopped tile ask again (a callback)."""
    st.session_state.pop(_key(visit, compiled), None)


def _offer_to_cancel(visit: Visit, compiled: CompiledLook, footer: Any) -> Any:
    """Draw the button; the place beside it for the words."""
    with footer.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        line = st.empty()
        st.button(
            "Cancel",
            key=f"{visit.key(compiled.look.id)}.cancel",
            type="tertiary",
            icon=":material/cancel:",
            on_click=_cancel,
            args=(visit, compiled),
        )
    return line


def _cancel(visit: Visit, compiled: CompiledLook) -> None:
    st.session_state[_key(visit, compiled)] = _question(compiled)
    results.stop(visit.key(compiled.look.id))


def _key(visit: Visit, compiled: CompiledLook) -> str:
    return f"{visit.key(compiled.look.id)}.stopped"


def _question(compiled: CompiledLook) -> tuple[str, str]:
    return compiled.query.sql, repr(compiled.query.parameters)
