"""What a file is called: board, look, filters and day, in letters that every system takes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import date

from lib.board.address import Chosen

LONGEST = 120
_LONGEST_FILTER = 24


def file_name(subject: str, filters: Iterable[Chosen], day: date, ending: str) -> str:
    """A file's name, such as `company_metrics_dau_mau_customer_12-months_2025-11-19.csv`, of 120 characters at most.

    `subject` is the id of a look or board. Filters that let everything through are left out, long ones cut.
    """
    said = [_slug(chosen.canonical, "-")[:_LONGEST_FILTER].strip("-") for chosen in filters if _selects(chosen)]
    last = f"_{day.isoformat()}.{ending}"
    stem = "_".join([_slug(subject, "_"), *filter(None, said)])
    return f"{stem[: LONGEST - len(last)].rstrip('-_')}{last}"


def _selects(chosen: Chosen) -> bool:
    return chosen.expression is None or not chosen.expression.any


def _slug(text: str, between: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9_]+", between, plain).strip("-_")
