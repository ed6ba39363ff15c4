"""Pages say what they are without being run."""

from pathlib import Path

import pytest

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
