"""`python -m lib.filters KIND EXPRESSION …`: what an expression means, as JSON; `--batch` answers JSON lines.

Usage and answers: docs/filters, "Command line". Nothing heavy is imported: a call answers in a tenth of a second.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache, partial
from typing import Any

from lib.filters import KINDS, Context, DateExpression, FilterError, parse, utc_text
from lib.filters.errors import clip

USAGE = """python -m lib.filters KIND EXPRESSION [--now ISO] [--zone TZ] [--fiscal-start-month N] [--week-start DAY]
                            [--case-insensitive] [--values JSON-LIST]
python -m lib.filters --batch      reads JSON lines {"kind", "expression", "now", …} and answers each with one line
KIND is date, string, number or yesno; EXPRESSION is taken as it is, a leading - included."""

OPTIONS = {
    "--now": "now",
    "--zone": "zone",
    "--fiscal-start-month": "fiscal_start_month",
    "--week-start": "week_start",
    "--values": "values",
}
COLUMN_TYPES = {"string": "STRING", "number": "FLOAT64", "yesno": "BOOL"}
DEFAULTS = {"zone": "UTC", "week_start": "monday", "fiscal_start_month": 1, "case_sensitive": True}


class BadRequest(Exception):
    """The request itself cannot be read, whatever its expression says."""


def main(arguments: Sequence[str]) -> int:
    """Answer one request, or all lines of standard input; the exit status."""
    if not arguments or arguments[0] in ("-h", "--help"):
        write([USAGE])
        return 0 if arguments else 2
    if list(arguments) == ["--batch"]:
        clock = datetime.now(UTC).isoformat()
        for lines in read_lines(partial(os.read, sys.stdin.fileno())):
            write(encode(answer_line(line, clock)) for line in lines)
        return 0
    try:
        found = answer(read_arguments(arguments), datetime.now(UTC).isoformat())
    except BadRequest as error:
        found = bad_request(str(error))
    write([encode(found)])
    return 2 if "error" in found else 0


def read_arguments(arguments: Sequence[str]) -> dict[str, Any]:
    """The request that a command line spells: what follows KIND is the expression, whatever it looks like."""
    request: dict[str, Any] = {}
    rest = iter(arguments)
    for argument in rest:
        name, is_joined, value = argument.partition("=")
        if name in OPTIONS:
            found = value if is_joined else next(rest, None)
            if found is None:
                raise BadRequest(f"{name} needs a value.")
            request[OPTIONS[name]] = read_option(name, found)
        elif argument == "--case-insensitive":
            request["case_sensitive"] = False
        elif "kind" not in request and not argument.startswith("-"):
            request["kind"] = argument
            request["expression"] = next(rest, None)
            if request["expression"] is None:
                raise BadRequest("An expression must follow the kind.")
        else:
            raise BadRequest(f'"{clip(argument)}" is not an option of this command.')
    return request


def read_option(name: str, text: str) -> Any:
    """An option's value: a number for the month, JSON for values, else the text."""
    if name not in ("--fiscal-start-month", "--values"):
        return text
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadRequest(f'{name}: "{clip(text)}" cannot be read.') from error


def answer_line(line: bytes, clock: str) -> dict[str, Any]:
    """The answer to one line of a batch; never raises for what the line holds."""
    try:
        request = json.loads(line.decode("utf-8"))
    except (ValueError, RecursionError):
        return bad_request("The line is not JSON.")
    try:
        return answer(request, clock)
    except BadRequest as error:
        return bad_request(str(error))


def bad_request(message: str) -> dict[str, Any]:
    """The answer to a request that cannot be read."""
    fields = {"code": "bad_request", "position": 0, "length": 0, "expected": [], "suggestion": None}
    return {"error": {**fields, "message": message[:200]}}


