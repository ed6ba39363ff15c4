"""Whom an OpenID provider's word lets in, as whom, with which role, and how often."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from lib.access.demo import add_demo_people, demo_mode
from lib.access.invitations import accept_invitation, invite, lock
from lib.access.keys import key_of
from lib.access.oidc import (
    ELSEWHERE,
    FRESH,
    LOCKED_OUT,
    TAKEN,
    UNNAMED,
    UNVERIFIED,
    SignInSpent,
    sign_in_by_provider,
    streamlit_secrets,
)
from lib.access.people import AccessError, Person, Role
from lib.access.sessions import begin_session, end_session, end_sessions_of_other_methods, person_of
from lib.access.sign_in import OFF, SignInRefused, sign_in
from lib.settings import Settings, settings, wrong_settings
from lib.state import reading
from lib.state.tables import AuditRow
from tests.access.conftest import PASSWORD

ISSUER = "https://id.acme.example"


@pytest.fixture
def configure(state: str, own_settings: pytest.MonkeyPatch) -> Callable[..., None]:
    """Switches sign-in by a provider on, with more settings if wanted."""

    def configure(**more: str) -> None:
        given = {"METADATA_URL": f"{ISSUER}/.well-known/openid-configuration", "CLIENT_ID": "b", "CLIENT_SECRET": "s"}
        for name, text in {**given, "DOMAINS": "acme.example, @Acme.Test", **more}.items():
            own_settings.setenv(f"BOARDROOM_OIDC_{name}", text)
        settings.cache_clear()

    configure()
    return configure


def said(**claims: Any) -> dict[str, Any]:
    """What the provider says of Maya a moment ago, changed or shortened (None) as given."""
    usual = {"iss": ISSUER, "sub": "1", "iat": int(datetime.now(UTC).timestamp()), "email": "Maya@acme.example"}
    return {name: value for name, value in {**usual, "email_verified": True, **claims}.items() if value is not None}


def enter(**claims: Any) -> Person:
    token = begin_session(sign_in_by_provider(said(**claims), None), None)
    person = person_of(key_of(token or ""))
    assert person is not None
    return person


def later(seconds: int) -> int:
    return int(datetime.now(UTC).timestamp()) + seconds


def test_a_person_is_made_at_the_first_sign_in_and_known_at_the_next(configure: Callable[..., None]) -> None:
    first = enter(name="Maya Chen")
    assert (first.email, first.name, first.role) == ("maya@acme.example", "Maya Chen", Role.viewer)
    assert enter(iat=later(1), name="").id == first.id
    renamed = enter(iat=later(2), email="maya.smith@acme.example")
    assert (renamed.id, renamed.email) == (first.id, "maya.smith@acme.example")
    assert enter(iat=later(3), sub="2").id != first.id  # the old address was given to somebody else


@pytest.mark.parametrize(
    ("claims", "sentence"),
    [
        ({"email_verified": False}, UNVERIFIED),
        ({"email_verified": "false"}, UNVERIFIED),
        ({"email_verified": 1}, UNVERIFIED),
        ({"email": None}, UNNAMED),
        ({"email": "maya"}, UNNAMED),
        ({"email": ["maya@acme.example"]}, UNNAMED),
        ({"sub": None}, UNNAMED),
        ({"sub": ""}, UNNAMED),
        ({"iss": None}, UNNAMED),
        ({"iat": None}, UNNAMED),
        ({"iat": True}, UNNAMED),
        ({"email": "m@evil.example"}, ELSEWHERE.format(email="m@evil.example", domains="acme.example or acme.test")),
        ({"email": "m@sub.acme.example"}, ELSEWHERE.split(".")[0].format(email="m@sub.acme.example")),
        ({"email": "m@acme.example@evil.example"}, UNNAMED),
        ({"email": "viewer@demo.example"}, ELSEWHERE.split(".")[0].format(email="viewer@demo.example")),
    ],
)
def test_whom_the_provider_does_not_surely_name_stays_out(
    configure: Callable[..., None], claims: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(SignInRefused, match=sentence.replace(".", r"\.")):
        sign_in_by_provider(said(**claims), "10.0.0.1")
    with reading() as session:
        row = session.scalars(select(AuditRow).where(AuditRow.event == "sign-in failed")).one()
    assert (row.address, row.person_id) == ("10.0.0.1", None)


def test_other_domains_are_let_in_where_all_are(configure: Callable[..., None]) -> None:
    assert enter(email="x@acme.test").email == "x@acme.test"
    configure(DOMAINS="*")
    assert enter(sub="2", email="x@anywhere.example").role == Role.viewer
    with pytest.raises(SignInRefused):
        sign_in_by_provider(said(sub="3", email="admin@demo.example"), None)


def test_the_same_word_becomes_one_session_and_never_another(configure: Callable[..., None]) -> None:
    claims = said()
    ticket = sign_in_by_provider(claims, None)
    assert sign_in_by_provider(claims, None) == ticket  # a second run of the page, before the browser went on
    token = begin_session(ticket, None)
    assert token
    assert begin_session(ticket, None) is None
    for _ in ("while it lasts", "once it ended"):
        with pytest.raises(SignInSpent):
            sign_in_by_provider(claims, None)
        end_session(key_of(token))
    assert person_of(key_of(token)) is None
    assert enter(iat=later(1))


def test_an_old_word_signs_nobody_in(configure: Callable[..., None]) -> None:
    with pytest.raises(SignInSpent):
        sign_in_by_provider(said(iat=later(-int(FRESH.total_seconds()) - 5)), None)


def test_a_locked_person_stays_out_and_loses_the_session(configure: Callable[..., None]) -> None:
    token = begin_session(sign_in_by_provider(said(), None), None)
    unused = sign_in_by_provider(said(iat=later(1)), None)
    lock("maya@acme.example")
    assert person_of(key_of(token or "")) is None
    assert begin_session(unused, None) is None
    with pytest.raises(SignInRefused, match=LOCKED_OUT):
        sign_in_by_provider(said(iat=later(2)), None)
    lock("maya@acme.example", locked=False)
    assert enter(iat=later(3))


@pytest.mark.parametrize(
    ("values", "claim", "role"),
    [
        ("", "admin", Role.admin),
        ("", ["viewer", "explorer"], Role.explorer),
        ("", "Admin", Role.viewer),
        ("", "superuser", Role.viewer),
        ("", None, Role.viewer),
        ("", {"admin": True}, Role.viewer),
        ('{"data": "explorer", "it": "admin"}', ["sales", "data"], Role.explorer),
        ('{"data": "explorer", "it": "admin"}', ["it", "data"], Role.admin),
        ('{"data": "explorer", "it": "admin"}', "admin", Role.viewer),
    ],
)
def test_a_claim_gives_the_role_at_each_sign_in(
    configure: Callable[..., None], values: str, claim: Any, role: Role
) -> None:
    configure(ROLE_CLAIM="groups", ROLE_VALUES=values)
    assert enter(groups=claim).role == role
    assert enter(iat=later(1), groups="nothing").role == Role.viewer


def test_without_a_claim_the_role_is_the_one_given_here(configure: Callable[..., None]) -> None:
    assert enter(groups="admin").role == Role.viewer
    assert invite("maya@acme.example", Role.admin) == "http://127.0.0.1:8501"
    assert enter(iat=later(1)).role == Role.admin


def test_somebody_who_is_here_is_taken_over_by_a_verified_email_only(
    configure: Callable[..., None], add: Callable[..., Person]
) -> None:
    known = add("maya@acme.example", Role.admin)
    taken = TAKEN.format(email="maya@acme.example").replace(".", r"\.")
    with pytest.raises(SignInRefused, match=taken):
        sign_in_by_provider(said(email_verified=None), None)
    assert (enter(iat=later(1)).id, enter(iat=later(2)).role) == (known.id, Role.admin)
    with pytest.raises(SignInRefused, match=taken):  # the address went to another employee
        sign_in_by_provider(said(sub="2"), None)
    with pytest.raises(SignInRefused, match=taken):  # another provider's person of the same name
        sign_in_by_provider(said(iss="https://other.example", iat=later(3)), None)


def test_a_provider_that_does_not_say_whether_emails_are_verified(
    configure: Callable[..., None], add: Callable[..., Person]
) -> None:
    known = add("maya@acme.example")
    assert enter(email="new@acme.example", sub="2", email_verified=None).email == "new@acme.example"
    configure(TRUST_EMAIL="1")
    assert enter(email_verified=None).id == known.id


def test_passwords_and_demo_people_are_off(
    configure: Callable[..., None], add: Callable[..., Person], own_settings: pytest.MonkeyPatch
) -> None:
    add("maya@acme.example")
    add_demo_people()
    assert not demo_mode()
    for email, password in (("maya@acme.example", PASSWORD), ("viewer@demo.example", "boardroom")):
        with pytest.raises(SignInRefused, match=OFF):
            sign_in(email, password, None)
    with pytest.raises(AccessError):
        accept_invitation("token", "a good password", "a good password", None)


def test_sessions_of_the_other_way_end_at_the_start(
    configure: Callable[..., None], add: Callable[..., Person], own_settings: pytest.MonkeyPatch
) -> None:
    provided = key_of(begin_session(sign_in_by_provider(said(), None), None) or "")
    own_settings.delenv("BOARDROOM_OIDC_METADATA_URL")
    settings.cache_clear()
    add("ann@acme.example")
    typed = key_of(begin_session(sign_in("ann@acme.example", PASSWORD, None), None) or "")
    assert person_of(provided) and person_of(typed)
    end_sessions_of_other_methods()
    assert (person_of(provided) is None, person_of(typed) is None) == (True, False)
    configure()
    end_sessions_of_other_methods()
    assert person_of(typed) is None


def test_streamlit_is_told_of_the_provider_only_when_there_is_one(
    configure: Callable[..., None], own_settings: pytest.MonkeyPatch
) -> None:
    own_settings.setenv("BOARDROOM_ADDRESS", "https://boards.acme.example/")
    settings.cache_clear()
    auth = (streamlit_secrets() or {})["auth"]
    assert auth["redirect_uri"] == "https://boards.acme.example/oauth2callback"
    assert len(auth["cookie_secret"]) == 64
    own_settings.delenv("BOARDROOM_OIDC_METADATA_URL")
    settings.cache_clear()
    assert streamlit_secrets() is None


@pytest.mark.parametrize("missing", ["CLIENT_ID", "CLIENT_SECRET", "DOMAINS"])
def test_half_a_provider_stops_the_start(
    configure: Callable[..., None], own_settings: pytest.MonkeyPatch, missing: str
) -> None:
    own_settings.delenv(f"BOARDROOM_OIDC_{missing}")
    with pytest.raises(ValueError) as raised:
        Settings()
    assert wrong_settings(raised.value).endswith(f"sign-in by a provider needs BOARDROOM_OIDC_{missing} too.")  # type: ignore


def test_how_long_a_word_is_good_is_what_the_docs_say() -> None:
    assert timedelta(minutes=10) == FRESH
