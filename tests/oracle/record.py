"""Adds queries, one a line on standard input, with Google's answers to tests/warehouse/dialect_more.json.

    python -m tests.oracle.record < queries.txt

A query that is there already is answered anew. A line may be a JSON object {"sql", "parameters", "note"}.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from lib.warehouse.query import Parameter
from tests.oracle import OracleError, execute, plain

FILE = Path(__file__).parent.parent / "warehouse" / "dialect_more.json"
NOTE = "As dialect_cases.json, which see: GoogleSQL queries with the answers of Google's reference engine."


def answer(case: dict) -> dict:
    """The case with its columns and rows, or with the error that the query ends in."""
    asked = {key: case[key] for key in ("sql", "parameters", "note") if key in case}
    parameters = [Parameter(*p) for p in asked.get("parameters", [])]
    try:
        columns, rows = execute(asked["sql"], None, parameters)
    except OracleError as error:
        return {**asked, "error": str(error)}
    types = [kind for _, kind in columns]
    found = [[plain(value, kind) for value, kind in zip(row, types, strict=True)] for row in rows]
    return {**asked, "columns": [list(c) for c in columns], "rows": found}


def write_cases(cases: list[dict], file: Path = FILE) -> None:
    """One case a line, so that a change shows as one line."""
    lines = ",\n".join(json.dumps(case, ensure_ascii=False) for case in cases)
    file.write_text(f'{{"note": {json.dumps(NOTE)},\n"cases": [\n{lines}\n]}}\n')


def main() -> None:
    """Read queries, answer them, write the file."""
    known = {case["sql"]: case for case in json.loads(FILE.read_text())["cases"]} if FILE.exists() else {}
    for line in sys.stdin:
        if text := line.strip():
            case = json.loads(text) if text.startswith("{") else {"sql": text}
            known[case["sql"]] = answer({**known.get(case["sql"], {}), **case})
    write_cases(list(known.values()))


if __name__ == "__main__":
    main()
