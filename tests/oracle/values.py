"""Values between Python and the engine's protobuf messages."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from zetasql.wasi._pb2.zetasql.public.value_pb2 import ValueProto

from tests.oracle.types import struct_fields

EPOCH_DAY = date(1970, 1, 1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def encode(value: object, kind: str) -> ValueProto:
    """A value of a GoogleSQL type as a message; dates and times may be ISO text."""
    proto = ValueProto()
    if value is None:
        return proto
    if kind.startswith("ARRAY<"):
        proto.array_value.SetInParent()
        proto.array_value.element.extend(encode(v, kind[6:-1]) for v in value)
    elif kind.startswith("STRUCT<"):
        items = list(value.values()) if isinstance(value, dict) else list(value)
        proto.struct_value.SetInParent()
        proto.struct_value.field.extend(encode(v, t) for v, (_, t) in zip(items, struct_fields(kind), strict=True))
    elif kind == "INT64":
        proto.int64_value = int(value)
    elif kind == "FLOAT64":
        proto.double_value = float(value)
    elif kind == "BOOL":
        proto.bool_value = bool(value)
    elif kind == "STRING":
        proto.string_value = str(value)
    elif kind == "JSON":
        proto.json_value = str(value)
    elif kind == "BYTES":
        proto.bytes_value = bytes(value)
    elif kind == "DATE":
        day = date.fromisoformat(value) if isinstance(value, str) else value
        proto.date_value = (day - EPOCH_DAY).days
    elif kind == "TIMESTAMP":
        moment = datetime.fromisoformat(value) if isinstance(value, str) else value
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
        micros = (moment - EPOCH) // timedelta(microseconds=1)
        proto.timestamp_value.seconds, rest = divmod(micros, 10**6)
        proto.timestamp_value.nanos = rest * 1000
    elif kind == "DATETIME":
        moment = datetime.fromisoformat(value) if isinstance(value, str) else value
        clock = (moment.hour << 12) | (moment.minute << 6) | moment.second
        day = (moment.year << 26) | (moment.month << 22) | (moment.day << 17)
        proto.datetime_value.bit_field_datetime_seconds = day | clock
        proto.datetime_value.nanos = moment.microsecond * 1000
    elif kind == "TIME":
        clock = time.fromisoformat(value) if isinstance(value, str) else value
        bits = (clock.hour << 12) | (clock.minute << 6) | clock.second
        proto.time_value = (bits << 30) | clock.microsecond * 1000
    elif kind == "NUMERIC":
        whole = int(Decimal(str(value)).scaleb(9))
        proto.numeric_value = whole.to_bytes((whole.bit_length() + 8) // 8 or 1, "little", signed=True)
    else:
        raise ValueError(f"no value of type {kind}")
    return proto


def decode(proto: ValueProto, kind: str) -> object:
    """The Python value of a message of a GoogleSQL type."""
    which = proto.WhichOneof("value")
    if which is None:
        return None
    if kind.startswith("ARRAY<"):
        return [decode(e, kind[6:-1]) for e in proto.array_value.element]
    if kind.startswith("STRUCT<"):
        return [decode(f, t) for f, (_, t) in zip(proto.struct_value.field, struct_fields(kind), strict=True)]
    if kind == "DATE":
        return EPOCH_DAY + timedelta(days=proto.date_value)
    if kind == "TIMESTAMP":
        stamp = proto.timestamp_value
        return EPOCH + timedelta(seconds=stamp.seconds, microseconds=stamp.nanos // 1000)
    if kind == "DATETIME":
        bits = proto.datetime_value.bit_field_datetime_seconds
        micros = proto.datetime_value.nanos // 1000
        day = (bits >> 26, bits >> 22 & 15, bits >> 17 & 31)
        return datetime(*day, bits >> 12 & 31, bits >> 6 & 63, bits & 63, micros)
    if kind == "TIME":
        bits = proto.time_value >> 30
        return time(bits >> 12 & 31, bits >> 6 & 63, bits & 63, (proto.time_value & (1 << 30) - 1) // 1000)
    if kind == "NUMERIC":
        return Decimal(int.from_bytes(proto.numeric_value, "little", signed=True)).scaleb(-9)
    return getattr(proto, which)


def plain(value: object, kind: str) -> object:
    """A value of a GoogleSQL type as JSON holds it in dialect_cases.json: ISO text, NaN and Infinity as text."""
    if value is None:
        return None
    if kind.startswith("ARRAY<"):
        return [plain(v, kind[6:-1]) for v in value]
    if kind.startswith("STRUCT<"):
        items = list(value.values()) if isinstance(value, dict) else list(value)
        return [plain(v, t) for v, (_, t) in zip(items, struct_fields(kind), strict=True)]
    if kind == "INT64":
        return int(value)
    if kind == "BOOL":
        return bool(value)
    if kind == "FLOAT64":
        number = float(value)
        if math.isnan(number):
            return "NaN"
        return number if math.isfinite(number) else "Infinity" if number > 0 else "-Infinity"
    if kind == "NUMERIC":
        text = format(Decimal(str(value)).quantize(Decimal("1e-9")), "f")
        return text.rstrip("0").rstrip(".")
    if kind == "TIMESTAMP":
        moment = value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)
        if moment.tzinfo is not None:
            moment = moment.astimezone(UTC).replace(tzinfo=None)
        return f"{moment.isoformat()}Z"
    if kind == "DATETIME":
        moment = value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)
        return moment.isoformat()
    if kind == "DATE":
        return (value.date() if isinstance(value, datetime) else value).isoformat()
    if kind == "TIME":
        return value.isoformat()
    if kind == "BYTES":
        return value.hex()
    return str(value)
