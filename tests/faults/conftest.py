"""A real server on a copy of the source and of the demo warehouse, both made to be broken."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from lib.warehouse.folder import current_stamp, warehouse_file
from tests.server import MADE, Server, copy_tree, serving
from tests.signed_in import sign_in_at
from tests.tab import Shown, Tab, Until, opened

PAGE = "company_metrics"
FIGURES, CHARTS, TABLES = 6, 6, 1
ID = re.compile(r"Error ([0-9a-f]{8})|\(([0-9a-f]{8})\)|under ([0-9a-f]{8})")
# What no page may hold: tracebacks, SQL, file names, names of the engines' errors, what a fault was made of.
HIDDEN = re.compile(
    r"Traceback|File \"|\bSELECT\b|\bFROM analytics|\.duckdb|\.sqlite|\.py\b|sqlite3|sqlalchemy|google\.|"
    r"(IO|Catalog|Binder|Parser|Operational|Invalid Input) ?Error|hunter2|/home/|/root/|site-packages"
)


MakeHouse = Callable[..., AbstractContextManager["House"]]


@dataclass(frozen=True)
class House:
    """An installation that runs: its source tree, its folder of made files, its server, and a viewer's cookie."""

    tree: Path
    var: Path
    server: Server
    cookie: str

    def open(
        self, query: str = "", page: str = PAGE, until: Until | None = None
    ) -> AbstractContextManager[tuple[Tab, Shown]]:
        """Open a page as the viewer, to the end of its run or until it shows something."""
        return opened(self.server, page, self.cookie, query, until)

    def look(self, name: str) -> Path:
        """The file of a look."""
        return self.tree / "sql" / "looks" / PAGE / f"{name}.sql"

    def switch(self, stamp: str) -> None:
        """Make a stamp the current one, as a refresh does."""
        fresh = self.var / "warehouse" / "current.next"
        fresh.write_text(stamp)
        fresh.replace(self.var / "warehouse" / "current")

    def copy_stamp(self, name: str) -> Path:
        """A copy of the whole warehouse under another stamp, not current yet; its database file."""
        folder = self.var / "warehouse"
        shutil.copytree(folder / "whole", folder / name)
        return warehouse_file(folder, name)

    def faults(self) -> dict[str, dict]:
        """What the log says of each fault, by its id."""
        entries = {}
        for line in self.server.output.read_text().splitlines():
            if line.startswith('{"'):
                entry = json.loads(line)
                if entry.get("event") == "fault":
                    entries[entry["id"]] = entry
        return entries

    def assert_told(self, shown: Shown, sentence: str) -> dict[str, dict]:
        """The page says this, with ids that the log has, and gives nothing away; the log's entries of those ids."""
        assert sentence in shown.words, shown.words
        self.assert_nothing_given_away(shown)
        known = self.faults()
        ids = {"".join(found) for found in ID.findall(shown.words)}
        assert ids, shown.words
        assert ids <= known.keys(), (ids, sorted(known))
        return {name: known[name] for name in ids}

    def assert_nothing_given_away(self, shown: Shown) -> None:
        """No traceback, SQL text, path or name of an engine's error reached the browser."""
        assert not shown.of("exception")
        found = HIDDEN.search(shown.text)
        assert not found, found
        for folder in (self.var, self.tree):
            assert str(folder) not in shown.text, shown.words


def assert_stands(shown: Shown) -> None:
    """Head, sidebar and every tile's place are there."""
    assert [title.message.body for title in shown.of("heading")][:1] == ["Company metrics"]
    assert shown.of("multiselect")
    assert len(shown.of("metric")) == FIGURES


def assert_whole(shown: Shown) -> None:
    """Every counter has its figure and every tile its chart."""
    assert_stands(shown)
    assert "—" not in shown.bodies("metric"), shown.words
    assert len(shown.of("vega_lite_chart")) == CHARTS, shown.words
    assert not shown.of("alert"), shown.bodies("alert")


def change_source(file: Path, whole: str, other: str) -> None:
    """Change a line of a copied source file, such as how long something waits."""
    text = file.read_text()
    assert whole in text
    file.write_text(text.replace(whole, other))


@contextmanager
def _house(
    folder: Path, demo_var: Path, change: Callable[[Path], None], linked: bool, **environment: str
) -> Iterator[House]:
    tree, var = copy_tree(folder / "tree"), folder / "var"
    change(tree)
    (var / "warehouse").mkdir(parents=True)
    stamp = current_stamp(demo_var / "warehouse")
    assert stamp
    whole, ours = demo_var / "warehouse" / stamp, var / "warehouse" / "whole"
    ours.symlink_to(whole) if linked else shutil.copytree(whole, ours)
    (var / "warehouse" / "current").write_text("whole")
    cookie = sign_in_at(var)
    with serving(var, MADE, tree, BOARDROOM_NOW="2025-11-19T00:00:00Z", **environment) as server:
        yield House(tree, var, server, cookie)


@pytest.fixture(scope="module")
def make_house(tmp_path_factory: pytest.TempPathFactory, demo_var: Path) -> MakeHouse:
    """Starts an installation; `change` may alter its source first, settings come by name.

    `linked`: its warehouse is the demo's own, which nothing may break.
    """

    def make(
        change: Callable[[Path], None] = lambda tree: None, linked: bool = False, **environment: str
    ) -> AbstractContextManager[House]:
        return _house(tmp_path_factory.mktemp("house"), demo_var, change, linked, **environment)

    return make


@pytest.fixture(scope="module")
def house(make_house: Callable[..., AbstractContextManager[House]]) -> Iterator[House]:
    """One installation for all faults of a module; each test mends what it broke."""
    with make_house() as made:
        yield made
