"""The audit: who did what, when, with how much data. Rows are only ever added (docs/access has the rules)."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from lib.access.journal import JOURNAL
from lib.access.people import now
from lib.log import fault
from lib.state.tables import AuditRow, fitting

LONGEST = {"event": 32, "address": 64, "page": 100, "look": 200, "filters": 2_000, "detail": 1_000}
# Written before the caller goes on, where that can be: no file leaves without its record, not even before a crash.
AT_ONCE = frozenset({"export"})


def note(
    event: str,
    person_id: int | None,
    *,
    subject_id: int | None = None,
    address: str | None = None,
    page: str | None = None,
    look: str | None = None,
    filters: str | None = None,
    bytes: int | None = None,
    rows: int | None = None,
    detail: str | None = None,
) -> None:
    """Record what somebody did with data: `query`, `export`, `opened` and the like. From any thread; never raises.

    `person_id` is who did it (None: Boardroom itself), `subject_id` to whom. `filters` in words or canonical text,
    never what was typed into the sign-in form. Long texts are cut. Written within about a second; an `export` before
    this returns, unless the state database cannot be written, when it waits like all others.
    """
    try:
        given = {"address": address, "page": page, "look": look, "filters": filters, "detail": detail}
        JOURNAL.add(_row(event, person_id, subject_id=subject_id, bytes=bytes, rows=rows, **given))
        if event in AT_ONCE:
            JOURNAL.flush()
    except Exception as error:
        fault(error, surface="audit", audited=event)


def audit(
    session: Session,
    event: str,
    person_id: int | None,
    address: str | None = None,
    *,
    subject_id: int | None = None,
    detail: str | None = None,
) -> None:
    """Record what somebody did with access, in the transaction that does it: neither is there without the other."""
    session.add(AuditRow(**_row(event, person_id, subject_id=subject_id, address=address, detail=detail)))


def _row(event: str, person_id: int | None, **given: Any) -> dict[str, Any]:
    row = {"at": now(), "event": event, "person_id": person_id, "page": None, "look": None, "filters": None}
    row |= {"subject_id": None, "address": None, "bytes": None, "rows": None, "detail": None, **given}
    return {name: fitting(value, LONGEST[name]) if isinstance(value, str) else value for name, value in row.items()}
