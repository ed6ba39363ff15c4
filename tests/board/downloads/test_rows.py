"""A tile's files: all rows, asked again when the button is pressed, compared with the query."""

from __future__ import annotations

import csv
import io
import struct
from dataclasses import replace

import openpyxl
import pyarrow.parquet as parquet
import pytest

from lib.access import NotSignedIn
from lib.board.downloads import rows as module
from lib.board.downloads.making import Download, Made, Making, NoFile, make_file, told_of
from lib.board.visit import ask, compile_tile
from lib.charts.renderer import renderer
from lib.looks import catalogue
from lib.warehouse.query import MAX_ROWS, WarehouseUnavailable

LOOKS = [
    "company_metrics/dau_mau",
    "company_metrics/monthly_users",
    "company_metrics/monthly_users_by_instance_type",
    "company_metrics/customers",
]


@pytest.fixture(scope="module", autouse=True)
def _end_the_drawing_process():
    yield
    renderer().close()


@pytest.fixture
def offered(visit, monkeypatch):
    """The buttons of a look's tile, by their label."""

    def offered_(look: str, outcome=None, **changes) -> dict[str, Download]:
        compiled = compile_tile(visit, catalogue().looks[look])
        query = replace(compiled.query, **changes)
        found: dict[str, Download] = {}
        monkeypatch.setattr(
            module, "draw_buttons", lambda visit, downloads, key: found.update({one.label: one for one in downloads})
        )
        outcome = ask(visit, compiled) if outcome is None else outcome
        module.rows_downloads(visit, compiled.look, query, outcome, key="test", drawn=compiled)
        return found

    return offered_


@pytest.mark.parametrize("look", LOOKS)
def test_every_format_holds_the_rows_of_the_query(visit, warehouse, offered, look: str):
    buttons = offered(look)
    assert list(buttons) == ["CSV", "XLSX", "PNG", "Parquet", "SQL"]
    asked = ask(visit, compile_tile(visit, catalogue().looks[look])).result
    assert asked is not None
    shown = [name for name, column in catalogue().looks[look].columns.items() if not column.hidden]
    table = asked.table.select(shown)
    read = parquet.read_table(io.BytesIO(make_file(visit, buttons["Parquet"])))
    assert read.to_pydict() == table.to_pydict()
    head, *lines = csv.reader(io.StringIO(make_file(visit, buttons["CSV"]).decode("utf-8-sig"), newline=""))
    assert head == [catalogue().looks[look].columns[name].label for name in shown]
    assert len(lines) == table.num_rows
    sheet = openpyxl.load_workbook(io.BytesIO(make_file(visit, buttons["XLSX"]))).worksheets[0]
    assert sheet.max_row == table.num_rows + 1
    for at, (name, values) in enumerate(table.to_pydict().items()):
        cells = [sheet.cell(row, at + 1).value for row in range(2, table.num_rows + 2)]
        if catalogue().looks[look].columns[name].type == "FLOAT64":
            assert cells == pytest.approx(values, rel=1e-15) and [float(line[at]) for line in lines] == values
        if catalogue().looks[look].columns[name].type == "INT64":
            assert cells == values and [int(line[at]) for line in lines] == values
        if catalogue().looks[look].columns[name].type == "DATE":
            assert [cell.date() for cell in cells] == values and [line[at] for line in lines] == list(map(str, values))
    sql = make_file(visit, buttons["SQL"]).decode()
    assert sql.rstrip().endswith(warehouse.asked[-1].sql.strip())


@pytest.mark.parametrize("look", LOOKS)
def test_a_picture_is_a_png_of_twice_its_size(visit, offered, look: str):
    data = make_file(visit, offered(look)["PNG"])
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", data[16:24])
    assert width == 1520 and 200 < height < 1400


def test_a_file_holds_all_rows_where_the_page_shows_some(visit, warehouse, offered):
    buttons = offered("company_metrics/dau_mau", row_limit=3)
    make_file(visit, buttons["CSV"])
    assert warehouse.asked[-1].row_limit is None


def test_files_are_named_and_recorded(visit, offered, monkeypatch):
    noted: list[dict] = []
    monkeypatch.setattr("lib.board.downloads.making.note", lambda event, person, **said: noted.append(said))
    button = offered("company_metrics/dau_mau")["CSV"]
    assert button.file_name == "company_metrics_dau_mau_acme-inc_customer_12-months_2025-11-19.csv"
    data = make_file(visit, button)
    assert noted == [
        {
            "page": "company_metrics",
            "look": "company_metrics/dau_mau",
            "filters": 'account_name="Acme, Inc."; account_type=Customer; date=12 months',
            "bytes": len(data),
            "rows": 11,
            "detail": "csv",
        }
    ]


def test_a_file_is_for_whoever_is_signed_in_when_the_button_is_pressed(visit, session, offered):
    buttons = offered("company_metrics/dau_mau")
    session.valid = False
    for button in buttons.values():
        with pytest.raises(NotSignedIn):
            make_file(visit, button)


def test_too_many_rows_are_said_before_the_click(visit, offered, monkeypatch):
    monkeypatch.setattr("lib.board.downloads.limits.XLSX_CELLS", 5)
    monkeypatch.setattr("lib.board.downloads.limits.CSV_CELLS", 20)
    buttons = offered("company_metrics/dau_mau")
    assert buttons["XLSX"].why_not == (
        "Too much for XLSX: 33 cells, and it holds 5. Choose an account or a shorter date, or take CSV or Parquet."
    )
    assert buttons["CSV"].why_not.endswith("or take Parquet.") and not buttons["Parquet"].why_not
    # Somebody whose button is older than the rows.
    with pytest.raises(NoFile, match="Too much for XLSX"):
        make_file(visit, replace(buttons["XLSX"], why_not=""))


def test_no_answer_is_a_sentence(visit, warehouse, offered):
    shown = ask(visit, compile_tile(visit, catalogue().looks["company_metrics/weekly_active_users"]))
    warehouse.errors["company_metrics/dau_mau"] = WarehouseUnavailable("We tried twice.")
    buttons = offered("company_metrics/dau_mau", shown)
    making = Making(visit, buttons["CSV"])
    with pytest.raises(NoFile):
        making()
    assert making.done.is_set() and making.told.startswith("**The warehouse did not answer.**")


def test_what_stops_a_file_is_told_without_its_own_words(visit):
    button = Download("CSV", "a.csv", "text/csv", lambda: Made(b"", 0))
    assert told_of(NotSignedIn(), button).startswith("**You are signed out.**")
    told = told_of(ValueError("secret of the inside"), button)
    assert told.startswith("**The file could not be made.**") and "secret" not in told


def test_limits_are_those_that_the_dialog_states(offered, monkeypatch):
    said: list[str] = []
    monkeypatch.setattr(module.st, "caption", said.append)
    offered("company_metrics/dau_mau")
    assert said == [
        "All 11 rows, under the filters of the page. XLSX holds up to 500,000 cells, CSV 5,000,000, "
        f"Parquet {MAX_ROWS:,} rows."
    ]
