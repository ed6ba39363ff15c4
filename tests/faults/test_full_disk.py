"""The disk is full for the log and for the state database: who reads goes on, what must be written says so."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path

import pytest

from lib.access.keys import key_of, new_token
from lib.access.people import find_person, now
from lib.settings import ROOT
from lib.state import database, writing
from lib.state.tables import TicketRow
from tests.faults.conftest import ID, House, MakeHouse, assert_stands, assert_whole
from tests.server import MADE, Server, free_port, put_warehouse

FULL = "The disk of the state database is full or broken. Make room and try again."


@pytest.fixture(scope="module")
def house(make_house: MakeHouse) -> Iterator[House]:
    with make_house(linked=True) as made:
        yield made


@contextmanager
def full_disk(house: House) -> Iterator[None]:
    """No file of the server's may grow, as on a disk without room."""
    pid = house.server.process.pid
    before = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (1, before[1]))
    try:
        yield
    finally:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, before)


def add_ticket(house: House) -> str:
    """A ticket of the viewer's, as the sign-in form makes one."""
    engine, ticket = database(f"sqlite:///{house.var / 'state.sqlite'}"), new_token()
    with writing(engine) as session:
        person = find_person(session, "viewer@acme.example")
        assert person
        session.add(TicketRow(key=key_of(ticket), person_id=person.id, expires_at=now() + timedelta(minutes=1)))
    engine.dispose()
    return ticket


def test_on_a_full_disk_people_read_on_and_sign_in_says_what_is_wrong(house: House) -> None:
    ticket = add_ticket(house)
    with house.open() as (tab, shown):
        assert_whole(shown)
        with full_disk(house):
            assert_whole(tab.reload())
            with house.open("date=7+months") as (_, asked_anew):
                assert_whole(asked_anew)
            refused = house.server.get(f"/session?ticket={ticket}&to=/home")
            assert refused.status == 503
            assert refused.text.startswith(FULL)
            assert "set-cookie" not in refused.headers
        let_in = house.server.get(f"/session?ticket={ticket}&to=/home")
        assert let_in.status == 303
        assert "boardroom_session=" in let_in.headers["set-cookie"]
        assert_whole(tab.reload())


def test_a_fault_is_told_while_the_log_takes_nothing_and_logged_once_it_does(house: House) -> None:
    file = house.look("dau_mau")
    text = file.read_text()
    try:
        with full_disk(house):
            file.write_text(text.replace("SUM(mean_daily_users)", "SUM(hunter2)"))
            with house.open() as (tab, shown):
                assert_stands(shown)
                assert "**This tile is broken.**" in shown.words
                assert ID.search(shown.words)
                house.assert_nothing_given_away(shown)
        file.write_text(text.replace("SUM(mean_daily_users)", "SUM(hunter3)"))
        with house.open() as (tab, shown):
            house.assert_told(shown, "**This tile is broken.**")
            file.write_text(text)
            assert_whole(tab.reload())
    finally:
        file.write_text(text)


def test_boardroom_starts_where_the_log_takes_nothing(tmp_path: Path) -> None:
    put_warehouse(tmp_path)
    port = free_port()
    place = {"BOARDROOM_VAR": str(tmp_path), "BOARDROOM_PORT": str(port), "PYTHONDONTWRITEBYTECODE": "1"}
    with Path("/dev/full").open("wb") as full:
        started = subprocess.Popen(
            [sys.executable, *MADE], cwd=ROOT, env={**os.environ, **place}, stdout=full, stderr=full
        )
    server = Server(f"http://127.0.0.1:{port}", started, tmp_path)
    try:
        while started.poll() is None:
            with suppress(OSError):
                assert server.get("/healthz").status == HTTPStatus.OK
                break
            time.sleep(0.1)
        assert "you@company.com" in "\n".join(server.visit("home"))
    finally:
        started.terminate()
        started.wait(30)
