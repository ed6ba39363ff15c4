"""Who gets in by a password, and after how many tries nobody does."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from lib.access import sign_in as module
from lib.access.keys import key_of
from lib.access.people import Person, now
from lib.access.sessions import begin_session, person_of
from lib.access.sign_in import LOCKED, TRIES_OF_A_PERSON, TRIES_OF_AN_ADDRESS, WRONG, SignInRefused, sign_in
from lib.state import reading
from lib.state.tables import AttemptRow, AuditRow
from tests.access.conftest import PASSWORD

ADDRESS = "192.0.2.7"


def refusal(email: str, password: str, address: str = ADDRESS) -> str:
    with pytest.raises(SignInRefused) as refused:
        sign_in(email, password, address)
    return str(refused.value)


@pytest.fixture
def quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Compare without hashing, where many tries are made."""
    monkeypatch.setattr(module, "password_fits", lambda password, stored: stored is not None and password == PASSWORD)


def test_the_right_password_gives_a_ticket_for_a_session(add: Callable[..., Person]) -> None:
    person = add()
    token = begin_session(sign_in("maya@acme.example", PASSWORD, ADDRESS), ADDRESS)
    assert token is not None
    assert person_of(key_of(token)) == person


def test_an_email_is_read_in_any_case_and_with_blanks(add: Callable[..., Person]) -> None:
    add()
    assert sign_in("  Maya@ACME.example ", PASSWORD, ADDRESS)


@pytest.mark.parametrize("password", ["", "wrong", PASSWORD.upper(), f" {PASSWORD}", PASSWORD + "\0", "ü" * 100])
def test_other_passwords_are_refused(add: Callable[..., Person], password: str) -> None:
    add()
    assert refusal("maya@acme.example", password) == WRONG


def test_an_unknown_email_is_answered_like_a_wrong_password(add: Callable[..., Person]) -> None:
    add()
    assert refusal("nobody@acme.example", PASSWORD) == refusal("maya@acme.example", "wrong") == WRONG


def test_an_unknown_email_costs_a_hash_too(add: Callable[..., Person], monkeypatch: pytest.MonkeyPatch) -> None:
    compared = []
    monkeypatch.setattr(
        "lib.access.passwords.Hasher.check_pw", lambda password, stored: compared.append(stored) or False
    )
    refusal("nobody@acme.example", PASSWORD)
    assert len(compared) == 1


@pytest.mark.usefixtures("quick_passwords")
@pytest.mark.parametrize("email", ["maya@acme.example", "nobody@acme.example"])
def test_after_five_tries_even_the_right_password_waits(add: Callable[..., Person], email: str) -> None:
    add()
    tries = [refusal(email, "wrong", f"192.0.2.{number}") for number in range(TRIES_OF_A_PERSON)]
    assert tries == [WRONG] * (TRIES_OF_A_PERSON - 1) + [LOCKED]
    assert refusal(email, PASSWORD) == LOCKED


@pytest.mark.usefixtures("quick_passwords")
def test_a_lock_out_ends_after_fifteen_minutes(add: Callable[..., Person], monkeypatch: pytest.MonkeyPatch) -> None:
    add()
    for _ in range(TRIES_OF_A_PERSON):
        refusal("maya@acme.example", "wrong")
    monkeypatch.setattr(module, "now", lambda: now() + timedelta(minutes=14))
    assert refusal("maya@acme.example", PASSWORD) == LOCKED
    monkeypatch.setattr(module, "now", lambda: now() + timedelta(minutes=15, seconds=1))
    assert sign_in("maya@acme.example", PASSWORD, ADDRESS)


@pytest.mark.usefixtures("quick_passwords")
def test_a_lock_out_ends_the_sessions_of_the_person_and_of_nobody_else(add: Callable[..., Person]) -> None:
    add(), add("omar@acme.example")
    mine, other = (
        key_of(begin_session(sign_in(email, PASSWORD, ADDRESS), ADDRESS) or "")
        for email in ("maya@acme.example", "omar@acme.example")
    )
    for _ in range(TRIES_OF_A_PERSON):
        refusal("maya@acme.example", "wrong")
    assert person_of(mine) is None
    assert person_of(other) is not None


