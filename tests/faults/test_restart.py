"""The server is killed in the middle of work and started again: people stay signed in, and nothing saved is lost."""

from __future__ import annotations

import re
import signal
import sqlite3
import threading
from contextlib import closing
from http import HTTPStatus

from lib.access.keys import key_of
from tests.faults.conftest import PAGE, House, MakeHouse, assert_whole
from tests.faults.test_full_disk import add_ticket
from tests.server import MADE, Server, serving
from tests.tab import opened

QUERY = "account_name=Databricks&date=6+months"
COOKIE = re.compile(r"boardroom_session=([^;]+)")
ENOUGH = 20


def kill(server: Server) -> None:
    server.process.send_signal(signal.SIGKILL)
    server.process.wait(30)


def sign_in_until_killed(house: House, tickets: list[str], let_in: list[str], enough: threading.Event) -> None:
    """Take one ticket after the other to the server; keep the cookies that it gave."""
    for ticket in tickets:
        try:
            answer = house.server.get(f"/session?ticket={ticket}&to=/home")
        except OSError:
            return
        if answer.status == HTTPStatus.SEE_OTHER and (found := COOKIE.search(answer.headers.get("set-cookie", ""))):
            let_in.append(found[1])
        if len(let_in) >= ENOUGH:
            enough.set()


def test_a_killed_server_loses_nothing_that_was_saved(make_house: MakeHouse) -> None:
    with make_house(linked=True) as house:
        tickets = [add_ticket(house) for _ in range(200)]
        let_in: list[str] = []
        enough = threading.Event()
        with house.open(QUERY) as (tab, before):
            assert before.of("metric")
            (heart,) = [button for button in before.of("button") if ".heart.page." in button.message.id]
            tab.press(heart)
            visitor = threading.Thread(target=sign_in_until_killed, args=(house, tickets, let_in, enough))
            visitor.start()
            assert enough.wait(60)
            kill(house.server)
            visitor.join(60)
        with serving(house.var, MADE, house.tree, BOARDROOM_NOW="2025-11-19T00:00:00Z") as again:
            with opened(again, PAGE, house.cookie, QUERY) as (_, after):
                assert figures(after.bodies("metric")) == figures(before.bodies("metric"))
                assert not after.of("exception")
            with opened(again, PAGE, let_in[-1]) as (_, shown):
                assert_whole(shown)
            assert again.get("/healthz").status == HTTPStatus.OK
        with closing(sqlite3.connect(house.var / "state.sqlite")) as state:
            kept = {key for (key,) in state.execute("SELECT key FROM sessions WHERE ended_at IS NULL")}
            assert {key_of(token) for token in let_in} <= kept
            assert state.execute("SELECT kind, key FROM favourites").fetchall() == [("page", PAGE)]
            assert state.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def figures(bodies: list[str]) -> list[str]:
    assert bodies and "—" not in bodies
    return bodies
