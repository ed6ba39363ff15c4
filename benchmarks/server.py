"""A real server of the tracked source tree in a folder of its own, and what its process costs."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from lib.settings import ROOT

START_SECONDS = 120
LEFT_OUT = ("tests/", "docs/", "benchmarks/", ".ci/")
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Server:
    """A running server: its address, its process and what it logged."""

    base: str
    process: subprocess.Popen[bytes]
    log: Path

    def cpu_seconds(self) -> float:
        """CPU time of the server's process since its start, its threads included, as the kernel counts it."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS

    def resident_bytes(self) -> int:
        """Memory of the server's process that is in RAM."""
        for line in Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) * 1024
        raise ProcessLookupError(f"no memory figure of process {self.process.pid}")

    def faults(self) -> int:
        """How many faults the server logged since its start."""
        return self.log.read_text(errors="replace").count('"event": "fault"')


def copy_tracked_tree(target: Path, pages: Mapping[str, str]) -> Path:
    """The files git tracks, as they are now, and more pages (name -> source)."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for name in filter(None, listed.split("\0")):
        source = ROOT / name
        if name.startswith(LEFT_OUT) or not source.is_file():
            continue
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, target / name)
    for name, source in pages.items():
        (target / "pages" / f"{name}.py").write_text(source, encoding="utf-8")
    return target


@contextmanager
def serving(tree: Path, var: Path) -> Iterator[Server]:
    """A server of that tree as `make run` starts it, on a free port, until the end of the block."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    given = {name: value for name, value in os.environ.items() if not name.startswith(("BOARDROOM_", "STREAMLIT_"))}
    given |= {"BOARDROOM_VAR": str(var), "BOARDROOM_PORT": str(port)}
    log = var / f"server-{port}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "lib.serve"], cwd=tree, env=given, stdout=output, stderr=output
        )
    server = Server(f"http://127.0.0.1:{port}", process, log)
    try:
        _wait_until_up(server)
        yield server
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_until_up(server: Server) -> None:
    deadline = time.monotonic() + START_SECONDS
    while server.process.poll() is None and time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{server.base}/healthz", timeout=5) as answer:
                if answer.status == 200:
                    return
        except (OSError, urllib.error.URLError):
            time.sleep(0.2)
    raise RuntimeError(f"The server did not start:\n{server.log.read_text(errors='replace')}")
