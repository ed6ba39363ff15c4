"""Reads one look's file: the YAML header in the leading comment, then one GoogleSQL SELECT, or none with `rows_of`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

import sqlglot
import yaml
from pydantic import ValidationError
from sqlglot import exp
from sqlglot.dialects.bigquery import BigQuery
from sqlglot.errors import ParseError, TokenError
from sqlglot.tokenizer_core import TokenType

from lib.looks.look import HEADER_KEYS, SHARED_KEYS, Look, LookError

_FILE = re.compile(r"\A\s*/\*\n(?P<header>.*?)\n\*/(?:\n(?P<sql>.*))?\Z", re.DOTALL)
_EXPECTED = {
    "missing": "the key",
    "extra_forbidden": f"one of the keys {', '.join(HEADER_KEYS)}",
    "string_type": "text",
    "dict_type": "a mapping such as {name: value}",
    "model_type": "a mapping such as {name: value}",
    "tuple_type": "a list such as [a, b]",
    "bool_type": "true or false",
    "string_too_short": "some text",
    "too_short": "at least one entry",
}


@dataclass(frozen=True)
class Header:
    """A look's file, taken apart: the header's keys, the line of each (`sql`: where the SELECT starts), the SELECT."""

    look: str
    file: str
    keys: Mapping[str, object]
    lines: Mapping[str, int]
    sql: str

    @property
    def rows_of(self) -> str | None:
        """The look whose rows this one shows; None where it has a SELECT of its own."""
        other = self.keys.get("rows_of")
        return None if other is None else str(other)

    def error(self, place: str, found: str, expected: str) -> LookError:
        """A LookError at a header key, or at `sql` for the line of the SELECT."""
        return LookError(self.look, self.file, self.lines.get(place, 1), found, expected)


def read_header(text: str, look: str, file: str) -> Header:
    """The parts of a look's file; raises LookError where it has none or the header is no mapping of known keys."""
    match = _FILE.match(text)
    if match is None:
        raise LookError(look, file, 1, repr(text[:20]), "a first line /* , a YAML header, a line */ and one SELECT")
    first_line = text.count("\n", 0, match.start("header"))
    keys, lines = _read_keys(match["header"], first_line, look, file)
    lines["sql"] = text.count("\n", 0, match.end("header")) + 3
    return Header(look, file, keys, lines, match["sql"] or "")


def read_look(text: str, look: str, file: str) -> Look:
    """The look in `text`; raises LookError with the line for the first mistake of header or SQL.

    Only what the file alone can tell is checked here; what it says about others is checked by the catalogue.
    """
    return complete_look(read_header(text, look, file))


def complete_look(header: Header, other: Look | None = None) -> Look:
    """The look of a header and its own SELECT, or with `other` of the rows that both show. Raises LookError."""
    keys, sql = (dict(header.keys), header.sql) if other is None else (_shared_keys(header, other), other.sql)
    lines = dict(header.lines)
    own = {"id": header.look, "file": header.file, "sql": sql.strip(), "lines": lines}
    try:
        found = Look.model_validate(keys | own)
    except ValidationError as error:
        raise _first_mistake(error, lines, header.look, header.file) from None
    _check_header(found)
    if other is None:
        _check_sql(found, sql)
    return found


def _shared_keys(header: Header, other: Look) -> dict[str, object]:
    if header.sql.strip():
        raise header.error("sql", "a SELECT", f"nothing below the header, since the rows are those of {other.id}")
    for key in SHARED_KEYS:
        if key in header.keys:
            raise header.error(key, f"{key} beside rows_of", f"no {key}, since it is that of {other.id}")
    shared = other.model_dump(include={*SHARED_KEYS, "columns"}, exclude_unset=True)
    columns = header.keys.get("columns", {})
    if not isinstance(columns, dict):
        raise header.error("columns", repr(columns), "a mapping such as {name: {label: …}}")
    for name, said in columns.items():
        place = f"columns.{name}"
        if name not in other.columns:
            raise header.error(place, f"the column {name}", f"one of {other.id}: {', '.join(other.columns)}")
        if not isinstance(said, dict) or "type" in said:
            raise header.error(place, repr(said), "what is shown otherwise here, such as {label: …, hidden: true}")
        shared["columns"][name] |= said
    return {**header.keys, **shared}


