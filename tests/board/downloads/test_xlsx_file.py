"""XLSX files, read again by openpyxl."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime, time
from typing import Any

import openpyxl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.utils.escape import unescape

from lib.board.downloads.xlsx_file import Book, xlsx_bytes
from tests.board.downloads.shapes import ABOUT, DANGEROUS, FULL, LOOK, TABLE


def book(table: pa.Table = TABLE, about: Any = ABOUT) -> Any:
    """The workbook of these rows."""
    return openpyxl.load_workbook(io.BytesIO(xlsx_bytes(LOOK, table, about)))


def column(table: pa.Table) -> list[Any]:
    """The cells of the first column beneath its head."""
    sheet = book(table).worksheets[0]
    return [sheet.cell(row, 1) for row in range(2, table.num_rows + 2)]


def test_cells_have_the_type_and_the_format_of_their_column():
    sheet = book().worksheets[0]
    cells = {sheet.cell(1, at).value: sheet.cell(2, at) for at in range(1, sheet.max_column + 1)}
    assert {label: cell.value for label, cell in cells.items()} == {
        "Month": datetime(2025, 10, 1),
        "Day": datetime(2025, 10, 31),
        "Account": FULL["account"],
        "Revenue": 196614.05,
        "Users": 123664,
        "Net change": -215,
        "Share": 0.343,
        "Ratio": 1.25,
        "Exact": 12.5,
        "Managed": True,
        "Last ping": datetime(2025, 10, 31, 23, 19, 5),
        "Local": datetime(2025, 10, 31, 16, 19),
        "At": time(16, 19, 30),
        "Products": "Cody, Code Search",
        "Line": "1.0, , 3.5",
    }
    formats = {label: cell.number_format for label, cell in cells.items()}
    assert formats["Month"] == "mmm yyyy" and formats["Day"] == "d mmm yyyy"
    assert formats["Revenue"] == "$#,##0.00" and formats["Users"] == "#,##0" and formats["Share"] == "0.0%"
    assert "UTC" in formats["Last ping"] and "UTC" not in formats["Local"]
    assert {sheet.cell(3, at).value for at in range(1, sheet.max_column + 1)} == {None}


def test_the_head_is_bold_stays_in_sight_and_filters():
    sheet = book().worksheets[0]
    assert sheet.title == "DAU MAU" and sheet.freeze_panes == "A2" and sheet.auto_filter.ref == "A1:O3"
    assert all(sheet.cell(1, at).font.bold for at in range(1, 16))


def test_text_is_text_whatever_it_begins_with_also_when_it_is_edited():
    cells = column(pa.table({"account": DANGEROUS}))
    # An empty text is an empty cell to the reader.
    assert [unescape(cell.value or "") for cell in cells] == DANGEROUS
    assert {cell.data_type for cell in cells if cell.value is not None} == {"s"}
    assert [bool(cell.quotePrefix) for cell in cells] == [True] * 8 + [False] * 6


@settings(max_examples=30, deadline=None)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), min_size=1, max_size=20))
def test_any_text_comes_back_as_text(texts: list[str]):
    cells = column(pa.table({"account": texts}))
    assert [unescape(cell.value) for cell in cells] == texts
    assert {cell.data_type for cell in cells} == {"s"}


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(-(2**63), 2**63 - 1) | st.none(), min_size=1, max_size=20))
def test_whole_numbers_stay_numbers_as_far_as_excel_holds_them(numbers: list[int | None]):
    for number, cell in zip(numbers, column(pa.table({"users": pa.array(numbers, pa.int64())})), strict=True):
        if number is None or abs(number) < 10**15:
            assert cell.value == number and (number is None or cell.data_type == "n")
        else:
            assert cell.value == str(number) and cell.data_type == "s"


def test_days_that_excel_does_not_know_are_text():
    cells = column(pa.table({"day": [date(1899, 1, 1), date(2025, 1, 1)]}))
    assert [cell.value for cell in cells] == ["1899-01-01", datetime(2025, 1, 1)]


def test_a_text_longer_than_a_cell_is_cut_and_says_so():
    (cell,) = column(pa.table({"account": ["x" * 40_000]}))
    assert len(cell.value) == 32_767 and cell.value.endswith("…")


def test_moments_of_other_zones_are_told_in_utc():
    table = pa.table({"last_ping": pa.array([datetime(2025, 1, 1, 12, tzinfo=UTC)], pa.timestamp("us", "Asia/Tokyo"))})
    assert column(table)[0].value == datetime(2025, 1, 1, 12)


def test_the_second_sheet_says_what_the_rows_mean_and_which_filters_chose_them():
    sheet = book().worksheets[1]
    said = [[cell for cell in row if cell is not None] for row in sheet.iter_rows(values_only=True)]
    assert sheet.title == "About"
    for line in (
        ["Title", "DAU / MAU"],
        ["Definition", "=Mean daily users over monthly users."],
        ["Month", "Oct 2025"],
        ["Filters not used", "Products purchased"],
        ["Data", "Pings through Tue 18 Nov 2025"],
        ["Asked", "Wed 19 Nov 2025 06:10 UTC"],
        ["Link", ABOUT.link],
        ["Account name", "is =cmd()", '"=cmd()"'],
        ["Revenue", "INT64", "dollars"],
    ):
        assert line in said
    assert all(cell.data_type == "s" for row in sheet.iter_rows() for cell in row if cell.value is not None)


@pytest.mark.parametrize("title", ["About", "a/b: [c]?*", "'quoted'", "x" * 40, "History", ""])
def test_any_title_names_a_sheet_once(title: str):
    made = Book()
    names = [made.name(title) for _ in range(12)]
    for name in names:
        made.text_sheet(name, "=1")
    opened = openpyxl.load_workbook(io.BytesIO(made.close()))
    assert opened.sheetnames == names and len({name.casefold() for name in names}) == 12
    assert all(0 < len(name) <= 31 for name in names)
