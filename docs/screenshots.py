"""Takes the pictures of docs/images: starts the app on the demo warehouse and opens pages in Chromium.

    python docs/screenshots.py [FOLDER]

Needs the demo warehouse (`make run` makes it) and Chromium at /usr/bin/chromium. Each picture stays below 200 kB.
"""

from __future__ import annotations

import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from playwright.sync_api import Browser, Page, sync_playwright  # noqa: E402

from lib.access.demo import PEOPLE  # noqa: E402
from lib.access.people import Role  # noqa: E402
from lib.settings import settings  # noqa: E402
from tests.browser.conftest import CHROMIUM, PATIENCE, QUIET, settle  # noqa: E402
from tests.server import MADE, serving  # noqa: E402

MOST_BYTES = 200_000
LEAST_HIGH = 600


@dataclass(frozen=True)
class Picture:
    """One picture: its file's name, the page, width and colours of the window, how many charts, how high at most."""

    name: str
    page: str
    width: int
    scheme: str = "light"
    charts: int = 0
    high: int = 1500


PICTURES = (
    Picture("sign-in", "", 1440),
    Picture("home", "home", 1440),
    Picture("company-metrics-light", "company_metrics", 1440, charts=6),
    Picture("company-metrics-dark", "company_metrics", 1440, "dark", charts=6),
    Picture("company-metrics-800", "company_metrics", 800, charts=6),
    Picture("single-instance-light", "single_instance?site=src-hf-prod-7c1e", 1440, charts=31, high=1250),
    Picture("batch-changes-light", "batch_changes", 1440, charts=6),
    Picture("cody-pro-light", "cody_pro", 1440, charts=8),
)


def main() -> int:
    """Take all pictures; returns the exit status."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "images"
    warehouse = settings().warehouse_folder
    if not (warehouse / "current").exists():
        print("There is no demo warehouse yet. Make it with: make run", file=sys.stderr)
        return 1
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as made:
        # A state database of its own: the pictures show nobody who uses this installation.
        (Path(made) / "warehouse").symlink_to(warehouse)
        with serving(Path(made), MADE) as server, sync_playwright() as playwright:
            chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET.split())
            for picture in PICTURES:
                take(chromium, server.base, picture, folder / f"{picture.name}.png")
            chromium.close()
    return 0


def take(chromium: Browser, base: str, picture: Picture, file: Path) -> None:
    """Take one picture, as high as its page within limits; raises AssertionError for a file that is too large."""
    scheme = "dark" if picture.scheme == "dark" else "light"
    context = chromium.new_context(viewport={"width": picture.width, "height": 900}, color_scheme=scheme)
    context.set_default_timeout(PATIENCE)
    tab = context.new_page()
    tab.goto(f"{base}/{picture.page}")
    tab.get_by_role("button", name=PEOPLE[Role.viewer]).wait_for()
    if picture.page:
        sign_in(tab)
    settle(tab, picture.charts)
    high = tab.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
    tab.set_viewport_size({"width": picture.width, "height": min(max(high, LEAST_HIGH), picture.high)})
    settle(tab, picture.charts)
    tab.evaluate("() => new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
    tab.screenshot(path=file, animations="disabled")
    context.close()
    size = file.stat().st_size
    print(f"{file.name}: {size // 1000} kB")
    assert size < MOST_BYTES, f"{file.name} is too large"


def sign_in(tab: Page) -> None:
    """Sign in as the demo's viewer by the form, and wait for the page behind it."""
    tab.get_by_role("button", name=PEOPLE[Role.viewer]).click()
    tab.wait_for_function("document.querySelector('input[type=password]')?.value")
    tab.get_by_role("button", name="Sign in").click()
    tab.locator(".st-key-account").first.wait_for()


if __name__ == "__main__":
    sys.exit(main())
