"""Two servers behind one address: one state database in PostgreSQL, one secret, and what one does the other knows."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from benchmarks.person import Run, person
from lib.access import demo
from lib.access.keys import key_of
from lib.access.people import Role
from lib.access.sessions import end_session, sign_out_address
from lib.access.sign_in import sign_in
from lib.state import database
from tests.databases import forget_settings
from tests.server import MADE, Server, serving

BOARD = "company_metrics"
SECRET = "the same on every server"
# What a browser says of a request that a page of ours led to.
FROM_HERE = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def state(postgres: str, own_settings: pytest.MonkeyPatch) -> Iterator[str]:
    """URL of an empty database, which this process reads and writes as a third server would."""
    name = f"servers_{uuid.uuid4().hex}"
    admin = create_engine(postgres.format("postgres"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    admin.dispose()
    own_settings.setenv("BOARDROOM_STATE_URL", postgres.format(name))
    own_settings.setenv("BOARDROOM_SECRET", SECRET)
    forget_settings()
    yield postgres.format(name)
    database().dispose()


@pytest.fixture
def servers(state: str, demo_var: Path, tmp_path: Path) -> Iterator[list[Server]]:
    """Two servers that start at the same moment on the empty database."""

    def start(name: str) -> Server:
        var = tmp_path / name
        var.mkdir()
        (var / "warehouse").symlink_to(demo_var / "warehouse")
        return stack.enter_context(serving(var, MADE, BOARDROOM_STATE_URL=state, BOARDROOM_SECRET=SECRET))

    with ExitStack() as stack, ThreadPoolExecutor(2) as both:
        yield list(both.map(start, ("one", "other")))


def cookie_from(server: Server) -> str:
    """Sign a demo person in: the ticket is made here, the cookie by that server."""
    ticket = sign_in(demo.PEOPLE[Role.viewer], demo.PASSWORD, None)
    answer = server.get(f"/session?ticket={ticket}&to=/home", **FROM_HERE)
    assert answer.status == 303
    return answer.headers["set-cookie"].partition("=")[2].partition(";")[0]


def drew(run: Run) -> bool:
    """Whether the page showed figures."""
    return run.metrics > 0 and run.charts > 0 and run.errors == 0


def test_two_servers_are_one_to_the_people_who_use_them(servers: list[Server]) -> None:
    one, other = servers
    for server in servers:
        assert server.get("/healthz").status == 200, "both migrated, or waited for the one that did"
        assert '"event": "fault"' not in server.output.read_text()

    cookie = cookie_from(one)
    with person(one.base, cookie, BOARD) as here, person(other.base, cookie, BOARD) as there:
        assert drew(here.open())
        assert drew(there.open()), "the cookie of one is good at the other"

        end_session(key_of(cookie), None)  # as a third server does it, when an administrator ends the session
        for tab in (here, there):
            run = tab.choose("account_type", [":gray[Customer]"])
            assert run.metrics == run.charts == 0, "no figure after the end, in a tab that stands open"

    again = cookie_from(other)
    address = sign_out_address(key_of(again))
    one.get(address.replace("token=", "token=x"), again, **FROM_HERE)
    assert any("Daily users" in element for element in other.visit(BOARD, again)), "a forged address signs nobody out"
    one.get(address, again, **FROM_HERE)
    assert not any("Daily users" in element for element in other.visit(BOARD, again)), "signed out everywhere"
