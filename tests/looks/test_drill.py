"""The rows behind a mark: they are those that the mark counts, in every case."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from itertools import product
from pathlib import Path

import pyarrow as pa
import pytest

from lib.filters import parse
from lib.looks import Catalogue, Drill, NoRowsBehind, Rest, catalogue, compile_drill, compile_look, counter_figures
from lib.looks.catalogue import LOOKS_FOLDER
from lib.warehouse.schema import tables_of
from tests.looks.shapes import NOW, small_tables
from tests.looks.tables import make_warehouse

ODD_FOLDER = Path(__file__).parent / "odd_looks"
FILTERS = [{}, {"date": "2025-03 to 2025-11"}, {"date": "2025-06-10 to 2025-11-10", "account_name": "acme,bolt%"}]


@pytest.fixture(scope="session")
def warehouse(tmp_path_factory):
    looks = [look for folder in (LOOKS_FOLDER, ODD_FOLDER) for look in catalogue(folder).looks.values()]
    tables = small_tables(frozenset().union(*(tables_of(look.sql) for look in looks)))
    found = make_warehouse(tmp_path_factory.mktemp("drill"), tables)
    yield found
    found.close()


def compiled(name: str, texts: Mapping[str, str], known: Catalogue):
    filters = {key: parse(known.filters[key].kind, text) for key, text in texts.items()}
    return compile_look(known.look(name), filters, {}, NOW, NOW, known), filters


MARKS = [
    "company_metrics/monthly_users_by_instance_type",
    "company_metrics/instances_by_deployment_type",
    "company_metrics/weekly_active_users",
    "company_metrics/customers_by_version",
    "batch_changes/changesets_by_state",
    "batch_changes/how_far",
    "batch_changes/created_and_closed",
    "batch_changes/changesets_by_month",
    "batch_changes/instances_and_contributors",
    "batch_changes/created_by_source",
]


def promised(drill: Drill, rows: pa.Table) -> int:
    """The rows' count or total; a row without a figure adds nothing."""
    if drill.promise == "count":
        return rows.num_rows
    assert drill.column is not None
    return sum(value or 0 for value in rows.column(drill.column).to_pylist())


@pytest.mark.parametrize("texts", FILTERS, ids=str)
@pytest.mark.parametrize("name", MARKS)
def test_the_rows_of_every_mark_add_up_to_it(name, texts, warehouse):
    known = catalogue()
    parent, filters = compiled(name, texts, known)
    marks = warehouse.run(parent.query).table.to_pylist()
    assert marks or texts
    for mark, measure in product(marks, parent.look.chart.y):
        place = {key: mark[key] for key in (parent.look.chart.x, parent.look.chart.series) if key}
        drill = compile_drill(parent, place, filters, measure, known)
        rows = warehouse.run(drill.query).table
        assert drill.promise in ("sum", "count")
        assert promised(drill, rows) == (mark[measure] or 0), (mark, drill.query.sql)


def test_a_missing_value_opens_missing_ones_only(warehouse):
    known = catalogue()
    parent, filters = compiled("company_metrics/instances_by_deployment_type", {}, known)
    drill = compile_drill(parent, {"month": date(2025, 6, 1), "deployment_type": None}, filters, known=known)
    assert "deployment_type IS NULL" in drill.query.sql
    assert set(warehouse.run(drill.query).table.column("deployment_type").to_pylist()) <= {None}


@pytest.mark.parametrize("shown", [("kubernetes", "helm"), ("kubernetes", None), ()])
def test_other_opens_the_rest(shown, warehouse):
    known = catalogue()
    parent, filters = compiled("company_metrics/instances_by_deployment_type", {}, known)
    marks = [mark for mark in warehouse.run(parent.query).table.to_pylist() if mark["month"] == date(2025, 3, 1)]
    place = {"month": date(2025, 3, 1), "deployment_type": Rest(shown)}
    rows = warehouse.run(compile_drill(parent, place, filters, known=known).query).table.to_pylist()
    expected = {mark["deployment_type"]: mark["instances"] for mark in marks if mark["deployment_type"] not in shown}
    assert Counter(row["deployment_type"] for row in rows) == expected