def answer(request: Any, clock: str) -> dict[str, Any]:
    """What the expression of a request means, or its error; raises BadRequest."""
    if not isinstance(request, dict):
        raise BadRequest("A request is a JSON object.")
    kind, text = request.get("kind"), request.get("expression")
    if kind not in KINDS:
        raise BadRequest(f"kind is one of {', '.join(KINDS)}.")
    if not isinstance(text, str):
        raise BadRequest("expression is a text.")
    values = request.get("values")
    if not (values is None or isinstance(values, list)):
        raise BadRequest("values is a list.")
    ctx = read_context(request, clock)
    rows = None if values is None else [read_value(kind, value) for value in values]
    try:
        return explain(kind, text, ctx, rows)
    except FilterError as error:
        names = ("code", "position", "length", "expected", "suggestion", "message")
        return {"error": {name: getattr(error, name) for name in names}}


def explain(kind: str, text: str, ctx: Context, rows: Sequence[Any] | None) -> dict[str, Any]:
    """The meaning of an expression: intervals of a date, the predicate on a column x of the others."""
    expression = parse(kind, text)
    found: dict[str, Any] = {"any": expression.any}
    if isinstance(expression, DateExpression):
        dates = expression.resolve(ctx)
        found["intervals"] = [[end and utc_text(end) for end in pair] for pair in dates.intervals]
        found["nulls"] = dates.nulls
        words, late = dates.words(ctx.zone), dates.warnings
    else:
        predicate, parameters = expression.to_sql("x", COLUMN_TYPES[kind], ctx)
        found["predicate"] = predicate
        found["parameters"] = {name: value for name, _, value in parameters}
        words, late = expression.describe(ctx), expression.resolve_warnings(ctx)
    found |= {"canonical": expression.to_text(), "words": words, "warnings": [*expression.warnings, *late]}
    if rows is not None:
        found["keeps"] = [expression.matches(value, ctx) for value in rows]
    return found


def read_context(request: Mapping[str, Any], clock: str) -> Context:
    """The context of a request; without `now` it is the clock of the whole run."""
    defaults = {"now": clock, **DEFAULTS}
    given = {name: request.get(name) for name in defaults}
    parts = [default if given[name] is None else given[name] for name, default in defaults.items()]
    kinds = (str, str, str, int, bool)
    for part, kind in zip(parts, kinds, strict=True):
        if not isinstance(part, kind) or (kind is int and isinstance(part, bool)):
            raise BadRequest(f"{clip(repr(part))} is not a {kind.__name__}.")
    try:
        return make_context(*parts)
    except ValueError as error:
        raise BadRequest(str(error)) from error


@lru_cache(maxsize=4096)
def make_context(now: str, zone: str, week_start: str, fiscal_start_month: int, case_sensitive: bool) -> Context:
    """A context of texts; ValueError where one cannot be read."""
    return Context(datetime.fromisoformat(now), zone, week_start, fiscal_start_month, case_sensitive)


def read_value(kind: str, value: Any) -> Any:
    """A row's value as JSON brings it: dates as ISO text, the others as they are; BadRequest for another type."""
    if value is None:
        return None
    if kind == "date" and isinstance(value, str):
        try:
            return date.fromisoformat(value) if len(value) == 10 else datetime.fromisoformat(value)
        except ValueError as error:
            raise BadRequest(f'"{clip(value)}" is not a date.') from error
    is_list = isinstance(value, list) and all(isinstance(part, str) for part in value)
    is_bool = isinstance(value, bool)
    fits = {
        "string": isinstance(value, str) or is_list,
        "number": isinstance(value, int | float) and not is_bool,
        "yesno": is_bool,
    }
    if not fits.get(kind):
        raise BadRequest(f"{clip(json.dumps(value))} is not a value of kind {kind}.")
    return value


def encode(found: Mapping[str, Any]) -> str:
    """One line of JSON; half a surrogate pair, which is no text, is escaped."""
    text = json.dumps(found, ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError:
        return json.dumps(found)
    return text


def read_lines(read: Callable[[int], bytes]) -> Iterator[list[bytes]]:
    """All complete lines at hand, again and again, so that a caller who waits for an answer gets it."""
    rest = b""
    while chunk := read(1 << 20):
        *lines, rest = (rest + chunk).split(b"\n")
        yield lines
    if rest:
        yield [rest]


def write(lines: Iterable[str]) -> None:
    """Lines to standard output as UTF-8, whatever the locale."""
    sys.stdout.buffer.write("".join(line + "\n" for line in lines).encode())
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
