"""The first board in a real browser: filters, history, links, menus, options, navigation, narrow screens."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, Response, expect

from lib.settings import ROOT
from lib.warehouse import Query
from lib.warehouse.duckdb import DuckDBWarehouse
from tests.browser.conftest import expect_said, said, settle
from tests.server import Server

pytestmark = pytest.mark.browser
CHARTS, TABLES, FIGURES = 6, 1, 6
FREE_ONLY = """
SELECT installer_email FROM analytics.instance_months
WHERE month >= '2025-06-01' AND monthly_users > 0
GROUP BY installer_email HAVING LOGICAL_AND(account_type = 'Free') AND COUNT(*) > 3 ORDER BY installer_email LIMIT 1
"""


def field(tab: Page, name: str) -> Locator:
    """One filter's control in the sidebar."""
    return tab.locator(f".st-key-company_metrics-filter-{name}")


def figure(tab: Page, label: str) -> Locator:
    """The figure of a counter."""
    return tab.locator("[data-testid=stMetric]", has_text=label).locator("[data-testid=stMetricValue]")


def note_what_is_wrong(tab: Page, wrong: list[str]) -> None:
    """Collect errors of the console, of scripts, and requests that fail."""
    # Streamlit looks for its server beneath the page's own path first, and finds nothing there.
    sought = re.compile(r"/company_metrics/_stcore/")

    def hear(said: ConsoleMessage) -> None:
        if said.type == "error" and not said.text.startswith("Failed to load resource"):
            wrong.append(said.text)

    def see(answer: Response) -> None:
        if answer.status >= 400 and not sought.search(answer.url):
            wrong.append(f"{answer.status} {answer.url}")

    tab.on("console", hear)
    tab.on("response", see)
    tab.on("pageerror", lambda error: wrong.append(str(error)))


def test_signing_in_leads_to_the_whole_board_on_wide_and_narrow_screens(
    server: Server, context: BrowserContext
) -> None:
    wrong: list[str] = []
    tab = context.new_page()
    note_what_is_wrong(tab, wrong)
    tab.goto(f"{server.base}/company_metrics")
    tab.get_by_role("button", name="viewer@demo.example").click()
    expect(tab.get_by_label("Email")).to_have_value("viewer@demo.example")
    tab.get_by_role("button", name="Sign in").click()
    expect(tab.get_by_role("heading", name="Company metrics")).to_be_visible()
    settle(tab, CHARTS)
    values = tab.locator("[data-testid=stMetricValue]").all_inner_texts()
    assert len(values) == FIGURES
    assert all(re.match(r"[\d,]+(\.\d)?%?$", value.strip()) for value in values), values
    for chart in tab.locator("[data-testid=stVegaLiteChart]").all():
        drawing = chart.locator(".marks").first.bounding_box()
        assert drawing and drawing["width"] > 300 and drawing["height"] > 150
    assert wrong == []
    for width in (800, 400):
        tab.set_viewport_size({"width": width, "height": 900})
        settle(tab, CHARTS)
        # Charts follow the window a moment later.
        tab.wait_for_function(
            "() => [document.documentElement, document.querySelector('[data-testid=stMain]')]"
            ".every(part => part.scrollWidth <= part.clientWidth)"
        )
    assert wrong == []


def test_filters_write_the_address_and_the_history_gives_them_back(server: Server, tab: Page) -> None:
    tab.goto(f"{server.base}/company_metrics")
    settle(tab, CHARTS)
    whole = figure(tab, "Monthly users").inner_text()
    assert said(tab) == {}

    names = field(tab, "account_name").locator("input")
    names.fill("datab")
    tab.get_by_role("option", name="Databricks").click()
    expect_said(tab, "account_name", "Databricks")
    expect(figure(tab, "Monthly users")).not_to_have_text(whole)
    tab.keyboard.press("Escape")
    field(tab, "account_type").get_by_text("Customer").click()
    expect_said(tab, "account_type", "Customer")
    field(tab, "date").locator("input").click()
    tab.get_by_role("option", name="90 days").click()
    expect_said(tab, "date", "90 days")
    settle(tab, CHARTS)
    field(tab, "date").locator("input").fill("2025-03-01 to 2025-06-01")
    tab.keyboard.press("Enter")
    expect_said(tab, "date", "2025-03-01 to 2025-06-01")
    expect(tab.get_by_text("Sat 1 Mar 2025 – Sat 31 May 2025")).to_be_visible()
    expect(tab.get_by_text("3 changed")).to_be_visible()
    assert list(said(tab)) == ["account_name", "installer_email", "account_type", "date", "instance_type"]
    settle(tab, CHARTS)
    may = figure(tab, "Monthly users").inner_text()

    tab.go_back()
    expect(field(tab, "date").locator("input")).to_have_value("90 days")
    expect(figure(tab, "Monthly users")).not_to_have_text(may)
    tab.go_back()
    expect(field(tab, "date").locator("input")).to_have_value("12 months")
    tab.go_back()
    expect(tab.get_by_text("1 changed")).to_be_visible()
    assert said(tab)["account_type"] == ""
    for _ in range(3):
        tab.go_forward()
    expect(field(tab, "date").locator("input")).to_have_value("2025-03-01 to 2025-06-01")
    expect(figure(tab, "Monthly users")).to_have_text(may)

    tab.get_by_role("button", name="Reset").click()
    expect_said(tab, "date", "12 months")
    assert {name for name, text in said(tab).items() if text} == {"date"}
    expect(figure(tab, "Monthly users")).to_have_text(whole)


