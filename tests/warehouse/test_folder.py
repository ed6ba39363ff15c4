"""What the warehouse's folder says."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from lib.warehouse.folder import Origin, current_stamp, read_origin, warehouse_file


def test_the_pointer_names_the_stamp(tmp_path: Path) -> None:
    (tmp_path / "current").write_text("20251119-1\n", encoding="utf-8")
    assert current_stamp(tmp_path) == "20251119-1"
    assert warehouse_file(tmp_path, "20251119-1") == tmp_path / "20251119-1" / "warehouse.duckdb"


@pytest.mark.parametrize("text", [None, b"", b"  \n", b"../elsewhere", b"a/b", b"..", b"/etc", b"\xff\xfe"])
def test_a_pointer_that_names_no_folder_is_no_warehouse(tmp_path: Path, text: bytes | None) -> None:
    if text is not None:
        (tmp_path / "current").write_bytes(text)
    assert current_stamp(tmp_path) is None


def test_the_origin_says_what_the_stamp_was_made_from(tmp_path: Path) -> None:
    written = {
        "origin": "export",
        "last_day": "2025-11-18",
        "missing": {"salesforce_data.accounts": "The file is missing."},
        "missing_columns": {"raw.pings.users": "raw.pings: column users is missing."},
        "dialect": "3",
        "later": "ignored",
    }
    (tmp_path / "one").mkdir()
    (tmp_path / "one" / "origin.json").write_text(json.dumps(written), encoding="utf-8")
    expected = Origin(
        "export",
        date(2025, 11, 18),
        {"salesforce_data.accounts": "The file is missing."},
        "3",
        {"raw.pings.users": "raw.pings: column users is missing."},
    )
    assert read_origin(tmp_path, "one") == expected


@pytest.mark.parametrize("text", [None, "", "not json", "[1]", '{"origin": "demo", "last_day": "soon"}'])
def test_an_origin_that_does_not_read_is_unknown(tmp_path: Path, text: str | None) -> None:
    (tmp_path / "one").mkdir()
    if text is not None:
        (tmp_path / "one" / "origin.json").write_text(text, encoding="utf-8")
    assert read_origin(tmp_path, "one") == Origin("")
