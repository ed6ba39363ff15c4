"""The clock jumps under people who are signed in: nobody stays in too long, and nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.conftest import House, MakeHouse, assert_whole
from tests.tab import Shown

DAY = 24 * 3600
# Every clock that the app itself reads, shifted by the seconds that a file says.
SHIFTED = """
import time as _time
from datetime import datetime as _datetime, timedelta as _timedelta
from pathlib import Path as _Path

_real = _time.time
_shift = _Path({file!r})
_time.time = lambda: _real() + float(_shift.read_text())


def clock(zone):
    return _datetime.now(zone) + _timedelta(seconds=float(_shift.read_text()))
"""


class Clock:
    """The shift of a server's clock."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.jump(0)

    def jump(self, seconds: float) -> None:
        """Put the clock so many seconds beside the right time."""
        fresh = self._file.with_suffix(".fresh")
        fresh.write_text(str(seconds))
        fresh.replace(self._file)


@pytest.fixture(scope="module")
def clock(tmp_path_factory: pytest.TempPathFactory) -> Clock:
    return Clock(tmp_path_factory.mktemp("clock") / "shift")


@pytest.fixture(scope="module")
def house(make_house: MakeHouse, clock: Clock) -> Iterator[House]:
    def shift(tree: Path) -> None:
        start = tree / "lib" / "__init__.py"
        start.write_text(start.read_text() + SHIFTED.format(file=str(clock._file)))
        changed = 0
        for file in (tree / "lib").rglob("*.py"):
            text = file.read_text()
            if "datetime.now(UTC)" in text and file != start:
                file.write_text(text.replace("datetime.now(UTC)", "__import__('lib').clock(UTC)"))
                changed += 1
        assert changed

    with make_house(shift, linked=True) as made:
        yield made


def assert_form_only(shown: Shown) -> None:
    """The sign-in form, and not a figure."""
    assert "you@company.com" in shown.text
    assert not shown.of("metric") and not shown.of("vega_lite_chart") and not shown.of("exception")


# Seconds that the clock is wrong, and whether people see their page then.
JUMPS = {
    "a minute back": (-60, True),
    "two hours back": (-2 * 3600, True),
    "half an hour on": (1800, True),
    "eight days on": (8 * DAY, False),
    "ten years on": (3650 * DAY, False),
    "thirty days back": (-30 * DAY, False),
}


@pytest.mark.parametrize("jump", JUMPS)
def test_a_clock_that_jumped_keeps_nobody_in_too_long_and_loses_nothing(house: House, clock: Clock, jump: str) -> None:
    seconds, stays = JUMPS[jump]
    with house.open() as (tab, shown):
        assert_whole(shown)
        try:
            clock.jump(seconds)
            during = tab.reload()
            assert_whole(during) if stays else assert_form_only(during)
            if stays:
                assert_whole(tab.press(shown.buttons("Refresh")[0]))
        finally:
            clock.jump(0)
        assert_whole(tab.reload())
    assert not house.faults()
