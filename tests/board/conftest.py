"""A signed-in person, a fixed moment and a warehouse of a few rows, for pages run without a browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace

import pyarrow as pa
import pytest
from streamlit.testing.v1 import AppTest

from lib.access import NotSignedIn
from lib.board import navigation, results, visit
from lib.board.address import read
from lib.board.flights import Flights
from lib.board.visit import Visit
from lib.filters import Context
from lib.looks import Catalogue, catalogue
from lib.looks.catalogue import LOOKS_FOLDER
from lib.state.own import Marks
from lib.warehouse.folder import Origin
from lib.warehouse.query import Freshness, Result
from tests.board.instances import LIST_PAGE, LOOKS, TABLES
from tests.board.instances import PAGE as INSTANCE_PAGE
from tests.looks.tables import make_warehouse

NOW = datetime(2025, 11, 19, tzinfo=UTC)
# As long as a page may take on a busy machine.
PATIENCE_S = 60
MONTHS = [date(2025, month, 1) for month in range(1, 12)]
NAMES = {"account_name": ["Acme, Inc.", "Databricks", "Evergrid 100%"], "installer_email": ["ops@acme.example"]}
SOURCES = ("sourcegraph_analytics.update_checks", "dotcom_events.events")


class FewRows:
    """Answers every look with one row a month (one row where it has no month), and records what it was asked.

    `empty` takes the parameters of a question and says whether nothing is found; `errors` are by look.
    """

    engine = "duckdb"
    stamp = "few"

    def __init__(self) -> None:
        self.asked: list = []
        self.errors: dict[str, Exception] = {}
        self.empty: Callable[[dict[str, object]], bool] = lambda bound: False
        self.names = {kind: list(found) for kind, found in NAMES.items()}

    def run(self, query, cancellation=None):
        self.asked.append(query)
        if query.look in self.errors:
            raise self.errors[query.look]
        bound = {parameter.name: parameter.value for parameter in query.parameters}
        if query.look == "names" and "kind" not in bound:
            rows = [(kind, name, 1) for kind, found in self.names.items() for name in found]
            table = pa.table(dict(zip(("kind", "name", "instances"), zip(*rows, strict=True), strict=True)))
        elif query.look == "names":
            table = pa.table({"name": self.names[str(bound["kind"])]}, schema=pa.schema([("name", pa.string())]))
        else:
            table = rows_of(query, 0 if self.empty(bound) else len(MONTHS))
        return Result(table, query.columns, 0.01, data_through=NOW)

    def freshness(self, *, anew=False):
        return {name: Freshness(name, datetime(2025, 11, 19, 6, 10, tzinfo=UTC), NOW, True) for name in SOURCES}

    def looks_asked(self) -> list[str]:
        """Ids of the looks asked for, names aside, in order."""
        return [query.look for query in self.asked if query.look != "names"]


def rows_of(query, count: int) -> pa.Table:
    """Rows in the declared columns of a query: months for dates, rising numbers, one text."""
    look = catalogue().looks[query.look]
    if look.time_column is None:
        count = min(count, 1)
    types = {"DATE": pa.date32(), "INT64": pa.int64(), "FLOAT64": pa.float64(), "STRING": pa.string()}
    types["TIMESTAMP"] = pa.timestamp("us", "UTC")
    values = {
        "DATE": MONTHS[:count],
        "INT64": [1000 + 10 * at for at in range(count)],
        "FLOAT64": [0.3 + at / 100 for at in range(count)],
        "STRING": ["Self-hosted"] * count,
        "TIMESTAMP": [NOW] * count,
    }
    columns = {name: pa.array(values[kind], types[kind]) for name, kind in query.columns}
    return pa.table(columns)


@pytest.fixture
def warehouse(monkeypatch) -> FewRows:
    made = FewRows()
    answer_with(made, monkeypatch)
    return made


def answer_with(made: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let that warehouse answer, with nothing kept of others."""
    monkeypatch.setattr(results, "warehouse", lambda: made)
    monkeypatch.setattr(results, "origin", lambda: Origin("demo"))
    monkeypatch.setattr(results, "FLIGHTS", Flights())
    for kept in (results._answer, results._kept):
        kept.clear()
    visit._answered.clear()


@pytest.fixture
def session(monkeypatch) -> SimpleNamespace:
    """The browser's session: `key` is what its cookie gives, `valid` whether the server knows it."""
    made = SimpleNamespace(key="maya", valid=True)
    person = SimpleNamespace(id=1, email="maya@demo.example", name="Maya", role="viewer")

    def person_of(key):
        return person if made.valid and key == "maya" else None

    def require(key):
        if person_of(key) is None:
            raise NotSignedIn
        return person

    for module in ("lib.board.board", "lib.board.home"):
        monkeypatch.setattr(f"{module}.current_key", lambda: made.key)
        monkeypatch.setattr(f"{module}.require", require)
    monkeypatch.setattr(results, "require", require)
    monkeypatch.setattr(results, "person_of", person_of)
    monkeypatch.setattr("lib.board.board.present", lambda settings: NOW)
    keep_own_content(made, require, monkeypatch)
    return made