def test_a_link_from_outside_applies_and_a_wrong_date_is_mended_by_a_click(server: Server, tab: Page) -> None:
    tab.goto(f"{server.base}/company_metrics?Customer%20name=databricks&Week%20date=12%20monts&Region=EMEA")
    expect(field(tab, "account_name").get_by_text("Databricks")).to_be_visible()
    expect(tab.get_by_text("Ignored from the link: Region. This board has no such filters.")).to_be_visible()
    beside = tab.locator("[data-testid=stSidebar] [data-testid=stAlert]")
    expect(beside).to_contain_text('Did you mean "12 months"?')
    expect(field(tab, "date").locator("input")).to_have_value("12 monts")
    expect(tab.get_by_text("Not shown: the Date filter is not understood.")).to_have_count(CHARTS + TABLES)
    settle(tab, 0)
    assert tab.locator("[data-testid=stMetricValue]").all_inner_texts() == ["—"] * FIGURES
    tab.locator("[data-testid=stSidebar]").get_by_role("button", name="Use 12 months").click()
    expect_said(tab, "date", "12 months")
    settle(tab, CHARTS)
    expect(beside).to_have_count(0)
    assert said(tab)["account_name"] == "databricks"


def test_nothing_among_customers_offers_those_who_are_free(server: Server, tab: Page, demo_var: Path) -> None:
    warehouse = DuckDBWarehouse(demo_var / "warehouse")
    (email,) = warehouse.run(Query(FREE_ONLY)).table.column("installer_email").to_pylist()
    warehouse.close()
    tab.goto(f"{server.base}/company_metrics?account_type=Customer&installer_email={email}")
    offer = tab.get_by_role("button", name="Show account type Free")
    expect(offer.first).to_be_visible()
    expect(tab.get_by_text("No rows for these filters.").first).to_be_visible()
    offer.first.click()
    expect_said(tab, "account_type", "Free")
    expect(offer).to_have_count(0)
    expect(figure(tab, "Monthly users")).to_have_text(re.compile(r"\d"))
    assert said(tab)["installer_email"] == email


def test_a_tile_gives_its_table_definition_sql_and_file(server: Server, tab: Page, demo_var: Path) -> None:
    tab.goto(f"{server.base}/company_metrics")
    settle(tab, CHARTS)
    tab.locator(".st-key-company_metrics-company_metrics-dau_mau-menu button:visible").click()
    tab.get_by_text("Show table").click()
    dialog = tab.get_by_role("dialog")
    expect(dialog.locator("[data-testid=stDataFrame]")).to_be_visible()
    dialog.get_by_role("tab", name="Definition").click()
    expect(dialog.get_by_text("Mean daily users of the month divided by its monthly users")).to_be_visible()
    dialog.get_by_role("tab", name="SQL").click()
    expect(dialog.get_by_text("FROM analytics.instance_months")).to_be_visible()
    dialog.get_by_role("tab", name="Download").click()
    with tab.expect_download() as download:
        dialog.get_by_role("button", name="CSV").click()
    assert download.value.suggested_filename == "company_metrics_dau_mau_12-months_2025-11-19.csv"
    text = Path(download.value.path()).read_text(encoding="utf-8-sig")
    header, *rows = csv.reader(io.StringIO(text))
    assert header == ["Month", "All instances", "Customers only"]
    asked = answer_of("company_metrics/dau_mau", demo_var, date="12 months")
    assert len(rows) == 12
    assert [[row[0], float(row[1]), float(row[2])] for row in rows] == asked
    dialog.get_by_role("button", name="Close").click()
    expect(dialog).to_have_count(0)


def answer_of(look: str, var: Path, **filters: str) -> list[list]:
    """A look's rows by the command line."""
    asked = [part for name, text in filters.items() for part in ("--filter", f"{name}={text}")]
    done = subprocess.run(
        [sys.executable, "-m", "lib.looks", "run", look, *asked],
        cwd=ROOT,
        env={**os.environ, "BOARDROOM_VAR": str(var)},
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)["rows"]


def test_a_chosen_filter_goes_along_and_signing_out_ends_every_tab(server: Server, tab: Page) -> None:
    tab.goto(f"{server.base}/company_metrics?account_name=%22Databricks%22&date=6%20months&instance_type=Managed")
    settle(tab, CHARTS)
    tab.get_by_role("button", name="Company").click()
    tab.get_by_role("link", name="Users by grain").click()
    expect(tab.get_by_role("heading", name="Users by grain")).to_be_visible()
    assert said(tab) == {"account_name": "Databricks", "date": "6 months"}
    settle(tab, 1)
    switch = tab.locator(".st-key-by_grain-company_metrics-users_by_grain-option-grain")
    switch.get_by_text("Month").click()
    expect_said(tab, "users_by_grain.grain", "month")
    settle(tab, 1)
    tab.reload()
    settle(tab, 1)
    expect(switch.locator("[aria-checked=true], [data-testid$=Active]")).to_have_text("Month")
    assert said(tab)["account_name"] == "Databricks"

    other = tab.context.new_page()
    other.goto(f"{server.base}/home")
    expect(other.get_by_text("All boards")).to_be_visible()
    other.locator(".st-key-account button:visible").click()
    other.get_by_text("Sign out").click()
    expect(other.get_by_label("Email")).to_be_visible()
    tab.get_by_role("button", name="Reset").click()
    expect(tab.get_by_label("Email")).to_be_visible()
    expect(tab.locator("[data-testid=stVegaLiteChart]")).to_have_count(0)
