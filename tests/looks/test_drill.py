"""The rows behind a mark: they are those that the mark counts, in every case."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from itertools import product
from pathlib import Path

import pyarrow as pa
import pytest

from lib.filters import parse
from lib.looks import (
    Catalogue,
    CompiledLook,
    Drill,
    Look,
    NoRowsBehind,
    Rest,
    catalogue,
    compile_drill,
    compile_look,
    counter_figures,
)
from lib.looks.catalogue import LOOKS_FOLDER
from lib.warehouse.duckdb import DuckDBWarehouse
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


def compiled(name: str, texts: Mapping[str, str], known: Catalogue, options: Mapping[str, str] | None = None, now=NOW):
    filters = {key: parse(known.filters[key].kind, text) for key, text in texts.items()}
    return compile_look(known.look(name), filters, options or {}, now, now, known), filters


DRILLED = [name for name, look in catalogue().looks.items() if look.drill]
# So many marks of a look are tried, spread over all of them.
MOST_MARKS = 8
# Each narrows something else; a look takes of them what it follows.
SETTINGS = (
    {},
    {"date": "2025-03 to 2025-11"},
    {"date": "2025-06-10 to 2025-11-10", "account_name": "acme,bolt%"},
    {"date": "12 months", "account_type": "-Free", "instance_type": "-App", "products": "-Cody"},
    {"account_name": "NULL,acme", "installer_email": "-EMPTY", "date": "2025"},
    {"date": "2019", "account_name": "nobody"},
)
# The demo's rollups agree with each other, so that what two of them tell can be compared.
DEMO_SETTINGS = (
    {"date": "12 months", "site": "src-databricks-prod"},
    {"date": "100 days ago for 100 days", "account_type": "Customer", "site": "src-hf-prod-7c1e"},
    {"date": "2025-09-10 to 2025-10-20", "account_name": "databricks", "site": "src-hf-prod-7c1e,src-databricks-prod"},
    {"date": "6 months", "account_type": "-Customer", "instance_type": "-Self-hosted", "installer_email": "%e%"},
)
OF_TWO_ROLLUPS = {"single_instance/account_seats"}


def promised(drill: Drill, rows: pa.Table) -> int:
    """The rows' count or total; a row without a figure adds nothing."""
    if drill.promise == "count":
        return rows.num_rows
    assert drill.column is not None
    return sum(value or 0 for value in rows.column(drill.column).to_pylist())


@pytest.mark.parametrize("name", sorted({*DRILLED} - OF_TWO_ROLLUPS))
def test_the_rows_of_every_mark_add_up_to_it(name, warehouse):
    compare_all(name, SETTINGS, warehouse, NOW)


@pytest.mark.parametrize("name", DRILLED)
def test_the_rows_of_every_mark_of_the_demo_add_up_to_it(name, demo_warehouse, raw_figures):
    compare_all(name, DEMO_SETTINGS, demo_warehouse, raw_figures.now)


def compare_all(name: str, settings: Sequence[Mapping[str, str]], warehouse: DuckDBWarehouse, now: datetime) -> None:
    """Open marks of the look under each setting and option, and compare their rows with them."""
    known = catalogue()
    look, promises, rows_seen = known.looks[name], Counter(), 0
    for setting, options in product(settings, choices_of(look)):
        texts = {key: text for key, text in setting.items() if key in look.filters}
        parent, filters = compiled(name, texts, known, options, now)
        for mark, measure, value in marks_of(parent, warehouse.run(parent.query).table):
            drill = compile_drill(parent, mark, filters, measure, known)
            rows = warehouse.run(drill.rows.query).table
            if drill.promise:
                assert promised(drill, rows) == (value or 0), (setting, mark, drill.rows.query.sql)
            promises[drill.promise] += 1
            rows_seen += rows.num_rows
    # Shares, means and rows themselves promise nothing; whatever is counted or added does.
    counts = [look.columns[measure].type == "INT64" for measure in look.chart.y]
    assert (None in promises) == (not all(counts) or not counts)
    assert rows_seen and promises.total() >= len(settings) - 1


def choices_of(look: Look) -> list[dict[str, str]]:
    """Each option's choices, one after the other."""
    return [{option: choice} for option, choices in look.options.items() for choice in choices] or [{}]


