"""Home: the search, and the page."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from lib.board.home import find
from lib.board.navigation import Page
from lib.looks import catalogue

BOARDS = [
    Page("company_metrics", Path("x.py"), "Company metrics", "How many people use it.", "Company",
         audience="everyone", looks=("company_metrics/dau_mau", "company_metrics/weekly_active_users")),
    Page("finance", Path("y.py"), "Finance", "Seats and renewals.", "Company", looker=("board 53",)),
]  # fmt: skip


@pytest.mark.parametrize(
    ("sought", "keys"),
    [
        ("company", ["company_metrics", "finance"]),
        ("METRICS", ["company_metrics"]),
        ("seats renewals", ["finance"]),
        ("board 53", ["finance"]),
        ("how often monthly", ["company_metrics"]),
        ("nothing of the kind", []),
    ],
)
def test_a_search_finds_boards_and_their_tiles_by_all_its_words(sought, keys):
    assert [hit.page.key for hit in find(BOARDS, catalogue().looks.values(), sought)] == keys


def test_a_found_tile_is_named():
    (hit,) = find(BOARDS, catalogue().looks.values(), "ratio of sums")
    assert hit.tiles == (catalogue().looks["company_metrics/dau_mau"].title,)


def test_signed_out_home_lists_nothing(session, warehouse, tmp_path):
    session.key = None
    path = tmp_path / "home.py"
    path.write_text('from lib.board import Home\nHome(title="Home").draw()\n')
    page = AppTest.from_file(str(path), default_timeout=20).run()
    assert not page.exception and "signed out" in page.warning[0].value and not page.title
