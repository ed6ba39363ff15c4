"""A tile's SQL as it ran, with its parameters above it."""

from __future__ import annotations

import json
import re

from lib.board.downloads.about import About
from lib.looks.output import json_value
from lib.warehouse.query import Query

# Whatever may end a line for some reader: a comment must not end before its value does.
_LINE_ENDS = re.compile("[\x00-\x1f\x7f\x85\u2028\u2029]")


def sql_bytes(query: Query, about: About) -> bytes:
    """The GoogleSQL of a query in UTF-8. Each bound parameter is a comment: its name, type and value as JSON."""
    told = [f"-- {_one_line(words)}" for words in (about.title, about.asked, about.link)]
    bound = [f"-- @{parameter.name} {parameter.type} = {_value(parameter.value)}" for parameter in query.parameters]
    head = [*told, *(["-- Parameters:"] if bound else ["-- No parameters."]), *bound]
    return ("\n".join(head) + f"\n{query.sql.strip()}\n").encode()


def _value(value: object) -> str:
    return _one_line(json.dumps(json_value(value), ensure_ascii=False))


def _one_line(text: str) -> str:
    return _LINE_ENDS.sub(lambda end: f"\\u{ord(end[0]):04x}", text)
