"""In a real browser: the form, the cookie, the address that stays, and every tab signed out at once."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.server import MADE, Server, copy_tree, put_warehouse, serving

PAGE = '''"""Echo: what the address says."""
import streamlit as st
st.title("Echo")
st.write("says:" + st.query_params.get("words", "nothing"))
'''
pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of a copied tree with one page that only says its parameters."""
    folder = tmp_path_factory.mktemp("signing-in")
    tree = copy_tree(folder / "tree")
    (tree / "pages" / "echo.py").write_text(PAGE)
    put_warehouse(folder / "var")
    with serving(folder / "var", MADE, tree) as running:
        yield running


def test_signing_in_and_out(server: Server, context: BrowserContext) -> None:
    hosts: set[str] = set()
    context.on("request", lambda request: hosts.add(re.sub(r"^(\w+://[^/]+).*$", r"\1", request.url)))
    tab = context.new_page()
    tab.goto(f"{server.base}/echo?words=a%20%2B%20%22b%22&empty=")
    tab.get_by_role("button", name="viewer@demo.example").click()
    expect(tab.get_by_label("Email")).to_have_value("viewer@demo.example")
    tab.get_by_role("button", name="Sign in").click()
    expect(tab.get_by_text('says:a + "b"')).to_be_visible()
    assert tab.url == f"{server.base}/echo?words=a%20%2B%20%22b%22&empty="
    assert "boardroom_session" not in tab.evaluate("document.cookie")
    (cookie,) = [cookie for cookie in context.cookies() if cookie["name"] == "boardroom_session"]
    assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Lax")

    other = context.new_page()
    other.goto(f"{server.base}/echo")
    expect(other.get_by_text("says:nothing")).to_be_visible()

    tab.locator(".st-key-account button:visible").click()
    tab.get_by_text("Sign out").click()
    expect(tab.get_by_label("Email")).to_be_visible()
    assert "boardroom_session" not in {cookie["name"] for cookie in context.cookies()}
    other.locator(".st-key-account button:visible").click()
    other.get_by_text("Change password").click()
    expect(other.get_by_label("Email")).to_be_visible()
    assert hosts <= {server.base, "data:", server.base.replace("http", "ws")}, hosts


def test_a_wrong_password_is_told_and_keeps_what_was_typed(server: Server, context: BrowserContext) -> None:
    tab = context.new_page()
    tab.goto(f"{server.base}/echo")
    tab.get_by_label("Email").fill("nobody@acme.example")
    tab.get_by_label("Password", exact=True).fill("wrong")
    tab.keyboard.press("Enter")
    expect(tab.get_by_text("Email or password is not right.")).to_be_visible()
    expect(tab.get_by_label("Email")).to_have_value("nobody@acme.example")
    assert [cookie for cookie in context.cookies() if cookie["name"] == "boardroom_session"] == []
