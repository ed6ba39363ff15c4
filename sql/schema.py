"""Writes `sql/schema.yaml`: every table's columns and the raw tables and columns behind them (docs/models.md).

python -m sql.schema            write the file
python -m sql.schema --check    say whether it is current (exit status 1 when it is not)
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import yaml
from sqlglot import exp
from sqlmesh import Context
from sqlmesh.core.console import NoopConsole, set_console
from sqlmesh.core.model import Model

from lib.warehouse.kinds import Kind
from lib.warehouse.lineage import NOTHING, Lineage, LineageUnknown, find_kinds, raw_lineage, trace
from sql.config import configuration

FOLDER = Path(__file__).parent
FILE = FOLDER / "schema.yaml"
# It tells about the sources and is none itself: whoever asks whether a day is whole does not read every raw table.
_NO_SOURCE = frozenset({"analytics.freshness", "sourcegraph_analytics.freshness"})
_HEADING = "# Made from the models by `python -m sql.schema`; do not edit.\n"


class _Short(list):
    """A list that is written on one line."""


class _Dumper(yaml.SafeDumper):
    pass


_Dumper.add_representer(_Short, lambda dumper, names: dumper.represent_sequence("tag:yaml.org,2002:seq", names, True))


def describe_tables() -> dict[str, dict]:
    """Per table `dataset.table` its columns with GoogleSQL types, and its raw sources (a raw table's is itself).

    Per model also `needs`, the raw columns that decide its rows; `raw_columns`, those that each column derives from
    beyond these; and `kinds`, raw tables that only rows of one kind come from, with the constants of these rows (rules:
    docs/warehouse, What an export lacks).
    """
    set_console(NoopConsole())
    context = Context(paths=[FOLDER], config=configuration(None, date(2019, 1, 1)))
    try:
        models = {_plain_name(name): model for name, model in context.models.items()}
        traced = _Traced()
        return {
            name: {
                "columns": {column: kind.sql(dialect="bigquery") for column, kind in _columns(model).items()},
                "sources": sorted(_sources(name, models)),
                **({} if model.kind.is_external else _described(name, models, traced)),
            }
            for name, model in sorted(models.items())
        }
    finally:
        context.close()


def text() -> str:
    """The file's content as the models have it now."""
    return _HEADING + yaml.dump(describe_tables(), Dumper=_Dumper, sort_keys=False, width=120)


def main(arguments: list[str] | None = None) -> int:
    """Command line; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m sql.schema", description="Write sql/schema.yaml from the models.")
    parser.add_argument("--check", action="store_true", help="only say whether the file is current")
    wanted = text()
    if not parser.parse_args(arguments).check:
        FILE.write_text(wanted, encoding="utf-8")
        return 0
    if FILE.exists() and FILE.read_text(encoding="utf-8") == wanted:
        return 0
    print("sql/schema.yaml is older than the models. Make it with: python -m sql.schema", file=sys.stderr)
    return 1


def _columns(model: Model) -> dict:
    if not model.columns_to_types:
        raise ValueError(f"{model.name} declares no columns")
    return model.columns_to_types


def _sources(name: str, models: dict[str, Model]) -> set[str]:
    model = models[name]
    if model.kind.is_external:
        return {name}
    parents = {_plain_name(parent) for parent in model.depends_on}
    if name not in _NO_SOURCE:
        parents -= _NO_SOURCE
    return set().union(*(_sources(parent, models) for parent in parents)) if parents else set()


@dataclass
class _Traced:
    """What was found so far: the models' lineages, and per model the kinds of rows with raw tables of their own."""

    lineages: dict[str, Lineage] = field(default_factory=dict)
    kinds: dict[str, Mapping[str, Kind]] = field(default_factory=dict)


def _lineage(name: str, models: dict[str, Model], traced: _Traced) -> Lineage:
    if name in traced.lineages:
        return traced.lineages[name]
    model = models[name]
    if model.kind.is_external:
        traced.lineages[name] = raw_lineage(name, _columns(model))
        return traced.lineages[name]

    def lineage_of(table: str) -> Lineage:
        if table in _NO_SOURCE and name not in _NO_SOURCE:
            return Lineage(NOTHING, dict.fromkeys(_columns(models[table]), NOTHING))
        return _lineage(table, models, traced)

    query = model.render_query(needs_optimization=False)
    if not isinstance(query, exp.Query):
        raise ValueError(f"{name} is no query")
    for parent in model.depends_on:
        lineage_of(_plain_name(parent))
    kinds = {table: kind for found in traced.kinds.values() for table, kind in found.items()}
    try:
        traced.lineages[name] = trace(query, lineage_of, kinds)
        traced.kinds[name] = find_kinds(query, lineage_of)
    except LineageUnknown as error:
        raise ValueError(f"{name}: where its columns come from cannot be told: {error}") from error
    return traced.lineages[name]


def _described(name: str, models: dict[str, Model], traced: _Traced) -> dict:
    lineage = _lineage(name, models, traced)
    behind = {column: _written(names - lineage.rows) for column, names in lineage.columns.items()}
    described = {"needs": _written(lineage.rows), "raw_columns": {key: names for key, names in behind.items() if names}}
    kinds = {table: dict(kind) for table, kind in sorted(traced.kinds[name].items())}
    return {**described, "kinds": kinds} if kinds else described


def _written(names: frozenset[str]) -> _Short:
    """In order; a table's `*` only where none of its columns stands there."""
    tables = {name.rpartition(".")[0] for name in names if not name.endswith(".*")}
    return _Short(sorted(name for name in names if not name.endswith(".*") or name[:-2] not in tables))


def _plain_name(name: str) -> str:
    return ".".join(name.replace('"', "").replace("`", "").split(".")[-2:])


if __name__ == "__main__":
    sys.exit(main())
