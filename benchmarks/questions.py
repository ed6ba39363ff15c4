"""A page's own questions, asked of the warehouse at once and without any cache: what no page can be faster than."""

from __future__ import annotations

import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from lib.board.navigation import Page
from lib.filters import parse
from lib.looks import Catalogue, catalogue, compile_look, present
from lib.settings import Settings
from lib.warehouse import Query, Warehouse
from lib.warehouse.freshness import data_through

# What is chosen on the page itself before all of its tiles ask: an instance, a day.
CHOSEN = {"single_instance": {"site": "src-databricks-prod"}, "cody_pro": {"chosen_day": "2025-11-11"}}


@dataclass(frozen=True)
class Answered:
    """Seconds until the last of the questions was answered, and those of the slowest and of all one by one."""

    seconds: float
    slowest: float
    rows: int


def questions_of(page: Page, settings: Settings, warehouse: Warehouse, changed: Mapping[str, str]) -> list[Query]:
    """The queries of a page's tiles under its default filters with some changed, as the page itself compiles them."""
    known = catalogue()
    now, freshness = present(settings), warehouse.freshness()
    texts = {**page.filters, **CHOSEN.get(page.key, {}), **changed}
    filters = {name: parse(known.filters[name].kind, text) for name, text in texts.items()}
    looks = [known.look(name) for name in _with_trends(page, known)]
    return [compile_look(look, filters, {}, now, data_through(look.sql, freshness), known).query for look in looks]


def ask_at_once(warehouse: Warehouse, queries: list[Query]) -> Answered:
    """Ask all of them in threads of their own."""
    with ThreadPoolExecutor(len(queries)) as threads:
        began = time.perf_counter()
        answers = list(threads.map(warehouse.run, queries))
        seconds = time.perf_counter() - began
    return Answered(
        seconds, max(answer.seconds for answer in answers), sum(answer.table.num_rows for answer in answers)
    )


def _with_trends(page: Page, known: Catalogue) -> list[str]:
    trends = [known.look(name).trend for name in page.looks]
    return list(dict.fromkeys([*page.looks, *(name for name in trends if name)]))
