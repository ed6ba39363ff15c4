"""Since when boards and tiles are here, and when they last changed (docs/boards.md, What is new)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import func, select

from lib.state.connection import reading, serialise, writing
from lib.state.tables import ContentRow

Content = Mapping[tuple[str, str], str]


@dataclass(frozen=True)
class News:
    """A board (`look` empty) or a tile that came, or a tile that became another, at that moment in UTC."""

    page: str
    look: str
    added: bool
    at: datetime


def note_content(content: Content, at: datetime | None = None) -> None:
    """Keep what there is now, by page and look (empty for the page itself) with a digest of what makes it what it is.

    What is not known yet came now; another digest changed now. What is gone is kept, so that it is not new when it
    comes back. Raises StateError.
    """
    moment = at or datetime.now(UTC)
    with writing() as session:
        serialise(session, "content")
        known = {(row.page, row.look): row for row in session.scalars(select(ContentRow))}
        for (page, look), digest in content.items():
            row = known.get((page, look))
            if row is None:
                row = ContentRow(page=page, look=look, digest=digest, first_seen_at=moment, changed_at=moment)
                session.add(row)
            elif row.digest != digest:
                row.digest, row.changed_at = digest, moment


def news_since(moment: datetime) -> list[News]:
    """What came or changed after a moment, newest first. What was here from the beginning is not new.

    Raises StateError.
    """
    with reading() as session:
        begun = session.scalar(select(func.min(ContentRow.first_seen_at)))
        if begun is None:
            return []
        rows = session.scalars(
            select(ContentRow)
            .where(ContentRow.changed_at > max(moment, begun))
            .order_by(ContentRow.changed_at.desc(), ContentRow.page, ContentRow.look)
        ).all()
    return [News(row.page, row.look, row.first_seen_at == row.changed_at, row.changed_at) for row in rows]
