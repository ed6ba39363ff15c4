"""CSV files, read again."""

from __future__ import annotations

import csv
import io
from datetime import date

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.board.downloads.csv_file import csv_bytes
from tests.board.downloads.shapes import DANGEROUS, LOOK, TABLE


def rows(table: pa.Table) -> list[list[str]]:
    """The file of these rows as a reader of CSV has it."""
    return list(csv.reader(io.StringIO(csv_bytes(LOOK, table).decode("utf-8-sig"), newline="")))


def test_every_kind_of_cell_is_written_and_missing_ones_are_empty():
    head, full, nothing = rows(TABLE)
    assert dict(zip(head, full, strict=True)) == {
        "Month": "2025-10-01",
        "Day": "2025-10-31",
        "Account": "Büro & Söhne 😀",
        "Revenue": "196614.05",
        "Users": "123664",
        "Net change": "-215",
        "Share": "0.343",
        "Ratio": "1.25",
        "Exact": "12.500000000",
        "Managed": "True",
        "Last ping": "2025-10-31T23:19:05Z",
        "Local": "2025-10-31T16:19:00",
        "At": "16:19:30",
        "Products": "Cody, Code Search",
        "Line": "1.0, , 3.5",
    }
    assert set(nothing) == {""}


def test_dollars_are_exact_to_the_cent_whatever_their_size():
    cents = [5, -5, -19_661_400, 2**62 + 1, 0]
    assert [row[0] for row in rows(pa.table({"revenue": cents}))[1:]] == [
        "0.05",
        "-0.05",
        "-196614.00",
        "46116860184273879.05",
        "0.00",
    ]


def test_text_a_spreadsheet_would_run_is_made_harmless_and_numbers_stay():
    shown = [row[0] for row in rows(pa.table({"account": DANGEROUS}))[1:]]
    assert shown == [f"'{text}" for text in DANGEROUS[:8]] + DANGEROUS[8:]
    assert rows(pa.table({"net": [-5], "share": [-0.5]}))[1] == ["-5", "-0.5"]


def test_lists_are_one_cell_and_as_harmless():
    assert rows(pa.table({"products": [["=1", "b"], []]}))[1:] == [["'=1, b"], [""]]


def test_numbers_that_are_none_are_missing():
    assert rows(pa.table({"ratio": [float("nan"), 1.0]}))[1:] == [[""], ["1.0"]]


def test_the_file_opens_as_utf_8_in_spreadsheets():
    assert csv_bytes(LOOK, pa.table({"account": ["é"]})).startswith(b"\xef\xbb\xbf")


@settings(deadline=None)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1), st.integers(-(2**63), 2**63 - 1))
def test_any_text_comes_back_and_no_cell_runs(texts: list[str], number: int):
    table = pa.table({"account": texts, "users": [number] * len(texts), "day": [date(2025, 1, 1)] * len(texts)})
    for text, (account, users, day) in zip(texts, rows(table)[1:], strict=True):
        assert account in (text, f"'{text}")
        assert not account.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
        assert int(users) == number and day == "2025-01-01"
