"""Filters between the address and their meaning, without a page."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from lib.board import address as addresses
from lib.filters import Context
from lib.looks import catalogue

CONTEXT = Context(now=datetime(2025, 11, 19, tzinfo=UTC), zone="UTC")
DEFAULTS = {"account_name": "", "account_type": "Customer", "date": "12 months"}


def read(*pairs: tuple[str, str]) -> addresses.Address:
    return addresses.read(DEFAULTS, catalogue().filters, CONTEXT, list(pairs))


@pytest.mark.parametrize(
    ("pairs", "texts"),
    [
        ((), {"account_name": "", "account_type": "Customer", "date": "12 months"}),
        ((("account_type", ""),), {"account_type": ""}),
        ((("Account Type", "Free"),), {"account_type": "Free"}),
        (((" Week", "4 week ago for 4 week"),), {"date": "4 week ago for 4 week"}),
        ((("date", "7 days"), ("date", "today")), {"date": "7 days,today"}),
        ((("f[accounts.account_name]", "Acme"),), {"account_name": "Acme"}),
    ],
)
def test_what_an_address_gives_each_filter(pairs, texts):
    found = {name: chosen.text for name, chosen in read(*pairs).filters.items()}
    assert {name: found[name] for name in texts} == texts


def test_filters_stand_in_the_boards_order_whatever_the_address_says():
    assert list(read(("date", "today"), ("account_name", "A")).filters) == list(DEFAULTS)


def test_a_text_that_is_not_understood_is_kept_as_it_is():
    chosen = read(("date", "7 dayz")).filters["date"]
    assert (chosen.text, chosen.canonical, chosen.expression) == ("7 dayz", "7 dayz", None)
    assert chosen.error is not None and chosen.error.suggestion == "7 days"
    assert chosen.changed


def test_a_date_outside_all_years_is_an_error_of_its_filter():
    chosen = read(("date", "99999 years ago")).filters["date"]
    assert chosen.error is not None and chosen.error.code == "out_of_range"


def test_options_of_tiles_are_no_filters_and_cause_no_notice():
    address = read(("new_and_cancelled.grain", "week"))
    assert address.options == {"new_and_cancelled.grain": "week"}
    assert address.notices == ()


def test_an_unknown_filter_is_named_and_left_out_of_new_links():
    address = read(("Region", "EMEA"))
    assert "Region" in address.notices[0]
    assert "Region" not in addresses.parameters(address, {})


def test_a_link_beyond_the_limits_applies_nothing_and_says_so():
    address = read(*[(f"x{number}", "1") for number in range(60)], ("date", "today"))
    assert address.filters["date"].text == "12 months"
    assert "too long" in address.notices[0]


def test_parameters_hold_every_filter_in_canonical_form_and_keep_options():
    address = read(("date", "last 3 month"), ("dau.grain", "week"))
    assert addresses.parameters(address, {"account_name": ' "Acme" '}) == {
        "account_name": "Acme",
        "account_type": "Customer",
        "date": "3 months",
        "dau.grain": "week",
    }


def test_only_what_differs_from_the_default_in_meaning_goes_to_other_boards():
    address = read(("date", "last 12 month"), ("account_type", ""), ("account_name", "Acme"))
    assert address.changed == {"account_name": "Acme", "account_type": ""}


def test_a_link_writes_spaces_and_pluses_so_that_mail_programs_leave_them_alone():
    link = addresses.link("https://x.example/b", read(("account_name", "a+b c"), ("dau.grain", "week")))
    assert link == "https://x.example/b?account_name=a%2Bb%20c&account_type=Customer&date=12%20months&dau.grain=week"


def test_a_link_with_fixed_dates_holds_the_bounds_of_today():
    assert "date=2024-12-01%20to%202025-12-01" in addresses.link("/b", read(), CONTEXT)


def test_an_option_that_is_no_choice_falls_back_to_the_first(monkeypatch):
    look = catalogue().looks["company_metrics/dau_mau"].model_copy(update={"options": {"grain": ("day", "week")}})
    assert addresses.chosen_options(look, {"dau_mau.grain": "week"}) == {"grain": "week"}
    assert addresses.chosen_options(look, {"dau_mau.grain": "century"}) == {"grain": "day"}
    assert addresses.chosen_options(look, {}) == {"grain": "day"}


@pytest.mark.parametrize(
    ("changes", "site"),
    [
        ({"account_name": "Acme"}, ""),
        ({"account_name": '"Acme"', "site": "src-2"}, "src-2"),
        ({"account_name": '"Databricks"'}, "src-1"),
        ({"date": "7 days"}, "src-1"),
        ({"site": "src-2"}, "src-2"),
    ],
)
def test_a_filter_that_changes_drops_what_was_chosen_by_it(changes, site):
    defaults = {"account_name": "", "date": "12 months", "site": ""}
    pairs = [("account_name", "Databricks"), ("site", "src-1")]
    address = addresses.read(defaults, catalogue().filters, CONTEXT, pairs, drops={"account_name": "site"})
    assert addresses.parameters(address, changes)["site"] == site