def keep_own_content(made: SimpleNamespace, require: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let marks, opened pages and audit live in that session instead of the state database."""
    made.marks, made.writes, made.audit = Marks(), [], []
    monkeypatch.setattr("lib.board.own.current_key", lambda: made.key)
    monkeypatch.setattr("lib.board.own.require", require)
    monkeypatch.setattr("lib.board.own.marks_of", lambda person: made.marks)
    monkeypatch.setattr("lib.board.own.write_later", made.writes.append)
    monkeypatch.setattr("lib.board.own.note", lambda event, person, **given: made.audit.append((event, person, given)))


PAGE = '''"""Test board: what a frame must do."""
from lib.board import Board

board = Board(title="Test board", filters={filters}, section="Company")
with board:
    board.counters("company_metrics/monthly_users")
    board.row("company_metrics/monthly_users_by_instance_type", "company_metrics/dau_mau")
'''
FILTERS = {"account_name": "", "installer_email": "", "account_type": "Customer", "date": "12 months"}


@pytest.fixture
def open_page(tmp_path: Path, warehouse: FewRows, session: SimpleNamespace) -> Callable[..., AppTest]:
    """Open a page of that text with those address parameters, as a signed-in person."""

    def open_(text: str = "", *, filters: dict[str, str] | None = None, **address: str) -> AppTest:
        path = tmp_path / "test_board.py"
        path.write_text(text or PAGE.format(filters=filters or FILTERS))
        page = AppTest.from_file(str(path), default_timeout=PATIENCE_S)
        for name, value in address.items():
            page.query_params[name] = value
        return page.run()

    return open_


ROUTER = """import streamlit as st
from lib.board import navigation

pages = navigation.streamlit_pages(navigation.pages())
st.navigation([*pages.values()][::{step}]).run()
"""


class Instances:
    """Looks, pages and a warehouse of a few instances: a world of its own in a folder."""

    def __init__(self, folder: Path) -> None:
        self.engine = make_warehouse(folder / "warehouse", TABLES)
        self.looks, self.pages = folder / "looks", folder / "pages"
        (self.looks / "single_instance").mkdir(parents=True)
        self.pages.mkdir()
        (self.looks / "filters.yaml").write_text((LOOKS_FOLDER / "filters.yaml").read_text("utf-8"))
        for name in LOOKS:
            self.write_look(name)
        (self.pages / "single_instance.py").write_text(INSTANCE_PAGE)
        (self.pages / "accounts.py").write_text(LIST_PAGE)

    def known(self) -> Catalogue:
        """The looks as they are now."""
        return catalogue(self.looks)

    def write_look(self, name: str, *changes: tuple[str, str]) -> None:
        """Write a look with these changes of its text."""
        text = LOOKS[name]
        for old, new in changes:
            assert text.count(old) == 1
            text = text.replace(old, new)
        (self.looks / f"{name}.sql").write_text(text)

    def visit(self, known: Catalogue | None = None, **defaults: str) -> Visit:
        """A run of a page with these filters."""
        known, context = known or self.known(), Context(now=NOW, zone="UTC")
        return Visit("single_instance", "maya", read(defaults, known.filters, context, []), NOW, context, known, {})

    def open(self, text: str = INSTANCE_PAGE, **address: str) -> AppTest:
        """Open a page of that text, without other pages."""
        (self.pages / "single_instance.py").write_text(text)
        return self._run(self.pages / "single_instance.py", address)

    def route(self, page: str, **address: str) -> AppTest:
        """Open a page among all others."""
        router = self.pages.parent / "router.py"
        router.write_text(ROUTER.format(step=1 if navigation.pages()[0].key == page else -1))
        return self._run(router, address)

    def _run(self, path: Path, address: dict[str, str]) -> AppTest:
        page = AppTest.from_file(str(path), default_timeout=PATIENCE_S)
        for name, value in address.items():
            page.query_params[name] = value
        return page.run()


@pytest.fixture
def instances(tmp_path: Path, session: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> Iterator[Instances]:
    """A few instances to choose from, as a signed-in person."""
    made = Instances(tmp_path)
    answer_with(made.engine, monkeypatch)
    monkeypatch.setattr("lib.board.board.catalogue", made.known)
    for listing in (navigation.pages, navigation.page):
        monkeypatch.setattr(listing, "__defaults__", (made.pages,))
    yield made
    made.engine.close()
