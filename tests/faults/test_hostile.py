"""A thousand hostile addresses and filter values: answered in order, reflected nowhere, and nothing breaks."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from urllib.parse import urlencode, urlsplit

import pytest

from lib.board.navigation import pages
from tests.faults.conftest import House, MakeHouse
from tests.faults.hostile import LINK, MARK, PLACES, RAW, TEXTS, addresses, dressed
from tests.server import Server
from tests.tab import Shown

ANSWERS = (200, 301, 303, 307, 400, 403, 404, 405, 414, 431)
BROKEN = re.compile(r"could not be (shown|drawn)|did not answer|tile is broken")
# Each of a page's filters, and what else pages read from their address.
ELSE = ("drill", "look", "grain", "embed", "no such filter")


@pytest.fixture(scope="module")
def house(make_house: MakeHouse) -> Iterator[House]:
    """An installation whose warehouse stays whole."""
    with make_house(linked=True) as made:
        yield made


def ask(server: Server, path: bytes, cookie: str = "") -> tuple[int, bytes, bytes]:
    """Send a request as it is; status, head and body."""
    address = urlsplit(server.base)
    with socket.create_connection((address.hostname or "", address.port or 0), timeout=30) as line:
        head = b"GET " + path + b" HTTP/1.1\r\nHost: boardroom\r\nConnection: close\r\n"
        line.sendall(head + (f"Cookie: boardroom_session={cookie}\r\n" if cookie else "").encode() + b"\r\n")
        answer = b"".join(iter(lambda: line.recv(65_536), b""))
    top, _, body = answer.partition(b"\r\n\r\n")
    return int(top.split(b" ", 2)[1]), top, body


def assert_harmless(path: bytes, status: int, head: bytes, body: bytes) -> None:
    assert status in ANSWERS, (path, status)
    assert b"Traceback" not in body, path
    assert MARK.encode() not in body, path
    assert b"alert(7357)" not in body, path
    headers = [line.partition(b":")[::2] for line in head.split(b"\r\n")[1:]]
    assert b"set-cookie" not in [name.lower() for name, _ in headers], path
    for name, to in headers:
        if name.lower() == b"location":
            assert re.match(rb" ?/(?![/\\])", to), (path, to)


def test_a_thousand_addresses_are_answered_and_reflected_nowhere(house: House) -> None:
    asked = addresses()
    assert len(asked) == len(TEXTS) * len(PLACES) == 1_000
    before = house.faults().keys()
    for at, path in enumerate(asked):
        assert_harmless(path.encode(), *ask(house.server, path.encode(), house.cookie if at % 2 else ""))
    for path in RAW:
        assert_harmless(path, *ask(house.server, path))
    assert house.faults().keys() == before
    assert house.server.get("/healthz").status == 200


@pytest.mark.parametrize("page", [page for page in pages() if page.filters], ids=lambda page: page.key)
def test_hostile_filter_values_break_no_page(house: House, page) -> None:
    before = house.faults().keys()
    turn = sorted(one.key for one in pages() if one.filters).index(page.key)
    values = [dressed(text)[(at // 4 + form) % 5] for at, text in enumerate(TEXTS) if at % 4 == turn for form in (0, 2)]
    with house.open(page=page.key) as (tab, _):
        for at, value in enumerate(values):
            # Where dates are understood, what the other filters say reaches the warehouse.
            names = [name for name in (*page.filters, *ELSE) if at % 3 == 0 or name not in ("date", "chosen_day")]
            shown = tab.go("?" + urlencode(dict.fromkeys(names, value), errors="surrogatepass"))
            assert_unimpressed(shown, value)
            assert page.title in [title.message.body.replace("\\", "") for title in shown.of("heading")]
    assert house.faults().keys() == before, list(house.faults().values())[-1]


def test_hostile_chips_of_the_sidebar_are_names_or_not_understood(house: House) -> None:
    before = house.faults().keys()
    with house.open() as (tab, shown):
        chips = shown.of("multiselect")[0]
        for texts in (TEXTS[:20], TEXTS[20:40], TEXTS[40:]):
            assert_unimpressed(tab.choose(chips, [text.replace("\x00", "") for text in texts]), str(texts))
    assert house.faults().keys() == before


def assert_unimpressed(shown: Shown, value: str) -> None:
    """The page stands, says no more than that a filter is not understood, and shows no text as markup."""
    assert not shown.of("exception"), value
    assert not BROKEN.search(shown.words), (value, BROKEN.search(shown.words))
    for kind in ("markdown", "alert"):
        for body in shown.bodies(kind):
            assert LINK not in body, (value, body)
            assert MARK not in body, (value, body)
