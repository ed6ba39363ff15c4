"""Files through a real browser: from the buttons to the disk, and no more once somebody has signed out."""

from __future__ import annotations

import csv
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import BrowserContext, Download, Page, expect
from pypdf import PdfReader

from tests.browser.conftest import PATIENCE
from tests.server import Server

pytestmark = pytest.mark.browser
LOOK = "company_metrics-dau_mau"


def pressed(tab: Page, label: str, folder: Path) -> tuple[Download, Path]:
    """Press a button of the dialog; the download, and where it lies."""
    with tab.expect_download(timeout=PATIENCE) as begun:
        tab.get_by_role("dialog").get_by_role("button", name=label, exact=True).click()
    path = folder / begun.value.suggested_filename
    begun.value.save_as(path)
    return begun.value, path


def test_files_are_saved_and_their_addresses_end_with_the_session(server: Server, tab: Page, tmp_path: Path) -> None:
    tab.goto(f"{server.base}/company_metrics?date=6%20months")
    tab.locator(f".st-key-company_metrics-{LOOK}-menu button:visible").click()
    tab.get_by_text("Download", exact=True).last.click()
    _, lines = pressed(tab, "CSV", tmp_path)
    assert lines.name.startswith("company_metrics_dau_mau_6-months_") and lines.suffix == ".csv"
    rows = list(csv.reader(lines.read_text("utf-8-sig").splitlines()))
    _, workbook = pressed(tab, "XLSX", tmp_path)
    book = openpyxl.load_workbook(workbook)
    assert book.worksheets[0].max_row == len(rows) == 7 and book.sheetnames[1] == "About"

    tab.get_by_role("dialog").get_by_role("button", name="Close").click()
    expect(tab.get_by_role("dialog")).to_have_count(0)
    tab.get_by_role("button", name="Download", exact=True).click()
    download, pages = pressed(tab, "PDF", tmp_path)
    text = PdfReader(pages).pages[0].extract_text()
    assert "Company metrics" in text and "1 of " in text and "Date: Jun – Nov 2025" in text

    other = other_tab(tab.context, server)
    assert tab.request.get(download.url).status == 200
    other.locator(".st-key-account button:visible").click()
    other.get_by_text("Sign out").click()
    expect(other.get_by_label("Password").first).to_be_visible()
    refused = tab.request.get(download.url)
    assert refused.status == 403 and "signed out" in refused.text()

    # The dialog is open still; its button gives a sentence and no file.
    tab.get_by_role("dialog").get_by_role("button", name="XLSX").click()
    expect(tab.get_by_role("dialog").get_by_text("You are signed out.").first).to_be_visible()


def other_tab(context: BrowserContext, server: Server) -> Page:
    """Another tab of the same browser."""
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(server.base)
    return page
