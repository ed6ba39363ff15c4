"""Command line: `python -m lib.warehouse run` sends one GoogleSQL query to the configured engine, by the app's path."""

from __future__ import annotations

import argparse
import json
import logging
import sys
from pathlib import Path
from typing import Any, TextIO

from pydantic import ValidationError

from lib.settings import settings
from lib.warehouse import (
    Parameter,
    Query,
    QueryCancelled,
    QueryInvalid,
    QueryRefused,
    QueryTimedOut,
    Warehouse,
    WarehouseError,
    WarehouseUnavailable,
    open_warehouse,
)
from lib.warehouse.rows import csv_text, json_result, table_text

DEADLINE_S = 300.0
CODES: dict[type[WarehouseError], str] = {
    QueryRefused: "refused",
    QueryTimedOut: "timed_out",
    QueryCancelled: "cancelled",
    WarehouseUnavailable: "unavailable",
    QueryInvalid: "invalid",
}


def main(arguments: list[str] | None = None) -> int:
    """Run what the arguments say; exit status 2 for a query that did not end in rows."""
    options = _parser().parse_args(arguments)
    # The parser's notes about other dialects are no news for somebody at a terminal.
    logging.getLogger("sqlglot").setLevel(logging.ERROR)
    try:
        warehouse = open_warehouse(settings())
    except ValidationError as error:
        return _fail({"code": "bad_settings", "message": _settings_sentence(error)})
    except WarehouseError as error:
        return _fail(describe_error(error))
    try:
        if options.batch:
            return run_batch(warehouse, sys.stdin, sys.stdout)
        return _run_one(warehouse, options)
    finally:
        warehouse.close()


def run_batch(warehouse: Warehouse, lines: TextIO, out: TextIO) -> int:
    """Answer each line `{"sql", "parameters"?, "columns"?}` by one line, in order; always 0.

    `parameters` is a list of [name, GoogleSQL type, value]; `columns` one of [name, type], to cast to.
    """
    for line in lines:
        if line.strip():
            out.write(json.dumps(_answer(warehouse, line), ensure_ascii=False) + "\n")
            out.flush()
    return 0


def describe_error(error: WarehouseError) -> dict[str, Any]:
    """The error as JSON: its code, its sentence, the construct to blame and the engine's words where it has them."""
    code = next((code for kind, code in CODES.items() if isinstance(error, kind)), "error")
    described: dict[str, Any] = {"code": code, "message": str(error)}
    if isinstance(error, QueryRefused):
        described["construct"] = error.construct
    if isinstance(error, QueryInvalid) and error.detail:
        described["detail"] = error.detail
    return described


def _answer(warehouse: Warehouse, line: str) -> dict[str, Any]:
    try:
        asked = json.loads(line)
        query = Query(
            sql=str(asked["sql"]),
            parameters=tuple(Parameter(name, kind, value) for name, kind, value in asked.get("parameters") or ()),
            columns=tuple((name, kind) for name, kind in asked.get("columns") or ()),
            deadline_s=DEADLINE_S,
        )
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        return {"error": {"code": "bad_request", "message": f'Each line is {{"sql": text}}: {error}'}}
    try:
        return json_result(warehouse.run(query))
    except WarehouseError as error:
        return {"error": describe_error(error)}


def _run_one(warehouse: Warehouse, options: argparse.Namespace) -> int:
    try:
        sql = _read_sql(options)
    except (OSError, UnicodeDecodeError) as error:
        return _fail({"code": "bad_request", "message": f"The file does not read: {error}"})
    try:
        result = warehouse.run(Query(sql, deadline_s=DEADLINE_S))
    except WarehouseError as error:
        return _fail(describe_error(error))
    match options.format:
        case "csv":
            sys.stdout.write(csv_text(result))
        case "table":
            sys.stdout.write(table_text(result))
        case _:
            sys.stdout.write(json.dumps(json_result(result), ensure_ascii=False) + "\n")
    return 0


def _read_sql(options: argparse.Namespace) -> str:
    if options.sql is not None:
        return options.sql
    return options.file.read_text(encoding="utf-8") if options.file else sys.stdin.read()


def _fail(error: dict[str, Any]) -> int:
    sys.stdout.write(json.dumps({"error": error}, ensure_ascii=False) + "\n")
    return 2


def _settings_sentence(error: ValidationError) -> str:
    return "; ".join(f"BOARDROOM_{'_'.join(map(str, e['loc'])).upper()}: {e['msg']}" for e in error.errors())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m lib.warehouse", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    run = commands.add_parser("run", help="run one SELECT, from --sql, a file, or standard input")
    run.add_argument("file", nargs="?", type=Path, help="a file with the SQL")
    run.add_argument("--sql", help="the SQL itself")
    run.add_argument("--format", choices=["json", "csv", "table"], default="json")
    run.add_argument("--batch", action="store_true", help='read lines {"sql": …}, answer each by one line')
    return parser


if __name__ == "__main__":
    sys.exit(main())
