"""The page of administrators and the account menu, as people see them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update
from streamlit.runtime.context import ContextProxy
from streamlit.testing.v1 import AppTest

from lib.access.acting import ONLY_ADMINS
from lib.access.audit import note
from lib.access.form import on_primary
from lib.access.grants import approve, ask_for_rights, latest_grant, refuse
from lib.access.invitations import invited
from lib.access.journal import JOURNAL
from lib.access.keys import key_of
from lib.access.people import Role, add_person, find_person, now
from lib.access.sessions import COOKIE, add_ticket, begin_session, person_of
from lib.settings import settings
from lib.state import ready, writing
from lib.state.tables import GrantRow, PersonRow
from tests.server import put_warehouse

REASON = "Seats of our ten largest accounts"


@pytest.fixture
def var(own_settings: pytest.MonkeyPatch) -> Path:
    """An installation with a warehouse that counts as built."""
    put_warehouse(settings().var)
    ready()
    return settings().var


@pytest.fixture
def open_as(var: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[AppTest, str]]:
    """Signs somebody in and opens a page; the visit and the session's key."""

    def open_as(role: Role, page: str = PAGE) -> tuple[AppTest, str]:
        token = sign_in_as(role)
        monkeypatch.setattr(ContextProxy, "cookies", {COOKIE: token})
        monkeypatch.setattr(ContextProxy, "headers", {})
        monkeypatch.setattr(ContextProxy, "ip_address", "203.0.113.7")
        return AppTest.from_string(page, default_timeout=60).run(), key_of(token)

    return open_as


PAGE = "from lib.access.admin import show_admin; show_admin()"
# In a browser a dialog's own button runs the dialog only; here it runs the page, which has to open it again.
DIALOGS = """
from lib.access import current_key, require
from lib.access.{module} import {dialog}
key = current_key()
{dialog}({given}key)
"""
ACCOUNT = """
from lib.access import current_key, require
from lib.access.account import draw_account
key = current_key()
draw_account(require(key), key)
"""


def sign_in_as(role: Role, name: str = "") -> str:
    with writing() as session:
        email = f"{name or role}@acme.example"
        person = find_person(session, email) or add_person(session, email, role)
        person.password_hash = "set"
        session.flush()
        ticket = add_ticket(session, person.id)
    return begin_session(ticket, None) or ""


def id_of(email: str) -> int:
    with writing() as session:
        person = find_person(session, email)
        assert person
        return person.id


def tab(page: AppTest, name: str) -> AppTest:
    page.session_state["tab"] = name
    return page.run()


def press(page: AppTest, label: str) -> AppTest:
    [button] = [button for button in page.button if button.label in (label, on_primary(label))]
    return button.click().run()


def choose(page: AppTest, email: str) -> AppTest:
    return page.selectbox(key="admin.person").set_value(id_of(email)).run()


def said(page: AppTest) -> list[str]:
    assert not page.exception
    return [box.value for box in (*page.success, *page.error)]


def menu(page: AppTest):
    [found] = page.get("menu_button")
    return found.proto


@pytest.mark.parametrize("role", [Role.viewer, Role.explorer])
def test_others_read_a_sentence_and_nothing_else(open_as, role: Role) -> None:
    page, _ = open_as(role)
    assert [box.value for box in page.info] == [ONLY_ADMINS]
    assert not page.dataframe
    assert not page.selectbox
    assert not page.button


def test_nobody_signed_out_sees_anything(var: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ContextProxy, "cookies", {})
    page = AppTest.from_string(PAGE, default_timeout=60).run()
    assert [box.value for box in page.info] == ["You are signed out. Sign in again to go on."]
    assert not page.dataframe


def test_people_are_listed_with_role_standing_and_sessions(open_as) -> None:
    sign_in_as(Role.viewer, "maya")
    page, _ = open_as(Role.admin)
    rows = page.dataframe[0].value.set_index("Email")
    assert list(rows.index) == ["admin@acme.example", "maya@acme.example"]
    assert (rows.loc["maya@acme.example", "Role"], rows.loc["maya@acme.example", "Standing"]) == ("viewer", "active")
    assert rows.loc["maya@acme.example", "Open sessions"] == 1


def test_roles_are_changed_and_people_locked_by_a_click(open_as) -> None:
    maya = key_of(sign_in_as(Role.viewer, "maya"))
    page, _ = open_as(Role.admin)
    choose(page, "maya@acme.example")
    role = next(box for box in page.selectbox if box.label == "Role")
    role.set_value(Role.explorer).run()
    assert said(press(page, "Change role")) == ["`maya@acme.example` is explorer now."]
    person = person_of(maya)
    assert person
    assert person.role is Role.explorer
    press(page, "Lock")
    assert any("is locked" in text for text in said(page))
    assert person_of(maya) is None
    press(page, "Unlock")
    assert any("may sign in again" in text for text in said(page))


def test_the_last_administrator_is_told_why_not(open_as) -> None:
    page, key = open_as(Role.admin)
    choose(page, "admin@acme.example")
    press(page, "Lock")
    assert [text for text in said(page) if "last administrator" in text]
    assert person_of(key)


def test_a_link_is_shown_once(open_as) -> None:
    sign_in_as(Role.viewer, "maya")
    page, _ = open_as(Role.admin)
    choose(page, "maya@acme.example")
    press(page, "New one-time link")
    [link] = [code.value for code in page.code]
    assert invited(link.split("token=")[1])
    page.run()
    assert not page.code


