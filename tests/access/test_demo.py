"""Demo people sign in on demo data, and nowhere else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lib.access import demo as access_demo
from lib.access.demo import PASSWORD, PEOPLE, DemoRefused, add_demo_people, check_demo_mode, demo_mode
from lib.access.invitations import invite
from lib.access.keys import key_of
from lib.access.people import AccessError, Role, find_person
from lib.access.sessions import begin_session, person_of
from lib.access.sign_in import WRONG, SignInRefused, sign_in
from lib.settings import settings
from lib.state import reading
from tests.databases import forget_settings


def put_warehouse(origin: object) -> None:
    folder: Path = settings().warehouse_folder
    (folder / "stamp").mkdir(parents=True, exist_ok=True)
    (folder / "stamp" / "origin.json").write_text(json.dumps(origin))
    (folder / "current").write_text("stamp")


DEMO, EXPORT = {"origin": "demo"}, {"origin": "export"}


@pytest.mark.parametrize(
    ("environment", "origin", "on", "refused"),
    [
        ({}, None, True, False),
        ({}, DEMO, True, False),
        ({}, EXPORT, False, False),
        ({}, "nonsense", False, False),
        ({}, {}, False, False),
        ({"BOARDROOM_DEMO": "0"}, DEMO, False, False),
        ({"BOARDROOM_DEMO": "1"}, DEMO, True, False),
        ({"BOARDROOM_DEMO": "1"}, EXPORT, False, True),
        ({"BOARDROOM_DEMO": "0"}, EXPORT, False, False),
        ({"BOARDROOM_WAREHOUSE": "bigquery"}, DEMO, False, False),
        ({"BOARDROOM_WAREHOUSE": "bigquery", "BOARDROOM_DEMO": "1"}, DEMO, False, True),
        ({"BOARDROOM_WAREHOUSE": "bigquery", "BOARDROOM_DEMO": "1"}, None, False, True),
    ],
)
def test_demo_mode_is_for_demo_data(
    own_settings: pytest.MonkeyPatch, environment: dict[str, str], origin: object, on: bool, refused: bool
) -> None:
    for name, value in environment.items():
        own_settings.setenv(name, value)
    forget_settings()
    if origin is not None:
        put_warehouse(origin)
    assert demo_mode() is on
    if refused:
        with pytest.raises(DemoRefused, match="Demo people must not see real data"):
            check_demo_mode()
    else:
        check_demo_mode()


def test_a_warehouse_of_unknown_origin_is_no_demo(own_settings: pytest.MonkeyPatch) -> None:
    put_warehouse(DEMO)
    (settings().warehouse_folder / "stamp" / "origin.json").unlink()
    assert not demo_mode()


def test_each_demo_person_signs_in_with_the_shown_password(state: str) -> None:
    add_demo_people()
    add_demo_people()
    for role in Role:
        key = key_of(begin_session(sign_in(PEOPLE[role], PASSWORD, None), None) or "")
        person = person_of(key)
        assert person is not None
        assert (person.email, person.role) == (f"{role}@demo.example", role)


def test_real_data_shuts_the_demo_people_out_at_once(state: str) -> None:
    add_demo_people()
    key = key_of(begin_session(sign_in(PEOPLE[Role.admin], PASSWORD, None), None) or "")
    assert person_of(key)
    put_warehouse(EXPORT)
    assert person_of(key) is None
    with pytest.raises(SignInRefused, match=WRONG):
        sign_in(PEOPLE[Role.admin], PASSWORD, None)
    put_warehouse(DEMO)
    assert person_of(key)


def test_nobody_becomes_an_administrator_through_the_demo(state: str) -> None:
    add_demo_people()
    with pytest.raises(AccessError, match="Demo people"):
        invite("Viewer@demo.example", Role.admin)


def test_servers_that_start_at_the_same_moment_put_the_demo_s_people_in_once(
    state: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_demo_people()
    before_the_other_wrote = iter([True])
    monkeypatch.setattr(
        access_demo,
        "find_person",
        lambda *asked: None if next(before_the_other_wrote, False) else find_person(*asked),
    )
    add_demo_people()
    with reading() as session:
        assert {find_person(session, email).role for email in PEOPLE.values()} == set(Role)  # pyright: ignore
