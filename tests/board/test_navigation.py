"""Pages say what they are without being run."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from lib.board.navigation import by_section, pages, question_of


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "home.py").write_text(
        'from lib.board import Home\n\nHome(title="Home", icon=":material/home:").draw()\n'
    )
    (tmp_path / "batch_changes.py").write_text(
        '"""Batch changes: who uses them."""\n'
        "from lib.board import Board\n\n"
        'raise SystemExit("never run")\n'
        'board = Board(title="Batch changes", filters={"date": "3 months", "products": ""}, section="Product",\n'
        '              looker=["dashboard 422", "dashboard 382"], audience="PMs", order=2)\n'
        "with board:\n"
        '    board.counters("batch_changes/created")\n'
        '    board.row("batch_changes/by_month", "batch_changes/created")\n'
    )
    (tmp_path / "broken.py").write_text("def :\n")
    (tmp_path / "forgot_the_frame.py").write_text('"""Bare: no board."""\nimport streamlit\n')
    (tmp_path / "_draft.py").write_text("x = 1\n")
    return tmp_path


def test_a_board_is_read_without_being_run(folder):
    page = next(page for page in pages(folder) if page.key == "batch_changes")
    assert (page.title, page.question, page.section) == ("Batch changes", "Who uses them.", "Product")
    assert page.filters == {"date": "3 months", "products": ""}
    assert page.looker == ("dashboard 422", "dashboard 382")
    assert page.looks == ("batch_changes/created", "batch_changes/by_month")
    assert (page.audience, page.order) == ("PMs", 2)


def test_every_file_is_listed_even_one_that_does_not_parse_or_has_no_frame(folder):
    titles = {page.key: page.title for page in pages(folder)}
    assert titles == {
        "home": "Home",
        "batch_changes": "Batch changes",
        "broken": "Broken",
        "forgot_the_frame": "Bare",
    }


def test_home_comes_first_and_stands_in_no_section(folder):
    assert pages(folder)[0].key == "home"
    assert "home" not in {page.key for members in by_section(pages(folder)).values() for page in members}


def test_sections_stand_in_the_order_of_the_navigation(tmp_path):
    for name, section in (("a", "Explore"), ("b", "Company"), ("c", "Customers"), ("d", "Later")):
        (tmp_path / f"{name}.py").write_text(f'Board(title="{name}", filters={{}}, section="{section}")\n')
    assert list(by_section(pages(tmp_path))) == ["Company", "Customers", "Explore", "Later"]


def test_an_edited_page_is_read_anew(tmp_path):
    import os

    path = tmp_path / "a.py"
    path.write_text('Board(title="Before", filters={})\n')
    assert pages(tmp_path)[0].title == "Before"
    path.write_text('Board(title="After", filters={})\n')
    os.utime(path, ns=(1, 1))
    assert pages(tmp_path)[0].title == "After"


@pytest.mark.parametrize(
    ("doc", "question"),
    [
        ("Batch changes: who uses them.", "Who uses them."),
        ("What people do.", "What people do."),
        ("", ""),
        ("A: b\n\nmore", "B"),
    ],
)
def test_the_docstring_says_what_a_page_answers(doc, question):
    assert question_of(doc) == question


def test_the_real_pages_have_a_place_and_a_question():
    for page in pages():
        assert page.title and page.icon
        if page.key != "home":
            assert page.section and page.question and page.audience, page.key


ROUTER = """
import streamlit as st
from pathlib import Path
from lib.board.navigation import draw_navigation, pages, streamlit_pages
listed = pages(Path({folder!r}))
links = streamlit_pages(listed)
page = st.navigation([links[key] for key in ("first", "second", "home")], position="hidden")
top = st.container()
page.run()
with top:
    draw_navigation(links, listed)
"""
BOARD = """
from lib.board import Board
board = Board(title={title!r}, filters={filters!r}, section="Company", order={order})
with board:
    board.row("company_metrics/dau_mau")
"""


def test_links_carry_what_was_changed_and_the_other_board_has(tmp_path, session, warehouse):
    folder = tmp_path / "boards"
    folder.mkdir()
    boards = {
        "first": {"account_name": "", "account_type": "Customer", "date": "12 months", "instance_type": ""},
        "second": {"account_name": "", "account_type": "", "date": "3 months"},
    }
    for order, (name, filters) in enumerate(boards.items()):
        (folder / f"{name}.py").write_text(BOARD.format(title=name.capitalize(), filters=filters, order=order))
    (folder / "home.py").write_text('Home(title="Home")\n'.replace("Home(", "dict("))
    router = tmp_path / "router.py"
    router.write_text(ROUTER.format(folder=str(folder)))
    page = AppTest.from_file(str(router), default_timeout=20)
    page.query_params["account_name"] = "Databricks"
    page.query_params["instance_type"] = "App"
    page.run()
    assert not page.exception
    links = {found.proto.label: found.proto for found in page.get("page_link")}
    assert links["Second"].query_string == "account_name=Databricks"
    assert "account_type" not in links["Second"].query_string and "date" not in links["Second"].query_string
