"""Sentences of the frame."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from lib.board import words
from lib.board.address import read
from lib.board.results import Trouble
from lib.filters import Context, parse
from lib.looks import catalogue

NOW = datetime(2025, 11, 19, tzinfo=UTC)
CONTEXT = Context(now=NOW, zone="UTC")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12 months", "Dec 2024 – Nov 2025"),
        ("3 months", "Sep – Nov 2025"),
        ("this month", "Nov 2025"),
        ("30 days ago for 30 days", "20 Oct – 18 Nov 2025"),
        ("yesterday", "18 Nov 2025"),
        ("2024-12-20 to 2025-01-10", "20 Dec 2024 – 9 Jan 2025"),
        ("", "any time"),
    ],
)
def test_a_range_in_few_words(text, expected):
    assert words.short_range(parse("date", text).resolve(CONTEXT), "UTC") == expected


@pytest.mark.parametrize("text", ["null", "before 2025-01-01", "today,7 days ago", "3 hours"])
def test_other_ranges_have_the_words_of_the_filter(text):
    dates = parse("date", text).resolve(CONTEXT)
    assert words.short_range(dates, "UTC") == dates.words("UTC")


def badges(**address: str) -> str:
    defaults = {"account_name": "", "installer_email": "", "account_type": "Customer", "date": "3 months"}
    found = read(defaults, catalogue().filters, CONTEXT, list(address.items()))
    return words.filter_badges(found.filters.values(), CONTEXT)


def test_filters_at_their_defaults_are_quiet():
    assert badges() == ":gray[:material/filter_alt: All accounts, account type Customer, Sep – Nov 2025]"


def test_changed_and_wrong_filters_are_badges():
    line = badges(account_name="Databricks,Acme", account_type="", date="7 dayz")
    assert ":blue-badge[Account is Databricks or Acme]" in line
    assert ":blue-badge[Any account type]" in line
    assert ":red-badge[Date not understood]" in line


def test_a_pattern_is_told_by_its_meaning():
    assert 'Account starts with "Data"' in badges(account_name="Data%")


def test_text_from_outside_cannot_become_markup():
    assert words.plain("a_b *c* :red[x] $y$ <b>") == r"a\_b \*c\* \:red\[x\] \$y\$ \<b\>"
    assert r"x\] \:red-badge\[y" in badges(account_name='"x] :red-badge[y"')


@pytest.mark.parametrize(
    ("kind", "again"),
    [("unavailable", True), ("timed_out", True), ("refused", False), ("invalid", False), ("unexpected", True)],
)
def test_each_trouble_has_a_sentence_and_offers_what_helps(kind, again):
    notice = words.trouble_notice(Trouble(kind, "This would read 412 GB; the limit is 200 GB.", "7f3a0000", NOW))
    assert notice.text.startswith("**") and notice.again is again
    lowered = notice.text.lower()
    assert not any(word in lowered for word in ("query", "null", "oops", "!"))


def test_a_refusal_says_what_the_engine_says():
    assert "412 GB" in words.trouble_notice(Trouble("refused", "This would read 412 GB.", "1", NOW)).text


@pytest.mark.parametrize(
    ("name", "text", "badge"),
    [
        ("site", "src-1", "Instance is src-1"),
        ("find", "%har 100^%%", 'Search contains "har 100%"'),
        ("chosen_day", "2025-11-18", "Chosen day is Tue 18 Nov 2025"),
        ("chosen_day", "yesterday", "Chosen day is Tue 18 Nov 2025"),
        ("chosen_day", "2025-11", "Chosen day is Nov 2025"),
    ],
)
def test_what_is_chosen_on_the_page_is_told_with_its_name(name, text, badge):
    chosen = read({name: ""}, catalogue().filters, CONTEXT, [(name, text)]).filters[name]
    assert words.filter_badge(chosen, CONTEXT) == f":blue-badge[{words.plain(badge)}]"
    assert words.filter_badges([read({name: ""}, catalogue().filters, CONTEXT, []).filters[name]], CONTEXT) == ""