def test_somebody_is_invited_in_a_dialog(open_as) -> None:
    page, _ = open_as(Role.admin, DIALOGS.format(module="admin.people", dialog="_invite", given=""))
    page.text_input[0].set_value("Ann@acme.example")
    press(page, "Invite")
    [link] = [code.value for code in page.code]
    person = invited(link.split("token=")[1])
    assert person
    assert (person.email, person.role) == ("ann@acme.example", Role.viewer)


def test_who_lost_the_role_meanwhile_does_nothing_more(open_as) -> None:
    """The page was drawn for an administrator; the click comes after the demotion."""
    maya = key_of(sign_in_as(Role.viewer, "maya"))
    sign_in_as(Role.admin, "other")
    page, _ = open_as(Role.admin)
    choose(page, "maya@acme.example")
    with writing() as session:
        session.execute(update(PersonRow).where(PersonRow.email == "admin@acme.example").values(role="viewer"))
    press(page, "Lock")
    assert person_of(maya)
    assert [box.value for box in page.info] == [ONLY_ADMINS]
    assert not page.dataframe


def test_a_session_is_ended_by_a_click(open_as) -> None:
    maya = key_of(sign_in_as(Role.viewer, "maya"))
    page, _ = open_as(Role.admin)
    tab(page, "Sessions")
    page.selectbox(key="admin.session").set_value(maya).run()
    press(page, "End this session")
    assert any("has ended" in text for text in said(page))
    assert person_of(maya) is None


def test_a_request_is_approved_for_another_length_and_taken_back(open_as) -> None:
    maya = key_of(sign_in_as(Role.viewer, "maya"))
    ask_for_rights(maya, REASON, 120)
    page, _ = open_as(Role.admin)
    tab(page, "Requests")
    assert REASON in " ".join(text.value for text in page.markdown)
    next(box for box in page.selectbox if box.label == "Lend for").set_value(1).run()
    press(page, "Approve")
    grant = latest_grant(id_of("maya@acme.example"))
    assert grant
    assert grant.ends_at
    assert timedelta(minutes=59) < grant.ends_at - now() < timedelta(minutes=61)
    press(page, "Take back")
    person = person_of(maya)
    assert person
    assert person.role is Role.viewer


def test_the_audit_is_searched_and_paged(open_as) -> None:
    page, _ = open_as(Role.admin)
    maya = key_of(sign_in_as(Role.viewer, "maya"))
    person = person_of(maya)
    assert person
    for number in range(120):
        note("query", person.id, look="cody_pro/growth", rows=number)
    assert JOURNAL.flush()
    tab(page, "Audit")
    assert len(page.dataframe[0].value) == 100
    assert "122 records" in page.caption[0].value
    page.multiselect(key="admin.audit.events").set_value(["signed in"]).run()
    assert set(page.dataframe[0].value["Who"]) == {"admin@acme.example", "maya@acme.example"}
    page.text_input(key="admin.audit.person").set_value("nobody").run()
    assert [box.value for box in page.info] == ["Nothing was recorded that fits this search."]


def test_the_menu_counts_requests_for_administrators_only(open_as) -> None:
    ask_for_rights(key_of(sign_in_as(Role.viewer, "maya")), REASON, 4)
    page, _ = open_as(Role.admin, ACCOUNT)
    assert menu(page).label == "Admin :orange-badge[1]"
    assert list(menu(page).options) == ["Administration (1)", "Open an old link", "Change password", "Sign out"]
    for role in (Role.viewer, Role.explorer):
        page, _ = open_as(role, ACCOUNT)
        assert "badge" not in menu(page).label
        assert not [option for option in menu(page).options if "Administration" in option]


def test_the_asker_sees_the_state(open_as, monkeypatch: pytest.MonkeyPatch) -> None:
    admin = key_of(sign_in_as(Role.admin))
    page, key = open_as(Role.viewer, ACCOUNT)

    def item() -> str:
        assert not page.exception
        [found] = [option for option in menu(page.run()).options if "xplorer rights" in option]
        return found

    def asked() -> int:
        ask_for_rights(key, REASON, 8)
        grant = latest_grant(id_of("viewer@acme.example"))
        assert grant
        return grant.id

    assert item() == "Ask for explorer rights"
    number = asked()
    assert item() == "Explorer rights: asked for"
    refuse(admin, number)
    assert item() == "Explorer rights: refused"
    approve(admin, asked(), 1)
    assert re.fullmatch(r"Explorer rights until (\w+ \d+ \w+( \d+)?, )?\d\d:\d\d UTC", item())
    with writing() as session:
        session.execute(update(GrantRow).values(ends_at=now() - timedelta(seconds=1)))
    assert item() == "Ask for explorer rights"


def test_one_asks_in_a_dialog(open_as) -> None:
    page, _ = open_as(Role.viewer, DIALOGS.format(module="rights", dialog="show_rights", given="require(key), "))
    page.text_area[0].set_value("no")
    press(page, "Ask")
    assert any("Say in a few words" in text for text in said(page))
    page.text_area[0].set_value(REASON)
    press(page, "Ask")
    assert any("Asked" in text for text in said(page))
    with writing() as session:
        [row] = session.scalars(select(GrantRow)).all()
        assert (row.reason, row.hours, row.approved) == (REASON, 8, None)


def test_an_explorer_for_good_is_offered_nothing(open_as) -> None:
    page, _ = open_as(Role.explorer, ACCOUNT)
    assert list(menu(page).options) == ["Open an old link", "Change password", "Sign out"]
