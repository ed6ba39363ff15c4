"""All looks together: which stand, which are broken, what old numbers lead to, and that edits show."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from lib.filters import parse
from lib.looks import LookError, catalogue, check_catalogue, compile_look
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


def test_the_rows_behind_a_look_follow_all_its_filters(folder):
    write(folder, "instance_months", SOUND.replace("drill: company_metrics/instance_months\n", ""))
    write(folder, "dau_mau", SOUND.replace("date: month}", "date: month, account_type: account_type}"))
    error = catalogue(folder).errors["company_metrics/dau_mau"]
    assert (error.line, error.found) == (13, "company_metrics/instance_months, which does not follow account_type")


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


SHARING = """/*
title: Seats
question: Who?
definition: A share.
rows_of: company_metrics/dau_mau
columns: {dau_mau: {label: Share}, month: {hidden: true}}
chart: {kind: bar, x: month, y: dau_mau}
*/
"""


def test_a_look_of_anothers_rows_asks_its_very_question(folder):
    write(folder, "seats", SHARING)
    found = catalogue(folder)
    assert not found.errors
    look, other = found.look("company_metrics/seats"), found.look("company_metrics/dau_mau")
    assert (look.title, look.chart.kind, look.caption, look.drill, look.looker) == ("Seats", "bar", "", None, ())
    assert (look.columns["dau_mau"].label, look.columns["dau_mau"].format) == ("Share", "percent")
    assert look.columns["month"].hidden and not other.columns["month"].hidden
    filters = {"account_name": parse("string", "Acme%"), "date": parse("date", "2025")}
    asked = [
        compile_look(each, filters, {}, datetime(2025, 11, 19, tzinfo=UTC), None, found).query for each in (look, other)
    ]
    assert asked[0].parameters and len(asked[0].parameters) == 3
    assert replace(asked[0], look="") == replace(asked[1], look="")


def test_a_look_of_anothers_rows_may_end_with_its_header(folder):
    write(folder, "seats", SHARING.rstrip("\n"))
    assert catalogue(folder).look("company_metrics/seats").sql.startswith("SELECT")


def test_edits_of_the_other_look_reach_its_rows(folder):
    write(folder, "seats", SHARING)
    assert catalogue(folder).look("company_metrics/seats").grain == "one row a month"
    write(folder, "dau_mau", SOUND.replace("one row a month", "one row a calendar month"))
    assert catalogue(folder).look("company_metrics/seats").grain == "one row a calendar month"


@pytest.mark.parametrize(
    ("change", "to", "line", "found", "expected"),
    [
        ("/dau_mau\n", "/dau\n", 5, "company_metrics/dau", "company_metrics/dau_mau"),
        ("/dau_mau\n", "/seats\n", 5, "no SELECT of its own", "a look with a SELECT"),
        ("/dau_mau\n", "/broken\n", 5, "which is broken", "broken.sql, line 12"),
        ("*/\n", "*/\nSELECT 1 AS month\n", 9, "a SELECT", "nothing below the header"),
        ("chart:", "budget: 1 MB\nchart:", 7, "budget beside rows_of", "no budget"),
        ("chart:", "filters: {date: month}\nchart:", 7, "filters beside rows_of", "no filters"),
        ("{dau_mau: {label: Share}, ", "{share: {label: Share}, ", 6, "the column share", "month, dau_mau"),
        ("{label: Share}", "{type: INT64}", 6, "INT64", "shown otherwise"),
        ("{label: Share}", "Share", 6, "Share", "shown otherwise"),
        ("{label: Share}", "{format: share}", 6, "share", "percent"),
        ("columns: {dau_mau: {label: Share}, month: {hidden: true}}", "columns: all", 6, "all", "a mapping"),
        ("y: dau_mau", "y: share", 7, "the column share", "month, dau_mau"),
        ("title: Seats\n", "", 1, "no title", "the key title"),
        ("rows_of:", "row_of:", 5, "row_of", "rows_of"),
    ],
)
def test_mistakes_of_a_look_of_anothers_rows_are_blamed_on_its_own_lines(folder, change, to, line, found, expected):
    write(folder, "broken", SOUND.replace("kind: line", "kind: pie"))
    assert SHARING.count(change) == 1
    write(folder, "seats", SHARING.replace(change, to))
    known = catalogue(folder)
    error = known.errors["company_metrics/seats"]
    assert (error.file, error.line) == ("sql/looks/company_metrics/seats.sql", line), str(error)
    assert found in error.found and expected in error.expected, str(error)
    assert "company_metrics/dau_mau" in known.looks


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
