"""A board's PDF, XLSX and zip, opened again and compared with what was asked."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import UTC, datetime

import openpyxl
import pytest
from pypdf import PdfReader

from lib.access import NotSignedIn
from lib.board.downloads import board as files
from lib.board.downloads.board import answered, board_downloads, board_xlsx, board_zip
from lib.board.downloads.contents import Contents
from lib.board.downloads.making import NoFile, make_file
from lib.board.downloads.pdf_file import pdf_bytes
from lib.board.part import Part
from lib.charts.renderer import renderer
from lib.looks import catalogue
from lib.warehouse.query import WarehouseUnavailable

COUNTER = "company_metrics/monthly_users"
LINE = "company_metrics/dau_mau"
BARS = "company_metrics/monthly_users_by_instance_type"
ROWS = "company_metrics/customers"
TITLE = catalogue().looks[LINE].title
SHEET = TITLE[:31].rstrip()
PARTS = (
    Part("counters", (COUNTER,)),
    Part("section", title="Over time"),
    Part("row", (LINE, BARS)),
    Part("row", (ROWS,), wide=True),
)
CONTENTS = Contents(
    title="Company metrics",
    question="How many people use Sourcegraph?",
    parts=PARTS,
    options={},
    through="Pings through Tue 18 Nov 2025",
    link="http://boardroom.example/company_metrics",
)
MADE = datetime(2025, 11, 19, 22, 14, tzinfo=UTC)


@pytest.fixture
def audited(monkeypatch) -> list[tuple[str, int, dict]]:
    """What was recorded of files."""
    noted: list[tuple[str, int, dict]] = []
    monkeypatch.setattr(
        "lib.board.downloads.making.note", lambda event, person, **said: noted.append((event, person, said))
    )
    return noted


@pytest.fixture
def unlogged(monkeypatch) -> None:
    """Faults get their id and no log: a traceback in colours takes seconds."""
    for module in ("lib.board.results", "lib.board.downloads.piece"):
        monkeypatch.setattr(f"{module}.fault", lambda error, **said: "4d5b8ce4")


@pytest.fixture(scope="module", autouse=True)
def _end_the_drawing_process():
    yield
    renderer().close()


def test_a_pdf_has_a4_pages_with_all_that_the_page_says(visit):
    opened = PdfReader(io.BytesIO(pdf_bytes(visit, CONTENTS, answered(visit, CONTENTS), MADE)))
    texts = [page.extract_text() for page in opened.pages]
    assert all((round(page.mediabox.width), round(page.mediabox.height)) == (842, 595) for page in opened.pages)
    for words in (
        "Company metrics",
        "How many people use Sourcegraph?",
        "Account name: Acme, Inc.",
        "Account type: Customer",
        "Date: Dec 2024 – Nov 2025",
        "Pings through Tue 18 Nov 2025",
        "Made at Wed 19 Nov 2025 22:14 UTC",
        "Monthly users",
        "1,090",
        "vs Sep",
        "Over time",
        TITLE,
    ):
        assert words in texts[0], words
    assert any("Customers" in text and "Account" in text for text in texts)
    for number, text in enumerate(texts, start=1):
        assert f"{number} of {len(texts)}" in text
    assert opened.metadata is not None and opened.metadata.title == "Company metrics"
    assert [item.title for item in opened.outline] == ["Over time"]
    assert opened.pages[0].annotations is not None
    # Charts are lines and areas.
    assert not any(page.images for page in opened.pages)
    drawn = b"".join(page.get_contents().get_data() for page in opened.pages)
    assert drawn.count(b" l\n") > 20


def test_a_long_board_has_more_pages_and_each_says_which_it_is(visit):
    parts = tuple(Part("row", (LINE, BARS)) for _ in range(7))
    long = Contents("Long", "Q", parts, {}, "", "")
    opened = PdfReader(io.BytesIO(pdf_bytes(visit, long, answered(visit, long), MADE)))
    assert len(opened.pages) == 3
    assert [f"{at} of 3" in page.extract_text() for at, page in enumerate(opened.pages, start=1)] == [True] * 3


def test_a_workbook_has_a_sheet_a_tile_with_all_its_rows(visit):
    pieces = answered(visit, CONTENTS)
    opened = openpyxl.load_workbook(io.BytesIO(board_xlsx(visit, CONTENTS, pieces)))
    assert opened.sheetnames == [
        "About",
        "Monthly users",
        SHEET,
        "Monthly users by instance type",
        "Customers",
    ]
    table = pieces[LINE].table
    assert table is not None
    read = [list(row) for row in opened[SHEET].iter_rows(min_row=2, values_only=True)]
    for row, expected in zip(read, table.to_pylist(), strict=True):
        assert row[1:] == pytest.approx(list(expected.values())[1:], rel=1e-15)
    assert [row[0].date() for row in read] == table.column("month").to_pylist()
    about = [row for row in opened["About"].iter_rows(values_only=True) if row[0]]
    assert ("Account name", "Acme, Inc.", '"Acme, Inc."') in about
    assert any(row[0] == SHEET and row[1] == TITLE for row in about)


def test_a_zip_has_a_csv_a_tile_and_says_what_it_is(visit):
    pieces = answered(visit, CONTENTS)
    with zipfile.ZipFile(io.BytesIO(board_zip(visit, CONTENTS, pieces))) as archive:
        assert archive.namelist() == [
            "01_monthly_users.csv",
            "02_dau_mau.csv",
            "03_monthly_users_by_instance_type.csv",
            "04_customers.csv",
            "README.txt",
        ]
        rows = list(csv.reader(io.StringIO(archive.read("02_dau_mau.csv").decode("utf-8-sig"))))
        assert len(rows) == pieces[LINE].rows + 1 == 12
        readme = archive.read("README.txt").decode()
    assert 'Account name: Acme, Inc.  ("Acme, Inc.")' in readme and "Board: Company metrics" in readme
    assert f"02_dau_mau.csv: {TITLE}, 11 rows." in readme


def test_a_tile_in_trouble_is_named_in_every_file_and_the_others_stand(visit, warehouse, unlogged):
    warehouse.errors[LINE] = WarehouseUnavailable("We tried twice.")
    pieces = answered(visit, CONTENTS)
    told = "The warehouse did not answer. Your filters are fine. We tried twice."
    text = PdfReader(io.BytesIO(pdf_bytes(visit, CONTENTS, pieces, MADE))).pages[0].extract_text()
    assert "The warehouse did not answer." in text and "Monthly users by instance type" in text
    opened = openpyxl.load_workbook(io.BytesIO(board_xlsx(visit, CONTENTS, pieces)))
    assert str(opened[SHEET]["A1"].value).startswith(told)
    with zipfile.ZipFile(io.BytesIO(board_zip(visit, CONTENTS, pieces))) as archive:
        assert (
            "02_dau_mau.csv" not in archive.namelist() and "03_monthly_users_by_instance_type.csv" in archive.namelist()
        )
        assert f"{TITLE}: not in here. {told}" in archive.read("README.txt").decode()


def test_a_broken_look_and_one_that_is_not_there_are_named_too(visit, unlogged):
    contents = Contents("Board", "", (Part("row", ("company_metrics/gone", LINE)),), {}, "", "")
    pieces = answered(visit, contents)
    assert pieces["company_metrics/gone"].sentence.startswith("This tile is broken. Error 4d5b8ce4.")
    assert pieces[LINE].rows == 11


def test_each_file_is_recorded_with_person_filters_bytes_and_rows(visit, audited):
    pieces = answered(visit, CONTENTS)
    for download in board_downloads(visit, CONTENTS, pieces)[1:]:
        data = make_file(visit, download)
        event, person, said = audited.pop()
        assert (event, person, said["page"], said["look"]) == ("export", 1, "company_metrics", None)
        assert said["bytes"] == len(data) and said["rows"] == sum(piece.rows for piece in pieces.values())
        assert said["filters"] == 'account_name="Acme, Inc."; account_type=Customer; date=12 months'
        assert download.file_name == f"company_metrics_acme-inc_customer_12-months_2025-11-19.{said['detail']}"


def test_nobody_signed_out_gets_a_file(visit, session, audited):
    downloads = board_downloads(visit, CONTENTS, answered(visit, CONTENTS))
    session.valid = False
    for download in downloads:
        with pytest.raises(NotSignedIn):
            make_file(visit, download)
    assert audited == []


def test_somebody_signed_out_while_the_file_is_made_gets_none(visit, session, audited, monkeypatch):
    def sign_out(*_: object) -> bytes:
        session.valid = False
        return b""

    monkeypatch.setattr(files, "board_zip", sign_out)
    downloads = board_downloads(visit, CONTENTS, answered(visit, CONTENTS))
    with pytest.raises(NotSignedIn):
        make_file(visit, downloads[2])
    assert audited == []


def test_too_much_is_said_before_the_click_and_refused_all_the_same(visit, monkeypatch):
    pieces = answered(visit, CONTENTS)
    monkeypatch.setattr("lib.board.downloads.limits.XLSX_CELLS", 3)
    downloads = {download.label: download for download in board_downloads(visit, CONTENTS, pieces)}
    sentence = downloads["XLSX"].why_not
    assert sentence.startswith("Too much for XLSX: ") and "Choose an account or a shorter date" in sentence
    assert not downloads["PDF"].why_not and not downloads["CSV (zip)"].why_not
    with pytest.raises(NoFile, match="Too much"):
        make_file(visit, downloads["XLSX"])
