"""Parquet files, read again by pyarrow."""

from __future__ import annotations

import io
import json

import pyarrow.parquet as parquet

from lib.board.downloads.parquet_file import parquet_bytes
from tests.board.downloads.shapes import ABOUT, LOOK, TABLE


def test_values_and_types_are_those_of_the_warehouse():
    read = parquet.read_table(io.BytesIO(parquet_bytes(LOOK, TABLE, ABOUT)))
    assert read.to_pylist() == TABLE.drop_columns(["secret_id"]).to_pylist()
    assert read.schema.types == TABLE.drop_columns(["secret_id"]).schema.types


def test_each_column_names_its_label_type_and_unit_and_the_file_its_origin():
    schema = parquet.read_schema(io.BytesIO(parquet_bytes(LOOK, TABLE, ABOUT)))
    revenue = schema.field("revenue").metadata
    assert revenue[b"label"] == b"Revenue" and revenue[b"googlesql_type"] == b"INT64"
    assert revenue[b"unit"] == b"US cents"
    origin = json.loads(schema.metadata[b"boardroom"])
    assert origin["look"] == "company_metrics/dau_mau" and origin["filters"] == {"account_name": '"=cmd()"'}
    assert origin["asked_at"] == "Wed 19 Nov 2025 06:10 UTC"
