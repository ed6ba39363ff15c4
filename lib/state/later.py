"""Small writes that no page waits for: one thread does them one after another."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from functools import cache

from lib.log import fault, log
from lib.state.connection import StateError

# What is written this way may be lost: while the state database cannot be written, further writes are dropped.
MOST_WAITING = 200


def write_later(write: Callable[[], None]) -> None:
    """Do a write soon, in the background; never waits, never raises. A write that fails is told in the log."""
    try:
        _waiting().put_nowait(write)
    except queue.Full:
        log.warning("a write was dropped", waiting=MOST_WAITING)


def wait_for_writes() -> None:
    """Wait until everything asked for so far was tried (for tests and a clean stop)."""
    _waiting().join()


@cache
def _waiting() -> queue.Queue[Callable[[], None]]:
    made: queue.Queue[Callable[[], None]] = queue.Queue(MOST_WAITING)
    threading.Thread(target=_work, args=(made,), name="write-later", daemon=True).start()
    return made


def _work(waiting: queue.Queue[Callable[[], None]]) -> None:
    while True:
        write = waiting.get()
        try:
            write()
        except StateError as error:
            log.warning("a write was not possible", reason=str(error))
        except Exception as error:
            fault(error, surface="write-later")
        finally:
            waiting.task_done()
