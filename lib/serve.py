"""What `make run` runs: looks at the machine, builds the demo warehouse if there is none, then serves."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from types import FrameType

import click
from pydantic import ValidationError
from streamlit.web import cli

from lib.settings import ROOT, Settings, settings, wrong_settings
from lib.warehouse.folder import current_stamp, read_origin

LEAST_FREE_BYTES = 200 * 1024**2


class NotServed(Exception):
    """Why the server does not start, as one sentence."""


def main() -> int:
    """Check, build, serve; returns the exit status."""
    try:
        given = settings()
        check_disk(given)
        check_port(given.host, given.port)
        if demo_due(given):
            status = build_demo()
            if status:
                return status
    except ValidationError as error:
        print(wrong_settings(error), file=sys.stderr)
        return 1
    except NotServed as error:
        print(f"Boardroom did not start. {error}", file=sys.stderr)
        return 1
    serve(given)
    return 0


def check_port(host: str, port: int) -> None:
    """Raise NotServed when nothing can listen there."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except OSError:
        raise NotServed(f"BOARDROOM_HOST={host} is no address of this machine.") from None
    with socket.socket(family, kind, protocol) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(address)
        except PermissionError:
            raise NotServed(f"Port {port} needs more rights. Choose one above 1023: BOARDROOM_PORT=8501.") from None
        except OSError:
            raise NotServed(
                f"Port {port} is taken. Stop what listens there, or choose another: BOARDROOM_PORT={port + 1}."
            ) from None


def check_disk(given: Settings) -> None:
    """Raise NotServed when the folder of generated files cannot be written."""
    try:
        given.var.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(given.var).free
    except OSError as error:
        raise NotServed(f"{given.var} cannot be written: {error.strerror}.") from None
    if not os.access(given.var, os.W_OK):
        raise NotServed(f"{given.var} cannot be written by this user.")
    if free < LEAST_FREE_BYTES:
        raise NotServed(f"The disk of {given.var} is full: {free // 1024**2} MB are free, 200 MB are needed.")


def demo_due(given: Settings) -> bool:
    """Whether the demo warehouse must be built first: none is there, or one of other models or translation of SQL."""
    if given.warehouse != "duckdb":
        return False
    if not (given.warehouse_folder / "current").exists():
        return True
    stamp = current_stamp(given.warehouse_folder)
    origin = read_origin(given.warehouse_folder, stamp) if stamp else None
    return origin is not None and origin.origin == "demo" and not origin.is_of_today


def build_demo() -> int:
    """Build it, with progress in this terminal; the builder's exit status."""
    print("Building the demo warehouse. This happens once and takes about a minute.", flush=True)

    def pass_on(number: int, _frame: FrameType | None) -> None:
        # Ctrl-C reaches the builder by itself; it stops in order, and we wait for it.
        if number == signal.SIGTERM:
            builder.terminate()

    before = {number: signal.signal(number, lambda *_: None) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        builder = subprocess.Popen([sys.executable, "-m", "sql.build", "--demo"], cwd=ROOT)
        signal.signal(signal.SIGTERM, pass_on)
        return builder.wait()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def serve(given: Settings) -> None:
    """Serve until a signal ends it: `streamlit run Home.py`, in this process, so that nothing is left behind."""
    host = f"[{given.host}]" if ":" in given.host else given.host
    try:
        print(f"Boardroom: {given.address or f'http://{host}:{given.port}'}", flush=True)
    except OSError:
        # The disk of the log is full; what Streamlit prints next must not stop the start.
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
    os.chdir(ROOT)
    place = [f"--server.address={given.host}", f"--server.port={given.port}", "--server.headless=true"]
    with suppress(KeyboardInterrupt, click.Abort):  # Ctrl-C is how one stops it, and no failure
        cli.main(["run", "Home.py", *place], prog_name="streamlit", standalone_mode=False)


if __name__ == "__main__":
    sys.exit(main())
