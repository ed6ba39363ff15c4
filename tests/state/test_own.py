"""What people keep for themselves, on both kinds of state database."""

from __future__ import annotations

import sqlite3
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from lib.access.people import Role, add_person
from lib.state import StateUnavailable, connection, database, later, own, ready, writing
from lib.state.content import News, news_since, note_content
from lib.state.own import Marks, marks_of, note_opened, recently_opened, set_favourite, set_subscription

NOON = datetime(2025, 11, 18, 12, tzinfo=UTC)


@pytest.fixture
def people(state: str) -> tuple[int, int]:
    """Two people."""
    with writing() as session:
        first, second = (add_person(session, f"{name}@b.example", Role.viewer).id for name in "ab")
    return first, second


def test_hearts_and_boards_are_kept_by_person_in_their_order(people: tuple[int, int]) -> None:
    mine, others = people
    set_favourite(mine, "page", "finance")
    set_favourite(mine, "look", "company_metrics/dau_mau")
    set_subscription(mine, "cody_pro")
    set_favourite(others, "page", "cody_pro")
    assert marks_of(mine) == Marks((("page", "finance"), ("look", "company_metrics/dau_mau")), ("cody_pro",))
    assert marks_of(others) == Marks((("page", "cody_pro"),), ())


def test_a_heart_given_twice_is_one_and_taken_twice_is_none(people: tuple[int, int]) -> None:
    mine, _ = people
    for _ in range(2):
        set_favourite(mine, "look", "a/b")
        set_subscription(mine, "a")
    assert marks_of(mine) == Marks((("look", "a/b"),), ("a",))
    for _ in range(2):
        set_favourite(mine, "look", "a/b", False)
        set_subscription(mine, "a", False)
    assert marks_of(mine) == Marks()


def test_a_heart_from_two_tabs_at_once_is_one(people: tuple[int, int]) -> None:
    mine, _ = people
    together, errors = threading.Barrier(4), []

    def give() -> None:
        together.wait()
        try:
            set_favourite(mine, "page", "finance")
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=give) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (errors, marks_of(mine).favourites) == ([], (("page", "finance"),))


def test_what_was_opened_comes_back_newest_first_and_once(people: tuple[int, int]) -> None:
    mine, others = people
    note_opened(mine, "single_instance", "Databricks", {"account_name": '"Databricks"', "date": ""}, NOON)
    note_opened(mine, "cody_pro", "", {}, NOON + timedelta(minutes=1))
    note_opened(mine, "single_instance", "Databricks", {"account_name": "Databricks"}, NOON + timedelta(minutes=2))
    assert recently_opened(others) == []
    first, second = recently_opened(mine)
    assert (first.page, first.about, first.parameters) == (
        "single_instance",
        "Databricks",
        {"account_name": "Databricks"},
    )
    assert first.at == NOON + timedelta(minutes=2) and second.page == "cody_pro" and second.parameters == {}


def test_empty_filters_and_hostile_texts_come_back(people: tuple[int, int]) -> None:
    mine, _ = people
    note_opened(mine, "x", "a\0b\ud800" + "c" * 500, {"account_type": "", "find": "a&b=c+ü \0"}, NOON)
    (opened,) = recently_opened(mine)
    assert opened.parameters == {"account_type": "", "find": "a&b=c+ü \0"}
    assert opened.about.startswith("a\ufffdb?ccc") and len(opened.about) == own.LONGEST_ABOUT


def test_a_person_keeps_the_last_fifty_opened_pages(people: tuple[int, int]) -> None:
    mine, others = people
    note_opened(others, "x", "first", {}, NOON)
    for minute in range(own.OPENED_KEPT + 3):
        note_opened(mine, "x", f"account {minute}", {}, NOON + timedelta(minutes=minute))
    kept = recently_opened(mine, 1000)
    assert len(kept) == own.OPENED_KEPT == 50
    assert kept[0].about == "account 52" and kept[-1].about == "account 3"
    assert len(recently_opened(others)) == 1


def test_what_was_here_from_the_beginning_is_not_new(state: str) -> None:
    assert news_since(NOON) == []
    note_content({("finance", ""): "", ("finance", "finance/seats"): "1"}, NOON)
    assert news_since(NOON - timedelta(days=30)) == []


def test_what_comes_and_what_changes_is_news_until_the_time_is_over(state: str) -> None:
    begun = {("finance", ""): "", ("finance", "finance/seats"): "1"}
    note_content(begun, NOON)
    later_on = {**begun, ("finance", "finance/seats"): "2", ("finance", "finance/renewals"): "1"}
    note_content(later_on, NOON + timedelta(days=1))
    note_content({**later_on, ("sdr", ""): ""}, NOON + timedelta(days=2))
    note_content(begun | {("finance", "finance/seats"): "2"}, NOON + timedelta(days=3))
    assert news_since(NOON) == [
        News("sdr", "", True, NOON + timedelta(days=2)),
        News("finance", "finance/renewals", True, NOON + timedelta(days=1)),
        News("finance", "finance/seats", False, NOON + timedelta(days=1)),
    ]
    assert [news.page for news in news_since(NOON + timedelta(days=1, hours=1))] == ["sdr"]


def test_a_write_for_later_is_done_and_one_that_fails_stops_no_other(people: tuple[int, int]) -> None:
    mine, _ = people

    def broken() -> None:
        raise StateUnavailable("locked")

    later.write_later(broken)
    later.write_later(lambda: set_favourite(mine, "page", "finance"))
    later.wait_for_writes()
    assert marks_of(mine).favourites == (("page", "finance"),)


def test_marks_are_read_while_another_program_writes_and_a_heart_is_refused_in_a_sentence(
    own_settings: pytest.MonkeyPatch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready()
    with writing() as session:
        mine = add_person(session, "a@b.example", Role.viewer).id
    set_favourite(mine, "page", "finance")
    monkeypatch.setattr(connection, "BUSY_SECONDS", 0.1)
    database().dispose()
    other = sqlite3.connect(tmp_path / "var" / "state.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        assert marks_of(mine).favourites == (("page", "finance"),)
        with pytest.raises(StateUnavailable, match="locked by another program"):
            set_favourite(mine, "page", "cody_pro")
    finally:
        other.execute("ROLLBACK")
        other.close()
