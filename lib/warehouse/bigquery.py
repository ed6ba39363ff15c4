"""The production engine: BigQuery by its official client, one a process, results over REST as Arrow."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, cast

from google.api_core import exceptions
from google.auth.credentials import AnonymousCredentials
from google.cloud import bigquery
from google.cloud.bigquery.retry import DEFAULT_RETRY
from google.oauth2 import service_account

from lib.warehouse import freshness
from lib.warehouse.bigquery_errors import explain, may_try_again
from lib.warehouse.columns import cast_table
from lib.warehouse.labels import job_labels
from lib.warehouse.query import (
    MAX_ROWS,
    Cancellation,
    Freshness,
    Parameter,
    Query,
    QueryCancelled,
    QueryRefused,
    QueryTimedOut,
    Result,
    WarehouseError,
    WarehouseUnavailable,
)
from lib.warehouse.statement import read_statement, require_parameters
from lib.warehouse.words import NO_CREDENTIALS, NO_PROJECT, TOO_LONG, TOO_SLOW, UNWANTED

PAGE_ROWS = 10_000
RETRY_SECONDS = 20.0
HTTP_SECONDS = 15.0
FRESHNESS_SECONDS = 180.0
ATTEMPTS = 2

_GOOGLESQL = {
    "INTEGER": "INT64",
    "FLOAT": "FLOAT64",
    "BOOLEAN": "BOOL",
}


@dataclass
class _Call:
    """One query under way: its worker thread fills `result` or `error`; the waiting thread gives up on its own."""

    query: Query
    ends_at: float
    event: threading.Event = field(default_factory=threading.Event)
    job_id: str = ""
    cancelled: bool = False
    abandoned: bool = False
    result: Result | None = None
    error: WarehouseError | None = None

    @property
    def left(self) -> float:
        return max(0.0, self.ends_at - time.monotonic())

    def cancel(self) -> None:
        self.cancelled = True
        self.event.set()


class BigQueryWarehouse:
    """The production engine. `stamp` is constant: caches live by time, and BigQuery has its own cache behind them.

    `project` runs and pays the queries and is the default project of table names; None takes the credentials' own.
    `endpoint` is for tests: another address of the service, used without credentials.
    """

    engine = "bigquery"
    stamp = "bigquery"

    def __init__(
        self,
        project: str | None = None,
        location: str | None = None,
        endpoint: str | None = None,
        credentials: Path | None = None,
    ) -> None:
        self._project, self._location = project, location
        self._endpoint, self._credentials = endpoint, credentials
        self._lock = threading.Lock()
        self._made: bigquery.Client | None = None
        self._freshness = freshness.FreshnessCache(self._read_freshness, FRESHNESS_SECONDS)

    def run(self, query: Query, cancellation: Cancellation | None = None) -> Result:
        """Run one GoogleSQL SELECT; see the protocol. Raises one of the errors of `query` and nothing else."""
        result = self._run(query, cancellation)
        through: datetime | None = None
        if read_statement(query.sql).tables:
            try:
                through = freshness.data_through(query.sql, self.freshness())
            except WarehouseError:
                through = None
        return Result(
            result.table,
            result.columns,
            result.seconds,
            bytes=result.bytes,
            cache_hit=result.cache_hit,
            data_through=through,
            cut=result.cut,
        )

    def freshness(self, *, anew: bool = False) -> Mapping[str, Freshness]:
        """How new each source is, asked once in a few minutes; empty where the models were never built."""
        return self._freshness.get(anew=anew)

    def close(self) -> None:
        """Close the client's connections."""
        with self._lock:
            if self._made is not None:
                self._made.close()
            self._made = None

    def _read_freshness(self) -> Mapping[str, Freshness]:
        return freshness.ask_freshness(lambda query: self._run(query, None).table)

    def _run(self, query: Query, cancellation: Cancellation | None) -> Result:
        statement = read_statement(query.sql)
        require_parameters(statement, query.parameters)
        call = _Call(query, time.monotonic() + query.deadline_s)
        if cancellation is not None:
            cancellation.on_cancel(call.cancel)
        if not call.cancelled:
            # The client's own waits go up to two minutes on a silent line; nobody on a page waits so long.
            threading.Thread(target=self._work, args=(call,), name="bigquery", daemon=True).start()
        call.event.wait(query.deadline_s)
        if call.result is not None:
            return call.result
        if call.error is not None:
            raise call.error
        call.abandoned = True
        if call.job_id:
            threading.Thread(target=self._cancel_job, args=(call.job_id,), name="bigquery-cancel", daemon=True).start()
        if call.cancelled:
            raise QueryCancelled(UNWANTED)
        raise QueryTimedOut(TOO_SLOW.format(seconds=query.deadline_s))

    def _work(self, call: _Call) -> None:
        try:
            call.result = self._attempts(call)
        except WarehouseError as error:
            call.error = error
        except Exception as error:
            call.error = explain(error, call.query)
            call.error.__cause__ = error
        finally:
            call.event.set()

    def _attempts(self, call: _Call) -> Result:
        client = self._client()
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return self._ask(client, call)
            except exceptions.GoogleAPICallError as error:
                if attempt == ATTEMPTS or call.abandoned or not may_try_again(error):
                    raise
        raise AssertionError("the last attempt returns or raises")

    def _ask(self, client: bigquery.Client, call: _Call) -> Result:
        query, started = call.query, time.monotonic()
        retry = DEFAULT_RETRY.with_timeout(min(RETRY_SECONDS, call.left)).with_delay(initial=0.1, maximum=2.0)
        call.job_id = f"boardroom_{uuid.uuid4()}"
        try:
            job = client.query(
                query.sql,
                job_config=_job_config(query, call.left),
                job_id=call.job_id,
                location=self._location,
                project=self._project,
                retry=retry,
                job_retry=None,
                timeout=HTTP_SECONDS,
            )
        except exceptions.Conflict:
            # The answer to a first try was lost: the id is ours alone, so the job is too.
            found = client.get_job(call.job_id, location=self._location, retry=retry, timeout=HTTP_SECONDS)
            job = cast(bigquery.QueryJob, found)
        if call.abandoned:
            self._cancel_job(call.job_id)
            raise QueryCancelled(UNWANTED)
        limit = MAX_ROWS if query.row_limit is None else min(query.row_limit, MAX_ROWS)
        rows = job.result(
            page_size=min(PAGE_ROWS, limit + 1),
            max_results=None if query.row_limit is None else limit + 1,
            retry=retry,
            job_retry=None,
            # The client takes this for the whole wait, not only for one request of it.
            timeout=call.left + 1.0,
        )
        if query.row_limit is None and (rows.total_rows or 0) > MAX_ROWS:
            raise QueryRefused(TOO_LONG)
        table = rows.to_arrow(create_bqstorage_client=False)
        columns = query.columns or tuple((item.name, googlesql_type(item)) for item in rows.schema)
        return Result(
            table=cast_table(table.slice(0, limit), columns),
            columns=columns,
            seconds=time.monotonic() - started,
            bytes=job.total_bytes_billed,
            cache_hit=bool(job.cache_hit),
            cut=table.num_rows > limit,
        )

    def _cancel_job(self, job_id: str) -> None:
        try:
            self._client().cancel_job(
                job_id,
                project=self._project,
                location=self._location,
                retry=DEFAULT_RETRY.with_timeout(RETRY_SECONDS),
                timeout=HTTP_SECONDS,
            )
        except Exception:
            # Nobody waits for this job; `job_timeout_ms` ends it on the server.
            return

    def _client(self) -> bigquery.Client:
        with self._lock:
            if self._made is None:
                self._made = self._make_client()
            return self._made

    def _make_client(self) -> bigquery.Client:
        if self._endpoint:
            return bigquery.Client(
                project=self._project or "boardroom",
                credentials=AnonymousCredentials(),
                location=self._location,
                client_options={"api_endpoint": self._endpoint},
            )
        try:
            key = self._read_key()
            project = self._project or (key.project_id if key else None)
            return bigquery.Client(project=project, credentials=key, location=self._location)
        except OSError as error:
            # The client raises its plain parent for a project that nothing names.
            raise WarehouseUnavailable(NO_PROJECT if "Project was not" in str(error) else NO_CREDENTIALS) from error
        except ValueError as error:
            raise WarehouseUnavailable(NO_CREDENTIALS) from error

    def _read_key(self) -> service_account.Credentials | None:
        """The service account's key from its file; None where the surroundings give the credentials."""
        if self._credentials is None:
            return None
        return service_account.Credentials.from_service_account_file(
            str(self._credentials), scopes=bigquery.Client.SCOPE
        )


