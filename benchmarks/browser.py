"""Chromium: signs in once, opens pages in new contexts, and tells when the last mark of a page is drawn."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, StorageState, sync_playwright

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
VIEWPORT = {"width": 1440, "height": 900}
COOKIE = "boardroom_session"
PERSON = "viewer@demo.example"
FILLED = "email => [...document.querySelectorAll('input')].some(input => input.value === email)"
# Nothing may change for so long before a page counts as finished; the time told is that of the last change.
QUIET_MS = 700
WAIT_MS = 60_000

# Notes in the page, with the page's own clock (0 is the start of the navigation): when a mark was last drawn (SVG
# nodes, metrics' texts, canvas strokes), the same of each chart and counter, when the person last chose something, when
# the script last began to run.
NOTES = """
(() => {
  const notes = window.boardroomNotes = {drawn: 0, chosen: 0, began: 0};
  const places = window.boardroomPlaces = new Map();
  const draw = (place, now) => { notes.drawn = now; places.set(place, now); };
  const marks = '[data-testid=stVegaLiteChart], [data-testid=stMetric]';
  const inMarks = node => {
    const element = node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement;
    return element && element.closest(marks);
  };
  for (const stroke of ['fill', 'stroke', 'fillRect', 'fillText', 'drawImage']) {
    const plain = CanvasRenderingContext2D.prototype[stroke];
    CanvasRenderingContext2D.prototype[stroke] = function (...given) {
      if (this.canvas.isConnected) draw(this.canvas, performance.now());
      return plain.apply(this, given);
    };
  }
  new MutationObserver(records => {
    const now = performance.now();
    for (const {target, attributeName} of records) {
      if (attributeName === 'data-test-script-state' && target.getAttribute(attributeName) === 'running') {
        notes.began = now;
      } else {
        const place = inMarks(target);
        if (place) draw(place, now);
      }
    }
  }).observe(document, {subtree: true, childList: true, characterData: true, attributes: true});
  addEventListener('click', event => { notes.chosen = event.timeStamp; }, true);
  addEventListener('keydown', event => { if (event.key === 'Enter') notes.chosen = event.timeStamp; }, true);
})();
"""
# Finished: the script rests, the line is open, no skeleton waits, the title stands and every chart has its marks
# (charts come after the script has ended); after a choice only once the script has run since.
FINISHED = """
({charts, quiet, afterChoice}) => new Promise(resolve => {
  const notes = window.boardroomNotes;
  let since = null;
  const look = () => {
    const now = performance.now();
    const app = document.querySelector('[data-testid=stApp]');
    const main = document.querySelector('[data-testid=stMain]');
    const found = document.querySelectorAll('svg.marks, canvas.marks').length;
    const done = app && main && main.querySelector('h1')
      && app.getAttribute('data-test-script-state') === 'notRunning'
      && app.getAttribute('data-test-connection-state') === 'CONNECTED'
      && !document.querySelector('[data-testid=stSkeleton]')
      && found >= charts && (!afterChoice || notes.began > notes.chosen);
    if (!done) since = null;
    else if (since === null) since = now;
    if (done && now - Math.max(since, notes.drawn) >= quiet) {
      const errors = main.querySelectorAll('[data-testid=stException], [data-testid=stAlertContentError]').length;
      const nodes = document.querySelectorAll('*').length;
      // Measured only now: asking for places while the page draws would make it lay itself out more often.
      const inSight = ([place]) => place.isConnected && place.getBoundingClientRect().top < innerHeight;
      const firstScreen = Math.max(0, ...[...window.boardroomPlaces].filter(inSight).map(([, drawn]) => drawn));
      resolve({...notes, since, charts: found, errors, nodes, firstScreen});
    } else requestAnimationFrame(look);
  };
  look();
})
"""


@dataclass(frozen=True)
class Sight:
    """A finished page: seconds from the start of the navigation to the last mark drawn, and what stands there.

    first_screen: seconds to the last mark of those that begin within the window, before anybody scrolls.
    """

    seconds: float
    charts: int
    errors: int
    first_screen: float = 0.0


@dataclass(frozen=True)
class SignedIn:
    """Chromium with the state of a signed-in person, to be given to new contexts."""

    browser: Browser
    state: StorageState
    base: str

    @property
    def cookie(self) -> str:
        """The token of the session's cookie."""
        return next(cookie["value"] for cookie in self.state["cookies"] if cookie["name"] == COOKIE)  # pyright: ignore

    @contextmanager
    def opened(self, path: str, charts: int, quiet_ms: int = QUIET_MS) -> Iterator[tuple[Page, Sight]]:
        """A page in a context that was never here before, finished with so many charts."""
        context = self.browser.new_context(viewport=VIEWPORT, storage_state=self.state)  # pyright: ignore
        try:
            context.add_init_script(NOTES)
            context.set_default_timeout(WAIT_MS)
            page = context.new_page()
            page.goto(f"{self.base}/{path}", wait_until="commit")
            seen = _wait(page, charts, quiet_ms, after_choice=False)
            last = max(seen["since"], seen["drawn"]) / 1000
            yield page, Sight(last, seen["charts"], seen["errors"], seen["firstScreen"] / 1000)
        finally:
            context.close()


@contextmanager
def signed_in(base: str, page: str) -> Iterator[SignedIn]:
    """Sign a demo person in by the form, as a person does, on that page."""
    if not CHROMIUM.exists():
        raise FileNotFoundError(f"Chromium is not installed: {CHROMIUM}.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        try:
            context = browser.new_context()
            context.set_default_timeout(WAIT_MS)
            tab = context.new_page()
            tab.goto(f"{base}/{page}")
            tab.get_by_role("button", name=PERSON).click()
            tab.wait_for_function(
                "email => [...document.querySelectorAll('input')].some(i => i.value === email)", arg=PERSON
            )
            tab.get_by_role("button", name="Sign in").click()
            tab.locator(".st-key-account").first.wait_for(state="attached")
            state = context.storage_state()
            context.close()
            yield SignedIn(browser, state, base)
        finally:
            browser.close()


def choose_segment(page: Page, board: str, name: str, text: str, charts: int) -> Sight:
    """Click a segment of a filter; seconds from the click to the last mark redrawn."""
    page.locator(f".st-key-{board}-filter-{name}").get_by_text(text, exact=True).click()
    return _after_choice(page, charts)


def choose_date(page: Page, board: str, name: str, text: str, charts: int) -> Sight:
    """Type a date expression and press Enter; seconds from the key to the last mark redrawn."""
    box = page.locator(f".st-key-{board}-filter-{name} input")
    box.click()
    box.fill(text)
    page.get_by_role("option", name=text).first.wait_for()
    box.press("Enter")
    return _after_choice(page, charts)


def _after_choice(page: Page, charts: int) -> Sight:
    seen = _wait(page, charts, QUIET_MS, after_choice=True)
    if seen["drawn"] <= seen["chosen"]:
        raise RuntimeError("The filter was changed and no mark was redrawn.")
    return Sight((seen["drawn"] - seen["chosen"]) / 1000, seen["charts"], seen["errors"])


def _wait(page: Page, charts: int, quiet_ms: int, after_choice: bool) -> dict[str, Any]:
    return page.evaluate(FINISHED, {"charts": charts, "quiet": quiet_ms, "afterChoice": after_choice})
