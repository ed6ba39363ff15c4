"""What a look's file may say, and which line is blamed when it says something else."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from lib.looks.header import placeholders, read_look
from lib.looks.look import LookError, parse_bytes

FOLDER = Path(__file__).parent
SOUND = (FOLDER / "sound_look.sql").read_text("utf-8")
CASES = yaml.safe_load((FOLDER / "header_cases.yaml").read_text("utf-8"))


def test_a_sound_look_reads_whole():
    look = read_look(SOUND, "company_metrics/dau_mau", "sql/looks/company_metrics/dau_mau.sql")
    assert (look.id, look.board, look.time_column) == ("company_metrics/dau_mau", "company_metrics", "month")
    assert look.chart.y == ("dau_mau",)
    assert look.looker == ("look 1521",)
    assert look.budget_bytes == 200_000_000
    assert look.sql.startswith("SELECT") and look.sql.endswith("ORDER BY month")
    assert (look.zone, look.over, look.options, look.trend) == ("UTC", None, {}, None)


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_mistake_names_line_found_and_expected(case):
    assert SOUND.count(case["change"]) >= 1
    with pytest.raises(LookError) as raised:
        read_look(SOUND.replace(case["change"], case["to"], 1), "board/name", "sql/looks/board/name.sql")
    error = raised.value
    assert (error.look, error.file, error.line) == ("board/name", "sql/looks/board/name.sql", case["line"]), str(error)
    assert case["found"] in error.found
    assert case["expected"] in error.expected
    assert str(error).startswith(f"sql/looks/board/name.sql, line {case['line']}: found ")


def test_placeholders_are_no_text_and_no_comment():
    sql = "SELECT '@filters' AS a, \"@b\" AS b -- @c\nFROM t /* @d */ WHERE @filters AND c = @grain"
    assert [name for name, _, _ in placeholders(sql)] == ["filters", "grain"]
    assert [sql[start:end] for _, start, end in placeholders(sql)] == ["@filters", "@grain"]


@pytest.mark.parametrize(
    ("text", "size"), [("200 MB", 200_000_000), ("1.5 GB", 1_500_000_000), ("64KB", 64_000), ("1 TB", 10**12)]
)
def test_budgets_are_decimal_bytes(text, size):
    assert parse_bytes(text) == size


@pytest.mark.parametrize("text", ["", "200", "MB", "-1 MB", "1 mb", "1 MiB"])
def test_other_sizes_are_refused(text):
    with pytest.raises(ValueError, match="200 MB"):
        parse_bytes(text)
