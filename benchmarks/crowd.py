"""Several people at once, each of whom changes a filter every few seconds."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import count

from websockets.exceptions import WebSocketException

from benchmarks.person import Person, person
from lib.board.sidebar import segment_words

EVERY_SECONDS = 5.0


@dataclass
class Crowd:
    """What so many people saw: seconds of each click's page run, and how many of them went wrong.

    `seconds` of clicks whose answers others had asked for before, `new_seconds` of those that nobody had.
    """

    people: int
    seconds: list[float] = field(default_factory=list)
    new_seconds: list[float] = field(default_factory=list)
    errors: int = 0

    @property
    def all_seconds(self) -> list[float]:
        """Of every click."""
        return self.seconds + self.new_seconds


def click_together(base: str, cookie: str, page: str, people: int, seconds: float) -> Crowd:
    """Let so many people click for so many seconds, each once in five, evenly spread over them."""
    crowd = Crowd(people)
    ready = threading.Barrier(people)
    with ThreadPoolExecutor(people) as threads:
        for number in range(people):
            threads.submit(_click, crowd, ready, (base, cookie, page), number, seconds)
    return crowd


def _click(crowd: Crowd, ready: threading.Barrier, place: tuple[str, str, str], number: int, seconds: float) -> None:
    try:
        with person(*place) as tab:
            tab.open()
            ready.wait()
            began = time.monotonic() + EVERY_SECONDS * number / crowd.people
            for turn, (name, value, is_new) in enumerate(_choices(crowd.people, number)):
                due = began + turn * EVERY_SECONDS
                if due >= began + seconds:
                    return
                time.sleep(max(0.0, due - time.monotonic()))
                _note(crowd, tab, name, value, is_new)
    except (WebSocketException, OSError, threading.BrokenBarrierError):
        ready.abort()
        crowd.errors += 1


def _note(crowd: Crowd, tab: Person, name: str, value: Sequence[str], is_new: bool) -> None:
    run = tab.choose(name, value)
    (crowd.new_seconds if is_new else crowd.seconds).append(run.seconds)
    crowd.errors += run.errors + (run.charts + run.metrics == 0)


def _choices(people: int, number: int) -> Iterator[tuple[str, Sequence[str], bool]]:
    """One question in four is one that nobody asked before: it leaves out an account that does not exist."""
    for turn in count():
        yield "account_type", [segment_words("Customer")], False
        yield "account_name", [f'-"Nobody {people}-{number}-{turn}"'], True
        yield "account_name", [], False
        yield "account_type", [segment_words("")], False
