"""How far a build is, for the terminal and for the first visitor's page."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from types import TracebackType


class BuildError(Exception):
    """Why nothing was built, as one sentence for the terminal and the first visitor."""


class Progress:
    """Steps with their share of the whole: a line in the terminal, `progress.json` for the page.

    The file holds {"step", "share" (0 to 1), "seconds", "error" (sentence or null)} and is gone after success.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._started = time.monotonic()
        self._drawn_step = ""
        self._terminal = sys.stdout.isatty()

    def __enter__(self) -> Progress:
        self.step("Starting", 0.0)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            self._file.unlink(missing_ok=True)
        else:
            # Only sentences written for people reach the page; anything else may hold paths or SQL.
            known = isinstance(error, BuildError)
            self._write("Stopped", 0.0, str(error) if known else "The build stopped; the terminal says why.")
        if self._terminal and self._drawn_step:
            print()

    def step(self, text: str, share: float) -> None:
        """Say what is being done and which share of the whole (0 to 1) lies behind."""
        seconds = time.monotonic() - self._started
        self._write(text, share, None)
        if self._terminal:
            filled = round(share * 24)
            bar = "█" * filled + "·" * (24 - filled)
            print(f"\r\x1b[K{bar} {share:4.0%}  {seconds:3.0f} s  {text}"[:118], end="", flush=True)
        elif text != self._drawn_step:
            print(f"{share:4.0%}  {seconds:3.0f} s  {text}", flush=True)
        self._drawn_step = text

    def note(self, sentence: str) -> None:
        """Print a sentence that stays."""
        print(("\r\x1b[K" if self._terminal else "") + sentence, flush=True)

    def finish(self) -> None:
        """Say that all is done and how long it took."""
        self.step("The warehouse is ready", 1.0)

    def _write(self, step: str, share: float, error: str | None) -> None:
        state = {"step": step, "share": share, "seconds": time.monotonic() - self._started, "error": error}
        part = self._file.with_suffix(f".{os.getpid()}")
        part.write_text(json.dumps(state))
        part.replace(self._file)
