"""A double of BigQuery's REST service: it records each request, answers by script, and plays the known faults.

It knows no SQL. Answers are scripted by a piece of the query's text, or come from a warehouse that is given (the demo's
DuckDB, so that whole boards run against it). As a program, scripted over HTTP while it runs:

    python -m tests.warehouse.double --port 9050 [--warehouse var/warehouse]
    curl -X POST localhost:9050/double/script -d '{"fault": {"kind": "hang", "times": 2}}'
    curl -X POST localhost:9050/double/script -d '{"answer": {"match": "dau_mau", "error": "bytesBilledLimitExceeded"}}'
    curl localhost:9050/double/requests; curl -X POST localhost:9050/double/reset
"""

from __future__ import annotations

import argparse
import json
import re
import socket
import struct
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

from lib.warehouse import Query, Warehouse, WarehouseError
from lib.warehouse.duckdb import DuckDBWarehouse
from tests.warehouse.double_rest import parameters_of, rows_of, schema_fields

STATUS = {
    "accessDenied": 403,
    "billingNotEnabled": 403,
    "quotaExceeded": 403,
    "rateLimitExceeded": 403,
    "responseTooLarge": 403,
    "authError": 401,
    "notFound": 404,
    "duplicate": 409,
    "internalError": 500,
    "backendError": 503,
}
OPERATIONS = ("insert", "query", "get", "results", "cancel")


@dataclass
class Answer:
    """What a query whose text holds `match` gets.

    `incomplete`: so many times `jobComplete: false` first. `slow`: it runs until `release` or a cancel. `error`: the
    job fails for that reason. `page_size`: at most so many rows an answer, the rest by page tokens. `bytes` above the
    request's maximumBytesBilled fails the job, as the service does.
    """

    match: str = ""
    columns: list[tuple[str, str]] = field(default_factory=lambda: [("x", "INT64")])
    rows: list[Any] = field(default_factory=list)
    incomplete: int = 0
    slow: bool = False
    error: str = ""
    message: str = ""
    page_size: int = 0
    bytes: int = 10_485_760
    cache_hit: bool = False


@dataclass
class Fault:
    """What befalls the next `times` requests of an operation (`insert`, `get`, `results`, `cancel`, or any).

    `kind`: `hang` (no answer until release), `reset` (the connection breaks), `lost` (done, but the answer is lost),
    or a reason such as `rateLimitExceeded`, `backendError`, `accessDenied`, `authError`.
    """

    kind: str
    on: str = "any"
    times: int = 1
    message: str = ""


@dataclass
class Request:
    """One recorded request."""

    method: str
    path: str
    operation: str
    query: dict[str, str]
    body: dict[str, Any]


@dataclass
class Job:
    """A job the double holds."""

    id: str
    project: str
    location: str
    configuration: dict[str, Any]
    answer: Answer
    left: int = 0
    done: bool = False
    error: dict[str, str] | None = None
    polls: int = 0


