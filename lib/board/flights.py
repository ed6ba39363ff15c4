"""Who waits for which running query, so that a query nobody waits for any more is stopped (docs/boards.md)."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from lib.warehouse.query import Cancellation


@dataclass(frozen=True)
class Waiter:
    """One place on one person's page that waits for rows: Streamlit's session and the tile."""

    session: str
    tile: str


@dataclass
class _Flight:
    cancellation: Cancellation = field(default_factory=Cancellation)
    tickets: dict[object, Waiter] = field(default_factory=dict)
    since: float = field(default_factory=time.monotonic)


class Flights:
    """The running queries of this process. Streamlit drops an older run but not its queries: this register does."""

    def __init__(self, check_every_s: float = 1.0) -> None:
        self._flights: dict[Hashable, _Flight] = {}
        self._lock = threading.Lock()
        self._check_every_s = check_every_s

    @contextmanager
    def waiting(self, key: Hashable, waiter: Waiter) -> Iterator[None]:
        """Wait for the query of that key; older waits of the same tile for other queries end here."""
        ticket = object()
        with self._lock:
            self._drop(lambda held, other: held == waiter and other != key)
            self._flights.setdefault(key, _Flight()).tickets[ticket] = waiter
        try:
            yield
        finally:
            with self._lock:
                flight = self._flights.get(key)
                if flight is not None:
                    flight.tickets.pop(ticket, None)
                    if not flight.tickets:
                        del self._flights[key]

    def cancellation(self, key: Hashable) -> Cancellation:
        """What stops the query of that key; of its own for a refresh in the background, which nobody waits for."""
        with self._lock:
            flight = self._flights.get(key)
            return flight.cancellation if flight is not None else Cancellation()

    def is_empty(self) -> bool:
        """Whether nobody waits for anything."""
        return not self._flights

    def since(self, key: Hashable) -> float | None:
        """Since when somebody waits for the query of that key, by the monotonic clock."""
        with self._lock:
            flight = self._flights.get(key)
            return flight.since if flight is not None else None

    def stop(self, waiter: Waiter) -> None:
        """End every wait of one tile, and with it the queries that only it waits for."""
        with self._lock:
            self._drop(lambda held, _key: held == waiter)

    def sweep(self, is_open: Callable[[str], bool]) -> None:
        """End the waits of sessions whose browser tab is closed."""
        with self._lock:
            self._drop(lambda held, _key: not is_open(held.session))

    @contextmanager
    def watched(self, is_open: Callable[[str], bool]) -> Iterator[None]:
        """While the block runs a query, look every second whether anybody still waits."""
        done = threading.Event()

        def watch() -> None:
            while not done.wait(self._check_every_s):
                self.sweep(is_open)

        watcher = threading.Thread(target=watch, name="watch-flights", daemon=True)
        watcher.start()
        try:
            yield
        finally:
            done.set()

    def waiting_now(self) -> int:
        """How many queries run with somebody waiting."""
        with self._lock:
            return len(self._flights)

    def _drop(self, ends: Callable[[Waiter, Hashable], bool]) -> None:
        for key, flight in list(self._flights.items()):
            gone = [ticket for ticket, held in flight.tickets.items() if ends(held, key)]
            for ticket in gone:
                del flight.tickets[ticket]
            if gone and not flight.tickets:
                del self._flights[key]
                flight.cancellation.cancel()
