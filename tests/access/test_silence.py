"""What is typed into the sign-in form, and what signs in, is in no log: at no level, and in no error."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from streamlit.runtime.context import ContextProxy
from streamlit.testing.v1 import AppTest

from lib.access import form, sign_in
from lib.access.demo import add_demo_people
from lib.access.invitations import accept_invitation, invite
from lib.access.keys import key_of
from lib.access.sessions import begin_session, person_of
from lib.log import configure, fault
from lib.settings import ROOT, settings
from lib.state import StateError, database, ready
from tests.server import put_warehouse

EMAIL, PASSWORD = "typed-into-the-email@acme.example", "typed-into-the-password"


@pytest.fixture
def everything(own_settings: pytest.MonkeyPatch, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An installation whose every logger, those of libraries too, tells all it has to tell."""
    put_warehouse(settings().var)
    ready()
    add_demo_people()
    for name in ("cookies", "headers"):
        monkeypatch.setattr(ContextProxy, name, {})
    monkeypatch.setattr(ContextProxy, "ip_address", None)
    root = logging.getLogger()
    levels = {name: logging.getLogger(name).level for name in ["", *root.manager.loggerDict]}
    handlers = root.handlers[:]
    configure()
    for name in levels:
        logging.getLogger(name).setLevel(logging.DEBUG)
    yield
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)
    root.handlers[:] = handlers


def logged(capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture) -> str:
    told = capsys.readouterr()
    return told.out + told.err + caplog.text + str([(record.msg, record.args) for record in caplog.records])


def send_form() -> AppTest:
    visit = AppTest.from_file(str(ROOT / "lib" / "router.py"), default_timeout=60).run()
    visit.text_input(key=form.EMAIL_KEY).set_value(EMAIL)
    visit.text_input(key=form.PASSWORD_KEY).set_value(PASSWORD)
    return visit.button[0].click().run()


def test_a_refused_sign_in_leaves_nothing_in_the_log(everything: None, capsys, caplog) -> None:
    caplog.set_level(logging.DEBUG)
    told = [send_form().error[0].value for _ in range(sign_in.TRIES_OF_A_PERSON + 1)]
    assert told[-1] == sign_in.LOCKED
    said = logged(capsys, caplog)
    assert EMAIL not in said
    assert PASSWORD not in said
    assert key_of(EMAIL) not in said


@pytest.mark.parametrize("broken", ["table", "file", "code"])
def test_nor_does_one_that_fails(
    everything: None, monkeypatch: pytest.MonkeyPatch, capsys, caplog, broken: str
) -> None:
    caplog.set_level(logging.DEBUG)
    if broken == "table":
        with database().begin() as connection:
            connection.execute(text("DROP TABLE sign_in_attempts"))
    elif broken == "code":
        monkeypatch.setattr(sign_in, "password_fits", lambda password, password_hash: 1 / 0)
    visit = AppTest.from_file(str(ROOT / "lib" / "router.py"), default_timeout=60).run()
    if broken == "file":
        database().dispose()
        Path(database().url.database or "").unlink()
    visit.text_input(key=form.EMAIL_KEY).set_value(EMAIL)
    visit.text_input(key=form.PASSWORD_KEY).set_value(PASSWORD)
    visit.button[0].click().run()
    assert len(visit.error) + len(visit.exception) == 1
    said = logged(capsys, caplog)
    assert EMAIL not in said
    assert PASSWORD not in said


def test_tokens_tickets_and_links_stay_out_of_it(everything: None, capsys, caplog) -> None:
    caplog.set_level(logging.DEBUG)
    link = invite("ann@acme.example").split("token=")[1]
    ticket = accept_invitation(link, PASSWORD, PASSWORD, None)
    token = begin_session(ticket, None) or ""
    assert person_of(key_of(token))
    try:
        with database().begin() as connection:
            connection.execute(text("DROP TABLE grants"))
        person_of(key_of(token))
    except StateError as error:
        fault(error, surface="test")
    said = logged(capsys, caplog)
    assert "older than this Boardroom" in said
    for secret in (link, ticket, token, key_of(link), key_of(ticket), key_of(token), PASSWORD):
        assert secret not in said
