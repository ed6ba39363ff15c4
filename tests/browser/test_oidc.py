"""Signing in through an OpenID provider, in a real browser, against one that the test starts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select, update

from lib.access.people import now
from lib.state import database, reading, writing
from lib.state.tables import PersonRow, SessionRow
from tests.browser.test_sign_in import PAGE
from tests.oidc_provider import Provider, provider
from tests.server import MADE, Server, copy_tree, put_warehouse, serving

pytestmark = pytest.mark.browser
MAYA = {"sub": "maya", "email": "maya@acme.example", "email_verified": True, "name": "Maya Chen"}
BUTTON = "Sign in with your company account"


@pytest.fixture(scope="module")
def identity() -> Iterator[Provider]:
    with provider() as running:
        yield running


@pytest.fixture(scope="module")
def var(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("provider") / "var"
    put_warehouse(folder)
    return folder


@pytest.fixture(scope="module")
def server(var: Path, identity: Provider) -> Iterator[Server]:
    tree = copy_tree(var.parent / "tree")
    (tree / "pages" / "echo.py").write_text(PAGE)
    roles = {"BOARDROOM_OIDC_ROLE_CLAIM": "groups", "BOARDROOM_OIDC_ROLE_VALUES": '{"data": "explorer"}'}
    with serving(var, MADE, tree, **identity.settings(**roles)) as running:
        yield running


def come_in(tab: Page, server: Server, path: str = "/echo") -> None:
    tab.goto(server.base + path)
    tab.get_by_role("button", name=BUTTON).click()


def test_one_comes_in_where_one_wanted_and_is_put_out_for_good(
    server: Server, var: Path, identity: Provider, context: BrowserContext
) -> None:
    identity.claims = {**MAYA, "groups": ["sales", "data"]}
    tab = context.new_page()
    tab.goto(f"{server.base}/echo?words=a%20%2B%20%22b%22&empty=")
    expect(tab.get_by_role("button", name=BUTTON)).to_be_visible()
    assert tab.get_by_label("Email").count() == tab.get_by_label("Password").count() == 0
    assert tab.get_by_text("demo.example").count() == 0
    tab.get_by_role("button", name=BUTTON).click()
    expect(tab.get_by_text('says:a + "b"')).to_be_visible()
    assert tab.url == f"{server.base}/echo?words=a%20%2B%20%22b%22&empty="
    assert identity.asked[-1]["code_challenge_method"] == "S256"
    cookies = {cookie["name"]: cookie for cookie in context.cookies()}
    for name in ("boardroom_session", "_streamlit_user"):
        assert (cookies[name]["httpOnly"], cookies[name]["sameSite"]) == (True, "Lax")
    menu = tab.locator(".st-key-account button:visible")
    expect(menu).to_contain_text("Maya Chen")

    engine = database(f"sqlite:///{var / 'state.sqlite'}")
    with writing(engine) as session:
        maya = session.scalars(select(PersonRow).where(PersonRow.subject == "maya")).one()
        assert (maya.email, maya.role, maya.issuer) == ("maya@acme.example", "explorer", identity.base)
        row = session.scalars(select(SessionRow).where(SessionRow.person_id == maya.id)).one()
        assert row.method == "oidc"
        row.ended_at = now()
    # The provider's cookie is still there, and opens nothing.
    tab.reload()
    expect(tab.get_by_text("You are signed out.")).to_be_visible()
    tab.goto(f"{server.base}/echo?words=again")
    tab.get_by_role("button", name=BUTTON).click()
    expect(tab.get_by_text("says:again")).to_be_visible()

    with writing(engine) as session:
        session.execute(update(PersonRow).where(PersonRow.subject == "maya").values(locked_at=now()))
    come_in(tab, server)
    expect(tab.get_by_text("You cannot sign in here at the moment.")).to_be_visible()
    with writing(engine) as session:
        session.execute(update(PersonRow).where(PersonRow.subject == "maya").values(locked_at=None))
    engine.dispose()


def test_signing_out_ends_the_providers_session_too(
    server: Server, identity: Provider, context: BrowserContext
) -> None:
    identity.claims = {**MAYA, "sub": "olu", "email": "olu@acme.example", "name": "Olu"}
    tab = context.new_page()
    come_in(tab, server)
    expect(tab.get_by_text("says:nothing")).to_be_visible()
    tab.locator(".st-key-account button:visible").click()
    expect(tab.get_by_text("Change password")).to_have_count(0)
    tab.get_by_text("Sign out").click()
    expect(tab.get_by_role("button", name=BUTTON)).to_be_visible()
    assert identity.signed_out[-1]["client_id"] == "boardroom"
    left = {cookie["name"] for cookie in context.cookies()}
    assert not left & {"boardroom_session", "_streamlit_user", "_streamlit_user_tokens"}


def test_another_domain_is_told_and_another_account_may_try(
    server: Server, var: Path, identity: Provider, context: BrowserContext
) -> None:
    identity.claims = {**MAYA, "sub": "eve", "email": "eve@evil.example"}
    tab = context.new_page()
    come_in(tab, server)
    expect(
        tab.get_by_text("eve@evil.example is not let in here. Sign in with an account of acme.example.")
    ).to_be_visible()
    assert "boardroom_session" not in {cookie["name"] for cookie in context.cookies()}
    identity.claims = {**MAYA, "sub": "ann", "email": "ann@acme.example", "name": ""}
    tab.get_by_role("button", name="Sign in with another account").click()
    expect(tab.get_by_text("says:nothing")).to_be_visible()
    assert urlsplit(tab.url).path == "/echo"
    engine = database(f"sqlite:///{var / 'state.sqlite'}")
    with reading(engine) as session:
        roles = {person.email: person.role for person in session.scalars(select(PersonRow))}
    engine.dispose()
    assert roles["ann@acme.example"] == "viewer"
    assert "eve@evil.example" not in roles