class Double:
    """The service on a port of its own; use as a context manager, or `start` and `close`."""

    def __init__(self, port: int = 0, warehouse: Warehouse | None = None) -> None:
        self.requests: list[Request] = []
        self.warehouse = warehouse
        self._answers: list[Answer] = []
        self._faults: list[Fault] = []
        self._jobs: dict[str, Job] = {}
        self._changed = threading.Condition()
        self._released = False
        self._server = _Server(("127.0.0.1", port), _Handler)
        self._server.double = self
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    @property
    def url(self) -> str:
        """The address to give as the endpoint."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def start(self) -> Double:
        """Serve from a thread."""
        self._thread.start()
        return self

    def close(self) -> None:
        """Let go whatever hangs, and stop."""
        self.release()
        self._server.shutdown()
        self._server.server_close()

    def __enter__(self) -> Double:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.close()

    def answer(self, answer: Answer) -> None:
        """Script an answer; the newest that matches wins."""
        with self._changed:
            self._answers.insert(0, answer)

    def fault(self, fault: Fault) -> None:
        """Script a fault; faults befall in the order given."""
        with self._changed:
            self._faults.append(fault)

    def release(self) -> None:
        """Finish slow jobs and let hanging requests go."""
        with self._changed:
            self._released = True
            self._changed.notify_all()

    def reset(self) -> None:
        """Forget scripts, jobs and requests."""
        self.release()
        with self._changed:
            self.requests, self._answers, self._faults, self._jobs = [], [], [], {}
            self._released = False

    def sent(self, operation: str) -> list[Request]:
        """The recorded requests of one operation."""
        with self._changed:
            return [request for request in self.requests if request.operation == operation]

    def wait_for(self, operation: str, count: int = 1, seconds: float = 10.0) -> bool:
        """Wait until so many requests of the operation have come."""

        def enough() -> bool:
            return sum(request.operation == operation for request in self.requests) >= count

        with self._changed:
            return self._changed.wait_for(enough, seconds)

    # What follows is called by the handler's threads.

    def record(self, request: Request) -> Fault | None:
        """Keep the request and say which fault befalls it."""
        with self._changed:
            self.requests.append(request)
            self._changed.notify_all()
            for fault in self._faults:
                if fault.times > 0 and fault.on in ("any", request.operation):
                    fault.times -= 1
                    return fault
        return None

    def hang(self) -> None:
        """Wait until released."""
        with self._changed:
            self._changed.wait_for(lambda: self._released, 600)

    def insert(self, project: str, job_id: str, location: str, configuration: dict[str, Any]) -> Job | None:
        """Begin a job; None where one of that id is there already."""
        sql = configuration["query"]["query"]
        with self._changed:
            if job_id in self._jobs:
                return None
            scripted = next((answer for answer in self._answers if answer.match in sql), None)
        answer = scripted or self._from_warehouse(configuration["query"]) or Answer()
        job = Job(job_id, project, location, configuration, answer, left=answer.incomplete)
        limit = configuration["query"].get("maximumBytesBilled")
        if answer.error:
            job.error = {"reason": answer.error, "message": answer.message or f"{answer.error}: scripted"}
        elif limit is not None and answer.bytes > int(limit) and not answer.cache_hit:
            message = f"Query exceeded limit for bytes billed: {limit}. {answer.bytes} or higher required."
            job.error = {"reason": "bytesBilledLimitExceeded", "message": message}
        job.done = not answer.slow and job.left == 0
        with self._changed:
            self._jobs[job_id] = job
        return job

    def find(self, job_id: str) -> Job | None:
        """The job of that id."""
        with self._changed:
            return self._jobs.get(job_id)

    def poll(self, job: Job, seconds: float) -> bool:
        """Whether the job is done; waits for a slow one up to `seconds`."""
        with self._changed:
            job.polls += 1
            if job.answer.slow and not job.done:
                self._changed.wait_for(lambda: job.done or self._released, seconds)
                job.done = job.done or self._released
            elif not job.done:
                job.left -= 1
                job.done = job.left < 0
            return job.done

    def cancel(self, job: Job) -> None:
        """End a running job as cancelled."""
        with self._changed:
            if not job.done:
                job.done = True
                job.error = {"reason": "stopped", "message": "Job execution was cancelled: User requested cancellation"}
            self._changed.notify_all()

    def script(self, asked: dict[str, Any]) -> None:
        """Take a script that came over HTTP: {"answer": {…}} or {"fault": {…}}."""
        if "answer" in asked:
            self.answer(Answer(**asked["answer"]))
        if "fault" in asked:
            self.fault(Fault(**asked["fault"]))

    def _from_warehouse(self, query: dict[str, Any]) -> Answer | None:
        if self.warehouse is None:
            return None
        try:
            result = self.warehouse.run(Query(query["query"], parameters_of(query), deadline_s=120))
        except WarehouseError as error:
            return Answer(error="invalidQuery", message=f"{error} {getattr(error, 'detail', '')}")
        columns = [column.to_pylist() for column in result.table.columns]
        return Answer(columns=list(result.columns), rows=[list(row) for row in zip(*columns, strict=True)])


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    double: Double


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    @property
    def double(self) -> Double:
        return cast(_Server, self.server).double

    def log_message(self, format: str, *args: object) -> None:
        """Stay silent."""

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def _serve(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = json.loads(self.rfile.read(length) or b"{}") if length else {}
        address = urlsplit(self.path)
        asked = {key: values[-1] for key, values in parse_qs(address.query).items()}
        if address.path.startswith("/double/"):
            self._control(address.path.removeprefix("/double/"), body)
            return
        operation, project, job_id = self._route(address.path)
        request = Request(self.command, address.path, operation, asked, body)
        fault = self.double.record(request)
        if fault is not None and fault.kind != "lost":
            self._befall(fault)
            return
        status, answer = self._answer(operation, project, job_id, request)
        if fault is not None:
            self._break()
            return
        self._send(status, answer)

    def _route(self, path: str) -> tuple[str, str, str]:
        match = re.fullmatch(r"/bigquery/v2/projects/([^/]+)/(jobs|queries)(?:/([^/]+))?(/cancel)?", path)
        if match is None:
            return "unknown", "", ""
        project, kind, job_id, cancel = match.groups()
        if cancel:
            return "cancel", project, job_id
        if self.command == "POST":
            return ("insert" if kind == "jobs" else "query"), project, ""
        return ("get" if kind == "jobs" else "results"), project, job_id or ""

    def _answer(self, operation: str, project: str, job_id: str, request: Request) -> tuple[int, dict[str, Any]]:
        double = self.double
        if operation == "insert":
            reference = request.body.get("jobReference", {})
            job = double.insert(
                project, reference["jobId"], reference.get("location", "US"), request.body["configuration"]
            )
            if job is None:
                return 409, error_body(409, "duplicate", f"Already Exists: Job {project}:{reference['jobId']}")
            return 200, job_body(job, begun=True)
        job = double.find(job_id)
        if job is None:
            return 404, error_body(404, "notFound", f"Not found: Job {project}:{job_id}")
        if operation == "get":
            return 200, job_body(job)
        if operation == "cancel":
            double.cancel(job)
            return 200, {"kind": "bigquery#jobCancelResponse", "job": job_body(job)}
        done = double.poll(job, min(int(request.query.get("timeoutMs", 10_000)), 10_000) / 1000)
        if not done:
            return 200, {"jobReference": reference_of(job), "jobComplete": False}
        if job.error:
            status = STATUS.get(job.error["reason"], 400)
            return status, error_body(status, job.error["reason"], job.error["message"])
        return 200, results_body(job, request.query)

    def _befall(self, fault: Fault) -> None:
        if fault.kind == "hang":
            self.double.hang()
            self._break()
        elif fault.kind == "reset":
            self._break()
        else:
            status = STATUS.get(fault.kind, 400)
            self._send(status, error_body(status, fault.kind, fault.message or f"{fault.kind}: scripted"))

    def _break(self) -> None:
        self.close_connection = True
        # Linger of zero seconds makes the system send a reset instead of an orderly end.
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()

    def _control(self, what: str, body: dict[str, Any]) -> None:
        double = self.double
        match what:
            case "script":
                double.script(body)
            case "release":
                double.release()
            case "reset":
                double.reset()
            case "requests":
                self._send(200, {"requests": [vars(request) for request in list(double.requests)]})
                return
        self._send(200, {"ok": True})

    def _send(self, status: int, body: dict[str, Any]) -> None:
        text = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=UTF-8")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)


def error_body(status: int, reason: str, message: str) -> dict[str, Any]:
    """An error as the service writes it."""
    details = [{"message": message, "domain": "global", "reason": reason}]
    return {"error": {"code": status, "message": message, "errors": details}}


def reference_of(job: Job) -> dict[str, str]:
    """The job's name."""
    return {"projectId": job.project, "jobId": job.id, "location": job.location}


