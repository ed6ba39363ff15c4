"""Chromium, a server for it, and when a page of ours is finished."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.server import MADE, Server, copy_tree, serving
from tests.signed_in import sign_in_at

CHROMIUM = "/usr/bin/chromium"
QUIET = "--no-sandbox --disable-gpu --disable-background-networking --disable-component-update --disable-sync"
# As long as anything may take on a busy machine, in milliseconds.
PATIENCE = 60_000
# Charts come after the script's end: each has its canvas or its drawing then.
SETTLED = """charts => {
    const app = document.querySelector('[data-testid=stApp]')
    return app?.dataset.testScriptState === 'notRunning' && app.dataset.testConnectionState === 'CONNECTED'
        && !document.querySelector('[data-testid=stSkeleton]')
        && document.querySelectorAll('[data-testid=stVegaLiteChart] .marks').length === charts
}"""

NEIGHBOUR = '''"""Users by grain: how many, day by day or coarser."""
from lib.board import Board

board = Board(
    title="Users by grain",
    filters={"account_name": "", "account_type": "Customer", "date": "3 months"},
    section="Company",
    order=2,
)
with board:
    board.row("company_metrics/users_by_grain", wide=True)
'''
BY_GRAIN = """/*
title: Users by grain
question: How many people use Sourcegraph?
definition: Users active on a day, the most of the period.
grain: one row a period
period: grain
columns:
  period: {label: Period, type: DATE, format: date}
  users: {label: Users, type: INT64, format: integer, rollup: never, unit: users}
filters: {account_name: account_key, account_type: account_type, date: day}
options: {grain: [day, week, month]}
chart: {kind: line, x: period, y: users}
budget: 500 MB
*/
WITH days AS (
  SELECT
    day,
    SUM(daily_users) AS daily_users
  FROM analytics.instance_days
  WHERE @filters
  GROUP BY day
)
SELECT
  CASE @grain
    WHEN 'month' THEN DATE_TRUNC(day, MONTH)
    WHEN 'week' THEN DATE_TRUNC(day, WEEK(MONDAY))
    ELSE day
  END AS period,
  MAX(daily_users) AS users
FROM days
GROUP BY period
ORDER BY period
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium without a head."""
    if not Path(CHROMIUM).exists():
        pytest.skip(f"Chromium is not installed ({CHROMIUM})")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET.split())
        yield chromium
        chromium.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser that was here never before; it waits long, as the machine may be busy."""
    fresh = browser.new_context(viewport={"width": 1440, "height": 1600})
    fresh.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)
    yield fresh
    fresh.close()


@pytest.fixture(scope="session")
def var(tmp_path_factory: pytest.TempPathFactory, demo_var: Path) -> Path:
    """A var folder of its own over the demo's warehouse."""
    folder = tmp_path_factory.mktemp("board") / "var"
    folder.mkdir()
    (folder / "warehouse").symlink_to(demo_var / "warehouse")
    return folder


@pytest.fixture(scope="session")
def server(var: Path) -> Iterator[Server]:
    """The app with one board more, whose tile has an option."""
    tree = copy_tree(var.parent / "tree")
    (tree / "pages" / "by_grain.py").write_text(NEIGHBOUR)
    (tree / "sql" / "looks" / "company_metrics" / "users_by_grain.sql").write_text(BY_GRAIN)
    with serving(var, MADE, tree) as running:
        yield running


@pytest.fixture
def tab(server: Server, var: Path, context: BrowserContext) -> Page:
    """A tab of somebody who is signed in."""
    token = sign_in_at(var)
    context.add_cookies([{"name": "boardroom_session", "value": token, "url": server.base, "httpOnly": True}])
    return context.new_page()


def settle(tab: Page, charts: int) -> None:
    """Wait until the page is finished, with so many charts drawn."""
    tab.wait_for_function(SETTLED, arg=charts)


def said(tab: Page) -> dict[str, str]:
    """The parameters in the address bar."""
    return {name: texts[-1] for name, texts in parse_qs(urlsplit(tab.url).query, keep_blank_values=True).items()}


def expect_said(tab: Page, name: str, text: str) -> None:
    """Wait until the address bar says so."""
    tab.wait_for_function("([name, text]) => new URL(location.href).searchParams.get(name) === text", arg=[name, text])
