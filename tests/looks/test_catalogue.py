"""All looks together: which stand, which are broken, what old numbers lead to, and that edits show."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from lib.looks import LookError, catalogue, check_catalogue
from lib.looks.catalogue import LOOKS_FOLDER

SOUND = (Path(__file__).parent / "sound_look.sql").read_text("utf-8")
FILTERS = (LOOKS_FOLDER / "filters.yaml").read_text("utf-8")
ROWS = (LOOKS_FOLDER / "company_metrics" / "instance_months.sql").read_text("utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one sound look and the rows behind it."""
    (tmp_path / "company_metrics").mkdir()
    (tmp_path / "filters.yaml").write_text(FILTERS)
    (tmp_path / "company_metrics" / "dau_mau.sql").write_text(SOUND)
    (tmp_path / "company_metrics" / "instance_months.sql").write_text(ROWS)
    return tmp_path


def write(folder: Path, name: str, text: str) -> None:
    path = folder / "company_metrics" / f"{name}.sql"
    path.write_text(text)
    os.utime(path, ns=(path.stat().st_mtime_ns + 10**9,) * 2)


def test_all_looks_of_the_repository_stand():
    found = catalogue()
    leads = check_catalogue(found)
    assert not found.errors
    assert {f"look {number}": "company_metrics" for number in (1519, 1520, 1521, 1522)}.items() <= leads.items()
    headlines = (
        "daily_users",
        "weekly_users",
        "monthly_users",
        "dau_mau_latest",
        "seat_consumption",
        "latest_version_share",
    )
    for name in headlines:
        assert found.looks[f"company_metrics/{name}"].chart.kind == "counter"


def test_labels_and_captions_fit_their_places():
    for look in catalogue().looks.values():
        assert len(look.title) <= 40
        assert len(re.sub(r"\{\w+\}", "Oct 2025", look.caption)) <= 70
        assert look.chart.kind != "counter" or 0 < len(look.label) <= 17


def test_rows_looks_keep_what_marks_are_told_apart_by():
    known = catalogue()
    for look in known.looks.values():
        if look.drill:
            rows = known.look(look.drill)
            needed = {name for name in (look.chart.x, look.chart.series) if name and name != look.time_column}
            for name in (*look.chart.y, *needed):
                needed |= look.columns[name].rows.keys()
            assert needed <= rows.columns.keys(), look.id
            assert set(look.filters) <= set(rows.filters), look.id


def test_a_broken_look_stops_itself_only(folder):
    write(folder, "broken", SOUND.replace("kind: line", "kind: pie"))
    found = catalogue(folder)
    assert set(found.looks) == {"company_metrics/dau_mau", "company_metrics/instance_months"}
    assert found.errors["company_metrics/broken"].line == 12
    with pytest.raises(LookError, match=r"broken\.sql, line 12"):
        found.look("company_metrics/broken")
    with pytest.raises(LookError, match=r"broken\.sql, line 12"):
        check_catalogue(found)
    with pytest.raises(LookError, match=r"dau\.sql, line 1: found no such file; expected company_metrics/dau_mau"):
        found.look("company_metrics/dau")


@pytest.mark.parametrize(
    ("change", "to", "line", "found", "expected"),
    [
        ("account_name: account_key", "account_nam: account_key", 11, "account_nam", "account_name"),
        ("account_name: account_key", "account_name: accountkey", 11, "accountkey", "analytics.instance_months"),
        ("account_name: account_key", "account_name: pings", 11, "INT64", "STRING"),
        ("date: month", "date: account_key", 11, "STRING", "DATE"),
        (
            "FROM analytics.instance_months",
            "FROM analytics.instance_month",
            17,
            "analytics.instance_month",
            "sql/schema.yaml",
        ),
        ("FROM analytics.instance_months", "FROM instance_months", 17, "instance_months", "tables of datasets"),
        ("SUM(mean_daily_users)", "SUM(mean_daily)", 17, "mean_daily", "sql/schema.yaml"),
        ("SUM(monthly_users)", "SUM(CAST(FORMAT('%d', monthly_users) AS INT64))", 17, "FORMAT", ""),
        (
            "drill: company_metrics/instance_months",
            "drill: company_metrics/rows",
            13,
            "company_metrics/rows",
            "instance_months",
        ),
    ],
)
def test_what_a_look_says_of_others_is_checked(folder, change, to, line, found, expected):
    assert change in SOUND
    write(folder, "dau_mau", SOUND.replace(change, to, 1))
    error = catalogue(folder).errors["company_metrics/dau_mau"]
    assert (error.line, found in error.found, expected in error.expected) == (line, True, True), str(error)


def test_a_column_with_several_types_must_name_its_table(folder):
    joined = "FROM analytics.instance_months INNER JOIN analytics.account_months AS accounts USING (account_id, month)"
    text = SOUND.replace("FROM analytics.instance_months", joined).replace(
        "monthly_users", "instance_months.monthly_users"
    )
    text = text.replace("account_name: account_key", "installer_email: installer_email")
    write(folder, "dau_mau", text)
    error = catalogue(folder).errors["company_metrics/dau_mau"]
    assert (error.line, error.expected) == (11, "table.column")
    write(
        folder, "dau_mau", text.replace("installer_email: installer_email", "installer_email: accounts.installer_email")
    )
    assert catalogue(folder).column_types["company_metrics/dau_mau"]["installer_email"] == "ARRAY<STRING>"


def test_edits_show_at_once_and_nothing_is_read_twice(folder):
    first = catalogue(folder)
    assert catalogue(folder) is first
    write(folder, "dau_mau", SOUND.replace("How often monthly users come back", "Another title"))
    assert catalogue(folder).looks["company_metrics/dau_mau"].title == "Another title"
    (folder / "company_metrics" / "dau_mau.sql").unlink()
    assert "company_metrics/dau_mau" not in catalogue(folder).looks


def test_a_number_claimed_twice_stops_the_start(folder):
    write(folder, "second", SOUND)
    with pytest.raises(LookError, match=r"look 1521 claimed here and by sql/looks/company_metrics/dau_mau\.sql"):
        check_catalogue(catalogue(folder))
    (folder / "company_metrics" / "second.sql").unlink()
    with pytest.raises(LookError, match=r"pages/other\.py, line 1: found look 1521 claimed"):
        check_catalogue(catalogue(folder), {"other": ["dashboard 1", "look 1521"]})
    leads = check_catalogue(catalogue(folder), {"other": ["dashboard 1"]})
    assert leads == {"look 1521": "company_metrics", "dashboard 1": "other"}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("account_name: {label: [}", "line 1"),
        ("account_name: {label: A, kind: colour}", "colour"),
        ("- a", "filters.yaml"),
    ],
)
def test_broken_filter_definitions_stop_everything(folder, text, found):
    (folder / "filters.yaml").write_text(text)
    with pytest.raises(LookError, match=found):
        catalogue(folder)
