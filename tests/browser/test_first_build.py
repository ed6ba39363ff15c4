"""The first visitors of an empty installation see one build, and then the form, without doing anything."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import expect, sync_playwright

from tests.browser.conftest import CHROMIUM
from tests.server import BARE, copy_tree, put_warehouse, serving

pytestmark = pytest.mark.browser
# Stands for the builder: says how far it is, and ends when the test says so.
BUILDER = """
import pathlib, sys, time
var = pathlib.Path(sys.argv[0]).parents[2] / "var"
with (var / "starts").open("a") as starts:
    starts.write("started\\n")
(var / "warehouse").mkdir(exist_ok=True)
(var / "warehouse" / "progress.json").write_text('{"step": "Loading pings", "share": 0.4, "seconds": 9, "error": null}')
while not (var / "end").exists():
    time.sleep(0.05)
sys.exit(int((var / "end").read_text()))
"""


@pytest.fixture
def built_tree(tmp_path: Path) -> Path:
    tree = copy_tree(tmp_path / "tree")
    (tree / "sql" / "build.py").write_text(BUILDER)
    (tmp_path / "var").mkdir()
    return tree


def test_two_visitors_one_build_then_the_form(tmp_path: Path, built_tree: Path) -> None:
    if not Path(CHROMIUM).exists():
        pytest.skip(f"Chromium is not installed ({CHROMIUM})")
    var = tmp_path / "var"
    expect.set_options(timeout=60_000)
    with serving(var, BARE, built_tree) as server, sync_playwright() as playwright:
        assert json.loads(server.get("/healthz").text)["warehouse"] == "building"
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        tabs = [chromium.new_context().new_page() for _ in range(2)]
        for tab, path in zip(tabs, ("/", "/company_metrics"), strict=True):
            tab.goto(server.base + path, timeout=60_000)
            expect(tab.get_by_text("Loading pings … 40%")).to_be_visible()
        assert (var / "starts").read_text() == "started\n"
        put_warehouse(var)
        (var / "end").write_text("0")
        for tab in tabs:
            expect(tab.get_by_label("Email")).to_be_visible()
        assert tabs[1].url == f"{server.base}/company_metrics"
        chromium.close()


def test_a_failed_build_is_told_and_begun_again_on_request(tmp_path: Path, built_tree: Path) -> None:
    if not Path(CHROMIUM).exists():
        pytest.skip(f"Chromium is not installed ({CHROMIUM})")
    var = tmp_path / "var"
    (var / "end").write_text("1")
    expect.set_options(timeout=60_000)
    with serving(var, BARE, built_tree) as server, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        tab = chromium.new_page()
        tab.goto(server.base, timeout=60_000)
        expect(tab.get_by_text("The warehouse could not be built.")).to_be_visible()
        put_warehouse(var)
        tab.get_by_role("button", name="Try again").click()
        expect(tab.get_by_label("Email")).to_be_visible()
        chromium.close()