def _job_config(query: Query, seconds: float) -> bigquery.QueryJobConfig:
    config = bigquery.QueryJobConfig(
        labels=job_labels(query.look, query.labels),
        query_parameters=[_parameter(parameter) for parameter in query.parameters],
        use_query_cache=True,
        use_legacy_sql=False,
    )
    config.job_timeout_ms = max(1, int(seconds * 1000))
    if query.budget_bytes is not None:
        config.maximum_bytes_billed = query.budget_bytes
    return config


def _parameter(parameter: Parameter) -> bigquery.ScalarQueryParameter | bigquery.ArrayQueryParameter:
    """The parameter as the client takes it; an array that is not given is an empty one, as on the other engine."""
    kind = parameter.type.strip()
    if kind.upper().startswith("ARRAY"):
        element = kind[kind.index("<") + 1 : kind.rindex(">")].strip().upper()
        values = parameter.value if isinstance(parameter.value, Sequence) else ()
        return bigquery.ArrayQueryParameter(parameter.name, element, list(values))
    return bigquery.ScalarQueryParameter(parameter.name, kind.upper(), cast(Any, parameter.value))


def googlesql_type(item: bigquery.SchemaField) -> str:
    """GoogleSQL's text of a result column's type, from the service's own names."""
    if item.field_type in ("RECORD", "STRUCT"):
        inside = ", ".join(f"{part.name} {googlesql_type(part)}".strip() for part in item.fields)
        kind = f"STRUCT<{inside}>"
    else:
        kind = _GOOGLESQL.get(item.field_type, item.field_type)
    return f"ARRAY<{kind}>" if item.mode == "REPEATED" else kind
