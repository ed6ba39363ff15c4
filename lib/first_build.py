"""Without a warehouse: the demo is built, once for all visitors, behind a page that shows how far it is."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
from dataclasses import dataclass
from typing import Any

import streamlit as st

from lib.log import log
from lib.settings import ROOT, settings

STOP_SECONDS = 10


@dataclass
class _Build:
    """The one build that this process may have started."""

    process: subprocess.Popen[bytes] | None = None
    failed: bool = False


_build = _Build()
_guard = threading.Lock()


def warehouse_missing() -> bool:
    """Whether no warehouse was ever made here. One that was made and is damaged is not rebuilt behind one's back."""
    return settings().warehouse == "duckdb" and not (settings().warehouse_folder / "current").exists()


def start_build() -> None:
    """Start building the demo warehouse unless this process builds already or its last try failed.

    The builder holds a lock in the warehouse's folder, so that of several processes one builds and the others wait.
    """
    with _guard:
        if _build.process is not None:
            status = _build.process.poll()
            if status is None:
                return
            _build.failed, _build.process = status != 0, None
        if _build.failed or not warehouse_missing():
            return
        log.info("first build started")
        # Its own group: Ctrl-C reaches the server only, which then stops the builder in order.
        _build.process = subprocess.Popen(
            [sys.executable, "-m", "sql.build", "--demo"], cwd=ROOT, start_new_session=True, stdout=sys.stderr
        )


def stop_build() -> None:
    """End a running build when the server ends; what it had begun is never used."""
    with _guard:
        process, _build.process = _build.process, None
    if process is None or process.poll() is not None:
        return
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def show_build() -> None:
    """Draw the page that stands in for every other one until the warehouse is there."""
    _, middle, _ = st.columns([1, 2, 1])
    with middle:
        st.title("Boardroom", anchor=False)
        st.subheader("Building the demo warehouse", anchor=False)
        st.caption("Once, before the first visit. It takes about a minute; this page goes on by itself.")
        _show_progress()


@st.fragment(run_every=1)
def _show_progress() -> None:
    if not warehouse_missing():
        st.rerun(scope="app")
    start_build()
    progress = _read_progress()
    if _build.failed:
        sentence = progress.get("error") or "The build stopped before its end."
        st.error(f"**The warehouse could not be built.** {sentence}", icon=":material/error:")
        if st.button("Try again"):
            _build.failed = False
        return
    share = min(max(float(progress.get("share") or 0), 0), 1)
    st.progress(share, text=f"{progress.get('step') or 'Starting'} … {share:.0%}")
    st.caption(f"{float(progress.get('seconds') or 0):.0f} s")


def _read_progress() -> dict[str, Any]:
    try:
        read = json.loads((settings().warehouse_folder / "progress.json").read_text())
    except (OSError, ValueError):
        return {}
    return read if isinstance(read, dict) else {}
