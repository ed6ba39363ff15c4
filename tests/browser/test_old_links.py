"""Old links in a real browser: through the sign-in, to the page that took their place, with their filters shown."""

from __future__ import annotations

from typing import NamedTuple

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import said
from tests.server import Server

pytestmark = pytest.mark.browser


class Case(NamedTuple):
    """An old address, the page it ends on, its title, parameters of the address bar, texts on the page."""

    old: str
    page: str
    title: str
    parameters: dict[str, str]
    texts: tuple[str, ...]


CASES = [
    Case(
        "/dashboards/422?Account%20Type=Customer&Account%20name=&Date=3+months&Products%20Purchased=",
        "/batch_changes",
        "Batch changes",
        {"Account Type": "Customer", "Account name": "", "Date": "3 months", "Products Purchased": ""},
        ("All accounts, account type Customer, Sep – Nov 2025",),
    ),
    Case(
        "/dashboards/422?%20Week=4%20week%20ago%20for%204%20week,null&Account%20Type=&Region=EMEA",
        "/batch_changes",
        "Batch changes",
        {" Week": "4 week ago for 4 week,null"},
        ("Any account type", "Mon 20 Oct 2025 – Sun 16 Nov 2025", "Ignored from the link: Region."),
    ),
    Case(
        "/looks/1519?Account%20name=Databricks&f[accounts.account_type]=Customer&theme=dark",
        "/company_metrics",
        "Company metrics",
        {"Account name": "Databricks"},
        ("Account is Databricks", "Account type is Customer"),
    ),
    Case(
        "/?dashboard=409&Installer%20email=jo+test@acme.example&Account%20name=%3Cb%3Ewww.evil.example%3C/b%3E",
        "/single_instance",
        "Single instance",
        {"Installer email": "jo test@acme.example"},
        ('a plus may have been lost in "jo test@acme.example"', "<b>www.evil.example</b>"),
    ),
    Case(
        "/dashboards/453?Date=7%20days",
        "/home",
        "Home",
        {"old_link": "dashboard 453"},
        ("Looker's dashboard 453 has not moved here yet.",),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.old.split("&")[0])
def test_an_old_link_leads_through_the_sign_in_to_its_page(server: Server, context: BrowserContext, case: Case) -> None:
    tab = context.new_page()
    tab.goto(f"{server.base}{case.old}")
    sign_in(tab)
    expect(tab.get_by_role("heading", name=case.title, level=1)).to_be_visible()
    assert tab.url.startswith(f"{server.base}{case.page}?")
    assert said(tab).items() >= case.parameters.items()
    for text in case.texts:
        expect(tab.get_by_text(text).first).to_be_visible()
    # What an address says is shown, and never a link or markup.
    assert tab.locator("[data-testid=stMain] a[href*='evil'], [data-testid=stMain] a[href^='mailto']").count() == 0


def test_the_box_takes_a_pasted_address_and_leads_on(server: Server, tab: Page) -> None:
    tab.goto(f"{server.base}/home")
    tab.locator(".st-key-account button:visible").click()
    tab.get_by_text("Open an old link").click()
    box = tab.get_by_role("dialog").get_by_role("textbox")
    box.fill("https://sourcegraph.looker.com/explore/pings")
    box.press("Enter")
    expect(tab.get_by_text("This address names no look, dashboard or board.")).to_be_visible()
    box.fill("https://sourcegraph.looker.com/dashboards/422?Account%20Type=&Date=7%20days&Date=today")
    box.press("Enter")
    tab.get_by_role("dialog").get_by_role("link", name="Open Batch changes").click()
    expect(tab.get_by_role("heading", name="Batch changes", level=1)).to_be_visible()
    expect(tab.get_by_text("Date came 2 times in the link")).to_be_visible()
    expect(tab.get_by_text("Any account type").first).to_be_visible()
    expect(tab.get_by_role("dialog")).to_be_hidden()


def sign_in(tab: Page) -> None:
    """Sign in by the form as the demo's viewer."""
    tab.get_by_role("button", name="viewer@demo.example").click()
    expect(tab.get_by_label("Email")).to_have_value("viewer@demo.example")
    tab.get_by_role("button", name="Sign in").click()
