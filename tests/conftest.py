"""What all tests share: one small demo warehouse a run, built once however many workers ask for it."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from pathlib import Path

import pytest

from lib.settings import ROOT, Settings

SMALL = 0.1
# In a process of its own: SQLMesh changes the SQL parser of whatever process imports it (@name is no parameter there).
BUILD = """
import sys
from pathlib import Path
from sql.build import build
from sql.progress import Progress
folder = Path(sys.argv[1])
with Progress(folder / "progress.json") as progress:
    build(folder, None, progress, demo_scale=float(sys.argv[2]))
"""

pytest_plugins = ["tests.databases"]


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all workers of this run see."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base


@pytest.fixture(scope="session")
def demo_var(shared_folder: Path) -> Path:
    """A var folder with the demo warehouse at a tenth of its size, all quirks included; never write to it."""
    var = shared_folder / "demo-var"
    folder = var / "warehouse"
    folder.mkdir(parents=True, exist_ok=True)
    with (shared_folder / "demo.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "current").exists():
            subprocess.run([sys.executable, "-c", BUILD, str(folder), str(SMALL)], cwd=ROOT, check=True)
    return var


@pytest.fixture(scope="session")
def demo_settings(demo_var: Path) -> Settings:
    """Settings that point at the small demo warehouse."""
    return Settings(var=demo_var)
