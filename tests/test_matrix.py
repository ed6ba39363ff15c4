"""Every page, download and cached result against every kind of visitor: nobody signed out ever gets a row.

Pages are those of the folder and those that the running server's navigation has; downloads those that the source
draws; ways to results those of lib/board/results. Routes are in test_guard. A new one is in the matrix by itself.
"""

from __future__ import annotations

import ast
import inspect
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lib.access import NotSignedIn
from lib.access.keys import key_of
from lib.board import results
from lib.board.navigation import pages
from lib.settings import ROOT
from lib.state import database
from lib.warehouse.query import Query
from tests.databases import forget_settings
from tests.line import Line, Run, calling
from tests.server import MADE, Server, serving
from tests.visitors import DOMAIN, SIGNED_IN, SIGNED_OUT, bring_visitors, end_session_of

# Elements that show or hold rows, offer a file, or show a traceback.
HOLD_ROWS = re.compile(r"arrow_\w+|\w*chart\w*|dataframe|table|metric|json|download_button|exception|multiselect")
EMAILS = re.compile(f"(?:expired|ended|locked|{'|'.join(SIGNED_IN)})@{re.escape(DOMAIN)}".encode())
# Where a file is offered. Each asks for the signed-in person when it is made: tests of downloads.
OFFERS = {"lib/board/downloads/making.py", "lib/access/admin/records.py"}
NAMES = "SELECT DISTINCT name FROM analytics.names WHERE LENGTH(name) > 7"
PROBES = {"query": Query("SELECT 'a row of the warehouse' AS text", look="probe"), "tile": "probe", "page": "probe"}
# What in a menu leads to files.
OPENS = ("Download", "Export")


@pytest.fixture(scope="module")
def var(tmp_path_factory: pytest.TempPathFactory, demo_var: Path) -> Path:
    folder = tmp_path_factory.mktemp("matrix") / "var"
    folder.mkdir()
    (folder / "warehouse").symlink_to(demo_var / "warehouse")
    return folder


@pytest.fixture(scope="module")
def visitors(var: Path) -> dict[str, str | None]:
    return bring_visitors(var)


@pytest.fixture(scope="module")
def server(var: Path, visitors: dict[str, str | None]) -> Iterator[Server]:
    with serving(var, MADE, BOARDROOM_DEMO="0") as running:
        yield running


