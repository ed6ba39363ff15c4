"""Links of the old tool lead to the page that took their place, filters and all."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import NamedTuple
from urllib.parse import parse_qsl, urlsplit

import pytest

from lib.board import address as addresses
from lib.board import navigation, old_links
from lib.board.old_link_box import grouped
from lib.board.old_links import NoOldLink, new_address, old_link_in, old_numbers, read_pasted, unmapped_words
from lib.filters import Context, parse
from lib.looks import LookError, catalogue

CONTEXT = Context(now=datetime(2024, 5, 15, 10, 30, tzinfo=UTC), zone="UTC")


class Case(NamedTuple):
    """A printed link: its old address, the page it leads to, the texts of filters there, notices, words of dates."""

    old: str
    page: str
    texts: Mapping[str, str] = MappingProxyType({})
    notices: tuple[str, ...] = ()
    words: str = ""


def unlike(names: str) -> tuple[str, ...]:
    return (f"Ignored from the link: {names}. This board has no such filters.",)


# Every link that people's bookmarks are known to hold. A page that is not here yet is named by its number.
CASES = [
    Case("/boards/58", "company_metrics", {"account_type": "", "date": "12 months"}),
    Case("/looks/1519", "company_metrics"),
    Case("/looks/1520", "company_metrics"),
    Case("/looks/1521", "company_metrics"),
    Case("/looks/1522", "company_metrics"),
    Case("/looks/1597", "single_instance"),
    *(Case(f"/boards/{number}", f"board {number}") for number in (49, 50, 51, 53, 54, 55, 56, 57)),
    *(Case(f"/looks/{number}", f"look {number}") for number in (1513, 1514, *range(1523, 1531))),
    *(Case(f"/dashboards/{number}", f"dashboard {number}") for number in (440, 453)),
    Case(
        "/dashboards/409?Account+name=Databricks&Installer+email=",
        "single_instance",
        {"account_name": "Databricks", "installer_email": "", "account_type": "", "date": "12 months"},
    ),
    Case(
        "/dashboards/409?Account%20name=&Installer%20email=a%2Bb%40c.com",
        "single_instance",
        {"installer_email": "a+b@c.com"},
    ),
    Case(
        "/dashboards/382?Account%20Type=Customer&Account%20name=Databricks&Installer%20email=&Date=3%20month",
        "batch_changes",
        {"account_type": "Customer", "account_name": "Databricks", "installer_email": "", "date": "3 month"},
        words="Fri 1 Mar 2024 – Fri 31 May 2024 (92 days, UTC)",
    ),
    Case(
        "/dashboards/422?Account%20Type=Customer&Account%20name=&Date=3+months&Products%20Purchased=",
        "batch_changes",
        {"account_type": "Customer", "account_name": "", "date": "3 months", "products": ""},
        words="Fri 1 Mar 2024 – Fri 31 May 2024 (92 days, UTC)",
    ),
    Case("/dashboards/422?Account%20Type=", "batch_changes", {"account_type": "", "date": "3 months"}),
    Case(
        "/dashboards/422?%20Week=4%20week%20ago%20for%204%20week,null",
        "batch_changes",
        {"date": "4 week ago for 4 week,null"},
        words="Mon 15 Apr 2024 – Sun 12 May 2024 (28 days, UTC) or no date",
    ),
    Case(
        "/dashboards/422?Created%20Date=90%20day",
        "batch_changes",
        {"date": "90 day"},
        words="Fri 16 Feb 2024 – Wed 15 May 2024 (90 days, UTC)",
    ),
    Case(
        "/dashboards/422?Date=7%20days&date=today",
        "batch_changes",
        {"date": "7 days,today"},
        ("Date came 2 times in the link; its values were joined.",),
    ),
    Case("/dashboards/422?Region=EMEA", "batch_changes", {"date": "3 months"}, unlike("Region")),
    Case(
        "/dashboards/422?f[accounts.account_type]=Free&filter_config=%7B%7D&hide_filter=a&theme=x&query_timezone=UTC&toggle=det&run=1&limit=500",
        "batch_changes",
        {"account_type": "Free"},
    ),
    Case(
        "/dashboards/422?Installer%20email=jo+test@acme.com",
        "batch_changes",
        {"installer_email": "jo test@acme.com"},
        ('Installer email: a plus may have been lost in "jo test@acme.com". In links it is written %2B.',),
    ),
    Case(
        "/dashboards/389?Customer%20Name=&Account%20Executive=&Customer%20Engineer="
        "&Customer%20Tenure%20(days)=%5B0,2000%5D&Telemetry%20Status=",
        "dashboard 389",
    ),
    Case(
        "/dashboards/412?Account%20Type=Customer&Week=4%20week%20ago%20for%204%20week&Account%20name=&Installer%20email=",
        "dashboard 412",
    ),
    Case(
        "/dashboards/413?Account%20Type=Customer&%20Week=4%20week%20ago%20for%204%20week,null&Telemetry%20Status=",
        "dashboard 413",
    ),
    Case("/dashboards/426?Account%20Type=Customer&Week%20Date=4%20week", "dashboard 426"),
    Case("/dashboards/427?Account%20Type=Customer&Products%20Purchased=", "dashboard 427"),
    Case("/dashboards/423?Account%20Type=&Date=90%20day", "dashboard 423"),
    Case("/dashboards/424?Account%20Type=Customer&Date=90%20day", "dashboard 424"),
    Case(
        "/dashboards/421?Organization=&Assignee%20ID=&Ticket%20priority=None,p1,p2,p0,p3&Created%20Date=90%20day"
        "&Lifecycle=",
        "dashboard 421",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.old[:60])
def test_every_printed_link_leads_on_with_its_filters(case: Case) -> None:
    _, kind, number = urlsplit(case.old).path.split("/")
    led = urlsplit(new_address(kind, number, urlsplit(case.old).query))
    pairs = parse_qsl(led.query, keep_blank_values=True)
    if " " in case.page:
        assert (led.path, pairs) == ("/home", [("old_link", case.page)])
        assert case.page.split()[1] in unmapped_words(case.page)
        return
    assert led.path == f"/{case.page}"
    page = next(page for page in navigation.pages() if page.key == case.page)
    read = addresses.read(page.filters, catalogue().filters, CONTEXT, pairs)
    assert {name: read.filters[name].text for name in case.texts} == case.texts
    assert read.notices == case.notices
    assert all(chosen.error is None for chosen in read.filters.values())
    if case.words:
        expression = read.filters["date"].expression
        assert expression is not None and expression.describe(CONTEXT) == case.words


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.old[:60])
def test_a_pasted_address_means_what_its_path_means(case: Case) -> None:
    old = read_pasted(f" https://sourcegraph.looker.com{case.old} ")
    assert (old.page or old.name) == case.page
    assert list(old.parameters) == parse_qsl(urlsplit(case.old).query, keep_blank_values=True)


def test_every_number_of_a_look_leads_to_its_board() -> None:
    numbers = old_numbers()
    claimed = {number: look.board for look in catalogue().looks.values() for number in look.looker}
    assert claimed
    assert claimed.items() <= numbers.items()


def test_a_number_claimed_twice_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    page = next(page for page in old_links.pages() if page.looker)
    monkeypatch.setattr(old_links, "pages", lambda: [page, type(page)("other", page.path, "Other", looker=page.looker)])
    with pytest.raises(LookError, match="claimed here and by"):
        old_numbers()


@pytest.mark.parametrize(
    ("kind", "number", "query", "address"),
    [
        ("looks", "1521", "", "/company_metrics"),
        ("looks", "01521/", "", "/company_metrics"),
        ("dashboards", "409/edit", "Account+name=Data%25&x=", "/single_instance?Account+name=Data%25&x="),
        ("dashboards", "999999", "date=7+days", "/home?old_link=dashboard%20999999"),
        ("boards", "1521", "", "/home?old_link=board%201521"),
        ("dashboards", "", "", "/home?old_link=dashboard"),
        ("dashboards", "thelook::overview", "", "/home?old_link=dashboard"),
        ("looks", "/evil.example/", "", "/home?old_link=look"),
        ("looks", "<script>", "", "/home?old_link=look"),
        ("looks", "9" * 40, "", "/home?old_link=look"),
    ],
)
def test_an_old_path_leads_to_a_page_of_this_site_whatever_it_holds(kind, number, query, address) -> None:
    assert new_address(kind, number, query) == address


@pytest.mark.parametrize(
    ("pairs", "name", "rest"),
    [
        ([("look", "1519"), ("date", "x")], "look 1519", [("date", "x")]),
        ([("a", "1"), ("Dashboard", " 413 "), ("a", "2")], "dashboard 413", [("a", "1"), ("a", "2")]),
        ([("dashboard", "409"), ("dashboard", "413")], "dashboard 409", [("dashboard", "413")]),
        ([("date", "x")], None, None),
        ([("dashboard", "")], None, None),
        ([("dashboard", "[x](https://evil.example)")], None, None),
        ([], None, None),
    ],
)
def test_an_old_number_may_be_a_parameter(pairs, name, rest) -> None:
    found = old_link_in(pairs)
    assert (found.name, list(found.parameters)) == (name, rest) if found else name is None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("http://looker.acme.example:9999/embed/dashboards/413?Week=1", "dashboard 413"),
        ("sourcegraph.looker.com/dashboards-next/0413", "dashboard 413"),
        ("<https://x.looker.com/looks/1519>", "look 1519"),
        ("/boards/58#top", "board 58"),
        ("?dashboard=413&Week=1", "dashboard 413"),
        ("https://x.example/?look=1519", "look 1519"),
        ("Dashboard #409", "dashboard 409"),
    ],
)
def test_an_address_is_read_from_any_host_and_in_any_form(text: str, name: str) -> None:
    assert read_pasted(text).name == name


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Paste an address"),
        ("hello", "That is no address"),
        ("413", "That is no address"),
        ("https://sourcegraph.looker.com/explore/pings", "names no look, dashboard or board"),
        ("https://sourcegraph.looker.com/dashboards/abc", "names no look, dashboard or board"),
        ("http://[bad/looks/1", "no address"),
        ("/looks/" + "1" * 20_000, "too long"),
        ("javascript:alert(1)//looks/x", "names no look"),
    ],
)
def test_a_text_that_is_no_old_link_gets_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(NoOldLink, match=sentence):
        read_pasted(text)


@pytest.mark.parametrize("name", ["<b>x</b>", "dashboard 1 ![x](https://e.example/i.png)", "look", "", "dashboard ١٢"])
def test_the_note_repeats_nothing_of_the_address_but_kind_and_number(name: str) -> None:
    assert unmapped_words(name) == "This old link names nothing that moved here. Search for what it showed."
    assert re.match(r"Looker's dashboard 453 has not moved here yet\.", unmapped_words("dashboard 453"))


def test_repeated_parameters_go_along_in_order() -> None:
    assert grouped(read_pasted("/dashboards/422?a=1&b=&a=2")) == {"a": ["1", "2"], "b": ""}


@pytest.mark.parametrize("text", ["7 days", "3 months", "4 weeks ago for 4 weeks,null"])
def test_links_with_fixed_dates_mean_the_same_days_and_stay(text: str) -> None:
    read = addresses.read({"date": "12 months"}, catalogue().filters, CONTEXT, [("date", text)])
    fixed = dict(parse_qsl(urlsplit(addresses.link("/b", read, CONTEXT)).query))["date"]
    later = Context(now=datetime(2025, 1, 1, tzinfo=UTC), zone="UTC")
    assert parse("date", fixed).describe(later) == parse("date", text).describe(CONTEXT)