@lru_cache(maxsize=4096)
def placeholders(sql: str) -> tuple[tuple[str, int, int], ...]:
    """Each named parameter of the SQL with the positions where it starts and ends, in order.

    Text in strings and comments is no parameter.
    """
    tokens = BigQuery().tokenize(sql)
    return tuple(
        (name.text, at.start, name.end + 1)
        for at, name in pairwise(tokens)
        if at.token_type == TokenType.PARAMETER and name.start == at.end + 1
    )


def _read_keys(text: str, first_line: int, look: str, file: str) -> tuple[dict[str, object], dict[str, int]]:
    try:
        loader = yaml.CSafeLoader(text)
        node = loader.get_single_node()
        header = loader.construct_document(node) if node else {}
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line = first_line + 1 + (mark.line if mark else 0)
        raise LookError(look, file, line, error.problem or "broken YAML", "a YAML mapping") from None
    if not isinstance(node, yaml.MappingNode):
        raise LookError(look, file, first_line + 1, "no keys", "a YAML mapping such as title: …")
    lines: dict[str, int] = {}
    for path, line in _key_lines(node):
        if path in lines:
            raise LookError(look, file, first_line + line, f"{path} twice", "each key once")
        lines[path] = first_line + line
    unknown = [key for key in header if key not in HEADER_KEYS]
    if unknown:
        raise LookError(look, file, lines[str(unknown[0])], f"the key {unknown[0]}", _EXPECTED["extra_forbidden"])
    return header, lines


def _key_lines(node: yaml.MappingNode, prefix: str = "") -> Iterator[tuple[str, int]]:
    for key, value in node.value:
        path = f"{prefix}{key.value}"
        yield path, key.start_mark.line + 1
        if isinstance(value, yaml.MappingNode):
            yield from _key_lines(value, f"{path}.")


def _first_mistake(error: ValidationError, lines: dict[str, int], look: str, file: str) -> LookError:
    mistake = error.errors()[0]
    path = [str(part) for part in mistake["loc"]]
    line = next((lines[key] for n in range(len(path), 0, -1) if (key := ".".join(path[:n])) in lines), 1)
    kind, place = mistake["type"], ".".join(path)
    if kind == "missing":
        return LookError(look, file, line, f"no {place}", f"the key {path[-1]}")
    expected = _EXPECTED.get(kind) or mistake.get("ctx", {}).get("expected") or mistake["msg"]
    return LookError(look, file, line, f"{place}: {mistake['input']!r}", str(expected).removeprefix("Value error, "))


