"""What administrators do counts at once, is recorded, and is refused to everybody else."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from lib.access.acting import NotAdmin
from lib.access.acts import (
    LAST_ADMIN,
    change_role,
    end_all_sessions,
    end_one_session,
    invite_person,
    lock_person,
    renew_link,
    withdraw_link,
)
from lib.access.demo import add_demo_people
from lib.access.grants import approve, ask_for_rights, latest_grant
from lib.access.invitations import accept_invitation, invited
from lib.access.journal import JOURNAL
from lib.access.people import AccessError, Person, Role, find_person, now
from lib.access.roster import list_people, list_sessions, locked_addresses
from lib.access.sessions import NotSignedIn, end_session, person_of
from lib.access.sign_in import LOCKED, TRIES_OF_A_PERSON, TRIES_OF_AN_ADDRESS, WINDOW, SignInRefused, sign_in
from lib.state import reading, writing
from lib.state.tables import AuditRow, PersonRow, SessionRow
from tests.access.conftest import PASSWORD

NEW = "another good password"
ADDRESS = "203.0.113.7"


def person(key: str) -> Person:
    found = person_of(key)
    assert found
    return found


def recorded(*events: str) -> list[tuple]:
    with reading() as session:
        asked = select(
            AuditRow.event, AuditRow.person_id, AuditRow.subject_id, AuditRow.detail, AuditRow.address
        ).order_by(AuditRow.id)
        return [tuple(row) for row in session.execute(asked) if row.event in events]


def test_an_invitation_is_a_link_that_sets_the_password_once(key_for: Callable[..., str]) -> None:
    admin = key_for(Role.admin)
    link = invite_person(admin, "Ann.Lee@acme.example", Role.explorer, ADDRESS)
    [ann] = [member for member in list_people(admin) if member.email == "ann.lee@acme.example"]
    assert (ann.role, ann.way, ann.sessions, ann.last_seen_at) == (Role.explorer, "none yet", 0, None)
    assert ann.link_until is not None
    assert timedelta(hours=47) < ann.link_until - now() < timedelta(hours=49)
    accept_invitation(link.split("token=")[1], NEW, NEW, None)
    [ann] = [member for member in list_people(admin) if member.email == "ann.lee@acme.example"]
    assert (ann.way, ann.link_until) == ("password", None)
    assert recorded("invited") == [("invited", person(admin).id, ann.id, "explorer", ADDRESS)]
    with pytest.raises(AccessError, match="is here already"):
        invite_person(admin, "ANN.lee@acme.example", Role.admin)


def test_a_new_link_ends_the_one_before_and_can_be_withdrawn(key_for: Callable[..., str]) -> None:
    admin = key_for(Role.admin)
    first = invite_person(admin, "ann@acme.example", Role.viewer).split("token=")[1]
    ann = next(member.id for member in list_people(admin) if member.email == "ann@acme.example")
    second = renew_link(admin, ann).split("token=")[1]
    assert (invited(first), invited(second) is None) == (None, False)
    withdraw_link(admin, ann)
    assert invited(second) is None
    assert [event for event, *_ in recorded("invited", "link withdrawn")] == ["invited", "invited", "link withdrawn"]


def test_a_changed_role_counts_at_the_next_question(key_for: Callable[..., str]) -> None:
    admin, viewer = key_for(Role.admin), key_for()
    change_role(admin, person(viewer).id, Role.admin)
    assert person(viewer).role is Role.admin
    change_role(admin, person(viewer).id, Role.viewer)
    assert person(viewer).role is Role.viewer
    with pytest.raises(NotAdmin):
        list_people(viewer)
    who, to = person(admin).id, person(viewer).id
    assert recorded("role changed") == [
        ("role changed", who, to, "viewer to admin", None),
        ("role changed", who, to, "admin to viewer", None),
    ]


def test_a_changed_role_ends_what_was_lent(key_for: Callable[..., str]) -> None:
    admin, viewer = key_for(Role.admin), key_for()
    ask_for_rights(viewer, "Seats by account", 120)
    grant = latest_grant(person(viewer).id)
    assert grant
    approve(admin, grant.id, 120)
    assert person(viewer).role is Role.explorer
    change_role(admin, person(viewer).id, Role.viewer)
    assert person(viewer).role is Role.viewer


def test_a_lock_ends_sessions_and_links_at_once(key_for: Callable[..., str]) -> None:
    admin, viewer = key_for(Role.admin), key_for()
    maya = person(viewer)
    link = renew_link(admin, maya.id).split("token=")[1]
    lock_person(admin, maya.id, True)
    assert (person_of(viewer), invited(link)) == (None, None)
    with pytest.raises(SignInRefused):
        sign_in(maya.email, PASSWORD, None)
    with pytest.raises(AccessError, match="is locked"):
        renew_link(admin, maya.id)
    assert next(member.locked for member in list_people(admin) if member.id == maya.id)
    lock_person(admin, maya.id, False)
    assert sign_in(maya.email, PASSWORD, None)
    assert person_of(viewer) is None


def test_sessions_are_listed_and_ended_one_by_one_or_all(key_for: Callable[..., str], add) -> None:
    admin, viewer, other = key_for(Role.admin), key_for(), key_for(name="other")
    assert {(found.email, found.way) for found in list_sessions(admin)} == {
        ("admin@acme.example", "password"),
        ("viewer@acme.example", "password"),
        ("other@acme.example", "password"),
    }
    end_one_session(admin, viewer)
    assert person_of(viewer) is None
    with pytest.raises(AccessError, match="over already"):
        end_one_session(admin, viewer)
    end_all_sessions(admin, person(other).id)
    assert person_of(other) is None
    assert [found.email for found in list_sessions(admin)] == ["admin@acme.example"]
    with reading() as session:
        assert {row.ended_by for row in session.scalars(select(SessionRow)) if row.ended_at} == {"admin"}


def test_last_seen_is_to_the_minute_and_costs_the_page_nothing(key_for: Callable[..., str]) -> None:
    admin, viewer = key_for(Role.admin), key_for()
    with writing() as session:
        session.execute(update(SessionRow).values(created_at=now() - timedelta(days=3)))
    maya = person(viewer)
    with reading() as session:
        assert session.get_one(SessionRow, viewer).last_seen_at is None
    assert JOURNAL.flush()
    [member] = [member for member in list_people(admin) if member.id == maya.id]
    assert member.last_seen_at is not None
    assert member.last_seen_at.second == 0
    assert now() - member.last_seen_at < timedelta(minutes=2)
    assert member.sessions == 1


def test_a_lock_out_by_failed_tries_is_told_with_its_end(key_for: Callable[..., str]) -> None:
    admin = key_for(Role.admin)
    maya = person(key_for())
    for _ in range(TRIES_OF_A_PERSON):
        with pytest.raises(SignInRefused):
            sign_in(maya.email, "wrong", ADDRESS)
    [member] = [member for member in list_people(admin) if member.id == maya.id]
    assert member.locked_out_until is not None
    assert timedelta(0) < now() + WINDOW - member.locked_out_until < timedelta(minutes=1)
    assert locked_addresses(admin) == {}
    for number in range(TRIES_OF_AN_ADDRESS - TRIES_OF_A_PERSON):
        with pytest.raises(SignInRefused):
            sign_in(f"{number}@acme.example", "wrong", ADDRESS)
    assert list(locked_addresses(admin)) == [ADDRESS]
    lock_person(admin, maya.id, False)
    assert next(member for member in list_people(admin) if member.id == maya.id).locked_out_until is None
    with pytest.raises(SignInRefused, match=LOCKED):
        sign_in(maya.email, PASSWORD, ADDRESS)
    assert sign_in(maya.email, PASSWORD, "198.51.100.1")


@pytest.mark.parametrize(
    "act", [lambda key, who: change_role(key, who, Role.viewer), lambda key, who: lock_person(key, who, True)]
)
def test_the_last_administrator_stays(key_for: Callable[..., str], act: Callable[[str, int], None]) -> None:
    admin, other = key_for(Role.admin), key_for(Role.admin, "other")
    invite_person(admin, "invited@acme.example", Role.admin)  # cannot sign in yet
    lock_person(admin, person(other).id, True)
    with pytest.raises(AccessError, match=LAST_ADMIN):
        act(admin, person(admin).id)
    assert person(admin).role is Role.admin
    with writing() as session:
        session.execute(update(PersonRow).values(locked_at=None))
    mine = person(admin).id
    act(admin, mine)  # there is another one now
    with reading() as session:
        row = session.get_one(PersonRow, mine)
        assert row.role != "admin" or row.locked_at is not None


def test_two_administrators_cannot_demote_each_other_at_once(key_for: Callable[..., str]) -> None:
    keys = [key_for(Role.admin, "one"), key_for(Role.admin, "two")]
    ids = [person(key).id for key in keys]
    begin, refusals = threading.Barrier(2), []

    def demote(mine: str, other: int) -> None:
        begin.wait()
        try:
            change_role(mine, other, Role.viewer)
        except AccessError as error:
            refusals.append(error)

    threads = [
        threading.Thread(target=demote, args=(key, other)) for key, other in zip(keys, reversed(ids), strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [type(error) for error in refusals] == [NotAdmin]
    assert sorted(person(key).role for key in keys) == [Role.admin, Role.viewer]


ACTS: dict[str, Callable[[str, Person, str], object]] = {
    "invite": lambda key, who, other: invite_person(key, "new@acme.example", Role.viewer),
    "renew link": lambda key, who, other: renew_link(key, who.id),
    "withdraw link": lambda key, who, other: withdraw_link(key, who.id),
    "change role": lambda key, who, other: change_role(key, who.id, Role.admin),
    "lock": lambda key, who, other: lock_person(key, who.id, True),
    "unlock": lambda key, who, other: lock_person(key, who.id, False),
    "end all sessions": lambda key, who, other: end_all_sessions(key, who.id),
    "end one session": lambda key, who, other: end_one_session(key, other),
    "list people": lambda key, who, other: list_people(key),
    "list sessions": lambda key, who, other: list_sessions(key),
    "locked addresses": lambda key, who, other: locked_addresses(key),
}


def test_nobody_else_does_or_sees_any_of_it(key_for: Callable[..., str]) -> None:
    keys = {"viewer": key_for(), "explorer": key_for(Role.explorer), "was admin": key_for(Role.admin, "was")}
    target = key_for(name="target")
    with writing() as session:
        was = find_person(session, "was@acme.example")
        assert was
        was.role = "explorer"
    before = recorded("invited", "link withdrawn", "role changed", "locked", "unlocked", "session ended")
    for act in ACTS.values():
        for key in keys.values():
            with pytest.raises(NotAdmin, match="Only administrators see this page"):
                act(key, person(target), target)
    signed_out = keys["explorer"]
    end_session(signed_out)
    for act in ACTS.values():
        with pytest.raises(NotSignedIn):
            act(signed_out, person(target), target)
    assert person(target).role is Role.viewer
    assert before == []
    assert recorded("invited", "link withdrawn", "role changed", "locked", "unlocked", "session ended") == []


def test_demo_people_keep_their_roles(key_for: Callable[..., str]) -> None:
    admin = key_for(Role.admin)
    add_demo_people()
    demo = next(member for member in list_people(admin) if member.demo)
    for act in (lambda: change_role(admin, demo.id, Role.viewer), lambda: renew_link(admin, demo.id)):
        with pytest.raises(AccessError, match="Demo people keep"):
            act()
    with pytest.raises(AccessError, match="Demo people keep"):
        invite_person(admin, "new@demo.example", Role.viewer)


def test_somebody_unknown_is_told(key_for: Callable[..., str]) -> None:
    with pytest.raises(AccessError, match="not here any more"):
        lock_person(key_for(Role.admin), 4_711, True)
