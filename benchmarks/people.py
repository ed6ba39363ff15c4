"""People who work with the boards for minutes: how long clicks take, what a session costs (docs/performance.md).

python -m benchmarks.people [--people 1,5,25,25x2,100] [--minutes M] [--soak-people N] [--soak-minutes M]
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from itertools import count, cycle, islice, product
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from websockets.exceptions import WebSocketException

from benchmarks.docs import put_between
from benchmarks.page_load import ACCOUNT, commit, demo_warehouse, say
from benchmarks.people_figures import Minute, Workers, as_json, as_markdown, from_json
from benchmarks.person import Person, Run, person
from benchmarks.server import Server, copy_tracked_tree, serving
from lib.board import navigation
from lib.board.details import ENTRIES
from lib.board.drill import OPEN
from lib.board.sidebar import segment_words
from lib.settings import ROOT, settings

OUTPUT = ROOT / "benchmarks" / "results" / "people.json"
FIRST_MARK, LAST_MARK = "<!-- figures, by benchmarks.people -->", "<!-- end of figures of people -->"
FIRST_BOARD = "company_metrics"
EVERY_SECONDS = 5.0
# Asked of the measured copy: so many people who may sign in once each.
TICKETS = """
import sys
from lib.access.people import Role, add_person
from lib.access.sessions import add_ticket
from lib.state import ready, writing
ready()
with writing() as session:
    for number in range(int(sys.argv[2])):
        person = add_person(session, f"person{sys.argv[1]}-{number}@acme.example", Role.viewer)
        print(add_ticket(session, person.id))
"""


def main(arguments: list[str] | None = None) -> int:
    """Measure, print, write; the exit status is 0 whether the aims hold or not."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.people", description=__doc__)
    parser.add_argument(
        "--people",
        default="1,5,25,25x2,100",
        help="crowds, one after the other: how many people (x how many processes)",
    )
    parser.add_argument("--minutes", type=float, default=5.0, help="how long each crowd clicks")
    parser.add_argument("--soak-people", type=int, default=25)
    parser.add_argument("--soak-minutes", type=float, default=60.0, help="how long the last crowd clicks; 0: none")
    parser.add_argument("--output", type=Path, default=OUTPUT)
    options = parser.parse_args(arguments)
    began = commit(), f"{datetime.now(UTC):%Y-%m-%d}"
    machine = {"cores": os.cpu_count(), "load_at_start": os.getloadavg()[0]}
    crowds = [(crowd, options.minutes) for crowd in options.people.split(",")]
    long = [(str(options.soak_people), options.soak_minutes)] if options.soak_minutes else []
    found: list[Workers] = []
    # Written after each crowd: a run takes more than an hour.
    for number, (crowd, minutes) in enumerate([*crowds, *long]):
        people, _, processes = crowd.partition("x")
        found.append(measure(number, int(people), minutes, int(processes or 1)))
        soak = found[-1] if number == len(crowds) else None
        machine["load_at_end"] = os.getloadavg()[0]
        write(as_json(*began, machine, found[: len(crowds)], soak), options.output)
    return 0


def write(written: dict[str, object], output: Path) -> None:
    """Print the tables and keep the figures; those of the committed file stand in docs/performance.md too."""
    tables = as_markdown(from_json(written))
    print(tables)
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(json.dumps(written, indent=1) + "\n", encoding="utf-8")
    if output == OUTPUT:
        put_between(FIRST_MARK, tables, LAST_MARK)


def measure(number: int, people: int, minutes: float, processes: int = 1) -> Workers:
    """So many people on servers of their own, which start with nothing stored and share one state database."""
    say(f"{people} people on {processes} process{'es' if processes > 1 else ''} for {minutes:g} minutes")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="boardroom-people-")))
        tree = copy_tracked_tree(folder / "tree", {})
        var = folder / "var"
        var.mkdir()
        (var / "warehouse").symlink_to(demo_warehouse(settings()))
        servers = [stack.enter_context(serving(tree, var)) for _ in range(processes)]
        cookies = sign_in(servers[0], tree, var, number, people)
        # What everybody shares is made before anybody counts: modules, charts, names of the sidebar.
        for server, board in product(servers, boards()):
            with person(server.base, cookies[0], board) as first:
                first.open()
        return work(servers, cookies, minutes)


