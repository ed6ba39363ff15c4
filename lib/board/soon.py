"""Answers that a page does not wait long for: it goes on without them, and a later run has them (docs/boards.md)."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import TypeVar

from streamlit.runtime.scriptrunner import add_script_run_ctx, get_script_run_ctx

from lib.access import NotSignedIn
from lib.log import fault

Answer = TypeVar("Answer")
# How long a page's frame waits for what it can stand without, from when that was asked first.
PATIENCE_S = 1.0


@dataclass
class _Asked:
    since: float = field(default_factory=time.monotonic)
    over: threading.Event = field(default_factory=threading.Event)
    answer: list[object] = field(default_factory=list)


_asked: dict[Hashable, _Asked] = {}
_lock = threading.Lock()


def begin(key: Hashable, ask: Callable[[], object]) -> None:
    """Ask in the background, unless that is being asked already; `ask` keeps its answer for the next who asks."""
    _begin(key, ask)


def soon(key: Hashable, ask: Callable[[], Answer], otherwise: Answer) -> Answer:
    """The answer if it comes within a second of the first asking, else `otherwise`; errors of `ask` count as late."""
    asked = _begin(key, ask)
    asked.over.wait(max(0.0, asked.since + PATIENCE_S - time.monotonic()))
    return asked.answer[0] if asked.answer else otherwise  # pyright: ignore[reportReturnType]


def _begin(key: Hashable, ask: Callable[[], object]) -> _Asked:
    with _lock:
        if key in _asked:
            return _asked[key]
        asked = _asked[key] = _Asked()

    def run() -> None:
        try:
            asked.answer.append(ask())
        except NotSignedIn:
            pass  # whoever waits is told so by the page
        except Exception as error:
            fault(error, asked="soon")
        finally:
            with _lock:
                del _asked[key]
            asked.over.set()

    thread = threading.Thread(target=run, name="soon", daemon=True)
    # The question belongs to this browser tab, so that closing it ends the wait.
    add_script_run_ctx(thread, get_script_run_ctx(suppress_warning=True))
    thread.start()
    return asked
