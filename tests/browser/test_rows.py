"""Rows that are clicked in a real browser: which instance a page speaks of, what a row opens, who differs on a day."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from lib.warehouse import Query
from lib.warehouse.duckdb import DuckDBWarehouse
from tests.browser.conftest import expect_said, said
from tests.server import Server

pytestmark = pytest.mark.browser
ROW_HEIGHT = 35
DIFFERING = """
SELECT day, COUNT(*) AS persons
FROM analytics.cody_pro_reconciliation
WHERE day IN (SELECT day FROM analytics.cody_pro_reconciliation_days ORDER BY day DESC LIMIT 8)
GROUP BY day ORDER BY persons DESC, day LIMIT 1
"""


def table(tab: Page, title: str) -> Locator:
    """The table of a look, by its title."""
    return tab.locator("[data-testid=stDataFrame]").filter(has=tab.get_by_label(re.compile(f"^{title}: table of")))


def row(tab: Page, title: str, text: str) -> Locator:
    """The row of a table that holds the text; it is drawn on a canvas, and stands beside it for screen readers."""
    return table(tab, title).locator("canvas [role=row]", has_text=text).first


def click_row(tab: Page, title: str, text: str) -> None:
    """Click into a row's first column."""
    place = row(tab, title, text).get_attribute("aria-rowindex")
    assert place is not None
    position = {"x": 150, "y": ROW_HEIGHT * (int(place) - 1) + ROW_HEIGHT // 2}
    # Over a row first, as by hand: the grid overlooks a press in the same moment.
    table(tab, title).locator(".dvn-scroller").hover(position=position)
    table(tab, title).locator(".dvn-scroller").click(position=position)


def expect_open(tab: Page, site: str) -> None:
    """Wait until the page speaks of that instance."""
    expect(tab.locator("[data-testid=stTable]", has_text="Site id")).to_contain_text(site)


def test_one_instance_is_searched_and_switched_and_given_back(server: Server, tab: Page) -> None:
    tab.goto(f"{server.base}/single_instance")
    search = tab.get_by_label("Find an instance")
    search.fill("arrow & fin")
    search.press("Enter")
    expect(tab.get_by_text("3 instances match “arrow & fin”.")).to_be_visible()
    expect_open(tab, "src-hf-prod-7c1e")
    assert said(tab)["site"] == ""
    click_row(tab, "Instances found", "src-hf-emea-20b4")
    expect_said(tab, "site", "src-hf-emea-20b4")
    expect_open(tab, "src-hf-emea-20b4")
    expect(search).to_have_value("arrow & fin")

    tab.go_back()
    expect_said(tab, "site", "")
    expect_open(tab, "src-hf-prod-7c1e")
    tab.goto(f"{server.base}/single_instance?site=src-gone")
    expect(tab.get_by_text("There is no instance src-gone.")).to_be_visible()
    expect(tab.locator("[data-testid=stMetric]")).to_have_count(0)


def test_rows_lead_from_an_account_to_its_instance_and_back(server: Server, tab: Page) -> None:
    tab.goto(f"{server.base}/batch_changes")
    click_row(tab, "Accounts", "Databricks")
    expect_said(tab, "account_name", "Databricks")
    click_row(tab, "Instances", "src-databricks-prod")
    expect(tab.get_by_role("heading", name="Single instance")).to_be_visible()
    expect_open(tab, "src-databricks-prod")

    tab.go_back()
    expect(tab.get_by_role("heading", name="Batch changes", exact=True)).to_be_visible()
    expect(row(tab, "Instances", "src-databricks-prod")).to_be_attached()
    assert said(tab)["account_name"] == "Databricks" and "site" not in said(tab)
    tab.go_back()
    expect(table(tab, "Instances")).to_have_count(0)
    assert said(tab) == {}


def test_a_day_of_the_comparison_lists_who_differs(server: Server, tab: Page, demo_var: Path) -> None:
    warehouse = DuckDBWarehouse(demo_var / "warehouse")
    ((day, persons),) = [tuple(found.values()) for found in warehouse.run(Query(DIFFERING)).table.to_pylist()]
    warehouse.close()
    tab.goto(f"{server.base}/cody_pro")
    click_row(tab, "SSC and Stripe compared", day.isoformat())
    expect_said(tab, "chosen_day", day.isoformat())
    expect(tab.get_by_label(f"Who differs: table of {persons} rows.", exact=True)).to_be_visible()
    reasons = table(tab, "Who differs").locator("[role=gridcell][aria-colindex='2']")
    expect(reasons.first).to_have_text(re.compile("^(Missing in (SSC|Stripe)|Other (status|date|amount))$"))

    tab.get_by_role("button", name="Chosen day").click()
    expect_said(tab, "chosen_day", "")
    expect(table(tab, "Who differs")).to_have_count(0)
