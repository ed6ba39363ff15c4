"""The dialog of the rows behind a mark: by a click, the menu, an address; its filters, its search, its refusals."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pyarrow as pa
import pytest
from streamlit.testing.v1 import AppTest

from lib.board import results
from lib.board.drill import MOST_SHOWN, OPEN, matching
from lib.board.marks import Pick
from lib.charts import draw
from lib.looks import Look, catalogue
from tests.board.conftest import FILTERS, answer_with
from tests.board.instances import pick
from tests.board.test_board import everything, said
from tests.looks.tables import make_warehouse

USERS = "company_metrics/monthly_users_by_instance_type"
SITES = (
    ("src-a", "Acme", "Self-hosted", 100),
    ("src-b", "Acme", "Self-hosted", 20),
    ("src-c", "Databricks", "Managed", 7),
    ("src-d", "Databricks", None, 3),
)


def months() -> Iterator[dict[str, object]]:
    for site, account, kind, users in SITES:
        for month in (date(2025, 9, 1), date(2025, 10, 1), date(2025, 11, 1)):
            yield {
                "month": month, "site_id": site, "account_name": account, "account_key": account.lower(),
                "account_id": account, "account_type": "Customer", "instance_type": kind, "installer_email": None,
                "monthly_users": users + month.month, "mean_daily_users": users / 2,
            }  # fmt: skip


@pytest.fixture
def open_drill(open_page: Callable[..., AppTest], tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Open the test board over four instances, at an address."""
    engine = make_warehouse(tmp_path / "few", {"analytics.instance_months": [*months()], "analytics.names": []})
    answer_with(engine, monkeypatch)
    yield open_page
    engine.close()


def click(page: AppTest, look: str, x: str | None, series: str | None) -> AppTest:
    """Click a mark as the browser tells of it."""
    (chart,) = [chart for chart in page.get("vega_lite_chart") if look.replace("/", "-") in chart.proto.id]
    states = page._tree.get_widget_states()
    state = states.widgets.add()
    state.id = chart.proto.id
    state.string_value = json.dumps({"selection": {"mark": [{"key_x": x, "key_series": series}]}})
    return page._run(states)


def keep_open(page: AppTest, series: str) -> None:
    """Let the next run draw the dialog too; a browser runs the dialog alone then."""
    keys = {"month": "2025-10-01", "instance_type": series}
    page.session_state[f"test_board.{USERS.replace('/', '-')}.picked"] = Pick(USERS, keys)


def press(page: AppTest, series: str, label: str) -> None:
    """Press a button of the dialog that is open for that series."""
    keep_open(page, series)
    next(button for button in page.button if button.label == label).click().run()


def link(page: AppTest) -> str:
    """The address that the dialog hands out."""
    return next(code.value for code in page.code if "drill=" in code.value)


def shown(page: AppTest, table: int = -1) -> list[str]:
    return page.dataframe[table].value["site_id"].to_list()


def test_a_click_opens_the_rows_that_make_up_the_mark_and_the_same_click_again(open_drill):
    page = open_drill()
    assert not page.get("dialog")
    for _ in range(2):
        click(page, USERS, "2025-10-01", "Self-hosted")
        assert not page.exception and len(page.get("dialog")) == 1
        assert "**140 of 140** users in 2 rows · Oct 2025 · Self-hosted" in everything(page)
        assert shown(page) == ["src-a", "src-b"]
        page.run()
        assert not page.get("dialog")
    assert "drill" not in said(page), "what is looked at is no step of the history"


def test_a_missing_value_opens_the_rows_without_it(open_drill):
    page = click(open_drill(), USERS, "2025-10-01", None)
    assert r"**13 of 13** users in 1 row · Oct 2025 · (none)" in everything(page)
    assert shown(page) == ["src-d"]


def test_a_ratio_opens_the_rows_of_both_parts(open_drill):
    page = click(open_drill(), "company_metrics/dau_mau", "2025-10-01", "customers")
    assert "**4 rows** of both parts of this ratio, 38.2% · Oct 2025 · Customers only" in everything(page)


TABLE_PAGE = """from lib.board import Board

board = Board(title="Test board", filters={"account_name": "", "date": "12 months"})
with board:
    board.row("company_metrics/instance_months", wide=True)
"""


def test_a_row_of_a_table_that_opens_nothing_else_opens_the_rows_behind_it(open_drill, monkeypatch):
    known, name = catalogue(), "company_metrics/instance_months"
    look = known.looks[name].model_copy(update={"drill": name, "opens": None})
    monkeypatch.setattr("lib.board.board.catalogue", lambda: replace(known, looks={**known.looks, name: look}))
    page = open_drill(TABLE_PAGE)
    for _ in range(2):
        row = shown(page, 0).index("src-c")
        pick(page, row, column="site_id")
        assert not page.exception and "**1 row** · Nov 2025 · src-c" in everything(page)
        assert page.dataframe[-1].value["account_name"].to_list() == ["Databricks"]
        page.run()
        assert not page.get("dialog")


def test_the_filters_of_the_page_reach_the_rows_and_are_told(open_drill):
    page = click(open_drill(account_name="Databricks"), USERS, "2025-10-01", "Managed")
    assert "**17 of 17** users" in everything(page) and "Account is Databricks" in everything(page)


