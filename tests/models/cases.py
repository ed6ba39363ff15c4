"""The models' worked examples (`sql/tests/test_*.yaml`) and the project they belong to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from sqlmesh import Context
from sqlmesh.core.console import NoopConsole, set_console

from sql.config import configuration
from sql.project import FOLDER


@dataclass(frozen=True)
class Case:
    """One worked example: `name` within the file `path`, `body` as written there."""

    path: Path
    name: str
    body: dict[str, Any]

    @property
    def id(self) -> str:
        return f"{self.path.stem.removeprefix('test_')}-{self.name}"


def cases() -> list[Case]:
    """All worked examples, by file and in the order they are written."""
    return [
        Case(path, name, body)
        for path in sorted((FOLDER / "tests").glob("*.yaml"))
        for name, body in yaml.safe_load(path.read_text(encoding="utf-8")).items()
    ]


@cache
def project() -> Context:
    """The project with an empty DuckDB in memory; one a process."""
    set_console(NoopConsole())
    return Context(paths=[FOLDER], config=configuration(None, date(2019, 1, 1)))


def table_name(fully_qualified: str) -> str:
    """`dataset.table` of SQLMesh's name with catalog and quotes."""
    return ".".join(fully_qualified.replace('"', "").replace("`", "").split(".")[-2:])
