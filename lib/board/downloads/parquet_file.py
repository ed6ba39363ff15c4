"""Rows as Parquet for programs: the values as they are, their GoogleSQL types and origin beside them."""

from __future__ import annotations

import json

import pyarrow as pa
import pyarrow.parquet as parquet

from lib.board.downloads.about import About
from lib.board.downloads.cells import fields_of
from lib.looks import Look
from lib.looks.look import Column

_UNITS = {"usd": "US cents", "percent": "fraction", "bytes": "bytes", "duration": "seconds"}


def parquet_bytes(look: Look, table: pa.Table, about: About) -> bytes:
    """Rows as Parquet: the columns by their names and with the values of the warehouse (dollars as whole cents).

    Each field carries `label`, `googlesql_type` and `unit`, the file `boardroom` (JSON: look, filters, asked at).
    """
    fields = fields_of(look, table)
    schema = pa.schema(
        [table.schema.field(field.name).with_metadata(_described(field.column)) for field in fields],
        metadata={"boardroom": json.dumps(about.as_data())},
    )
    sink = pa.BufferOutputStream()
    parquet.write_table(table.select([field.name for field in fields]).cast(schema), sink, compression="zstd")
    return sink.getvalue().to_pybytes()


def _described(column: Column) -> dict[str, str]:
    unit = column.unit or _UNITS.get(column.format or "", "")
    return {"label": column.label, "googlesql_type": column.type} | ({"unit": unit} if unit else {})
