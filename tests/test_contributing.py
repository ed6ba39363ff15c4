"""CONTRIBUTING.md followed word for word, in a copy of the repository, until its looks stand on its pages."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from lib.settings import ROOT

BLOCK = re.compile(r"(?:^`(?P<file>[^`\n]+)`\n\n)?^```(?P<kind>\w+)\n(?P<text>.*?)^```", re.MULTILINE | re.DOTALL)
COPIED = ("lib", "sql", "pages", "tests", ".streamlit", "Home.py", "pyproject.toml")


@pytest.fixture(scope="module")
def followed(tmp_path_factory: pytest.TempPathFactory, demo_var: Path) -> tuple[Path, dict[str, str], str]:
    """The copy after both recipes, its environment, and what the recipes' commands printed."""
    copy = tmp_path_factory.mktemp("followed")
    for name in COPIED:
        source = ROOT / name
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(source, copy / name, ignore=ignored) if source.is_dir() else shutil.copy(source, copy / name)
    # The reference engine takes half a minute to compile.
    (ROOT / "var" / "cache").mkdir(parents=True, exist_ok=True)
    (copy / "var").mkdir()
    (copy / "var" / "cache").symlink_to(ROOT / "var" / "cache")
    environment = {**os.environ, "BOARDROOM_VAR": str(demo_var), "PYTHONPATH": str(copy)}
    printed = ""
    for block in BLOCK.finditer((ROOT / "CONTRIBUTING.md").read_text()):
        if block["kind"] == "sh":
            for line in block["text"].splitlines():
                words = [sys.executable if word == "python" else word for word in shlex.split(line)]
                done = subprocess.run(words, cwd=copy, env=environment, capture_output=True, text=True, check=False)
                assert done.returncode == 0, done.stdout + done.stderr
                printed += done.stdout
        elif block["file"]:
            place = copy / block["file"]
            before = place.read_text() if place.exists() else ""
            place.write_text(before + block["text"])
    return copy, environment, printed


def test_the_recipes_name_their_files() -> None:
    files = [block["file"] for block in BLOCK.finditer((ROOT / "CONTRIBUTING.md").read_text()) if block["file"]]
    assert [Path(file).suffix for file in files] == [".sql", ".py", ".yaml", ".py"]


def test_running_the_look_prints_its_rows(followed: tuple[Path, dict[str, str], str]) -> None:
    printed = followed[2]
    assert "Customer" in printed
    assert "2025-11-01" in printed


OPEN = """
import sys
from pathlib import Path
from streamlit.testing.v1 import AppTest
import lib.board.board, lib.board.results
from lib.access import Person

somebody = Person(1, "maya@demo.example", "Maya", "viewer")
for module in (lib.board.board, lib.board.results):
    module.require = lambda key: somebody
    module.person_of = lambda key: somebody
lib.board.board.current_key = lambda: "maya"
page = AppTest.from_file(str(Path("pages") / sys.argv[1]), default_timeout=60).run()
assert not page.exception, page.exception
print([element.value for element in page.markdown])
print(len(page.get("vega_lite_chart")), "charts")
"""


@pytest.mark.parametrize(("page", "charts"), [("company_metrics.py", 7), ("deployments.py", 2)])
def test_the_look_stands_on_the_page(followed: tuple[Path, dict[str, str], str], page: str, charts: int) -> None:
    copy, environment, _ = followed
    done = subprocess.run(
        [sys.executable, "-c", OPEN, page], cwd=copy, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "Instances by account type" in done.stdout
    assert f"{charts} charts" in done.stdout


def test_the_worked_example_holds_on_both_engines(followed: tuple[Path, dict[str, str], str]) -> None:
    copy, environment, _ = followed
    chosen = ["tests/looks/test_examples.py", "-k", "instances_by_account_type"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-rA", "-p", "no:cacheprovider", *chosen],
        cwd=copy, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    assert done.stdout.count("PASSED") == 1