def marks_of(parent: CompiledLook, table: pa.Table) -> list[tuple[dict, str | None, float | None]]:
    """The marks of a look's rows: values of x and series, measure, and the figure."""
    look = parent.look
    if look.chart.kind == "counter":
        return [({}, look.chart.y[0], counter_figures(parent, table).value)]
    places = [key for key in (look.chart.x, look.chart.series) if key]
    rows, measures = table.to_pylist(), look.chart.y or (None,)
    found: list[tuple[dict, str | None, float | None]] = [
        ({key: mark[key] for key in places}, measure, mark[measure] if measure else None)
        for mark in rows
        for measure in measures
    ]
    return found[:: -(-len(found) // MOST_MARKS) or 1]


def test_a_missing_value_opens_missing_ones_only(warehouse):
    known = catalogue()
    parent, filters = compiled("company_metrics/instances_by_deployment_type", {}, known)
    drill = compile_drill(parent, {"month": date(2025, 6, 1), "deployment_type": None}, filters, known=known)
    assert "deployment_type IS NULL" in drill.rows.query.sql
    assert set(warehouse.run(drill.rows.query).table.column("deployment_type").to_pylist()) <= {None}


@pytest.mark.parametrize("shown", [("kubernetes", "helm"), ("kubernetes", None), ()])
def test_other_opens_the_rest(shown, warehouse):
    known = catalogue()
    parent, filters = compiled("company_metrics/instances_by_deployment_type", {}, known)
    marks = [mark for mark in warehouse.run(parent.query).table.to_pylist() if mark["month"] == date(2025, 3, 1)]
    place = {"month": date(2025, 3, 1), "deployment_type": Rest(shown)}
    rows = warehouse.run(compile_drill(parent, place, filters, known=known).rows.query).table.to_pylist()
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
        rows = warehouse.run(everybody.rows.query).table.to_pylist()
        part = warehouse.run(customers.rows.query).table.to_pylist()
        assert part == [row for row in rows if row["account_type"] == "Customer"]
        counts.update(rows=len(rows), part=len(part))
    assert 0 < counts["part"] < counts["rows"]


@pytest.mark.parametrize("name", ["monthly_users", "weekly_users"])
def test_a_counter_opens_the_period_it_tells_of(name, warehouse):
    known = catalogue()
    parent, filters = compiled(f"company_metrics/{name}", {"date": "12 months"}, known)
    figures = counter_figures(parent, warehouse.run(parent.query).table)
    drill = compile_drill(parent, {}, filters, known=known)
    rows = warehouse.run(drill.rows.query).table
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
    rows = warehouse.run(drill.rows.query).table
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
    rows = warehouse.run(drill.rows.query).table
    assert sum(value or 0 for value in rows.column("created").to_pylist()) == figures.value
    assert max(rows.column("month").to_pylist()) == date(2025, 10, 1)


def test_a_marks_period_is_cut_by_the_range(warehouse):
    known = catalogue()
    parent, filters = compiled("company_metrics/weekly_active_users", {"date": "2025-10-12"}, known)
    inside = compile_drill(parent, {"week": date(2025, 10, 12)}, filters, known=known)
    outside = compile_drill(parent, {"week": date(2025, 11, 2)}, filters, known=known)
    assert warehouse.run(inside.rows.query).table.num_rows
    assert not warehouse.run(outside.rows.query).table.num_rows


def test_rows_keep_their_order_and_lead_on(warehouse):
    known = catalogue()
    parent, filters = compiled("company_metrics/average_seat_consumption", {}, known)
    drill = compile_drill(parent, {"month": date(2025, 6, 1)}, filters, known=known)
    shares = warehouse.run(drill.rows.query).table.column("seat_consumption").to_pylist()
    known_shares = [share for share in shares if share is not None]
    assert known_shares == sorted(known_shares, reverse=True)
    rows, more = compiled(drill.rows.look.id, {}, known)
    account = warehouse.run(drill.rows.query).table.to_pylist()[0]
    place = {"month": date(2025, 6, 1), "account_id": account["account_id"]}
    instances = warehouse.run(compile_drill(rows, place, more, known=known).rows.query).table
    assert set(instances.column("account_id").to_pylist()) <= {account["account_id"]}


def test_marks_that_lead_nowhere_say_so():
    known = catalogue()
    rows, filters = compiled("company_metrics/instance_months", {}, known)
    with pytest.raises(NoRowsBehind, match="names no rows"):
        compile_drill(rows, {}, filters, known=known)
    parent, filters = compiled("company_metrics/instances_by_deployment_type", {}, known)
    with pytest.raises(NoRowsBehind, match="Deployment type"):
        compile_drill(parent, {"month": date(2025, 6, 1)}, filters, known=known)
