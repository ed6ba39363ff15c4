"""Nobody who is signed out gets a row or a traceback, whichever page is opened first and however the server started."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from lib.access.demo import PASSWORD
from lib.access.keys import key_of
from lib.access.sessions import begin_session, end_session
from lib.access.sign_in import sign_in
from lib.board.navigation import pages
from lib.routes import routes
from lib.settings import ROOT
from lib.state import database
from tests.databases import forget_settings
from tests.server import BARE, MADE, copy_tree, put_warehouse, serving

PAGES = sorted(path.stem for path in (ROOT / "pages").glob("*.py") if not path.name.startswith("_"))
ROUTES = sorted({route.path.replace("{number:path}", "1521") for route in routes})
HOWS = [pytest.param(MADE, id="make-run"), pytest.param(BARE, id="streamlit-run")]
# Elements that show or hold rows, and the one that shows a traceback.
ROWS = re.compile(
    r"^(arrow_\w+|vega_lite_chart|\w*chart|dataframe|table|metric|json|download_button|exception) \{", re.M
)
MARKED = "a row that only the signed-in may see"
FORGETFUL = f'''"""Forgot: a page without its frame."""
import streamlit as st
st.dataframe({{"rows": ["{MARKED}"]}})
st.write("{MARKED}")
'''


def assert_nothing_but_the_form(drawn: list[str]) -> None:
    shown = "\n".join(drawn)
    assert "you@company.com" in shown, shown
    assert not ROWS.search(shown), shown
    assert "Traceback" not in shown
    assert MARKED not in shown


@pytest.mark.parametrize("how", HOWS)
@pytest.mark.parametrize("first", [PAGES[0], "no_such_page"])
def test_nothing_is_given_away_whatever_is_opened_first(tmp_path: Path, first: str, how: tuple[str, ...]) -> None:
    """The first visit makes Streamlit know the pages: one of their files, and an address that is none of them."""
    put_warehouse(tmp_path)
    with serving(tmp_path, how) as server:
        for page in [first, *PAGES, "", "start"]:
            assert_nothing_but_the_form(server.visit(page))
        drawn = "\n".join(server.visit("set-password"))
        assert "Open the one-time link" in drawn
        assert not ROWS.search(drawn)
        for path in [*ROUTES, "/media/" + "0" * 56 + ".csv", "/component/x/y", "/app/static/x"]:
            answer = server.get(path)
            assert answer.status in (200, 303, 307, 403, 404), (path, answer)
            assert "Traceback" not in answer.text
            assert "set-cookie" not in answer.headers
            assert "text/html" in answer.headers.get("content-type", "") or len(answer.text) < 100, (path, answer)
        assert "Traceback" not in server.output.read_text()


@pytest.fixture
def enter(own_settings: pytest.MonkeyPatch) -> Iterator[Callable[[Path], str]]:
    """Signs the demo's viewer in on the state database of a var folder; the cookie's token."""

    def enter(var: Path) -> str:
        own_settings.setenv("BOARDROOM_VAR", str(var))
        forget_settings()
        token = begin_session(sign_in("viewer@demo.example", PASSWORD, None), None)
        assert token
        return token

    yield enter
    database().dispose()


@pytest.mark.parametrize("how", HOWS)
def test_a_page_that_forgot_the_frame_shows_nothing(
    tmp_path: Path, how: tuple[str, ...], enter: Callable[[Path], str]
) -> None:
    tree, var = copy_tree(tmp_path / "tree"), tmp_path / "var"
    (tree / "pages" / "forgetful.py").write_text(FORGETFUL)
    put_warehouse(var)
    with serving(var, how, tree) as server:
        assert_nothing_but_the_form(server.visit("forgetful"))
        assert_nothing_but_the_form(server.visit("forgetful", cookie="made-up"))
        token = enter(var)
        seen = "\n".join(server.visit("forgetful", cookie=token))
        assert MARKED in seen
        assert ROWS.search(seen)
        end_session(key_of(token))
        assert_nothing_but_the_form(server.visit("forgetful", cookie=token))


def test_the_listing_of_this_test_is_that_of_the_navigation() -> None:
    assert sorted(page.key for page in pages()) == PAGES
    assert {"/healthz", "/session", "/sign-out"} <= set(ROUTES)
