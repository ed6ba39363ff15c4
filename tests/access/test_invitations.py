"""One-time links, passwords, and the command line over them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from lib.access import invitations
from lib.access.__main__ import main
from lib.access.invitations import accept_invitation, base_address, change_password, everybody, invite, invited
from lib.access.keys import key_of
from lib.access.people import AccessError, Person, Role, now
from lib.access.sessions import begin_session, person_of
from lib.access.sign_in import LOCKED, TRIES_OF_A_PERSON, SignInRefused, sign_in
from tests.access.conftest import PASSWORD
from tests.databases import forget_settings

NEW = "another good password"


def token_of(link: str) -> str:
    return link.split("token=")[1]


def session_of(email: str, password: str) -> str:
    return key_of(begin_session(sign_in(email, password, None), None) or "")


def test_a_link_sets_the_password_and_signs_in(state: str) -> None:
    token = token_of(invite("Ann.Lee@acme.example", Role.admin))
    person = invited(token)
    assert person is not None
    assert (person.email, person.name, person.role) == ("ann.lee@acme.example", "Ann Lee", Role.admin)
    key = key_of(begin_session(accept_invitation(token, NEW, NEW, None), None) or "")
    assert person_of(key) == person
    assert sign_in("ann.lee@acme.example", NEW, None)


def test_a_link_is_good_once(state: str) -> None:
    token = token_of(invite("ann@acme.example"))
    accept_invitation(token, NEW, NEW, None)
    assert invited(token) is None
    with pytest.raises(AccessError, match="used already"):
        accept_invitation(token, PASSWORD, PASSWORD, None)


def test_a_link_is_good_for_two_days(state: str, monkeypatch: pytest.MonkeyPatch) -> None:
    token = token_of(invite("ann@acme.example"))
    monkeypatch.setattr(invitations, "now", lambda: now() + timedelta(days=2, seconds=1))
    assert invited(token) is None
    with pytest.raises(AccessError, match="used already"):
        accept_invitation(token, NEW, NEW, None)


def test_a_new_link_ends_the_one_before(state: str) -> None:
    first, second = token_of(invite("ann@acme.example")), token_of(invite("ann@acme.example"))
    assert invited(first) is None
    assert invited(second)


def test_a_bad_new_password_leaves_the_link_good(state: str) -> None:
    token = token_of(invite("ann@acme.example"))
    for password, again, words in [
        ("short", "short", "at least 10"),
        (NEW, PASSWORD, "differ"),
        ("x" * 73, "x" * 73, "at most 72"),
        ("ü" * 37, "ü" * 37, "at most 72"),
        ("with\0nothing", "with\0nothing", "cannot be typed"),
    ]:
        with pytest.raises(AccessError, match=words):
            accept_invitation(token, password, again, None)
    assert accept_invitation(token, NEW, NEW, None)


def test_setting_a_password_ends_sessions_and_lock_out(add: Callable[..., Person]) -> None:
    person = add()
    key = session_of(person.email, PASSWORD)
    for _ in range(TRIES_OF_A_PERSON):
        with pytest.raises(SignInRefused):
            sign_in(person.email, "wrong", None)
    with pytest.raises(SignInRefused, match=LOCKED):
        sign_in(person.email, PASSWORD, None)
    accept_invitation(token_of(invite(person.email)), NEW, NEW, None)
    assert person_of(key) is None
    assert sign_in(person.email, NEW, None)


def test_a_changed_password_ends_the_other_sessions(add: Callable[..., Person]) -> None:
    person = add()
    here, there = session_of(person.email, PASSWORD), session_of(person.email, PASSWORD)
    change_password(person, here, PASSWORD, NEW, NEW, None)
    assert person_of(here) == person
    assert person_of(there) is None
    with pytest.raises(SignInRefused):
        sign_in(person.email, PASSWORD, None)


def test_a_password_is_changed_by_whoever_knows_it(add: Callable[..., Person]) -> None:
    person = add()
    with pytest.raises(SignInRefused):
        change_password(person, "", "wrong", NEW, NEW, None)
    assert sign_in(person.email, PASSWORD, None)


def test_inviting_again_keeps_the_role_unless_one_is_given(state: str) -> None:
    invite("ann@acme.example", Role.explorer)
    invite("ann@acme.example")
    assert [(person.role, standing) for person, standing in everybody()] == [(Role.explorer, "invited")]
    invite("ann@acme.example", Role.admin)
    assert everybody()[0][0].role is Role.admin


@pytest.mark.parametrize(
    ("environment", "base"),
    [
        ({}, "http://127.0.0.1:8501"),
        ({"BOARDROOM_HOST": "0.0.0.0", "BOARDROOM_PORT": "80"}, "http://localhost:80"),
        ({"BOARDROOM_HOST": "::1"}, "http://[::1]:8501"),
        ({"BOARDROOM_ADDRESS": "https://boards.acme.example/"}, "https://boards.acme.example"),
    ],
)
def test_links_begin_with_the_address_people_use(
    own_settings: pytest.MonkeyPatch, environment: dict[str, str], base: str
) -> None:
    for name, value in environment.items():
        own_settings.setenv(name, value)
    forget_settings()
    assert base_address() == base


def test_the_command_line_prints_a_link_that_works(state: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["admin", "ann@acme.example"]) == 0
    link = capsys.readouterr().out.splitlines()[-1]
    assert link.startswith("http://127.0.0.1:8501/set-password?token=")
    person = invited(token_of(link))
    assert person is not None
    assert person.role is Role.admin


def test_the_command_line_locks_unlocks_and_lists(
    add: Callable[..., Person], capsys: pytest.CaptureFixture[str]
) -> None:
    add()
    assert [main(["lock", "maya@acme.example"]), main(["people"])] == [0, 0]
    assert "maya@acme.example\tviewer\tlocked" in capsys.readouterr().out
    assert [main(["unlock", "Maya@acme.example"]), main(["people"])] == [0, 0]
    assert "maya@acme.example\tviewer\tactive" in capsys.readouterr().out


@pytest.mark.parametrize("email", ["", "nobody", "a b@c.example", "admin@demo.example"])
def test_the_command_line_refuses_what_is_no_address_of_ours(
    state: str, email: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["admin", email]) == 1
    assert len(capsys.readouterr().err.splitlines()) == 1
    assert everybody() == []


def test_the_command_line_tells_a_state_database_that_does_not_answer(
    own_settings: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    own_settings.setenv("BOARDROOM_STATE_URL", "postgresql://a:hunter2@127.0.0.1:1/b")
    forget_settings()
    assert main(["admin", "ann@acme.example"]) == 1
    assert capsys.readouterr().err == "The state database did not answer. Try again in a moment.\n"