def test_a_measure_of_a_part_opens_that_part(warehouse):
    known = catalogue()
    parent, filters = compiled("company_metrics/dau_mau", {}, known)
    counts = Counter()
    for mark in warehouse.run(parent.query).table.to_pylist():
        place = {"month": mark["month"]}
        everybody = compile_drill(parent, place, filters, "dau_mau", known)
        customers = compile_drill(parent, place, filters, "customers", known)
        assert (everybody.promise, customers.promise) == (None, None), "a ratio promises no count"
        rows = warehouse.run(everybody.query).table.to_pylist()
        part = warehouse.run(customers.query).table.to_pylist()
        assert part == [row for row in rows if row["account_type"] == "Customer"]
        counts.update(rows=len(rows), part=len(part))
    assert 0 < counts["part"] < counts["rows"]


@pytest.mark.parametrize("name", ["monthly_users", "weekly_users"])
def test_a_counter_opens_the_period_it_tells_of(name, warehouse):
    known = catalogue()
    parent, filters = compiled(f"company_metrics/{name}", {"date": "12 months"}, known)
    figures = counter_figures(parent, warehouse.run(parent.query).table)
    drill = compile_drill(parent, {}, filters, known=known)
    rows = warehouse.run(drill.query).table
    assert set(rows.column(parent.look.chart.x).to_pylist()) == {parent.periods[-1]}
    assert (drill.promise, sum(rows.column(drill.column).to_pylist())) == ("sum", figures.value)


@pytest.mark.parametrize("texts", FILTERS[1:], ids=str)
@pytest.mark.parametrize(
    ("name", "promise"),
    [
        ("instances_using", "count"),
        ("created", "sum"),
        ("published", "sum"),
        ("merged", "sum"),
        ("merge_rate", None),
        ("contributors", None),
    ],
)
def test_batch_change_counters_open_the_instances_that_they_count(name, promise, texts, warehouse):
    known = catalogue()
    parent, filters = compiled(f"batch_changes/{name}", texts, known)
    figures = counter_figures(parent, warehouse.run(parent.query).table)
    drill = compile_drill(parent, {}, filters, known=known)
    rows = warehouse.run(drill.query).table
    assert drill.promise == promise
    if promise:
        assert promised(drill, rows) == (figures.value or 0)
    months = {date(2025, 10, 1)} if name == "instances_using" else {date(2025, at, 1) for at in range(3, 11)}
    assert set(rows.column("month").to_pylist()) <= months


def test_a_range_counter_opens_its_complete_periods(warehouse):
    known = catalogue(ODD_FOLDER)
    parent, filters = compiled("odd/created", {"date": "2025"}, known)
    figures = counter_figures(parent, warehouse.run(parent.query).table)
    drill = compile_drill(parent, {}, filters, known=known)
    rows = warehouse.run(drill.query).table
    assert sum(value or 0 for value in rows.column("created").to_pylist()) == figures.value
    assert max(rows.column("month").to_pylist()) == date(2025, 10, 1)


def test_a_marks_period_is_cut_by_the_range(warehouse):
    known = catalogue()
    parent, filters = compiled("company_metrics/weekly_active_users", {"date": "2025-10-12"}, known)
    inside = compile_drill(parent, {"week": date(2025, 10, 12)}, filters, known=known)
    outside = compile_drill(parent, {"week": date(2025, 11, 2)}, filters, known=known)
    assert warehouse.run(inside.query).table.num_rows
    assert not warehouse.run(outside.query).table.num_rows


def test_rows_keep_their_order_and_lead_on(warehouse):
    known = catalogue()
    parent, filters = compiled("company_metrics/average_seat_consumption", {}, known)
    drill = compile_drill(parent, {"month": date(2025, 6, 1)}, filters, known=known)
    shares = warehouse.run(drill.query).table.column("seat_consumption").to_pylist()
    known_shares = [share for share in shares if share is not None]
    assert known_shares == sorted(known_shares, reverse=True)
    rows, more = compiled(drill.look.id, {}, known)
    account = warehouse.run(drill.query).table.to_pylist()[0]
    place = {"month": date(2025, 6, 1), "account_id": account["account_id"]}
    instances = warehouse.run(compile_drill(rows, place, more, known=known).query).table
    assert set(instances.column("account_id").to_pylist()) <= {account["account_id"]}


def test_marks_that_lead_nowhere_say_so():
    known = catalogue()
    rows, filters = compiled("company_metrics/instance_months", {}, known)
    with pytest.raises(NoRowsBehind, match="names no rows"):
        compile_drill(rows, {}, filters, known=known)
    parent, filters = compiled("company_metrics/instances_by_deployment_type", {}, known)
    with pytest.raises(NoRowsBehind, match="Deployment type"):
        compile_drill(parent, {"month": date(2025, 6, 1)}, filters, known=known)
