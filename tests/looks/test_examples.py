"""The worked examples beside the looks (`sql/looks/**/*.yaml`): tables in, rows out, on both engines."""

from __future__ import annotations

from datetime import UTC, date, datetime
from fractions import Fraction
from pathlib import Path

import pytest
import yaml

from lib.filters import parse
from lib.looks import CompiledLook, catalogue, compile_look, counter_figures
from lib.looks.catalogue import LOOKS_FOLDER
from tests.looks.tables import make_warehouse, oracle_tables
from tests.oracle.engine import execute

FILES = [file for file in sorted(LOOKS_FOLDER.rglob("*.yaml")) if file.name != "filters.yaml"]
CASES = [
    pytest.param(file, case, id=f"{file.stem}: {case['says']}")
    for file in FILES
    for case in yaml.safe_load(file.read_text("utf-8"))
]


def test_every_look_has_a_worked_example():
    """But for looks of another's rows, which that one proves."""
    known = catalogue()
    proved = {file.relative_to(LOOKS_FOLDER).with_suffix("").as_posix() for file in FILES}
    assert not known.errors
    assert {name for name, look in known.looks.items() if not look.rows_of} <= proved <= known.looks.keys()


@pytest.mark.parametrize(("file", "case"), CASES)
def test_the_example_holds_on_both_engines(file: Path, case: dict, tmp_path: Path):
    compiled = compile_case(file, case)
    kinds = [kind for _, kind in compiled.query.columns]
    expected = [[read_value(v, kind) for v, kind in zip(row, kinds, strict=True)] for row in case["rows"]]
    warehouse = make_warehouse(tmp_path, case["tables"])
    try:
        table = warehouse.run(compiled.query).table
    finally:
        warehouse.close()
    assert_same(compiled, [list(row.values()) for row in table.to_pylist()], expected)
    columns, rows = execute(
        compiled.query.sql, oracle_tables(case["tables"], compiled.query.sql), compiled.query.parameters
    )
    assert columns == list(compiled.query.columns)
    assert_same(compiled, rows, expected)
    if "figures" in case:
        figures = counter_figures(compiled, table)
        for name, wanted in case["figures"].items():
            found = getattr(figures, name)
            assert found == (wanted if name == "versus" else near(read_value(wanted, "FLOAT64"))), name


def in_order(compiled: CompiledLook, rows: list[list[object]]) -> list[list[object]]:
    """The rows as they come; those of a counter over a range stand in no order: the stretch before goes first."""
    return sorted(rows, key=lambda row: str(row[0])) if compiled.look.over == "range" else rows


def compile_case(file: Path, case: dict) -> CompiledLook:
    known = catalogue()
    look = known.look(file.relative_to(LOOKS_FOLDER).with_suffix("").as_posix())
    filters = {name: parse(known.filters[name].kind, str(text)) for name, text in (case.get("filters") or {}).items()}
    through = case.get("data_through")
    return compile_look(look, filters, case.get("options") or {}, utc(case["now"]), utc(through) if through else None)


def utc(value: datetime) -> datetime:
    return value if value.tzinfo else value.replace(tzinfo=UTC)


def read_value(value: object, kind: str) -> object:
    """A cell of an example: a float may stand as a fraction (`11/45`), a moment is in UTC."""
    if value is None:
        return None
    if kind == "FLOAT64":
        return float(Fraction(str(value)))
    if kind == "TIMESTAMP" and isinstance(value, datetime):
        return utc(value)
    if kind == "DATE":
        assert isinstance(value, date)
    return value


def near(value: object) -> object:
    return pytest.approx(value, rel=1e-12) if isinstance(value, float) else value


def assert_same(compiled: CompiledLook, found: list[list[object]], expected: list[list[object]]) -> None:
    """The two stretches of a range's counter stand in no order of their own."""
    if compiled.look.over == "range":
        found, expected = sorted(found, key=str), sorted(expected, key=str)
    assert found == [[near(value) for value in row] for row in expected]
