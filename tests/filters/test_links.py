"""Filters in addresses, by the examples that people's bookmarks gave."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from lib.filters import PRESETS, Context, FilterDefinition, names_of, parse, read_link, reduce_name, write_link
from lib.filters.presets import Preset

NOW = Context(datetime(2024, 5, 15, 10, 30, tzinfo=UTC))
BOARD = [
    FilterDefinition("account_name", "Account name", "string", case_sensitive=False),
    FilterDefinition("installer_email", "Installer email", "string", case_sensitive=False),
    FilterDefinition("account_type", "Account type", "string"),
    FilterDefinition("date", "Date", "date", ("Week", "Created Date")),
    FilterDefinition("customer_tenure_days", "Tenure", "number"),
    FilterDefinition("ticket_priority", "Ticket priority", "string"),
]


@pytest.mark.parametrize(
    ("query", "values"),
    [
        ("Account%20Type=Customer", {"account_type": "Customer"}),
        ("Account%20name=", {"account_name": ""}),
        ("?%20Week=4%20week%20ago%20for%204%20week,null", {"date": "4 week ago for 4 week,null"}),
        ("Customer%20Tenure%20(days)=%5B0,2000%5D", {"customer_tenure_days": "[0,2000]"}),
        ("Ticket%20priority=None,p1,p2,p0,p3", {"ticket_priority": "None,p1,p2,p0,p3"}),
        ("Created%20Date=90%20day", {"date": "90 day"}),
        ("Date=3+months", {"date": "3 months"}),
        ("installer_email=a%2Bb@c.com", {"installer_email": "a+b@c.com"}),
        ("f[instances.account_type]=Free&f%5Bx.y.DATE%5D=today", {"account_type": "Free", "date": "today"}),
        ("ＤＡＴＥ=today", {"date": "today"}),
        ("", {}),
        ("filter_config=%7B%7D&hide_filter=a&theme=x&query_timezone=UTC&toggle=det&run=1&limit=500", {}),
    ],
)
def test_links_are_read(query: str, values: dict[str, str]) -> None:
    found = read_link(query, BOARD)
    assert found.values == values
    assert (found.ignored, found.notices, found.repeated, found.refused) == ((), (), (), False)


def test_repeated_parameters_are_joined_with_a_notice() -> None:
    found = read_link("Date=7%20days&date=&Week=today", BOARD)
    assert found.values == {"date": "7 days,today"}
    assert found.repeated == ("date",)
    assert found.notices == ("Date came 3 times in the link; its values were joined.",)
    assert read_link("date=&date=%20", BOARD).values == {"date": ""}


def test_unknown_names_are_listed_and_left_out() -> None:
    found = read_link("Region=EMEA&dashboard=413&grain=week&Team=x&Region=y", BOARD, known=["dashboard", "grain"])
    assert found.values == {}
    assert found.ignored == ("Region", "Team")
    assert found.notices == ("Ignored from the link: Region, Team.",)


def test_a_lost_plus_is_hinted_at() -> None:
    found = read_link("installer_email=jo+test@acme.com", BOARD)
    assert found.values == {"installer_email": "jo test@acme.com"}
    assert found.notices == (
        'Installer email: a plus may have been lost in "jo test@acme.com". In links it is written %2B.',
    )
    assert read_link("installer_email=a@b.com, c@d.com", BOARD).notices == ()
    assert read_link("account_name=Acme Inc", BOARD).notices == ()


@pytest.mark.parametrize("query", ["date=" + "a" * 8000, "&".join(["date=today"] * 51), [("date", "+" * 3000)]])
def test_nothing_is_applied_beyond_the_limits(query: str | list[tuple[str, str]]) -> None:
    found = read_link(query, BOARD)
    assert found.refused
    assert found.values == {}
    assert len(found.notices) == 1


def test_links_hold_every_filter_in_order_and_canonical_form() -> None:
    values = {"date": "last 7 days", "account_name": '"a+b", c', "customer_tenure_days": parse("number", "to 5")}
    assert write_link(BOARD, values) == (
        "account_name=a%2Bb,c&installer_email=&account_type=&date=7%20days&customer_tenure_days=%3C%3D5&ticket_priority="
    )


def test_a_text_in_error_stays_as_it_is() -> None:
    assert write_link(BOARD[3:4], {"date": "7 dayz"}) == "date=7%20dayz"


def test_fixed_dates_are_resolved_bounds() -> None:
    assert write_link(BOARD[3:4], {"date": "7 days,null"}, fixed=NOW) == "date=2024-05-09%20to%202024-05-16,null"
    assert write_link(BOARD[3:4], {"date": "today"}, fixed={"date": NOW}) == "date=2024-05-15%20to%202024-05-16"


@pytest.mark.parametrize(
    ("name", "reduced"),
    [
        (" Week", "week"),
        ("Customer Tenure (days)", "customertenuredays"),
        ("account_type", "accounttype"),
        ("f[a.b.Account Type]", "accounttype"),
        ("F[plain]", "plain"),
        ("Straße", "strasse"),
        ("ﬁlter²", "filter2"),
        ("()", ""),
    ],
)
def test_names_are_reduced(name: str, reduced: str) -> None:
    assert reduce_name(name) == reduced


def test_two_filters_of_one_name_do_not_start() -> None:
    with pytest.raises(ValueError, match="cannot both be named"):
        names_of([*BOARD, FilterDefinition("week", "Week", "date")])
    with pytest.raises(ValueError, match="no kind"):
        FilterDefinition("a", "A", "text")
    with pytest.raises(ValueError, match="no letter"):
        FilterDefinition("()", "A", "date")


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.label)
def test_presets_are_canonical(preset: Preset) -> None:
    assert parse("date", preset.text).to_text() == preset.text
    assert parse("date", preset.text).resolve(NOW).warnings == ()