def _check_header(look: Look) -> None:
    named = {f"chart.{key}": getattr(look.chart, key) for key in ("x", "series", "limit", "rules")}
    named |= {"chart.y": None} | {f"chart.y.{name}": name for name in look.chart.y}
    for place, name in named.items():
        if name is not None and name not in look.columns:
            place = "chart.y" if place.startswith("chart.y.") else place
            raise look.error(place, f"the column {name}", f"one of {', '.join(look.columns)}")
    for name in look.chart.below:
        if name not in look.chart.y:
            raise look.error("chart.below", f"the column {name}", f"one of y: {', '.join(look.chart.y)}")
    for column, said in look.columns.items():
        if said.badge is not None and said.badge not in look.columns:
            raise look.error(f"columns.{column}.badge", f"the column {said.badge}", f"one of {', '.join(look.columns)}")
    for name, column in look.opens.filters.items() if look.opens else ():
        if column not in look.columns:
            raise look.error(f"opens.filters.{name}", f"the column {column}", f"one of {', '.join(look.columns)}")
    if look.opens and look.chart.kind != "table":
        raise look.error("opens", "opens", "a chart of kind table, whose rows lead there")
    if look.drill and look.chart.kind in ("histogram", "facts"):
        raise look.error("drill", f"a chart of kind {look.chart.kind}", "a kind whose marks are rows of the SELECT")
    for name in re.findall(r"\{(\w+)\}", look.caption):
        if name not in look.columns and not (name == "period" and look.over == "last"):
            expected = ", ".join(look.columns) + (" or period" if look.over == "last" else "")
            raise look.error("caption", f"{{{name}}}", f"one of {expected}")
    if look.chart.kind not in ("table", "histogram", "facts") and not look.chart.y:
        raise look.error("chart", "no y", "the column that is drawn")
    if look.chart.kind == "counter" and (look.over is None or len(look.chart.y) != 1):
        raise look.error("chart", "a counter", "one y, and over: last or over: range")
    if look.over and (look.period == "instant" or "date" not in look.filters):
        raise look.error("over", f"over: {look.over}", "a period of a day or more, and a date filter")
    if look.over == "range" and look.chart.kind != "counter":
        raise look.error("over", "over: range", "a chart of kind counter")
    if look.at_least and (look.over or look.period == "instant" or "date" not in look.filters or not look.time_column):
        raise look.error("at_least", f"at_least: {look.at_least}", "a chart over time with a date filter, without over")
    if look.trend and look.over != "range":
        raise look.error("trend", f"trend: {look.trend}", "over: range beside it")
    if look.period == "grain" and not set(look.options.get("grain", ("",))) <= {"day", "week", "month"}:
        raise look.error("period", "period: grain", "options: {grain: [day, week, month]}")
    for number in look.looker:
        if not re.fullmatch(r"(look|dashboard|board) \d+", number):
            raise look.error("looker", number, "the old tool's kind and number, such as look 1521")
    for name, choices in look.options.items():
        if not choices:
            raise look.error(f"options.{name}", "no choice", "a list such as [day, week]")
    try:
        ZoneInfo(look.zone)
    except (ValueError, OSError, KeyError):
        raise look.error("zone", f"the zone {look.zone}", "an IANA name such as America/Los_Angeles") from None


def _check_sql(look: Look, sql: str) -> None:
    first = look.lines["sql"] - 1
    try:
        statements = sqlglot.parse(sql, read="bigquery")
    except ParseError as error:
        at = error.errors[0]
        found = f"{at['highlight']!r} ({at['description']})"
        raise LookError(look.id, look.file, first + (at["line"] or 1), found, "one GoogleSQL SELECT") from None
    except TokenError as error:
        raise LookError(look.id, look.file, first + 1, str(error), "one GoogleSQL SELECT") from None
    tree = statements[0] if len(statements) == 1 else None
    if not isinstance(tree, exp.Query) or sql.rstrip().endswith(";"):
        found = "a semicolon" if ";" in sql else "no SELECT"
        raise look.error("sql", found, "one SELECT without a semicolon")
    names = tree.named_selects
    if names != list(look.columns):
        raise look.error("columns", f"{', '.join(look.columns)}", f"the SELECT's columns in order: {', '.join(names)}")
    known = {"filters", *(f"filter_{name}" for name in look.filters), *look.options}
    used = {name for name, _, _ in placeholders(sql)}
    for name, start, _ in placeholders(sql):
        if name not in known:
            line = first + sql.count("\n", 0, start) + 1
            raise LookError(look.id, look.file, line, f"@{name}", f"one of {', '.join(f'@{k}' for k in sorted(known))}")
    unused = [name for name in look.filters if f"filter_{name}" not in used]
    if unused and "filters" not in used:
        raise look.error("filters", f"{', '.join(unused)} without @filters", "@filters in the SELECT")
    for name in look.options:
        if name not in used and name != "grain":
            raise look.error(f"options.{name}", f"no @{name} in the SELECT", f"@{name}")
