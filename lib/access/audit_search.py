"""Searching the audit, and all that was found as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from lib.access.acting import looking
from lib.access.audit import note
from lib.access.sessions import require
from lib.state.tables import AuditRow, PersonRow

MOST_DOWNLOADED = 100_000
COLUMNS = ("at", "event", "person", "subject", "address", "page", "look", "filters", "bytes", "rows", "detail")
# A spreadsheet runs a cell that begins so.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_ACTOR, _SUBJECT = aliased(PersonRow), aliased(PersonRow)


@dataclass(frozen=True)
class Search:
    """What is looked for; whatever is empty asks for nothing. `since` is included, `until` is not; both in UTC.

    `person` is an email's part, of who did it or to whom; `look` a part of look or page; `text` a part of filters,
    detail, address or of the other two.
    """

    person: str = ""
    events: tuple[str, ...] = ()
    look: str = ""
    text: str = ""
    since: datetime | None = None
    until: datetime | None = None

    def words(self) -> str:
        """The search for the record of a download."""
        parts = {
            "person": self.person,
            "events": ", ".join(self.events),
            "look": self.look,
            "text": self.text,
            "since": f"{self.since:%Y-%m-%d %H:%M}" if self.since else "",
            "until": f"{self.until:%Y-%m-%d %H:%M}" if self.until else "",
        }
        return "; ".join(f"{name}={value}" for name, value in parts.items() if value)


@dataclass(frozen=True)
class Record:
    """One row of the audit, with emails in place of ids."""

    at: datetime
    event: str
    person: str | None
    subject: str | None
    address: str | None
    page: str | None
    look: str | None
    filters: str | None
    bytes: int | None
    rows: int | None
    detail: str | None


def search_audit(session_key: str | None, search: Search, first: int, count: int) -> tuple[list[Record], int]:
    """So many records from the `first` (0) on, newest first, and how many were found in all.

    Raises NotAdmin, NotSignedIn and StateError.
    """
    with looking(session_key) as session:
        conditions = _conditions(search)
        asked = _records().where(*conditions).offset(first).limit(count)
        counted = _joined(select(func.count())).where(*conditions)
        return [Record(*row) for row in session.execute(asked)], session.scalar(counted) or 0


def known_events(session_key: str | None) -> list[str]:
    """The kinds of events that there are records of. Raises as `search_audit` does."""
    with looking(session_key) as session:
        return list(session.scalars(select(AuditRow.event).distinct().order_by(AuditRow.event)))


def download_audit(session_key: str | None, search: Search, address: str | None = None) -> bytes:
    """All that was found, up to `MOST_DOWNLOADED` of the newest, as CSV; the download is recorded itself.

    Raises as `search_audit` does.
    """
    with looking(session_key) as session:
        rows = [*_found(session, search, MOST_DOWNLOADED)]
    table = audit_csv(rows)
    person = require(session_key)
    note("export", person.id, address=address, page="admin", filters=search.words(), rows=len(rows), bytes=len(table))
    return table


def audit_csv(records: list[Record]) -> bytes:
    """Records as CSV (UTF-8 with its mark, for spreadsheets); texts that a spreadsheet would run get an apostrophe."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for record in records:
        writer.writerow([_cell(getattr(record, column)) for column in COLUMNS])
    return text.getvalue().encode("utf-8-sig")


def _found(session: Session, search: Search, most: int) -> Iterator[Record]:
    return (Record(*row) for row in session.execute(_records().where(*_conditions(search)).limit(most)))


def _records() -> Select[*tuple[Any, ...]]:
    emails: dict[str, Any] = {"person": _ACTOR.email, "subject": _SUBJECT.email}
    columns = [emails[name] if name in emails else getattr(AuditRow, name) for name in COLUMNS]
    return _joined(select(*columns)).order_by(AuditRow.at.desc(), AuditRow.id.desc())


def _joined(asked: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    return (
        asked.select_from(AuditRow)
        .outerjoin(_ACTOR, _ACTOR.id == AuditRow.person_id)
        .outerjoin(_SUBJECT, _SUBJECT.id == AuditRow.subject_id)
    )


def _conditions(search: Search) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if search.person:
        found.append(_any_holds(search.person, _ACTOR.email, _SUBJECT.email))
    if search.events:
        found.append(AuditRow.event.in_(search.events))
    if search.look:
        found.append(_any_holds(search.look, AuditRow.look, AuditRow.page))
    if search.text:
        texts = (AuditRow.filters, AuditRow.detail, AuditRow.address, AuditRow.look, AuditRow.page)
        found.append(_any_holds(search.text, *texts))
    if search.since:
        found.append(AuditRow.at >= search.since)
    if search.until:
        found.append(AuditRow.at < search.until)
    return found


def _any_holds(part: str, *columns: InstrumentedAttribute) -> ColumnElement[bool]:
    return or_(*(column.icontains(part.replace("\0", ""), autoescape=True) for column in columns))


def _cell(value: object) -> str:
    if value is None:
        return ""
    text = value.isoformat(timespec="milliseconds") if isinstance(value, datetime) else str(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(_FORMULA) else text