@pytest.mark.usefixtures("quick_passwords")
def test_a_right_password_forgives_earlier_tries_of_that_person(add: Callable[..., Person]) -> None:
    add()
    for _ in range(3):
        for _ in range(TRIES_OF_A_PERSON - 1):
            assert refusal("maya@acme.example", "wrong", "192.0.2.1") == WRONG
        assert sign_in("maya@acme.example", PASSWORD, "192.0.2.1")


@pytest.mark.usefixtures("quick_passwords")
def test_an_address_that_tries_many_people_waits_and_others_do_not(add: Callable[..., Person]) -> None:
    add()
    tries = [refusal(f"person{number}@acme.example", "wrong") for number in range(TRIES_OF_AN_ADDRESS)]
    assert tries == [WRONG] * (TRIES_OF_AN_ADDRESS - 1) + [LOCKED]
    assert refusal("maya@acme.example", PASSWORD) == LOCKED
    assert sign_in("maya@acme.example", PASSWORD, "198.51.100.1")


@pytest.mark.usefixtures("quick_passwords")
def test_one_owns_right_passwords_do_not_free_an_address(add: Callable[..., Person]) -> None:
    add()
    for number in range(TRIES_OF_AN_ADDRESS - 1):
        refusal(f"person{number}@acme.example", "wrong")
        if number % 5 == 0:
            sign_in("maya@acme.example", PASSWORD, ADDRESS)
    assert refusal("another@acme.example", "wrong") == LOCKED


def test_tries_side_by_side_are_all_counted(add: Callable[..., Person], monkeypatch: pytest.MonkeyPatch) -> None:
    add()
    looked_at: list[str] = []
    monkeypatch.setattr(module, "password_fits", lambda password, stored: bool(looked_at.append(password)))
    together = threading.Barrier(12)

    def guess(number: int) -> None:
        together.wait()
        with pytest.raises(SignInRefused):
            sign_in("maya@acme.example", f"guess {number}", ADDRESS)

    guesses = [threading.Thread(target=guess, args=(number,)) for number in range(12)]
    for thread in guesses:
        thread.start()
    for thread in guesses:
        thread.join()
    assert len(looked_at) == TRIES_OF_A_PERSON


def test_the_database_keeps_neither_password_nor_what_stood_in_the_email_field(add: Callable[..., Person]) -> None:
    add()
    refusal("my secret password", "another secret")
    with reading() as session:
        rows = [*session.scalars(select(AttemptRow)), *session.scalars(select(AuditRow))]
    kept = " ".join(str(vars(row)) for row in rows)
    assert rows
    assert "secret" not in kept


def test_sign_ins_are_audited(add: Callable[..., Person]) -> None:
    person = add()
    refusal("maya@acme.example", "wrong")
    begin_session(sign_in("maya@acme.example", PASSWORD, ADDRESS), ADDRESS)
    with reading() as session:
        rows = session.execute(select(AuditRow.event, AuditRow.person_id, AuditRow.address).order_by(AuditRow.id))
        assert [tuple(row) for row in rows] == [
            ("sign-in failed", person.id, ADDRESS),
            ("signed in", person.id, ADDRESS),
        ]


def test_tries_of_a_clock_that_ran_ahead_lock_nobody_once_it_is_right(
    add: Callable[..., Person], quick_passwords: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    add()
    real = now
    monkeypatch.setattr(module, "now", lambda: real() + timedelta(days=365))
    for _ in range(TRIES_OF_A_PERSON):
        refusal("maya@acme.example", "wrong")
    assert refusal("maya@acme.example", PASSWORD) == LOCKED
    monkeypatch.setattr(module, "now", real)
    assert sign_in("maya@acme.example", PASSWORD, ADDRESS)
