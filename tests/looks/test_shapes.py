"""Every look in each shape its filters and options can take: analysed by Google's analyzer, run on both engines."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from lib.looks import Catalogue, Look, catalogue
from lib.looks.catalogue import LOOKS_FOLDER
from lib.warehouse.columns import arrow_type
from lib.warehouse.duckdb import DuckDBWarehouse
from lib.warehouse.schema import tables_of
from tests.looks.shapes import compiled_shapes, small_tables
from tests.looks.tables import make_warehouse, oracle_tables
from tests.oracle.engine import Table, execute

ODD_FOLDER = Path(__file__).parent / "odd_looks"


def asks_as_another(name: str, known: Catalogue) -> bool:
    """Whether a look's questions are those of another, which is tested itself."""
    look = known.looks.get(name)
    return look is not None and look.rows_of is not None and look.over == known.looks[look.rows_of].over


LOOKS = [
    pytest.param(folder, name, id=name)
    for folder in (LOOKS_FOLDER, ODD_FOLDER)
    for name in sorted({*catalogue(folder).looks, *catalogue(folder).errors})
    if not asks_as_another(name, catalogue(folder))
]


@pytest.fixture(scope="session")
def tables() -> dict[str, list[dict[str, object]]]:
    looks = [look for folder in (LOOKS_FOLDER, ODD_FOLDER) for look in catalogue(folder).looks.values()]
    return small_tables(frozenset().union(*(tables_of(look.sql) for look in looks)))


@pytest.fixture(scope="session")
def warehouse(tables, tmp_path_factory):
    found = make_warehouse(tmp_path_factory.mktemp("shapes"), tables)
    yield found
    found.close()


@pytest.mark.parametrize(("folder", "name"), LOOKS)
def test_every_shape_is_the_same_on_both_engines(folder: Path, name: str, tables, warehouse: DuckDBWarehouse):
    known = catalogue(folder)
    look = known.look(name)
    mentioned = " ".join([look.sql, *look.filters.values()])
    rows_of = oracle_tables({table: tables[table] for table in tables_of(look.sql)}, mentioned)
    found = 0
    for shape, compiled in compiled_shapes(look, known):
        columns, expected = execute(compiled.query.sql, rows_of, compiled.query.parameters)
        assert columns == list(compiled.query.columns), f"{shape}: Google's types differ from the header's"
        table = warehouse.run(compiled.query).table
        assert [(f.name, f.type) for f in table.schema] == [(n, arrow_type(k)) for n, k in columns], shape
        rows = [list(row.values()) for row in table.to_pylist()]
        assert comparable(look, rows) == comparable(look, expected), shape
        found += any(value is not None for row in rows for value in row)
    assert found >= 3, "the small tables hardly reach this look"


def comparable(look: Look, rows: list[list[object]]) -> list[list[object]]:
    """Rows as they are, floats to twelve digits; those of a union stand in no order of their own."""
    rounded = [[_rounded(value) for value in row] for row in rows]
    return sorted(rounded, key=repr) if look.over == "range" else rounded


def _rounded(value: object) -> object:
    if isinstance(value, float):
        assert math.isfinite(value)
        return float(f"{value:.12g}")
    return value


def test_the_small_tables_hold_every_column(tables):
    for name, table in oracle_tables(tables).items():
        assert isinstance(table, Table) and len(table.rows) == 60, name
