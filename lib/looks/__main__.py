"""`python -m lib.looks list | show ID | run ID …`: looks by the same path as a page, without Streamlit."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from lib.filters import Expression, FilterError, parse
from lib.looks.catalogue import Catalogue, catalogue
from lib.looks.clock import present
from lib.looks.compile import CompiledLook, OptionError, compile_look
from lib.looks.look import LookError
from lib.looks.output import csv_text, json_rows, json_value, plain_table
from lib.settings import settings
from lib.warehouse import open_warehouse
from lib.warehouse.freshness import data_since, data_through
from lib.warehouse.query import (
    Freshness,
    QueryCancelled,
    QueryInvalid,
    QueryRefused,
    QueryTimedOut,
    Result,
    Warehouse,
    WarehouseError,
)

_CODES = {QueryRefused: "refused", QueryTimedOut: "timed_out", QueryCancelled: "cancelled", QueryInvalid: "invalid"}


class Misuse(Exception):
    """An argument that cannot be used; the message says what is expected."""


def main(arguments: Sequence[str]) -> int:
    """Run one command and return its exit status: 0, or 2 with `{"error": …}` on standard output."""
    try:
        return _run_command(_read_arguments(arguments))
    except LookError as error:
        details = {key: getattr(error, key) for key in ("look", "file", "line", "found", "expected")}
        return _fail("look", str(error), **details)
    except FilterError as error:
        details = {key: getattr(error, key) for key in ("position", "length", "expected", "suggestion")}
        details["expected"] = list(details["expected"] or ())
        return _fail(error.code, error.message, **details)
    except OptionError as error:
        return _fail("option", str(error))
    except Misuse as error:
        return _fail("usage", str(error))
    except WarehouseError as error:
        code = next((code for kind, code in _CODES.items() if isinstance(error, kind)), "unavailable")
        construct = getattr(error, "construct", None)
        return _fail(code, str(error), **({"construct": construct} if construct else {}))


def _fail(code: str, message: str, **details: object) -> int:
    print(json.dumps({"error": {"code": code, **details, "message": message}}, ensure_ascii=False))
    return 2


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        raise Misuse(message)


def _read_arguments(arguments: Sequence[str]) -> argparse.Namespace:
    parser = _Parser(prog="python -m lib.looks", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("list", help="all looks")
    show = commands.add_parser("show", help="a look's header and SQL")
    run = commands.add_parser("run", help="a look's rows")
    for command in (show, run):
        command.add_argument("look", metavar="ID")
    run.add_argument("--filter", action="append", default=[], metavar="name=expression")
    run.add_argument("--option", action="append", default=[], metavar="name=value")
    run.add_argument("--now", metavar="ISO")
    run.add_argument("--format", choices=["json", "csv", "table"])
    run.add_argument("--sql", action="store_true", help="print the SQL and its parameters, run nothing")
    return parser.parse_args(arguments)


def _run_command(arguments: argparse.Namespace) -> int:
    known = catalogue()
    if arguments.command == "list":
        return _list_looks(known)
    look = known.look(arguments.look)
    if arguments.command == "show":
        print(json.dumps(look.model_dump(mode="json", exclude={"lines"}), ensure_ascii=False, indent=2))
        return 0
    filters = {name: _parse_filter(known, name, text) for name, text in _pairs(arguments.filter, "--filter")}
    options = dict(_pairs(arguments.option, "--option"))
    now = _read_now(arguments.now) if arguments.now else present(settings())
    warehouse = open_warehouse(settings())
    try:
        fresh = _freshness(warehouse, must_answer=not arguments.sql)
        through, since = data_through(look.sql, fresh), data_since(look.sql, fresh)
        compiled = compile_look(look, filters, options, now, through, known, since)
        if arguments.sql:
            _print_sql(compiled, arguments.format)
            return 0
        result = warehouse.run(compiled.query)
    finally:
        warehouse.close()
    _print_rows(compiled, result, arguments.format or "json")
    return 0


def _freshness(warehouse: Warehouse, must_answer: bool) -> Mapping[str, Freshness]:
    try:
        return warehouse.freshness()
    except WarehouseError:
        if must_answer:
            raise
        return {}


def _list_looks(known: Catalogue) -> int:
    for name in sorted({*known.looks, *known.errors}):
        print(f"{name}\t{known.looks[name].title if name in known.looks else known.errors[name]}")
    return 0


def _pairs(texts: Sequence[str], option: str) -> list[tuple[str, str]]:
    for text in texts:
        if "=" not in text:
            raise Misuse(f"{option} {text}: name=value is expected.")
    pairs = [(name.strip(), value) for name, _, value in (text.partition("=") for text in texts)]
    for name, _ in pairs:
        if [other for other, _ in pairs].count(name) > 1:
            raise Misuse(f"{option} {name} is given twice.")
    return pairs


def _parse_filter(known: Catalogue, name: str, text: str) -> Expression:
    if name not in known.filters:
        raise Misuse(f"There is no filter {name}: {', '.join(known.filters)}.")
    return parse(known.filters[name].kind, text)


def _read_now(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise Misuse(f"--now {text}: a moment such as 2025-11-19T00:00:00Z is expected.") from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC).replace(microsecond=0)


def _parameters(compiled: CompiledLook) -> list[dict[str, object]]:
    return [{"name": p.name, "type": p.type, "value": json_value(p.value)} for p in compiled.query.parameters]


def _print_sql(compiled: CompiledLook, form: str | None) -> None:
    if form == "json":
        print(json.dumps({"sql": compiled.query.sql, "parameters": _parameters(compiled)}, ensure_ascii=False))
        return
    print(compiled.query.sql)
    for parameter in _parameters(compiled):
        print(f"-- @{parameter['name']} {parameter['type']} = {json.dumps(parameter['value'], ensure_ascii=False)}")


def _print_rows(compiled: CompiledLook, result: Result, form: str) -> None:
    if form != "json":
        print(csv_text(result.table) if form == "csv" else plain_table(result.table), end="")
        return
    answer = {
        "columns": [{"name": name, "type": kind} for name, kind in result.columns],
        "rows": json_rows(result.table),
        "data_through": json_value(result.data_through),
        "sql": compiled.query.sql,
        "parameters": _parameters(compiled),
    }
    print(json.dumps(answer, ensure_ascii=False))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
