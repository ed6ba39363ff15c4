"""Names of files."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.board.address import choose
from lib.board.downloads.names import LONGEST, file_name
from lib.looks import catalogue
from tests.board.downloads.conftest import CONTEXT

DAY = date(2025, 11, 19)


def name(**texts: str) -> str:
    """The name of a look's CSV under these filters."""
    chosen = [choose(catalogue().filters[key], text, "", CONTEXT) for key, text in texts.items()]
    return file_name("company_metrics/dau_mau", chosen, DAY, "csv")


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ({}, "company_metrics_dau_mau_2025-11-19.csv"),
        (
            {"account_name": "", "account_type": "Customer", "date": "12 months"},
            "company_metrics_dau_mau_customer_12-months_2025-11-19.csv",
        ),
        ({"account_name": '"Büro, Inc."'}, "company_metrics_dau_mau_buro-inc_2025-11-19.csv"),
        ({"account_name": "会社"}, "company_metrics_dau_mau_2025-11-19.csv"),
        ({"date": "not a date"}, "company_metrics_dau_mau_not-a-date_2025-11-19.csv"),
        (
            {"account_name": "Databricks,Evergrid,Halcyon Freight,Acme"},
            "company_metrics_dau_mau_databricks-evergrid-halc_2025-11-19.csv",
        ),
    ],
)
def test_a_file_is_named_after_board_look_filters_and_day(texts: dict[str, str], expected: str):
    assert name(**texts) == expected


@settings(deadline=None)
@given(st.text(), st.text(), st.text())
def test_any_filters_give_a_name_that_every_system_takes(account: str, email: str, site: str):
    made = name(account_name=account, installer_email=email, site=site)
    assert re.fullmatch(r"[a-z0-9_-]+_2025-11-19\.csv", made) and len(made) <= LONGEST
