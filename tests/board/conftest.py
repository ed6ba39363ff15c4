"""A signed-in person, a fixed moment and a warehouse of a few rows, for pages run without a browser."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace

import pyarrow as pa
import pytest
from streamlit.testing.v1 import AppTest

from lib.access import NotSignedIn
from lib.board import results
from lib.board.flights import Flights
from lib.looks import catalogue
from lib.warehouse.folder import Origin
from lib.warehouse.query import Freshness, Result

NOW = datetime(2025, 11, 19, tzinfo=UTC)
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
        if query.look == "names":
            table = pa.table({"name": self.names[str(bound["kind"])]}, schema=pa.schema([("name", pa.string())]))
        else:
            table = rows_of(query, 0 if self.empty(bound) else len(MONTHS))
        return Result(table, query.columns, 0.01, data_through=NOW)

    def freshness(self):
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
    values = {
        "DATE": MONTHS[:count],
        "INT64": [1000 + 10 * at for at in range(count)],
        "FLOAT64": [0.3 + at / 100 for at in range(count)],
        "STRING": ["Self-hosted"] * count,
    }
    columns = {name: pa.array(values[kind], types[kind]) for name, kind in query.columns}
    return pa.table(columns)


@pytest.fixture
def warehouse(monkeypatch) -> FewRows:
    made = FewRows()
    monkeypatch.setattr(results, "warehouse", lambda: made)
    monkeypatch.setattr(results, "origin", lambda: Origin("demo"))
    monkeypatch.setattr(results, "FLIGHTS", Flights())
    for kept in (results._answer, results._kept_an_hour, results._kept_a_day, results._freshness):
        kept.clear()
    return made


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
    return made


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
        page = AppTest.from_file(str(path), default_timeout=20)
        for name, value in address.items():
            page.query_params[name] = value
        return page.run()

    return open_
