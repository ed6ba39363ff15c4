"""The raw sources as `sql/sources.yaml` lists them: their names for people, and how often each is loaded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache

import yaml

from lib.settings import ROOT
from lib.warehouse.query import Freshness

FILE = ROOT / "sql" / "sources.yaml"


class Schedule(StrEnum):
    """How often a source is loaded; what is kept by hand has no schedule to be behind."""

    HOURLY = "hourly"
    DAILY = "daily"
    BY_HAND = "by_hand"


# How old a source may be before it is late: a day's rows arrive in the night and the morning after.
ALLOWED: Mapping[Schedule, timedelta] = {Schedule.HOURLY: timedelta(hours=3), Schedule.DAILY: timedelta(hours=36)}


@dataclass(frozen=True)
class Source:
    """One raw table: what people call it, when it is loaded, and its place in the list."""

    name: str
    schedule: Schedule
    place: int


def source(table: str) -> Source:
    """The source of that name (`dataset.table`); any other goes by its table's name and is loaded daily."""
    listed = _listed()
    return listed.get(table) or Source(table.rpartition(".")[2].replace("_", " "), Schedule.DAILY, len(listed))


def late_by(fresh: Freshness, now: datetime, *, embedded: bool) -> timedelta:
    """By how much a source is behind its schedule; zero while it is not.

    The embedded warehouse is loaded as a whole, once a day at best: there hourly counts as daily.
    """
    schedule = source(fresh.source).schedule
    if schedule == Schedule.BY_HAND:
        return timedelta()
    if embedded:
        schedule = Schedule.DAILY
    return max(timedelta(), now - fresh.data_through - ALLOWED[schedule])


@cache
def _listed() -> dict[str, Source]:
    content = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return {
        table: Source(said["name"], Schedule(said["loaded"]), place)
        for place, (table, said) in enumerate(content.items())
    }
