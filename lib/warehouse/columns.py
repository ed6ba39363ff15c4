"""Column types: GoogleSQL's text, Arrow's types, and the cast that makes both engines return equal tables."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal, localcontext
from functools import cache
from itertools import accumulate
from typing import Any

import pyarrow as pa

from lib.warehouse.query import QueryInvalid

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

SCALARS: dict[str, pa.DataType] = {
    "INT64": pa.int64(),
    "FLOAT64": pa.float64(),
    "NUMERIC": pa.decimal128(38, 9),
    "BIGNUMERIC": pa.decimal256(76, 38),
    "BOOL": pa.bool_(),
    "STRING": pa.string(),
    "BYTES": pa.binary(),
    "JSON": pa.string(),
    "DATE": pa.date32(),
    "DATETIME": pa.timestamp("us"),
    "TIMESTAMP": pa.timestamp("us", tz="UTC"),
    "TIME": pa.time64("us"),
    "INTERVAL": pa.month_day_nano_interval(),
    "GEOGRAPHY": pa.string(),
}


@cache
def arrow_type(googlesql: str) -> pa.DataType:
    """Arrow's type of a GoogleSQL type as BigQuery's client gives it, `ARRAY<…>` and `STRUCT<…>` included.

    Raises ValueError for text that names no type.
    """
    text = googlesql.strip()
    if inside := _inside(text, "ARRAY"):
        return pa.list_(arrow_type(inside))
    if inside := _inside(text, "STRUCT"):
        fields = [_field(part) for part in _split(inside)]
        return pa.struct([pa.field(name, arrow_type(kind)) for name, kind in fields])
    plain = re.sub(r"\s*\([\d\s,]*\)$", "", text).upper()
    if plain not in SCALARS:
        raise ValueError(f"“{googlesql}” is no GoogleSQL type")
    return SCALARS[plain]


def cast_table(table: pa.Table, columns: Sequence[tuple[str, str]]) -> pa.Table:
    """The table with the declared names and types, column by column in the declared order.

    A missing or extra column and a value that does not fit raise QueryInvalid.
    """
    if len(columns) != table.num_columns:
        raise QueryInvalid(
            f"The result has {table.num_columns} columns where {len(columns)} are declared.",
            detail=f"has {table.column_names}, declared {[name for name, _ in columns]}",
        )
    by_name = {name: index for index, name in enumerate(table.column_names)}
    in_place = len(by_name) != table.num_columns or any(name not in by_name for name, _ in columns)
    if in_place and [name for name, _ in columns if name] != [name for name in table.column_names if name]:
        missing = next((name for name, _ in columns if name not in by_name), "")
        raise QueryInvalid(
            f"The result has no column “{missing}”.",
            detail=f"has {table.column_names}, declared {[name for name, _ in columns]}",
        )
    arrays, fields = [], []
    for position, (name, kind) in enumerate(columns):
        wanted = _wanted(kind)
        source = table.column(position if in_place else by_name[name])
        arrays.append(_cast_column(source, wanted, name, kind))
        fields.append(pa.field(name, wanted))
    return pa.Table.from_arrays(arrays, schema=pa.schema(fields))


def values_of(column: pa.ChunkedArray) -> list[Any]:
    """The column's values as Python's; instants in UTC without pyarrow's own way, which imports pandas for them."""
    if not pa.types.is_timestamp(column.type) or column.type.tz is None:
        return column.to_pylist()
    micros = column.cast(pa.timestamp("us", tz="UTC")).cast(pa.int64()).to_pylist()
    return [None if count is None else EPOCH + timedelta(microseconds=count) for count in micros]


def _wanted(kind: str) -> pa.DataType:
    try:
        return arrow_type(kind)
    except ValueError as error:
        raise QueryInvalid("A declared column type is no type.", detail=str(error)) from error


def _cast_column(column: pa.ChunkedArray, wanted: pa.DataType, name: str, kind: str) -> pa.ChunkedArray:
    if column.type.equals(wanted):
        return column
    try:
        return pa.chunked_array([_cast(chunk, wanted) for chunk in column.chunks], type=wanted)
    except (pa.ArrowException, ValueError, ArithmeticError) as error:
        raise QueryInvalid(f"A value of “{name}” is no {kind}.", detail=str(error)) from error


def _cast(array: pa.Array, wanted: pa.DataType) -> pa.Array:
    """Arrow's cast, with fields of structs matched by place and numbers of few digits made text-free."""
    if array.type.equals(wanted):
        return array
    if pa.types.is_list(wanted) and (pa.types.is_list(array.type) or pa.types.is_large_list(array.type)):
        values = _cast(array.flatten(), wanted.value_type)
        lengths = [len(item) if item.is_valid else 0 for item in array]
        offsets = pa.array(accumulate(lengths, initial=0), pa.int32())
        return pa.ListArray.from_arrays(offsets, values, type=wanted, mask=array.is_null())
    if pa.types.is_struct(wanted) and pa.types.is_struct(array.type):
        if array.type.num_fields != wanted.num_fields:
            raise ValueError(f"{array.type} has other fields than {wanted}")
        parts = [_cast(part, wanted.field(i).type) for i, part in enumerate(array.flatten())]
        return pa.StructArray.from_arrays(parts, fields=list(wanted), mask=array.is_null())
    if pa.types.is_null(array.type):
        return pa.nulls(len(array), wanted)
    if pa.types.is_date32(wanted) and pa.types.is_timestamp(array.type):
        return array.cast(pa.timestamp("us")).cast(wanted)
    if pa.types.is_decimal(wanted) and pa.types.is_floating(array.type):
        return pa.array([None if v is None else _decimal(v) for v in array.to_pylist()], wanted)
    return array.cast(wanted)


def _decimal(value: float) -> Decimal:
    with localcontext(prec=60):
        return round(Decimal(repr(value)), 9)


def _inside(text: str, word: str) -> str:
    match = re.fullmatch(rf"(?is){word}\s*<(.*)>", text)
    return match.group(1).strip() if match else ""


def _split(text: str) -> list[str]:
    """Parts at the commas that stand in no bracket."""
    parts, depth, start = [], 0, 0
    for position, character in enumerate(text):
        depth += (character in "<(") - (character in ">)")
        if character == "," and depth == 0:
            parts.append(text[start:position])
            start = position + 1
    return [part.strip() for part in [*parts, text[start:]]]


def _field(text: str) -> tuple[str, str]:
    match = re.fullmatch(r"(?s)`?([^\s<>`]+)`?\s+(.+)", text)
    return (match.group(1), match.group(2)) if match else ("", text)
