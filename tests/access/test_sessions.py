"""A session begins by one ticket, is asked for each time, and ends for good."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from lib.access import sessions
from lib.access.invitations import lock
from lib.access.keys import key_of
from lib.access.people import Person, Role, now
from lib.access.sessions import (
    NotSignedIn,
    add_ticket,
    begin_session,
    end_session,
    may_sign_out,
    one_run,
    person_of,
    require,
    sign_out_address,
)
from lib.state import reading, writing
from lib.state.tables import PersonRow, SessionRow, TicketRow


def ticket_of(person: Person) -> str:
    with writing() as session:
        return add_ticket(session, person.id)


def session_of(person: Person) -> str:
    return key_of(begin_session(ticket_of(person), None) or "")


def test_a_session_is_its_person(add: Callable[..., Person]) -> None:
    person = add(role=Role.explorer)
    assert person_of(session_of(person)) == person == require(session_of(person))


def test_a_page_run_asks_once_in_a_tenth_of_a_second(
    add: Callable[..., Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    person, clock, asked = add(), [100.0], []
    key, other = session_of(person), session_of(person)
    ask = sessions.person_in
    monkeypatch.setattr(sessions, "person_in", lambda *given: asked.append(1) or ask(*given))
    monkeypatch.setattr(sessions.time, "monotonic", lambda: clock[0])
    with one_run():
        assert [person_of(key), require(key)] == [person, person]
        assert len(asked) == 1
        assert person_of(other) == person
        assert len(asked) == 2
        end_session(key)
        clock[0] += 0.11
        assert person_of(key) is None
        assert person_of(key) is None
        assert len(asked) == 4
    with one_run():
        assert person_of(other) == person
        end_session(other)
    assert person_of(other) is None


@pytest.mark.parametrize("key", [None, "", "made up", "0" * 64])
def test_no_key_is_nobody(state: str, key: str | None) -> None:
    assert person_of(key) is None
    with pytest.raises(NotSignedIn, match="You are signed out"):
        require(key)


def test_the_database_holds_no_token(add: Callable[..., Person]) -> None:
    ticket = ticket_of(add())
    token = begin_session(ticket, None)
    assert token
    with reading() as session:
        kept = [vars(row) for row in [*session.scalars(select(SessionRow)), *session.scalars(select(TicketRow))]]
    assert len(kept) == 2
    assert token not in str(kept)
    assert ticket not in str(kept)


def test_a_ticket_is_good_once(add: Callable[..., Person]) -> None:
    ticket = ticket_of(add())
    together, tokens = threading.Barrier(6), []

    def use() -> None:
        together.wait()
        tokens.append(begin_session(ticket, None))

    users = [threading.Thread(target=use) for _ in range(6)]
    for user in users:
        user.start()
    for user in users:
        user.join()
    assert len([token for token in tokens if token]) == 1


def test_a_ticket_is_good_for_a_minute(add: Callable[..., Person], monkeypatch: pytest.MonkeyPatch) -> None:
    ticket = ticket_of(add())
    monkeypatch.setattr(sessions, "now", lambda: now() + timedelta(seconds=61))
    assert begin_session(ticket, None) is None


def test_a_session_ends_after_seven_days(add: Callable[..., Person], monkeypatch: pytest.MonkeyPatch) -> None:
    key = session_of(add())
    monkeypatch.setattr(sessions, "now", lambda: now() + timedelta(days=6, hours=23))
    assert person_of(key)
    monkeypatch.setattr(sessions, "now", lambda: now() + timedelta(days=7, seconds=1))
    assert person_of(key) is None


def test_the_datas_clock_does_not_move_sessions(add: Callable[..., Person], own_settings: pytest.MonkeyPatch) -> None:
    key = session_of(add())
    own_settings.setenv("BOARDROOM_NOW", "2035-01-01T00:00:00Z")
    assert person_of(key)


def test_a_signed_out_session_is_nobody_and_others_go_on(add: Callable[..., Person]) -> None:
    person = add()
    here, there = session_of(person), session_of(person)
    end_session(here)
    assert person_of(here) is None
    assert person_of(there) == person
    with reading() as session:
        assert session.get(SessionRow, here).ended_by == "sign-out"


def test_a_locked_person_is_nobody_at_once(add: Callable[..., Person]) -> None:
    person = add()
    key, ticket = session_of(person), ticket_of(person)
    lock(person.email)
    assert person_of(key) is None
    assert begin_session(ticket, None) is None
    lock(person.email, locked=False)
    assert person_of(key) is None


def test_a_changed_role_counts_from_the_next_question_on(add: Callable[..., Person]) -> None:
    person = add()
    key = session_of(person)
    with writing() as session:
        session.execute(update(PersonRow).values(role="admin"))
    assert require(key).role is Role.admin


@pytest.mark.parametrize(
    ("role", "may"),
    [(Role.viewer, [True, False, False]), (Role.explorer, [True, True, False]), (Role.admin, [True, True, True])],
)
def test_a_role_includes_those_before_it(role: Role, may: list[bool]) -> None:
    person = Person(id=1, email="a@b.example", name="A", role=role)
    assert [person.may(other) for other in Role] == may


def test_a_sign_out_address_is_good_for_its_session_only(own_settings: pytest.MonkeyPatch) -> None:
    token = sign_out_address("a" * 64).split("token=")[1]
    assert may_sign_out("a" * 64, token)
    assert not may_sign_out("b" * 64, token)
    assert not may_sign_out("a" * 64, "")
    assert not may_sign_out("a" * 64, "ü")


def test_a_session_of_a_clock_that_ran_ahead_outlives_no_other(
    add: Callable[..., Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    person, real = add(), now
    monkeypatch.setattr(sessions, "now", lambda: real() + timedelta(days=365))
    key = session_of(person)
    assert person_of(key) == person
    monkeypatch.setattr(sessions, "now", real)
    assert person_of(key) is None


def test_a_clock_that_is_set_back_an_hour_signs_nobody_out(
    add: Callable[..., Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    person, real = add(), now
    key = session_of(person)
    monkeypatch.setattr(sessions, "now", lambda: real() - timedelta(hours=1))
    assert person_of(key) == person
