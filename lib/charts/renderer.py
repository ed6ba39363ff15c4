"""Charts and drawn pages as SVG, PNG and PDF, made in a process of its own.

The converter keeps the whole interpreter waiting while it draws (some 60 ms a chart), and with it every visitor's
page; so it runs beside the server. Run as a program this file is that process.
"""

from __future__ import annotations

import os
import pickle
import select
import subprocess
import sys
import threading
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO

# It takes 150 MB, so after so long without work it ends; the next picture waits a second for a new one.
IDLE_S = 300.0
PATIENCE_S = 60.0
_ENDED = (OSError, EOFError, pickle.UnpicklingError)


class NotRendered(Exception):
    """The picture could not be drawn; the message is for logs."""


class Renderer:
    """The drawing process as its callers see it: one picture after the other, from any thread."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()

    def chart_svg(self, spec: dict[str, Any]) -> str:
        """A Vega-Lite spec with its data as SVG. Raises `NotRendered`."""
        return self._ask("chart_svg", spec)

    def png(self, svg: str, scale: float) -> bytes:
        """An SVG as PNG, `scale` pixels a unit. Raises `NotRendered`."""
        return self._ask("png", svg, scale)

    def pdf(self, svg: str) -> bytes:
        """An SVG as one PDF page, a point a unit; text stays text. Raises `NotRendered`."""
        return self._ask("pdf", svg)

    def close(self) -> None:
        """End the process; the next picture starts another."""
        with self._lock:
            self._end()

    def _ask(self, kind: str, *given: object) -> Any:
        request = pickle.dumps((kind, *given))
        with self._lock:
            try:
                fine, answer = self._exchange(request)
            except _ENDED:
                # It ended, idle or by force: a new one is asked once.
                self._end()
                try:
                    fine, answer = self._exchange(request)
                except _ENDED as error:
                    self._end()
                    raise NotRendered(f"the drawing process ended: {error}") from error
        if not fine:
            raise NotRendered(str(answer))
        return answer

    def _exchange(self, request: bytes) -> tuple[bool, Any]:
        if self._process is None or self._process.poll() is not None:
            command = [sys.executable, "-P", str(Path(__file__))]
            self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        process = self._process
        assert process.stdin is not None and process.stdout is not None
        # Killed when it hangs: then reading its answer fails.
        alarm = threading.Timer(PATIENCE_S, process.kill)
        alarm.start()
        try:
            process.stdin.write(request)
            process.stdin.flush()
            return pickle.load(process.stdout)
        finally:
            alarm.cancel()

    def _end(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None


@cache
def renderer() -> Renderer:
    """The one drawing process of this server."""
    return Renderer()


def _serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Draw what is asked for until nobody asks any more."""
    import vl_convert

    while select.select([requests], [], [], IDLE_S)[0]:
        try:
            kind, *given = pickle.load(requests)
        except EOFError:
            return
        try:
            if kind == "chart_svg":
                answer: Any = vl_convert.vegalite_to_svg(given[0], allowed_base_urls=[])
            elif kind == "png":
                answer = vl_convert.svg_to_png(given[0], scale=given[1])
            else:
                answer = vl_convert.svg_to_pdf(given[0])
            fine = True
        except Exception as error:
            fine, answer = False, str(error)
        pickle.dump((fine, answer), answers)
        answers.flush()


if __name__ == "__main__":
    # What the converter prints must not fall into the answers.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    _serve(sys.stdin.buffer, answers)
