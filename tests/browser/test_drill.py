"""The rows behind a mark in a real browser: clicked, chosen by keyboard, opened by an address through sign-in."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser.conftest import expect_said, said, settle
from tests.browser.test_board import CHARTS, answer_of
from tests.browser.test_rows import click_row, expect_open
from tests.server import Server

pytestmark = pytest.mark.browser
TILE = "company_metrics-company_metrics-instances_by_deployment_type"
LINE = "company_metrics-company_metrics-dau_mau"


def bar(tab: Page, month: str, kind: str) -> Locator:
    """One bar of the deployment types."""
    marks = tab.locator(f"[class*=st-key-{TILE}-chart] svg.marks [aria-roledescription=bar]")
    return marks.and_(tab.locator(f"[aria-label*='Month: {month}'][aria-label*='series: {kind};']"))


def rows_of_october(demo_var: Path) -> int:
    """How many instances the look itself counts, asked on the command line."""
    rows = answer_of("company_metrics/instances_by_deployment_type", demo_var, date="2025-10")
    return sum(row[2] for row in rows if row[1] == "kubernetes")


def test_a_bar_opens_its_rows_again_and_again_and_they_lead_on(server: Server, tab: Page, demo_var: Path) -> None:
    count = rows_of_october(demo_var)
    tab.goto(f"{server.base}/company_metrics")
    settle(tab, CHARTS)
    dialog = tab.get_by_role("dialog")
    for _ in range(2):
        bar(tab, "Oct 2025", "Kubernetes").click()
        expect(dialog).to_contain_text(f"{count} of {count} instances · Oct 2025 · Kubernetes")
        expect(dialog.get_by_role("region", name=f"Active instances: table of {count} rows.")).to_be_attached()
        tab.keyboard.press("Escape")
        expect(dialog).to_have_count(0)
    assert said(tab) == {}

    bar(tab, "Oct 2025", "Kubernetes").click()
    dialog.get_by_label("Search these rows").fill("src-databricks-prod")
    expect(dialog).to_contain_text(f"1 of {count} rows have “src-databricks-prod”.")
    with tab.expect_download() as download:
        dialog.get_by_role("button", name="Download", exact=True).click()
        tab.get_by_role("button", name="CSV", exact=True).click()
    lines = Path(download.value.path()).read_text(encoding="utf-8-sig").strip().splitlines()
    assert len(lines) == count + 1, "a file has all rows, whatever is sought"
    dialog.get_by_role("button", name="Download", exact=True).click()
    click_row(tab, "Active instances", "src-databricks-prod")
    expect(tab.get_by_role("heading", name="Single instance")).to_be_visible()
    expect_open(tab, "src-databricks-prod")
    expect(dialog).to_have_count(0)
    tab.go_back()
    expect(dialog).to_contain_text(f"{count} of {count} instances · Oct 2025 · Kubernetes")
    dialog.get_by_role("button", name="Oct 2025").click()
    expect_said(tab, "date", "2025-10-01 to 2025-11-01")
    expect(dialog).to_have_count(0)
    assert "drill" not in said(tab)


def test_rows_open_by_keyboard_and_another_mark_is_chosen_there(server: Server, tab: Page) -> None:
    tab.goto(f"{server.base}/company_metrics")
    settle(tab, CHARTS)
    tab.locator(f".st-key-{LINE}-menu button:visible").focus()
    tab.keyboard.press("Enter")
    expect(tab.get_by_text("Open the rows behind it")).to_be_visible()
    expect(tab.get_by_role("menu")).to_be_focused()
    # Its first entry is the table; below it stand definition, SQL and download.
    for _ in range(4):
        tab.keyboard.press("ArrowDown")
    expect(tab.locator("[role=menuitem]:focus")).to_contain_text("Open the rows behind it")
    tab.keyboard.press("Enter")
    dialog = tab.get_by_role("dialog")
    expect(dialog).to_contain_text(re.compile(r"\d+ rows of both parts of this ratio, [\d.]+% · Oct 2025"))
    month = dialog.get_by_role("combobox", name="Month")
    month.focus()
    month.press("ArrowDown")
    month.press("ArrowDown")
    month.press("Enter")
    expect(dialog).not_to_contain_text("· Oct 2025")
    tab.keyboard.press("Escape")
    expect(dialog).to_have_count(0)


def test_an_address_opens_the_rows_through_sign_in(server: Server, context: BrowserContext, demo_var: Path) -> None:
    count = rows_of_october(demo_var)
    mark = "company_metrics/instances_by_deployment_type~month:2025-10-01~deployment_type:kubernetes"
    tab = context.new_page()
    tab.goto(f"{server.base}/company_metrics?date=6%20months&drill={mark}")
    tab.get_by_role("button", name="viewer@demo.example").click()
    expect(tab.get_by_label("Email")).to_have_value("viewer@demo.example")
    tab.get_by_role("button", name="Sign in").click()
    dialog = tab.get_by_role("dialog")
    expect(dialog).to_contain_text(f"{count} of {count} instances · Oct 2025 · Kubernetes")
    dialog.get_by_role("button", name="Copy link").click()
    expect(tab.locator("[data-testid=stPopoverBody] [data-testid=stCode]")).to_contain_text(f"drill={mark}")
