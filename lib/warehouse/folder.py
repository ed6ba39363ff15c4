"""The folder of the embedded warehouse: which stamp is current, where its file lies, what it was made from."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from lib.settings import ROOT
from lib.warehouse.dialect import VERSION

POINTER = "current"
FILE = "warehouse.duckdb"
ORIGIN = "origin.json"
# What decides on the tables that a build makes.
_MODELS = ("models/*.sql", "macros/*.py", "external_models.yaml")


@dataclass(frozen=True)
class Origin:
    """What a stamp was made from.

    `origin`: `demo` or `export`. `last_day`: last day with raw rows. `missing`: per raw table that could not be
    loaded, the sentence that says so; `missing_columns`: the same per `dataset.table.column` of the other tables.
    `dialect`: version of the translation that built the models; `models`: what they were, as `models_digest` says.
    """

    origin: str
    last_day: date | None = None
    missing: dict[str, str] = field(default_factory=dict)
    dialect: str = ""
    missing_columns: dict[str, str] = field(default_factory=dict)
    models: str = ""

    @property
    def is_of_today(self) -> bool:
        """Whether today's models, in today's translation, would make the same tables."""
        return (self.dialect, self.models) == (VERSION, models_digest())


def models_digest() -> str:
    """A short text that changes with the models' files."""
    files = [file for pattern in _MODELS for file in sorted((ROOT / "sql").glob(pattern))]
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()[:16]


def current_stamp(folder: Path) -> str | None:
    """The stamp that is current; None where no warehouse was made yet or the pointer is no plain name."""
    try:
        stamp = (folder / POINTER).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return None
    return stamp if stamp and Path(stamp).name == stamp and stamp != ".." else None


def warehouse_file(folder: Path, stamp: str) -> Path:
    """Where the database of a stamp lies; its name never changes, since views of the models name its stem."""
    return folder / stamp / FILE


def read_origin(folder: Path, stamp: str) -> Origin:
    """What the stamp was made from; an unknown origin (`""`) where its folder does not say."""
    try:
        text = json.loads((folder / stamp / ORIGIN).read_text(encoding="utf-8"))
        last_day = text.get("last_day")
        return Origin(
            origin=text.get("origin", ""),
            last_day=date.fromisoformat(last_day) if last_day else None,
            missing=dict(text.get("missing") or {}),
            dialect=text.get("dialect", ""),
            missing_columns=dict(text.get("missing_columns") or {}),
            models=text.get("models", ""),
        )
    except (OSError, ValueError, TypeError, AttributeError):
        return Origin("")
