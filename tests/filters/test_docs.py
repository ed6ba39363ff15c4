"""The page of the language names every form, unit, word, code and setting that the code knows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from lib.filters.links import LOOKER_SETTINGS
from lib.filters.periods import RANKS
from lib.filters.yesno import YESNO_FORMS
from lib.settings import ROOT

PAGE = (ROOT / "docs" / "filters.md").read_text(encoding="utf-8")
CODE = "\n".join(file.read_text(encoding="utf-8") for file in sorted(Path(ROOT / "lib" / "filters").glob("*.py")))
CODES = sorted(set(re.findall(r'(?:Mistake|FilterError)\(\s*"(\w+)"', CODE)))
WARNINGS = ["empty_item", "keyword_case", "leading_not", "nothing_matches", "sub_day_on_date"]


@pytest.mark.parametrize("code", [*CODES, *WARNINGS])
def test_every_code_has_its_line(code: str) -> None:
    assert f"`{code}`" in PAGE


def test_codes_are_found_in_the_source() -> None:
    assert {"expected", "bad_date", "empty_range", "out_of_range", "too_long", "too_many"} <= set(CODES)


@pytest.mark.parametrize("word", [*RANKS, *YESNO_FORMS])
def test_every_unit_and_word_is_named(word: str) -> None:
    assert word in PAGE


def test_every_passed_over_setting_is_named() -> None:
    named = {re.sub(r"[^a-z]", "", name) for name in re.findall(r"`([a-z_]+)`", PAGE)}
    assert named >= LOOKER_SETTINGS