def job_body(job: Job, begun: bool = False) -> dict[str, Any]:
    """The job resource with state and statistics; one that has just begun is never done yet, as on the service."""
    done = job.done and not begun
    status: dict[str, Any] = {"state": "DONE" if done else "RUNNING"}
    if done and job.error:
        status |= {"errorResult": job.error, "errors": [job.error]}
    billed = "0" if job.answer.cache_hit else str(job.answer.bytes)
    query = {
        "cacheHit": job.answer.cache_hit,
        "totalBytesProcessed": billed,
        "totalBytesBilled": billed,
        "statementType": "SELECT",
        "schema": {"fields": schema_fields(job.answer.columns)},
    }
    return {
        "kind": "bigquery#job",
        "id": f"{job.project}:{job.location}.{job.id}",
        "jobReference": reference_of(job),
        "configuration": {**job.configuration, "jobType": "QUERY"},
        "status": status,
        "statistics": {"creationTime": "1716249600000", "startTime": "1716249600000", "query": query},
    }


def results_body(job: Job, asked: dict[str, str]) -> dict[str, Any]:
    """A page of rows."""
    answer = job.answer
    start = int(asked.get("pageToken") or asked.get("startIndex") or 0)
    size = int(asked["maxResults"]) if "maxResults" in asked else len(answer.rows)
    size = min(size, answer.page_size) if answer.page_size else size
    micros = asked.get("formatOptions.useInt64Timestamp", "").lower() == "true"
    page = answer.rows[start : start + size]
    body: dict[str, Any] = {
        "kind": "bigquery#getQueryResultsResponse",
        "schema": {"fields": schema_fields(answer.columns)},
        "jobReference": reference_of(job),
        "jobComplete": True,
        "totalRows": str(len(answer.rows)),
        "cacheHit": answer.cache_hit,
        "totalBytesProcessed": "0" if answer.cache_hit else str(answer.bytes),
    }
    if page:
        body["rows"] = rows_of(page, answer.columns, micros)
    if start + size < len(answer.rows) and size > 0:
        body["pageToken"] = str(start + size)
    return body


def main() -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(prog="python -m tests.warehouse.double", description=__doc__)
    parser.add_argument("--port", type=int, default=9050)
    parser.add_argument("--warehouse", type=Path, help="answer unscripted queries from this warehouse folder")
    options = parser.parse_args()
    double = Double(options.port, DuckDBWarehouse(options.warehouse.absolute()) if options.warehouse else None)
    with double:
        print(double.url, flush=True)
        try:
            while True:
                time.sleep(3600)
        except KeyboardInterrupt:
            return


if __name__ == "__main__":
    main()
