"""A look with a broken header, broken SQL or without its table stops its own tile, and stands again once mended."""

from __future__ import annotations

import pytest

from tests.faults.conftest import CHARTS, House, assert_stands, assert_whole

BROKEN = "**This tile is broken.** Nothing is wrong with your filters."
# What is changed in sql/looks/company_metrics/dau_mau.sql, and what the log says of it.
CASES = {
    "header that is no YAML": ("title: How", "title: [How", "dau_mau.sql"),
    "header without its chart's kind": ("kind: line", "kind: spaghetti", "kind"),
    "column that is not selected": ("AS customers", "AS buyers", "customers"),
    "SQL that does not parse": ("GROUP BY month", "GROUP month BY hunter2 ((", "dau_mau"),
    "column that does not exist": ("SUM(mean_daily_users)", "SUM(hunter2)", "hunter2"),
    "table that does not exist": ("FROM analytics.instance_months", "FROM analytics.hunter2", "hunter2"),
    "header that was cut off": ("/*", "", "dau_mau.sql"),
}


@pytest.mark.parametrize("case", CASES)
def test_a_broken_look_stops_its_own_tile(house: House, case: str) -> None:
    whole, broken, logged = CASES[case]
    file = house.look("dau_mau")
    text = file.read_text()
    assert whole in text
    try:
        file.write_text(text.replace(whole, broken))
        with house.open() as (tab, shown):
            assert_stands(shown)
            (entry,) = house.assert_told(shown, BROKEN).values()
            assert len(shown.of("vega_lite_chart")) == CHARTS - 1
            assert len(shown.of("alert")) == 1
            assert entry["look"] == "company_metrics/dau_mau"
            assert logged in f"{entry['message']} {entry.get('detail', '')}"
            file.write_text(text)
            assert_whole(tab.reload())
    finally:
        file.write_text(text)


def test_a_look_that_is_gone_stops_its_own_tile(house: House) -> None:
    file = house.look("dau_mau")
    away = file.rename(house.tree / "away.sql")
    try:
        with house.open() as (tab, shown):
            assert_stands(shown)
            house.assert_told(shown, BROKEN)
            assert len(shown.of("vega_lite_chart")) == CHARTS - 1
            away.rename(file)
            assert_whole(tab.reload())
    finally:
        if away.exists():
            away.rename(file)


def test_filters_that_cannot_be_read_are_told_on_the_board_and_home_stands(house: House) -> None:
    file = house.tree / "sql" / "looks" / "filters.yaml"
    text = file.read_text()
    try:
        file.write_text("account_name: [hunter2\n" + text)
        with house.open() as (tab, shown):
            (entry,) = house.assert_told(shown, "**This board could not be drawn.**").values()
            assert "filters.yaml" in entry["message"]
            with house.open(page="home") as (_, home):
                house.assert_nothing_given_away(home)
                assert "All boards" in home.words
            file.write_text(text)
            assert_whole(tab.reload())
    finally:
        file.write_text(text)


@pytest.mark.parametrize("broken", ["def broken(:\n", "import nothing_of_this_name\n", "1 / 0\n"])
def test_a_page_that_is_no_program_is_told_and_the_others_stand(house: House, broken: str) -> None:
    file = house.tree / "pages" / "company_metrics.py"
    text = file.read_text()
    try:
        file.write_text(f"{text.splitlines()[0]}\n{broken}")
        with house.open() as (tab, shown):
            house.assert_told(shown, "**This page could not be shown.**")
            with house.open(page="home") as (_, home):
                house.assert_nothing_given_away(home)
                assert "All boards" in home.words
            file.write_text(text)
            assert_whole(tab.reload())
    finally:
        file.write_text(text)
