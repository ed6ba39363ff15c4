"""Runs the SQLMesh project on one warehouse file: the first build, refreshes, restated days (docs/models.md)."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlmesh import Context
from sqlmesh.core.console import NoopConsole, get_console, set_console
from sqlmesh.core.snapshot import Snapshot
from sqlmesh.utils.errors import PlanError, SQLMeshError

from sql.config import configuration

FOLDER = Path(__file__).parent
INCREMENTAL = ("analytics.ping_days", "analytics.dotcom_user_days")
LOOKBACK_DAYS = 2
FIRST_DAY = "models_first_day"
# SQLMesh says it in words only: "analytics.ping_days: 'few_bad_numbers' audit error: 3 rows failed."
_AUDIT_WARNING = re.compile(r"(\S+): '(\w+)' audit error: (\d+) rows? failed")


class ModelsFailed(Exception):
    """A model or a blocking audit failed; the views stay as they were. `models` names them, the message says why."""

    def __init__(self, message: str, models: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.models = models


@dataclass(frozen=True)
class Finding:
    """An audit that found rows without stopping the build: something in the raw data that somebody should look at."""

    model: str
    audit: str
    rows: int


def build(
    database: Path,
    start: date,
    execution_time: datetime,
    on_step: Callable[[str, int, int], None] | None = None,
) -> tuple[Finding, ...]:
    """Bring all models of the warehouse file up to `execution_time`, counting from the day `start` on.

    The first call builds everything. A later one computes the days since then and the look-back before them anew and
    rebuilds all else, so that late rows and edited maps, licences and names show. `on_step` is told a model, how many
    batches are done and how many there are. Raises ModelsFailed. No file stays open.
    """
    moment = _utc(execution_time)
    start = _keep_first_day(database, start)
    with _project(database, start, on_step) as (context, console):
        newest = _newest_day(context)
        _apply(context, console, execution_time=moment, run=True)
        left = [name for name in _built_models(context) if name not in console.evaluated]
        if newest is not None and left:
            first = max(min(newest, moment.date()) - timedelta(days=LOOKBACK_DAYS), start)
            _apply(context, console, execution_time=moment, restate_models=left, start=first, end=moment)
        return console.findings


def restate(
    database: Path,
    model: str,
    start: date,
    end: date,
    execution_time: datetime,
    on_step: Callable[[str, int, int], None] | None = None,
) -> tuple[Finding, ...]:
    """Compute days of an incremental model anew, `start` to `end` both included, and all that follows from them."""
    moment = _utc(execution_time)
    with _project(database, _keep_first_day(database, start), on_step) as (context, console):
        _apply(context, console, execution_time=moment, restate_models=[model], start=start, end=end)
        return console.findings


def _keep_first_day(database: Path, start: date) -> date:
    # The models' first day is part of what SQLMesh knows them by: it moves back where older rows come, never forward.
    file = database.parent / FIRST_DAY
    if file.exists():
        start = min(start, date.fromisoformat(file.read_text().strip()))
    file.write_text(f"{start}\n")
    return start


class _Console(NoopConsole):
    """Hears what SQLMesh does; prints nothing."""

    def __init__(self, on_step: Callable[[str, int, int], None] | None) -> None:
        self._on_step = on_step or (lambda model, done, total: None)
        self._done, self._total = 0, 0
        self.evaluated: set[str] = set()
        self._findings: dict[tuple[str, str], Finding] = {}
        self.errors: list[str] = []
        self.failed: list[str] = []

    def start_evaluation_progress(self, batched_intervals: dict[Snapshot, Any], *args: Any, **kwargs: Any) -> None:
        self._done, self._total = 0, sum(len(intervals) for intervals in batched_intervals.values())

    def start_snapshot_evaluation_progress(self, snapshot: Snapshot, audit_only: bool = False) -> None:
        self._on_step(_plain_name(snapshot.name), self._done, self._total)

    def update_snapshot_evaluation_progress(self, snapshot: Snapshot, *args: Any, **kwargs: Any) -> None:
        self._done += 1
        self.evaluated.add(_plain_name(snapshot.name))
        self._on_step(_plain_name(snapshot.name), self._done, self._total)

    def log_failed_models(self, errors: list[Any]) -> None:
        for error in errors:
            node = error.node
            name = node[0] if isinstance(node, tuple) else getattr(node, "snapshot_name", str(node))
            self.failed.append(_plain_name(str(name)))
            self.errors.append(str(error.__cause__ or error))

    def log_error(self, message: str) -> None:
        self.errors.append(message)

    def log_warning(self, short_message: str, long_message: str | None = None) -> None:
        found = _AUDIT_WARNING.search(short_message)
        if not found:
            self.errors.append(long_message or short_message)
            return
        model, audit, rows = _plain_name(found[1]), found[2], int(found[3])
        key = (model, audit)
        before = self._findings.get(key)
        self._findings[key] = Finding(model, audit, rows + (before.rows if before else 0))

    @property
    def findings(self) -> tuple[Finding, ...]:
        return tuple(self._findings.values())

    def loading_start(self, message: str | None = None) -> uuid.UUID:
        return uuid.uuid4()


@contextmanager
def _project(
    database: Path, start: date, on_step: Callable[[str, int, int], None] | None
) -> Iterator[tuple[Context, _Console]]:
    before, console = get_console(), _Console(on_step)
    set_console(console)
    try:
        context = Context(paths=[FOLDER], config=configuration(database, start))
        try:
            yield context, console
        finally:
            context.close()
    except SQLMeshError as error:
        raise ModelsFailed("\n".join([*console.errors, str(error)]), tuple(console.failed)) from error
    finally:
        set_console(before)


def _apply(context: Context, console: _Console, **plan: Any) -> None:
    console.errors.clear()
    try:
        context.plan(
            auto_apply=True, no_prompts=True, skip_tests=True, skip_linter=True, ignore_cron=True, no_diff=True, **plan
        )
    except PlanError as error:
        raise ModelsFailed("\n".join([*console.errors, str(error)]), tuple(console.failed)) from error


def _built_models(context: Context) -> Collection[str]:
    return [_plain_name(name) for name, model in context.models.items() if not model.kind.is_external]


def _newest_day(context: Context) -> date | None:
    """The newest day that was computed before; None on the first build."""
    environment = context.state_reader.get_environment("prod")
    if environment is None:
        return None
    snapshots = context.state_reader.get_snapshots(environment.snapshots)
    ends = [
        snapshot.intervals[-1][1]
        for snapshot in snapshots.values()
        if _plain_name(snapshot.name) in INCREMENTAL and snapshot.intervals
    ]
    return datetime.fromtimestamp(max(ends) / 1000 - 1, UTC).date() if ends else None


def _plain_name(name: str) -> str:
    return ".".join(name.replace('"', "").replace("`", "").split(".")[-2:])


def _utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
