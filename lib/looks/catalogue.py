"""All looks of `sql/looks/`, checked, with the filters they may use; edits of a file show at the next call."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path

import yaml

from lib.filters import FilterDefinition
from lib.looks.check import check_statement, filter_types
from lib.looks.header import Header, complete_look, read_header
from lib.looks.look import Look, LookError
from lib.settings import ROOT
from lib.warehouse.schema import SCHEMA_FILE

LOOKS_FOLDER = ROOT / "sql" / "looks"


@dataclass(frozen=True)
class Catalogue:
    """Looks that can be shown, by id; the mistake of each one that cannot; the filters, by name."""

    looks: Mapping[str, Look]
    errors: Mapping[str, LookError]
    filters: Mapping[str, FilterDefinition]
    column_types: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def look(self, name: str) -> Look:
        """The look of that id; raises its LookError when it is broken or does not exist."""
        if name in self.errors:
            raise self.errors[name]
        if name not in self.looks:
            near = get_close_matches(name, self.looks, 1)
            expected = f"{near[0]}, or another" if near else "a name"
            raise LookError(name, f"sql/looks/{name}.sql", 1, "no such file", f"{expected} of python -m lib.looks list")
        return self.looks[name]

    def numbers_of_looks(self) -> Iterator[tuple[str, str, str]]:
        """Each number of the old tool that a look claims: number, board, and who says so."""
        for look in self.looks.values():
            for number in look.looker:
                yield number, look.board, look.file


def catalogue(folder: Path = LOOKS_FOLDER) -> Catalogue:
    """All looks below `folder`. A broken look stands in `errors` and stops nothing else.

    A broken `filters.yaml` raises LookError, since no look can be trusted without it.
    Read anew when a file's time or size changes; otherwise the same object is handed out.
    """
    files = [*sorted(folder.rglob("*.sql")), folder / "filters.yaml", SCHEMA_FILE]
    return _read(folder, tuple((file, *_state(file)) for file in files))


def check_catalogue(found: Catalogue, pages: Mapping[str, Sequence[str]] | None = None) -> dict[str, str]:
    """Where old numbers lead (`look 1521` -> `company_metrics`), by looks and by `pages` (page key -> its numbers).

    For the start and CI: raises the first LookError of a broken look, or that of a number claimed twice.
    """
    for error in found.errors.values():
        raise error
    claims = [*found.numbers_of_looks()]
    claims += [(number, page, f"pages/{page}.py") for page, numbers in (pages or {}).items() for number in numbers]
    leads: dict[str, tuple[str, str]] = {}
    for number, page, file in claims:
        if number in leads:
            raise LookError(page, file, 1, f"{number} claimed here and by {leads[number][1]}", "each number once")
        leads[number] = (page, file)
    return {number: page for number, (page, _) in leads.items()}


def _state(file: Path) -> tuple[int, int]:
    try:
        found = file.stat()
    except FileNotFoundError:
        return 0, 0
    return found.st_mtime_ns, found.st_size


@lru_cache(maxsize=4)
def _read(folder: Path, files: tuple[tuple[Path, int, int], ...]) -> Catalogue:
    definitions = read_filters(folder / "filters.yaml")
    looks: dict[str, Look] = {}
    errors: dict[str, LookError] = {}
    types: dict[str, dict[str, str]] = {}
    sharing: dict[str, Header] = {}
    for file, *_ in files:
        if file.suffix != ".sql":
            continue
        name = file.relative_to(folder).with_suffix("").as_posix()
        try:
            header = read_header(file.read_text("utf-8"), name, f"sql/looks/{name}.sql")
            if header.rows_of is not None:
                sharing[name] = header
                continue
            look = complete_look(header)
            types[name] = filter_types(look, definitions)
            check_statement(look)
            looks[name] = look
        except LookError as error:
            errors[name] = error
        except UnicodeDecodeError:
            errors[name] = LookError(name, f"sql/looks/{name}.sql", 1, "text that is not UTF-8", "UTF-8")
    shared: dict[str, Look] = {}
    for name, header in sharing.items():
        try:
            other = _other_look(header, looks, errors, sharing)
            shared[name] = complete_look(header, other)
            types[name] = types[other.id]
        except LookError as error:
            errors[name] = error
    looks = dict(sorted({**looks, **shared}.items()))
    known = looks.keys() | errors.keys()
    for look in list(looks.values()):
        for key, other in (("drill", look.drill), ("trend", look.trend)):
            if other is not None and other not in known:
                errors[look.id] = look.error(key, f"the look {other}", f"one of {', '.join(sorted(known))}")
                looks.pop(look.id, None)
        rows = looks.get(look.drill or "")
        if rows is not None and (left := [name for name in look.filters if name not in rows.filters]):
            errors[look.id] = look.error("drill", f"{rows.id}, which does not follow {', '.join(left)}", "rows that do")
            looks.pop(look.id, None)
    return Catalogue(looks, errors, definitions, types)


def _other_look(
    header: Header, looks: Mapping[str, Look], errors: Mapping[str, LookError], sharing: Mapping[str, Header]
) -> Look:
    name = str(header.rows_of)
    if name in looks:
        return looks[name]
    if name in sharing:
        raise header.error("rows_of", f"the look {name}, which has no SELECT of its own", "a look with a SELECT")
    if name in errors:
        raise header.error("rows_of", f"the look {name}, which is broken", f"that mended: {errors[name]}")
    raise header.error("rows_of", f"the look {name}", f"one of {', '.join(sorted(looks))}")


def read_filters(file: Path) -> dict[str, FilterDefinition]:
    """The filters of `filters.yaml` by name; raises LookError, since no look can be trusted without them."""
    path = f"sql/looks/{file.name}"
    try:
        entries = yaml.safe_load(file.read_text("utf-8"))
        return {name: FilterDefinition(name=name, **entry) for name, entry in entries.items()}
    except FileNotFoundError:
        raise LookError("", path, 1, "no such file", "the definitions of all filters") from None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise LookError("", path, line, error.problem or "broken YAML", "name: {label: …, kind: …}") from None
    except (TypeError, ValueError, AttributeError) as error:
        raise LookError("", path, 1, str(error), "name: {label: …, kind: …}") from None
