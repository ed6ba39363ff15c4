"""A page waits a second at most for what it can stand without, however often and by however many it is wanted."""

from __future__ import annotations

import threading
import time

import pytest

from lib.access import NotSignedIn
from lib.board import soon as soons
from lib.board.soon import begin, soon


@pytest.fixture
def slow():
    """Something that is answered once the test lets it, and how often it was asked."""
    free, asked = threading.Event(), []

    def ask() -> str:
        asked.append(1)
        free.wait(30)
        return "names"

    ask.free, ask.asked = free, asked
    yield ask
    free.set()


def test_what_is_there_at_once_is_given():
    assert soon("quick", lambda: "names", "") == "names"


def test_a_page_goes_on_without_and_a_later_run_has_it(slow):
    begun = time.monotonic()
    assert soon("slow", slow, "") == ""
    assert 0.9 < time.monotonic() - begun < 5
    begun = time.monotonic()
    assert soon("slow", slow, "") == ""  # the second is over already: a rerun waits no more
    assert time.monotonic() - begun < 0.5
    slow.free.set()
    assert soon("slow", slow, "") in ("", "names")
    while "slow" in soons._asked:
        time.sleep(0.01)
    assert soon("slow", slow, "") == "names"
    assert len(slow.asked) == 2


def test_what_is_begun_together_is_waited_for_together(slow):
    for name in "abc":
        begin(name, slow)
    begun = time.monotonic()
    assert [soon(name, slow, "") for name in "abc"] == ["", "", ""]
    assert time.monotonic() - begun < 2
    assert len(slow.asked) == 3


@pytest.mark.parametrize("error", [NotSignedIn, RuntimeError])
def test_an_error_counts_as_late_and_is_forgotten(error: type[Exception], monkeypatch: pytest.MonkeyPatch):
    told: list[Exception] = []
    monkeypatch.setattr(soons, "fault", lambda error, **_: told.append(error))

    def fail() -> str:
        raise error()

    assert soon("broken", fail, "") == ""
    assert bool(told) is (error is RuntimeError)
    assert soon("broken", lambda: "names", "") == "names"