@pytest.fixture(scope="module")
def known(var: Path) -> re.Pattern[bytes]:
    """Any name of the warehouse: of an account, or of who installed an instance."""
    # In a process of its own: within one, a file has one configuration, and other tests have it open with theirs.
    ran = subprocess.run(
        [sys.executable, "-m", "lib.warehouse", "run", "--format", "json", "--sql", NAMES],
        cwd=ROOT, env={**os.environ, "BOARDROOM_VAR": str(var)}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    found = json.loads(ran.stdout)["rows"]
    assert len(found) > 100
    return re.compile(b"|".join(re.escape(name.encode()) for (name,) in found))


@pytest.fixture(scope="module")
def registered(server: Server, visitors: dict[str, str | None]) -> list[str]:
    """Every page that the navigation has for an administrator."""
    with calling(server, "home", visitors["admin"]) as line:
        return line.run().pages


def assert_no_row(run: Run, known: re.Pattern[bytes], where: object) -> None:
    held = {kind for kind in run.kinds if HOLD_ROWS.fullmatch(kind)}
    assert not held, (where, held)
    found = known.search(run.sent)
    assert found is None, (where, found)
    assert b"Traceback" not in run.sent, where
    assert not EMAILS.search(run.sent), where


def test_the_pages_of_the_folder_are_all_registered(registered: list[str]) -> None:
    assert {page.key for page in pages()} <= set(registered)
    assert {"start", "set-password"} <= {page or "start" for page in registered}


@pytest.mark.parametrize("visitor", SIGNED_OUT)
def test_nobody_signed_out_gets_a_row_of_any_page(
    server: Server, visitors: dict[str, str | None], registered: list[str], known: re.Pattern[bytes], visitor: str
) -> None:
    for page in [*registered, "", "no_such_page"]:
        for query in ("", "account_name=Acme&token=x&drill=x"):
            with calling(server, page, visitors[visitor], query) as line:
                run = line.run()
            assert_no_row(run, known, (visitor, page, query))
            assert page == "set-password" or b"you@company.com" in run.sent, (visitor, page)
    assert "Traceback" not in server.output.read_text()


@pytest.mark.parametrize("role", SIGNED_IN)
def test_each_role_gets_what_is_for_it(
    server: Server, visitors: dict[str, str | None], registered: list[str], known: re.Pattern[bytes], role: str
) -> None:
    """The other half: the same looking finds rows where they should be, and other people only where admins are."""
    others, named = set(), set()
    for page in registered:
        with calling(server, page, visitors[role]) as line:
            run = line.run()
        assert "exception" not in run.kinds, (role, page)
        named |= {page} if known.search(run.sent) else set()
        others |= {email for email in EMAILS.findall(run.sent) if not email.startswith(f"{role}@".encode())}
        board = next((listed for listed in pages() if listed.key == page), None)
        if board is not None and board.looks:
            assert {kind for kind in run.kinds if HOLD_ROWS.fullmatch(kind)} or page == "single_instance", (role, page)
    assert named
    assert bool(others) == (role == "admin"), others


def test_an_open_tab_gives_nothing_once_its_session_has_ended(
    server: Server, var: Path, registered: list[str], known: re.Pattern[bytes]
) -> None:
    for page in registered:
        token = str(bring_visitors(var)["admin"])
        with calling(server, page, token) as line:
            before = line.run()
            end_session_of(var, token)
            for fragment in dict.fromkeys(fragment for _, _, fragment in before.elements if fragment):
                assert_no_row(line.run(fragment), known, (page, fragment))
            for menu, fragment, option in _choices(before):
                run = line.choose(menu, fragment, option)
                assert_no_row(run, known, (page, option))
                if run.pages:
                    break  # the whole page ran: it is the form now, and nothing else of it is left
            assert_no_row(line.run(), known, page)


def test_files_are_offered_in_known_places_only() -> None:
    found = set()
    for path in [*(ROOT / "lib").rglob("*.py"), *(ROOT / "pages").glob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            drawn = isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "st"
            if (drawn and node.attr in ("audio", "video", "pdf")) or getattr(node, "attr", "") == "download_button":
                found.add(path.relative_to(ROOT).as_posix())
    assert found == OFFERS


def test_every_file_is_for_the_signed_in_and_none_is_made_afterwards(
    server: Server, var: Path, registered: list[str], visitors: dict[str, str | None]
) -> None:
    offered: dict[str, set[str]] = {}
    for page in registered:
        token = str(bring_visitors(var)["admin"])
        with calling(server, page, token) as line:
            buttons: list[Any] = []
            for buttons in _offered(line):
                for button in buttons:
                    address = line.file(button.deferred_file_id)
                    assert address.startswith("/media/"), (page, button.label, address)
                    for visitor, cookie in {**visitors, "admin": token}.items():
                        answer = server.get(address, cookie)
                        assert answer.status == (200 if visitor in SIGNED_IN else 403), (page, button.label, visitor)
                        assert visitor in SIGNED_IN or len(answer.text) < 100
                offered.setdefault(page, set()).update(button.label for button in buttons)
            end_session_of(var, token)
            for button in buttons:
                assert line.file(button.deferred_file_id).startswith("refused: "), (page, button.label)
    assert {"CSV", "XLSX", "Parquet", "SQL"} <= offered["company_metrics"], offered
    assert len(offered) > 3


@pytest.mark.parametrize("visitor", [*SIGNED_OUT, *SIGNED_IN])
def test_every_way_to_cached_results_asks_who_is_there(
    var: Path, visitors: dict[str, str | None], own_settings: pytest.MonkeyPatch, visitor: str
) -> None:
    own_settings.setenv("BOARDROOM_VAR", str(var))
    own_settings.setenv("BOARDROOM_DEMO", "0")
    forget_settings()
    results.warehouse.clear()
    results.rows(key_of(str(visitors["admin"])), PROBES["query"])  # now it is in the cache
    token = visitors[visitor]
    key = None if token is None else key_of(token)
    ways = {name: way for name, way in inspect.getmembers(results, inspect.isfunction) if _takes_a_session(way)}
    assert {"rows", "freshness", "is_signed_in"} <= set(ways)
    for name, way in ways.items():
        needed = [asked for asked in inspect.signature(way).parameters.values() if asked.default is asked.empty][1:]
        given = {asked.name: PROBES[asked.name] for asked in needed}
        if visitor in SIGNED_IN:
            assert way(key, **given), name
        elif name == "is_signed_in":
            assert not way(key)
        else:
            with pytest.raises(NotSignedIn):
                way(key, **given)
    results.warehouse.clear()
    database().dispose()


def _takes_a_session(way: object) -> bool:
    return inspect.getmodule(way) is results and "session_key" in inspect.signature(way).parameters  # type: ignore


def _choices(page: Run) -> Iterator[tuple[Any, str, str]]:
    """What a page's menus offer, those in tiles first; one menu of each kind, as tiles have the same by the frame."""
    kinds = {tuple(menu.options): (menu, fragment) for menu, fragment in page.of("menu_button")}
    for menu, fragment in sorted(kinds.values(), key=lambda found: not found[1]):
        yield from ((menu, fragment, option) for option in menu.options)


def _offered(line: Line) -> Iterator[list[Any]]:
    """The buttons of every file that the page offers, at once and in what each of its menus opens, as it opens."""
    page = line.run()
    yield [button for button, _ in page.of("download_button") if not button.disabled]
    for menu, fragment, option in _choices(page):
        if option.endswith(OPENS):
            run = line.choose(menu, fragment, option)
            yield [button for button, _ in run.of("download_button") if not button.disabled]
