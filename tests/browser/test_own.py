"""Own content in a real browser: hearts that are there at the next sign-in, and a search that leads to an instance."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PATIENCE, expect_said
from tests.server import Server
from tests.signed_in import sign_in_at

pytestmark = pytest.mark.browser


def test_hearts_are_there_at_the_next_sign_in_and_a_search_opens_an_account(
    server: Server, var: Path, tab: Page, browser: Browser
) -> None:
    tab.goto(f"{server.base}/cody_pro")
    tab.get_by_role("button", name="Add to favourites").first.click()
    expect(tab.get_by_role("button", name="Remove from favourites").first).to_be_visible()
    tab.locator(".st-key-cody_pro-cody_pro-monthly_churn-menu").get_by_role("button").first.click()
    tab.mouse.move(0, 0)  # the button's help would cover the last entry
    tab.get_by_text("Add to favourites", exact=True).last.click()
    expect(tab.get_by_text("Added to favourites").last).to_be_visible()

    with browser.new_context(viewport={"width": 1440, "height": 1000}) as later:
        later.set_default_timeout(PATIENCE)
        token = sign_in_at(var)
        later.add_cookies([{"name": "boardroom_session", "value": token, "url": server.base, "httpOnly": True}])
        home = later.new_page()
        home.goto(f"{server.base}/home")
        cards = home.locator("[data-testid=stMain]").get_by_role("button", name="Remove from favourites")
        expect(cards.nth(1)).to_be_visible()
        expect(home.get_by_role("link", name="Monthly churn").first).to_be_visible()
        home.get_by_label("Search").press_sequentially("databr", delay=50)
        first = home.locator(".st-key-home-found").get_by_role("link").first
        expect(first).to_contain_text("Databricks")
        home.keyboard.press("Tab")
        expect(first).to_be_focused()
        home.keyboard.press("Enter")
        expect_said(home, "account_name", '"Databricks"')
        expect(home.locator("[data-testid=stTable]", has_text="Site id")).to_contain_text("src-databricks-prod")
