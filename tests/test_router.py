"""What a visit shows: sign-in, first build, a broken state database, the account menu."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from streamlit.runtime.context import ContextProxy
from streamlit.testing.v1 import AppTest

from lib import first_build
from lib.access.demo import PASSWORD, add_demo_people
from lib.access.invitations import accept_invitation, invite
from lib.access.keys import key_of
from lib.access.people import Role
from lib.access.sessions import COOKIE, begin_session, end_session, person_of
from lib.access.sign_in import LOCKED, TRIES_OF_A_PERSON, WRONG, sign_in
from lib.settings import ROOT, settings
from lib.state import database, ready
from tests.server import put_warehouse


@pytest.fixture
def var(own_settings: pytest.MonkeyPatch) -> Path:
    """A fresh installation with the demo's people and a warehouse that counts as built."""
    folder = settings().var
    put_warehouse(folder)
    ready()
    add_demo_people()
    return folder


@pytest.fixture
def visit(var: Path, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """A visit without a cookie, not yet run."""
    monkeypatch.setattr(ContextProxy, "cookies", {})
    monkeypatch.setattr(ContextProxy, "headers", {})
    monkeypatch.setattr(ContextProxy, "ip_address", None)
    return AppTest.from_file(str(ROOT / "lib" / "router.py"), default_timeout=60)


def shown(visit: AppTest) -> str:
    kinds = ("title", "subheader", "markdown", "caption", "error", "info")
    return " ".join(str(element.value) for kind in kinds for element in getattr(visit, kind))


def redirect_of(visit: AppTest) -> str | None:
    """The script that sends the browser on, if the run drew one."""
    bodies = [element.proto.body for element in visit.get("html")]
    return next((body for body in bodies if "location.replace" in body), None)


def fill(visit: AppTest, email: str, password: str) -> AppTest:
    visit.text_input(key="sign_in_email").set_value(email)
    visit.text_input(key="sign_in_password").set_value(password)
    return visit.button[0].click().run()


def test_the_demos_people_fill_the_form_by_a_click_and_get_in(visit: AppTest) -> None:
    visit.run()
    visit.button(key="demo_explorer").click().run()
    assert visit.text_input(key="sign_in_email").value == "explorer@demo.example"
    assert visit.text_input(key="sign_in_password").value == PASSWORD
    visit.button[0].click().run()
    assert not visit.error
    script = redirect_of(visit)
    assert script is not None
    ticket = script.split("ticket=' + \"")[1].split('"')[0]
    person = person_of(key_of(begin_session(ticket, None) or ""))
    assert person is not None
    assert person.email == "explorer@demo.example"


def test_the_form_tells_a_wrong_password_and_the_lock_out(visit: AppTest) -> None:
    visit.run()
    for _ in range(TRIES_OF_A_PERSON - 1):
        fill(visit, "viewer@demo.example", "wrong")
        assert [error.value for error in visit.error] == [WRONG]
    fill(visit, "viewer@demo.example", "wrong")
    assert [error.value for error in visit.error] == [LOCKED]
    fill(visit, "viewer@demo.example", PASSWORD)
    assert [error.value for error in visit.error] == [LOCKED]
    assert redirect_of(visit) is None


def test_an_empty_form_is_answered_and_not_counted(visit: AppTest) -> None:
    visit.run()
    for _ in range(TRIES_OF_A_PERSON + 1):
        fill(visit, "", "")
        assert [error.value for error in visit.error] == ["Enter your email and password."]


def test_demo_people_are_shown_in_demo_mode_only(visit: AppTest, own_settings: pytest.MonkeyPatch) -> None:
    assert "Demo people" in shown(visit.run())
    own_settings.setenv("BOARDROOM_DEMO", "0")
    settings.cache_clear()
    assert "Demo people" not in shown(visit.run())
    assert PASSWORD not in shown(visit)


def _set_password() -> None:
    from lib.access.page import show_set_password

    show_set_password()


def test_a_one_time_link_sets_a_password(visit: AppTest) -> None:
    link = invite("ann@acme.example")
    page = AppTest.from_function(_set_password, default_timeout=60)
    page.query_params["token"] = link.split("token=")[1]
    assert "ann@acme.example" in shown(page.run())
    page.text_input[0].set_value("another good password")
    page.text_input[1].set_value("another good passwort")
    page.button[0].click().run()
    assert [error.value for error in page.error] == ["The two passwords differ."]
    page.text_input[1].set_value("another good password")
    page.button[0].click().run()
    assert redirect_of(page) is not None
    assert sign_in("ann@acme.example", "another good password", None)
    assert "used already" in shown(page.run())


@pytest.fixture
def ann(visit: AppTest, monkeypatch: pytest.MonkeyPatch) -> str:
    """The token of Ann, whose cookie the visit has."""
    link = invite("ann@acme.example", Role.explorer)
    ticket = accept_invitation(link.split("token=")[1], "ann's password", "ann's password", None)
    token = begin_session(ticket, None)
    assert token
    monkeypatch.setattr(ContextProxy, "cookies", {COOKIE: token})
    return token


def test_one_changes_ones_own_password(visit: AppTest, ann: str) -> None:
    page = AppTest.from_function(_set_password, default_timeout=60).run()
    for field, text in zip(page.text_input, ["ann's password", "another password", "another password"], strict=True):
        field.set_value(text)
    page.button[0].click().run()
    assert [done.value for done in page.success] == ["Your password is changed."]
    assert person_of(key_of(ann))
    assert sign_in("ann@acme.example", "another password", None)


def test_the_signed_in_person_is_named_on_the_page(visit: AppTest, ann: str) -> None:
    visit.run()
    menus = {menu.proto.label: menu.proto for menu in visit.get("menu_button")}
    assert menus["Ann"].help == "`ann@acme.example` · explorer"
    assert list(menus["Ann"].options) == ["Open an old link", "Change password", "Sign out"]
    end_session(key_of(ann))
    assert visit.run().text_input(key="sign_in_email")


def test_a_state_database_that_fails_is_one_sentence_with_an_id(
    visit: AppTest, var: Path, ann: str, capsys: pytest.CaptureFixture[str]
) -> None:
    database().dispose()
    kept = (var / "state.sqlite").rename(var / "away")
    visit.run()
    (error,) = visit.error
    assert error.value.startswith("**The state database is missing. Restore it from a backup, or start Boardroom")
    assert str(var) not in error.value
    assert error.value[-9:-1] in "".join(capsys.readouterr())
    kept.rename(var / "state.sqlite")
    visit.button[0].click().run()
    assert not visit.error
    assert any(menu.proto.label == "Ann" for menu in visit.get("menu_button"))


def test_the_form_tells_a_state_database_that_fails(visit: AppTest, var: Path) -> None:
    visit.run()
    database().dispose()
    (var / "state.sqlite").unlink()
    fill(visit, "viewer@demo.example", PASSWORD)
    (error,) = visit.error
    assert error.value.startswith("**The state database is missing.")
    assert not visit.exception


def test_without_a_warehouse_everybody_sees_the_one_build(
    visit: AppTest, var: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = []
    monkeypatch.setattr(first_build, "start_build", lambda: started.append(1))
    (var / "warehouse" / "current").unlink()
    progress = {"step": "Loading pings", "share": 0.42, "seconds": 7.6, "error": None}
    (var / "warehouse" / "progress.json").write_text(json.dumps(progress))
    visit.run()
    assert "Building the demo warehouse" in shown(visit)
    assert "Loading pings … 42%" in str(visit.get("progress")[0].proto)
    assert started
    assert not visit.text_input