def sign_in(server: Server, tree: Path, var: Path, number: int, people: int) -> list[str]:
    """The cookies of so many new people, each from the server's own route."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("BOARDROOM_")}
    made = subprocess.run(
        [sys.executable, "-c", TICKETS, str(number), str(people)],
        cwd=tree, env={**environment, "BOARDROOM_VAR": str(var)}, check=True, capture_output=True, text=True,
    )  # fmt: skip
    return [_cookie(server, ticket) for ticket in made.stdout.split()]


def _cookie(server: Server, ticket: str) -> str:
    asked = http.client.HTTPConnection(urlsplit(server.base).netloc, timeout=30)
    try:
        # As a browser says it that comes from the sign-in form.
        asked.request("GET", f"/session?ticket={ticket}&to=/home", headers={"Sec-Fetch-Site": "same-origin"})
        told = asked.getresponse().getheader("set-cookie")
    finally:
        asked.close()
    if told is None:
        raise RuntimeError("The server made no session of a ticket.")
    return told.partition("=")[2].partition(";")[0]


def boards() -> list[str]:
    """The boards that people go through, by listing."""
    return [page.key for page in navigation.pages() if page.looks]


def work(servers: Sequence[Server], cookies: Sequence[str], minutes: float) -> Workers:
    """Let them click until the time is over, each once in five seconds, evenly spread over them and the servers."""
    found = Workers(len(cookies), minutes, processes=len(servers), memory_before_mb=_megabytes(servers))
    faults, writing = _sum(servers, Server.faults), threading.Lock()
    ready = threading.Barrier(len(cookies) + 1)
    with ThreadPoolExecutor(len(cookies) + 1) as threads:
        clicking = [
            threads.submit(_clicks, found, writing, ready, server, at, cookies, minutes)
            for at, server in zip(cookies, cycle(servers), strict=False)
        ]
        ready.wait(600)
        began, cpu = time.monotonic(), _sum(servers, Server.cpu_seconds)
        found.memory_open_mb = _megabytes(servers)
        while not all(done.done() for done in clicking):
            time.sleep(min(60.0, minutes * 6))
            found.course.append(Minute(round(time.monotonic() - began, 1), _megabytes(servers)))
        for done in clicking:
            done.result()
        found.cpu_share = (_sum(servers, Server.cpu_seconds) - cpu) / (time.monotonic() - began)
    found.errors += int(_sum(servers, Server.faults) - faults)
    return found


def _clicks(
    found: Workers,
    writing: threading.Lock,
    ready: threading.Barrier,
    server: Server,
    cookie: str,
    cookies: Sequence[str],
    minutes: float,
) -> None:
    """One person's clicks; a lost connection is an error, and the person comes back with a new tab."""
    place = list(cookies).index(cookie)
    offset = EVERY_SECONDS * place / len(cookies)
    with _tab(server, cookie) as tab:
        opened = tab.open(FIRST_BOARD)
        ready.wait(600)
        began = time.monotonic() + offset
        if opened.errors:
            _note(found, writing, "page", opened)
        # People are not in step: each begins at another act.
        acts = islice(_acts(f"{len(cookies)}-{place}"), place, None)
        for turn, (kind, click) in enumerate(acts):
            due = began + turn * EVERY_SECONDS
            # Whoever waits longer than between two clicks is late with the next, and goes home with the others.
            if max(due, time.monotonic()) >= began + minutes * 60:
                return
            time.sleep(max(0.0, due - time.monotonic()))
            try:
                _note(found, writing, kind, click(tab))
            except (WebSocketException, OSError, KeyError) as error:
                with writing:
                    found.errors += 1
                    found.told.append(f"{kind}: {type(error).__name__}: {error}"[:200])
                tab.open(FIRST_BOARD)


def _note(found: Workers, writing: threading.Lock, kind: str, run: Run) -> None:
    with writing:
        found.seconds.setdefault(kind, []).append(run.seconds)
        # Every click draws something; a page without figures is one that could not be shown.
        wrong = run.errors or (run.charts + run.metrics == 0 if kind in ("page", "filter", "new filter") else 0)
        if wrong:
            found.errors += 1
            found.told.append(f"{kind}: {run}"[:200])


class _Tab:
    """A person's tab, which can go to another page."""

    def __init__(self, server: Server, cookie: str) -> None:
        self._place = server.base, cookie
        self._stack = ExitStack()
        self.now: Person | None = None

    def open(self, page: str) -> Run:
        self._stack.close()
        self.now = self._stack.enter_context(person(*self._place, page))
        if page != FIRST_BOARD:
            self.now.parameters = urlencode(ACCOUNT)
        return self.now.open()

    def close(self) -> None:
        self._stack.close()


@contextmanager
def _tab(server: Server, cookie: str) -> Iterator[_Tab]:
    tab = _Tab(server, cookie)
    try:
        yield tab
    finally:
        tab.close()


def _acts(who: str) -> Iterator[tuple[str, Callable[[_Tab], Run]]]:
    """What a person does, over and over: filters, dialogs, rows behind a mark, a heart, the next board.

    Of eight clicks one asks what nobody asked before: it leaves out an account that does not exist.
    """
    others = [board for board in boards() if board != FIRST_BOARD]
    for turn in count():
        yield "filter", lambda tab: _now(tab).choose("account_type", [segment_words("Customer")])
        yield "dialog", lambda tab, at=turn: _choose(tab, next(iter(ENTRIES)), at)
        yield "new filter", lambda tab, at=turn: _now(tab).choose("account_name", [f'-"Nobody {who}-{at}"'])
        yield "rows", lambda tab, at=turn: _choose(tab, OPEN, at)
        yield "filter", lambda tab: _now(tab).choose("account_name", [])
        yield "heart", lambda tab: _now(tab).press(_now(tab).pressables[f"head.heart.page.{FIRST_BOARD}"])
        yield "page", lambda tab, at=turn: tab.open(others[at % len(others)])
        yield "page", lambda tab: tab.open(FIRST_BOARD)


def _now(tab: _Tab) -> Person:
    if tab.now is None:
        raise RuntimeError("The tab has no page yet.")
    return tab.now


def _choose(tab: _Tab, entry: str, turn: int) -> Run:
    """Choose an entry of a tile's menu, of another tile each time."""
    menus = [pressed for pressed in _now(tab).pressables.values() if entry in pressed.entries]
    if not menus:
        raise KeyError(f"no tile offers {entry!r}")
    return _now(tab).press(menus[turn % len(menus)], entry)


def _sum(servers: Sequence[Server], of: Callable[[Server], float]) -> float:
    return sum(map(of, servers))


def _megabytes(servers: Sequence[Server]) -> float:
    return _sum(servers, Server.resident_bytes) / 2**20


if __name__ == "__main__":
    sys.exit(main())
