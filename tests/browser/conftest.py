"""Chromium, and when a page of ours is finished in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

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


def settle(tab: Page, charts: int) -> None:
    """Wait until the page is finished, with so many charts drawn."""
    tab.wait_for_function(SETTLED, arg=charts)
