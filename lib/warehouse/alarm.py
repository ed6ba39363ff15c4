"""Calls at a later moment, from one thread for all: a timer a query would cost more than many a query does."""

from __future__ import annotations

import heapq
import itertools
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(order=True)
class Appointment:
    """A call to come; `cancel` it when it is not wanted any more."""

    at: float
    number: int
    call: Callable[[], None] | None = field(compare=False)

    def cancel(self) -> None:
        """Forget the call; harmless when it has been made."""
        self.call = None


class Alarm:
    """Makes each call at its moment; its thread begins with the first one and never holds up the process's end.

    Calls must be short and must not raise.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._appointments: list[Appointment] = []
        self._numbers = itertools.count()
        self._thread: threading.Thread | None = None

    def after(self, seconds: float, call: Callable[[], None]) -> Appointment:
        """Call after so many seconds."""
        appointment = Appointment(time.monotonic() + max(0.0, seconds), next(self._numbers), call)
        with self._changed:
            heapq.heappush(self._appointments, appointment)
            if self._thread is None:
                self._thread = threading.Thread(target=self._keep, name="alarm", daemon=True)
                self._thread.start()
            elif self._appointments[0] is appointment:
                self._changed.notify()
        return appointment

    def _keep(self) -> None:
        while True:
            with self._changed:
                while self._appointments and self._appointments[0].call is None:
                    heapq.heappop(self._appointments)
                left = self._appointments[0].at - time.monotonic() if self._appointments else None
                if left is None or left > 0:
                    self._changed.wait(left)
                    continue
                call = heapq.heappop(self._appointments).call
            if call is not None:
                call()
