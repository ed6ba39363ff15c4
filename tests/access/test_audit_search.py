"""Administrators find what happened, newest first, and take it with them; that is recorded too."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import timedelta

import pytest

from lib.access import audit_search
from lib.access.acting import NotAdmin
from lib.access.audit import note
from lib.access.audit_search import COLUMNS, Search, download_audit, known_events, search_audit
from lib.access.journal import JOURNAL
from lib.access.people import Person, Role, now
from lib.access.sessions import person_of
from lib.state import writing
from lib.state.tables import AuditRow


@pytest.fixture
def admin(key_for: Callable[..., str], add: Callable[..., Person]) -> str:
    """An administrator's session, and records of Maya's day (the sign-in of the administrator aside)."""
    key, maya = key_for(Role.admin), add("maya@acme.example")
    note("opened", maya.id, page="cody_pro", filters="Date: 7 days")
    note("query", maya.id, page="cody_pro", look="cody_pro/growth", filters="date_1=2025-11-01", bytes=2_000, rows=31)
    note("query", None, page="cody_pro", look="cody_pro/revenue", filters="100%_sure", bytes=1_000, rows=1)
    note("export", maya.id, page="batch_changes", look="batch_changes/by_account", filters="=HYPERLINK(1)", rows=9)
    note("locked", None, subject_id=maya.id)
    assert JOURNAL.flush()
    with writing() as session:
        session.add(AuditRow(at=now() - timedelta(days=30), event="query", person_id=maya.id, look="old/look"))
    return key


def found(admin: str, **search: object) -> list[str]:
    records, count = search_audit(admin, Search(**search), 0, 100)  # pyright: ignore
    assert count == len(records)
    return [f"{record.event} {record.look or record.page or ''}".strip() for record in records]


def test_the_newest_come_first_with_all_that_is_known(admin: str) -> None:
    records, count = search_audit(admin, Search(look="growth"), 0, 10)
    assert count == 1
    assert (records[0].person, records[0].look, records[0].bytes, records[0].rows) == (
        "maya@acme.example",
        "cody_pro/growth",
        2_000,
        31,
    )
    assert found(admin) == [
        "locked",
        "export batch_changes/by_account",
        "query cody_pro/revenue",
        "query cody_pro/growth",
        "opened cody_pro",
        "signed in",
        "query old/look",
    ]


@pytest.mark.parametrize(
    ("search", "events"),
    [
        ({"person": "MAYA"}, 5),  # to whom it was done counts too
        ({"person": "nobody"}, 0),
        ({"events": ("query",)}, 3),
        ({"events": ("query", "export")}, 4),
        ({"look": "cody_pro"}, 3),
        ({"text": "2025-11-01"}, 1),
        ({"text": "100%"}, 1),
        ({"text": "100__sure"}, 0),
        ({"text": "%"}, 1),
        ({"text": "'; DROP TABLE audit; --\0"}, 0),
        ({"person": "maya", "events": ("query",), "look": "growth"}, 1),
    ],
)
def test_it_is_searched(admin: str, search: dict[str, object], events: int) -> None:
    assert len(found(admin, **search)) == events


def test_it_is_searched_by_time(admin: str) -> None:
    yesterday = now() - timedelta(days=1)
    assert found(admin, until=yesterday) == ["query old/look"]
    assert "query old/look" not in found(admin, since=yesterday)
    assert found(admin, since=now() + timedelta(days=1)) == []


def test_it_is_paged(admin: str) -> None:
    whole, count = search_audit(admin, Search(), 0, 100)
    pages = [search_audit(admin, Search(), first, 3) for first in (0, 3, 6, 9)]
    assert [record for page, _ in pages for record in page] == whole
    assert {page_count for _, page_count in pages} == {count} == {7}


def test_all_that_was_found_is_downloaded_and_that_is_recorded(admin: str) -> None:
    table = download_audit(admin, Search(person="maya"), "203.0.113.7")
    rows = [*csv.DictReader(io.StringIO(table.decode("utf-8-sig")))]
    assert list(rows[0]) == list(COLUMNS)
    assert len(rows) == 5
    assert rows[1]["filters"] == "'=HYPERLINK(1)"
    assert (rows[2]["bytes"], rows[2]["rows"], rows[0]["person"]) == ("2000", "31", "")
    assert JOURNAL.flush()
    [record], _ = search_audit(admin, Search(events=("export",), look="admin"), 0, 10)
    assert (record.person, record.rows, record.bytes) == ("admin@acme.example", 5, len(table))
    assert (record.filters, record.address) == ("person=maya", "203.0.113.7")


def test_a_download_has_a_limit(admin: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit_search, "MOST_DOWNLOADED", 2)
    assert len(download_audit(admin, Search()).splitlines()) == 3


def test_the_kinds_of_events_are_those_there_are(admin: str) -> None:
    assert known_events(admin) == ["export", "locked", "opened", "query", "signed in"]


@pytest.mark.parametrize("role", [Role.viewer, Role.explorer])
def test_nobody_else_sees_it(admin: str, key_for: Callable[..., str], role: Role) -> None:
    key = key_for(role)
    for act in (
        lambda: search_audit(key, Search(), 0, 10),
        lambda: download_audit(key, Search()),
        lambda: known_events(key),
    ):
        with pytest.raises(NotAdmin):
            act()
    assert person_of(key)
    assert JOURNAL.flush()
    assert found(admin, events=("export",)) == ["export batch_changes/by_account"]
