"""CSV files."""

from __future__ import annotations

import csv
import io
from datetime import date

import pyarrow as pa

from lib.board.downloads.csv_file import csv_bytes
from lib.looks import catalogue
from lib.looks.look import Column

LOOK = (
    catalogue()
    .looks["company_metrics/dau_mau"]
    .model_copy(
        update={
            "columns": {
                "month": Column(label="Month", type="DATE", format="month"),
                "account": Column(label="Account", type="STRING"),
                "revenue": Column(label="Revenue", type="INT64", format="usd"),
                "secret_id": Column(label="Id", type="STRING", hidden=True),
                "products": Column(label="Products", type="ARRAY<STRING>"),
            }
        }
    )
)


def rows(**columns) -> list[list[str]]:
    text = csv_bytes(LOOK, pa.table(columns)).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


def test_labels_head_the_file_and_hidden_columns_stay_out():
    assert rows(month=[date(2025, 10, 1)], secret_id=["x"]) == [["Month"], ["2025-10-01"]]


def test_dollars_have_two_decimals_and_missing_values_are_empty():
    assert rows(revenue=[19661400, 5, None])[1:] == [["196614.00"], ["0.05"], [""]]


def test_text_a_spreadsheet_would_run_is_made_harmless():
    names = ["=cmd|' /C calc'!A0", "+1", "-1", "@x", "Acme, Inc.", 'say "hi"', "Büro 😀"]
    assert [row[0] for row in rows(account=names)[1:]] == [f"'{name}" for name in names[:4]] + names[4:]


def test_lists_are_one_cell():
    assert rows(products=[["Cody", "Code Search"], []])[1:] == [["Cody, Code Search"], [""]]


def test_the_file_opens_as_utf_8_in_spreadsheets():
    assert csv_bytes(LOOK, pa.table({"account": ["é"]})).startswith(b"\xef\xbb\xbf")
