"""A real server of a test's own, and visits to its pages over the websocket as a browser makes them."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect

from lib.settings import ROOT
from lib.warehouse.dialect import VERSION
from lib.warehouse.folder import models_digest

START_SECONDS, VISIT_SECONDS = 90, 60
BARE = ("-m", "streamlit", "run", "Home.py")
MADE = ("-m", "lib.serve")


@dataclass(frozen=True)
class Answer:
    """What a route answered."""

    status: int
    headers: dict[str, str]
    text: str


@dataclass(frozen=True)
class Server:
    """A running server: its address and what it wrote."""

    base: str
    process: subprocess.Popen[bytes]
    output: Path

    def get(self, path: str, cookie: str | None = None, **headers: str) -> Answer:
        """Ask for one path as a page of ours does, without following redirects."""
        headers = {"Sec-Fetch-Site": "same-origin", **headers}
        if cookie:
            headers["Cookie"] = f"boardroom_session={cookie}"
        request = urllib.request.Request(self.base + path, headers=headers)
        try:
            with urllib.request.build_opener(_Stay).open(request, timeout=VISIT_SECONDS) as found:
                return Answer(
                    found.status,
                    {k.lower(): v for k, v in found.headers.items()},
                    found.read().decode(errors="replace"),
                )
        except urllib.error.HTTPError as error:
            headers = {k.lower(): v for k, v in error.headers.items()}
            return Answer(error.code, headers, error.read().decode(errors="replace"))

    @contextmanager
    def connected(self, cookie: str | None = None) -> Iterator[ClientConnection]:
        """The websocket of a tab, signed in by a cookie."""
        headers = {"Cookie": f"boardroom_session={cookie}"} if cookie else {}
        address = self.base.replace("http", "ws") + "/_stcore/stream"
        # Without a limit to its queue a tab that is closed in mid-run hears the answer to its goodbye at once.
        limits = {"max_size": None, "max_queue": None}
        with connect(address, subprotocols=["streamlit"], additional_headers=headers, **limits) as socket:  # pyright: ignore
            yield socket

    def visit(self, page: str, cookie: str | None = None) -> list[str]:
        """Open a page as a browser does; the elements that it drew, as text."""
        drawn: list[str] = []
        with self.connected(cookie) as browser:
            opened = BackMsg()
            opened.rerun_script.page_name = page
            browser.send(opened.SerializeToString())
            while True:
                message = ForwardMsg()
                message.ParseFromString(browser.recv(timeout=VISIT_SECONDS))  # pyright: ignore
                if message.WhichOneof("type") == "delta" and message.delta.HasField("new_element"):
                    drawn.append(str(message.delta.new_element))
                if message.WhichOneof("type") == "script_finished" and not message.script_finished:
                    return drawn


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


@contextmanager
def serving(var: Path, how: Sequence[str], tree: Path = ROOT, **environment: str) -> Iterator[Server]:
    """A server of the source tree, started by `MADE` or `BARE`, until the end of the block."""
    port = free_port()
    output = var / f"server-{port}.log"
    given = {name: value for name, value in os.environ.items() if not name.startswith(("BOARDROOM_", "STREAMLIT_"))}
    given |= {"BOARDROOM_VAR": str(var), "BOARDROOM_PORT": str(port), "PYTHONDONTWRITEBYTECODE": "1", **environment}
    command = [sys.executable, *how, *([f"--server.port={port}"] if how == BARE else [])]
    with output.open("wb") as log:
        process = subprocess.Popen(command, cwd=tree, env=given, stdout=log, stderr=log)
    server = Server(f"http://127.0.0.1:{port}", process, output)
    try:
        _wait_until_up(server)
        yield server
    finally:
        process.terminate()
        process.wait(30)


def put_warehouse(var: Path, origin: str = "demo") -> None:
    """A warehouse that counts as built; it holds nothing, and a query of it fails."""
    folder = var / "warehouse"
    (folder / "stamp").mkdir(parents=True, exist_ok=True)
    (folder / "stamp" / "warehouse.duckdb").touch()
    (folder / "stamp" / "origin.json").write_text(
        json.dumps({"origin": origin, "dialect": VERSION, "models": models_digest()})
    )
    (folder / "current").write_text("stamp")


def copy_tree(target: Path) -> Path:
    """The source tree as it is now, to add pages to."""
    for name in ("lib", "pages", "sql", ".streamlit"):
        shutil.copytree(ROOT / name, target / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "Home.py", target)
    return target


def free_port() -> int:
    """A port on which nothing listens at this moment."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def _wait_until_up(server: Server) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if server.process.poll() is not None:
            break
        try:
            if server.get("/healthz").status in (200, 503):
                return
        except OSError:
            time.sleep(0.1)  # it is still starting
    raise AssertionError(f"the server did not start: {server.output.read_text()}")