def test_the_menu_opens_the_last_complete_months_biggest_mark_and_lets_it_be_changed(open_drill):
    page = open_drill()
    menus = [menu for menu in page.get("menu_button") if OPEN in menu.proto.options]
    assert len(menus) == 2
    (menu,) = [menu for menu in menus if USERS.replace("/", "-") in menu.proto.id]
    states = page._tree.get_widget_states()
    state = states.widgets.add()
    state.id, state.string_trigger_value.data = menu.proto.id, OPEN
    page._run(states)
    assert "**140 of 140** users in 2 rows · Oct 2025 · Self-hosted" in everything(page)
    boxes = {box.label: box for box in page.selectbox if box.label in ("Month", "Instance type")}
    assert boxes["Month"].options == ["Nov 2025", "Oct 2025", "Sep 2025"]
    assert boxes["Instance type"].options == ["Self-hosted", "Managed", "(none)"]


def test_an_address_opens_the_rows_once(open_drill):
    page = click(open_drill(date="3 months"), USERS, "2025-10-01", "Self-hosted")
    parameters = dict(parse_qsl(urlsplit(link(page)).query, keep_blank_values=True))
    assert parameters["drill"] == f"{USERS}~month:2025-10-01~instance_type:Self-hosted"
    assert parameters["date"] == "2025-09-01 to 2025-12-01", "whoever opens it later sees the same rows"
    page = open_drill(**parameters)
    assert not page.exception and not page.warning
    assert "**140 of 140** users in 2 rows" in everything(page)
    page.run()
    assert not page.get("dialog"), "closed, it stays closed"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("<script>alert(1)</script>", "The link names no mark of a chart."),
        ("company_metrics/weekly_active_users~week:2025-10-06", "behind a tile that is not on this page"),
        ("no/such/look", "behind a tile that is not on this page"),
    ],
)
def test_an_address_that_asks_for_nothing_says_so_and_the_page_stands(text, sentence, open_drill):
    page = open_drill(drill=text)
    assert not page.exception and not page.get("dialog")
    assert sentence in page.warning[0].value and text not in everything(page)
    assert len(page.get("vega_lite_chart")) == 2


@pytest.mark.parametrize("value", ["2031-01-01", "'; DROP TABLE x", "null"])
def test_an_address_of_a_mark_that_is_gone_says_so_and_offers_those_there_are(value, open_drill):
    page = open_drill(drill=f"{USERS}~month:{json.dumps(value)}~instance_type:Managed")
    assert not page.exception and len(page.get("dialog")) == 1
    assert "Under these filters" in page.warning[0].value and "has no Month" in page.warning[0].value
    assert "**140 of 140** users" in everything(page)


def test_a_wrong_filter_keeps_the_rows_away(open_drill):
    page = open_drill(date="12 monts", drill=f"{USERS}~month:2025-10-01~instance_type:Managed")
    assert not page.exception and not page.get("dialog")


def test_filter_this_page_on_sets_the_ordinary_filter_and_closes_the_rows(open_drill):
    filters = {**FILTERS, "instance_type": ""}
    page = open_drill(filters=filters, drill=f"{USERS}~month:2025-10-01~instance_type:Managed")
    press(page, "Managed", "Managed")
    assert said(page)["instance_type"] == "Managed" and "drill" not in said(page)
    click(page, USERS, "2025-10-01", "Managed")
    assert [button.label for button in page.button if button.icon == ":material/filter_alt:"] == ["Oct 2025"]
    press(page, "Managed", "Oct 2025")
    assert said(page)["date"] == "2025-10-01 to 2025-11-01"


def test_a_row_leads_to_its_instance_and_back_to_the_rows(open_drill):
    page = click(open_drill(), USERS, "2025-10-01", "Self-hosted")
    keep_open(page, "Self-hosted")
    pick(page, 1, table=-1)
    assert not page.exception
    (way,) = page.get("page_link")
    assert (way.proto.page, dict(parse_qsl(way.proto.query_string))) == ("single_instance", {"site": '"src-b"'})
    assert said(page)["drill"] == f"{USERS}~month:2025-10-01~instance_type:Self-hosted"


def test_a_session_that_ended_opens_nothing(open_drill, session, monkeypatch):
    page = open_drill()
    monkeypatch.setattr("lib.board.drill.ask", lambda *_: pytest.fail("asked"))
    monkeypatch.setattr(results, "is_signed_in", lambda key: False)
    click(page, USERS, "2025-10-01", "Self-hosted")
    assert "You are signed out" in everything(page) and not page.dataframe


def test_a_look_without_rows_behind_it_cannot_be_clicked(open_drill):
    look = catalogue().looks["company_metrics/dau_mau"]
    assert "params" not in drawing_spec(look.model_copy(update={"drill": None}))
    assert drawing_spec(look)["params"][0]["name"] == "mark"


def drawing_spec(look: Look) -> dict:
    columns = {"month": [date(2025, 10, 1)], "dau_mau": [0.3], "customers": [0.2]}
    return draw(look, pa.table(columns), "month", None).spec


def test_the_search_finds_texts_as_they_are_shown():
    look = catalogue().looks["company_metrics/instance_months"]
    rows = [{"site_id": "SRC-Ä", "account_name": None}, {"site_id": "src-b", "account_name": "100% Organic"}]
    table = pa.Table.from_pylist([{name: row.get(name) for name in look.columns} for row in rows])
    assert matching(look, table, " src-ä ").num_rows == 1
    assert matching(look, table, "100%").column("site_id").to_pylist() == ["src-b"]
    assert matching(look, table, "").num_rows == 2
    assert matching(look, table, "nothing").num_rows == 0


def test_so_many_rows_as_a_browser_sorts_are_shown_and_files_have_all(open_drill, monkeypatch):
    assert MOST_SHOWN == 10_000
    monkeypatch.setattr("lib.board.drill.MOST_SHOWN", 1)
    page = click(open_drill(), USERS, "2025-10-01", "Self-hosted")
    assert "The first 1 of 2 rows are shown" in everything(page) and shown(page) == ["src-a"]
    assert "**140 of 140** users in 2 rows" in everything(page)
