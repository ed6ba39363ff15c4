"""Explorer rights are lent: asked for, decided once, and over to the second at the next question."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import event, select, update

from lib.access import grants, sessions
from lib.access.acting import NotAdmin
from lib.access.grants import (
    LENGTHS,
    approve,
    ask_for_rights,
    count_open,
    latest_grant,
    list_grants,
    refuse,
    take_back,
)
from lib.access.people import AccessError, Role, now
from lib.access.sessions import NotSignedIn, end_session, person_of
from lib.state import database, reading, writing
from lib.state.tables import AuditRow, PersonRow

REASON = "Seats of our ten largest accounts"


def role_of(key: str) -> Role | None:
    person = person_of(key)
    return person.role if person else None


def ask(key: str, hours: int = 4) -> int:
    ask_for_rights(key, REASON, hours)
    person = person_of(key)
    assert person
    grant = latest_grant(person.id)
    assert grant
    assert grant.state(now()) == "asked"
    return grant.id


def at(monkeypatch: pytest.MonkeyPatch, **later: float) -> None:
    for module in (sessions, grants):
        monkeypatch.setattr(module, "now", lambda: now() + timedelta(**later))


def state_for(key: str) -> str:
    person = person_of(key)
    assert person
    grant = latest_grant(person.id)
    assert grant
    return grant.state(sessions.now())


def test_lent_rights_count_from_the_next_question_and_end_to_the_second(
    key_for: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    viewer, admin = key_for(), key_for(Role.admin)
    number = ask(viewer)
    assert role_of(viewer) is Role.viewer
    approve(admin, number, 8)
    assert (role_of(viewer), state_for(viewer)) == (Role.explorer, "lent")
    at(monkeypatch, hours=8, seconds=-5)
    assert role_of(viewer) is Role.explorer
    at(monkeypatch, hours=8)
    assert (role_of(viewer), state_for(viewer)) == (Role.viewer, "over")


def test_refused_rights_are_not_lent(key_for: Callable[..., str]) -> None:
    viewer, admin = key_for(), key_for(Role.admin)
    refuse(admin, ask(viewer))
    assert (role_of(viewer), state_for(viewer)) == (Role.viewer, "refused")
    assert ask(viewer)  # one may ask again


def test_rights_taken_back_are_gone_at_the_next_question(key_for: Callable[..., str]) -> None:
    viewer, admin = key_for(), key_for(Role.admin)
    number = ask(viewer)
    approve(admin, number, 120)
    take_back(admin, number)
    assert (role_of(viewer), state_for(viewer)) == (Role.viewer, "taken back")
    with pytest.raises(AccessError, match="not lent any more"):
        take_back(admin, number)


def test_a_second_loan_takes_the_place_of_the_first(key_for: Callable[..., str]) -> None:
    viewer, admin = key_for(), key_for(Role.admin)
    first = ask(viewer)
    approve(admin, first, 120)
    second = ask(viewer)
    approve(admin, second, 1)
    assert [(grant.id, grant.state(now())) for grant in list_grants(admin)] == [(second, "lent"), (first, "taken back")]
    take_back(admin, second)
    assert role_of(viewer) is Role.viewer


def test_what_is_lent_takes_nothing_from_a_higher_role(key_for: Callable[..., str]) -> None:
    viewer, admin = key_for(), key_for(Role.admin)
    approve(admin, ask(viewer), 4)
    with writing() as session:
        session.execute(update(PersonRow).where(PersonRow.email == "viewer@acme.example").values(role="admin"))
    assert role_of(viewer) is Role.admin


@pytest.mark.parametrize(
    ("reason", "hours", "words"),
    [
        ("", 4, "Say in a few words"),
        ("   x   ", 4, "Say in a few words"),
        ("x" * 501, 4, "at most 500"),
        (REASON, 0, "Choose one of 1 hour"),
        (REASON, 121, "Choose one of 1 hour"),
        (REASON, -1, "Choose one of 1 hour"),
    ],
)
def test_a_request_needs_a_reason_and_a_length(
    key_for: Callable[..., str], reason: str, hours: int, words: str
) -> None:
    viewer = key_for()
    with pytest.raises(AccessError, match=words):
        ask_for_rights(viewer, reason, hours)


def test_one_request_at_a_time_however_many_tabs_ask(key_for: Callable[..., str]) -> None:
    viewer = key_for()
    refusals = together(lambda: ask_for_rights(viewer, REASON, 4), 5)
    assert sorted(map(str, refusals)) == ["You have asked already. An administrator will answer."] * 4
    assert count_open() == 1


@pytest.mark.parametrize("role", [Role.explorer, Role.admin])
def test_who_has_the_rights_asks_for_none(key_for: Callable[..., str], role: Role) -> None:
    with pytest.raises(AccessError, match="have these rights already"):
        ask_for_rights(key_for(role), REASON, 4)


def test_two_administrators_decide_once(key_for: Callable[..., str]) -> None:
    viewer, admin, other = key_for(), key_for(Role.admin), key_for(Role.admin, "other")
    number = ask(viewer)
    answers = iter([lambda: approve(admin, number, 4), lambda: refuse(other, number)] * 3)
    lock = threading.Lock()

    def answer() -> None:
        with lock:
            mine = next(answers)
        mine()

    refusals = together(answer, 6)
    assert sorted(map(str, refusals)) == ["Another administrator has answered this already."] * 5
    with reading() as session:
        decided = session.scalars(select(AuditRow.event).where(AuditRow.event.in_(["rights lent", "rights refused"])))
        assert len(decided.all()) == 1


@pytest.mark.parametrize(
    "act", [lambda key: approve(key, 1, 4), lambda key: refuse(key, 1), lambda key: take_back(key, 1)]
)
@pytest.mark.parametrize("who", [Role.viewer, Role.explorer, "lent"])
def test_only_administrators_decide(key_for: Callable[..., str], act: Callable[[str], None], who: str) -> None:
    admin, asker = key_for(Role.admin), key_for(name="asker")
    number = ask(asker)
    key = key_for(Role(who) if who != "lent" else Role.viewer, "somebody")
    if who == "lent":
        approve(admin, ask(key), 4)
    with pytest.raises(NotAdmin, match="Only administrators"):
        act(key)
    with pytest.raises(NotAdmin):
        list_grants(key)
    assert [grant.state(now()) for grant in list_grants(admin) if grant.id == number] == ["asked"]


def test_nobody_signed_out_asks_or_decides(key_for: Callable[..., str]) -> None:
    admin = key_for(Role.admin)
    end_session(admin)
    for act in (lambda: ask_for_rights(admin, REASON, 4), lambda: approve(admin, 1, 4), lambda: list_grants(admin)):
        with pytest.raises(NotSignedIn):
            act()


def test_each_step_is_audited_with_who_and_to_whom(key_for: Callable[..., str]) -> None:
    viewer, admin = key_for(), key_for(Role.admin)
    number = ask(viewer)
    approve(admin, number, 24, "203.0.113.7")
    take_back(admin, number)
    refuse(admin, ask(viewer))
    asker, decider = person_of(viewer), person_of(admin)
    assert asker
    assert decider
    with reading() as session:
        rows = session.execute(
            select(AuditRow.event, AuditRow.person_id, AuditRow.subject_id, AuditRow.detail)
            .where(AuditRow.event.startswith("rights"))
            .order_by(AuditRow.id)
        )
        assert [tuple(row) for row in rows] == [
            ("rights asked for", asker.id, None, f"4 hours: {REASON}"),
            ("rights lent", decider.id, asker.id, "1 day"),
            ("rights taken back", decider.id, asker.id, None),
            ("rights asked for", asker.id, None, f"4 hours: {REASON}"),
            ("rights refused", decider.id, asker.id, None),
        ]


def test_a_decision_and_its_record_are_one(key_for: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> None:
    viewer, admin = key_for(), key_for(Role.admin)
    number = ask(viewer)
    monkeypatch.setattr(grants, "audit", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        approve(admin, number, 4)
    assert role_of(viewer) is Role.viewer


def test_the_role_is_asked_for_by_one_statement(key_for: Callable[..., str]) -> None:
    viewer, said = key_for(), []
    event.listen(database(), "before_cursor_execute", lambda *given: said.append(given[2]))
    person_of(viewer)
    assert len([text for text in said if text.startswith("SELECT")]) == 1


def test_all_lengths_can_be_asked_for() -> None:
    assert (min(LENGTHS), max(LENGTHS)) == (1, 5 * 24)


def together(act: Callable[[], object], times: int) -> list[AccessError]:
    """Do it in many threads at once; the refusals."""
    begin, refusals = threading.Barrier(times), []

    def run() -> None:
        begin.wait()
        try:
            act()
        except AccessError as error:
            refusals.append(error)

    threads = [threading.Thread(target=run) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return refusals
