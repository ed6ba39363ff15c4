"""Docs under test: what can be set or is depended on has its line, and links lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from lib.settings import ROOT, Settings

PAGES = [*sorted((ROOT / "docs").glob("*.md")), ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md"]


@pytest.mark.parametrize("name", list(Settings.model_fields))
def test_each_setting_has_its_row(name: str) -> None:
    table = (ROOT / "docs/operating.md").read_text()
    assert re.search(rf"^\| `BOARDROOM_{name.upper()}` \| [^|]+ \| [^|]+ \|$", table, re.MULTILINE)


def test_no_row_tells_of_a_setting_that_is_gone() -> None:
    told = re.findall(r"^\| `BOARDROOM_(\w+)`", (ROOT / "docs/operating.md").read_text(), re.MULTILINE)
    assert sorted(told) == sorted(name.upper() for name in Settings.model_fields)


@pytest.mark.parametrize("file", ["requirements.txt", "requirements-dev.txt"])
def test_each_dependency_is_pinned_and_explained(file: str) -> None:
    docs = (ROOT / "docs/dependencies.md").read_text()
    lines = [line for line in (ROOT / file).read_text().splitlines() if line and not line.startswith(("#", "-r"))]
    for line in lines:
        match = re.fullmatch(r"([\w.-]+)(\[\w+\])?==[\w.]+", line)
        assert match, f"{line} is not an exact pin"
        assert re.search(rf"\b{re.escape(match[1])}\b", docs), f"{match[1]} has no line in docs/dependencies.md"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text()):
        assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_security_names_tests_that_are_there() -> None:
    named = re.findall(r"`(tests/[\w./]+)`", (ROOT / "docs/security.md").read_text())
    assert len(named) > 20
    assert not [name for name in named if not (ROOT / name).exists()]
