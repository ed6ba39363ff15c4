"""Links of the old tool lead to the page that took their place, filters and all."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlsplit

import pytest

from lib import old_links
from lib.board import address as addresses
from lib.filters import Context
from lib.looks import LookError, catalogue
from lib.old_links import new_address, old_number_in, old_numbers


def test_every_number_of_a_look_leads_to_its_board() -> None:
    numbers = old_numbers()
    claimed = {number: look.board for look in catalogue().looks.values() for number in look.looker}
    assert claimed
    assert claimed.items() <= numbers.items()


@pytest.mark.parametrize(
    ("kind", "number", "query", "address"),
    [
        ("looks", "1521", "", "/company_metrics"),
        ("looks", "1521", "Account+Name=Data%25&x=", "/company_metrics?Account+Name=Data%25&x="),
        ("boards", "58", "date=7+days", "/company_metrics?date=7+days"),
        ("looks", "1597", "", "/single_instance"),
        ("dashboards", "409", "Account+name=Databricks", "/single_instance?Account+name=Databricks"),
        ("dashboards", "382", "", "/batch_changes"),
        ("dashboards", "999999", "date=7+days", "/home?old_link=dashboard+999999"),
        ("boards", "1521", "", "/home?old_link=board+1521"),
    ],
)
def test_an_old_path_leads_on_with_its_parameters(kind: str, number: str, query: str, address: str) -> None:
    assert new_address(kind, number, query) == address


@pytest.mark.parametrize(
    ("number", "query", "texts"),
    [
        ("409", "Account+name=Databricks", {"account_name": "Databricks", "account_type": "", "date": "12 months"}),
        ("422", "Account%20Type=Customer&Date=3+months", {"account_type": "Customer", "date": "3 months"}),
        ("422", "Account%20Type=Free&Week=7+days", {"account_type": "Free", "date": "7 days"}),
    ],
)
def test_the_filters_of_an_old_link_are_those_of_its_board(number: str, query: str, texts: dict[str, str]) -> None:
    address = urlsplit(new_address("dashboards", number, query))
    page = next(page for page in old_links.pages() if f"/{page.key}" == address.path)
    context = Context(now=datetime(2025, 11, 19, tzinfo=UTC), zone="UTC")
    read = addresses.read(page.filters, catalogue().filters, context, parse_qsl(address.query))
    assert read.notices == ()
    assert {name: read.filters[name].text for name in texts} == texts


def test_a_number_claimed_twice_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    page = next(page for page in old_links.pages() if page.looker)
    monkeypatch.setattr(old_links, "pages", lambda: [page, type(page)("other", page.path, "Other", looker=page.looker)])
    with pytest.raises(LookError, match="claimed here and by"):
        old_numbers()


@pytest.mark.parametrize(
    ("parameters", "found"),
    [({"look": "1519", "date": "x"}, ("look", "1519")), ({"date": "x"}, None), ({"dashboard": ""}, None), ({}, None)],
)
def test_an_old_number_may_be_a_parameter(parameters: dict[str, str], found: tuple[str, str] | None) -> None:
    assert old_number_in(parameters) == found
