"""What every file of rows agrees on: which columns, what a cell says, and which texts a spreadsheet would run."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa

from lib.looks import Look
from lib.looks.compile import STRETCH
from lib.looks.look import Column
from lib.looks.output import json_value

# A spreadsheet runs a cell that begins so; the wide ones are read as the narrow ones by some.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
# A counter over a range has two rows, and only this column tells them apart.
_STRETCH = Column(label="Time", type="STRING")


@dataclass(frozen=True)
class Field:
    """One column of a file: its name in the rows, and what the look says of it."""

    name: str
    column: Column

    @property
    def label(self) -> str:
        """The column's head."""
        return self.column.label


def fields_of(look: Look, table: pa.Table) -> list[Field]:
    """The columns of a look's rows that go into files, in the rows' order: all but hidden ones."""
    known = {**look.columns, STRETCH: _STRETCH}
    found = [Field(name, known[name]) for name in table.column_names if name in known]
    return [field for field in found if not field.column.hidden]


def cells_of(fields: Sequence[Field], table: pa.Table) -> int:
    """How many cells a file of these rows has, its head aside."""
    return len(fields) * table.num_rows


def is_formula(text: str) -> bool:
    """Whether a spreadsheet that reads this text from a file might run it."""
    return text.startswith(_FORMULA)


def dollars(value: int | float) -> str:
    """Cents as dollars with two decimals, exact for whole cents of any size."""
    if isinstance(value, float):
        return f"{value / 100:.2f}"
    whole, cents = divmod(abs(value), 100)
    return f"{'-' if value < 0 else ''}{whole}.{cents:02}"


def is_missing(value: object) -> bool:
    """NULL, or a number that is none."""
    return value is None or (isinstance(value, float) and math.isnan(value))


def text_of(value: object, format: str | None) -> str:
    """A cell as text: dollars with two decimals, moments in ISO form, lists joined by commas, nothing for NULL."""
    if is_missing(value):
        return ""
    if isinstance(value, list | tuple):
        return ", ".join(text_of(item, format) for item in value)
    if format == "usd" and isinstance(value, int | float) and not isinstance(value, bool):
        return dollars(value)
    return value if isinstance(value, str) else str(json_value(value))
