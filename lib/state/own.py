"""What people keep for themselves: favourites, boards they subscribed to, pages they opened (docs/boards.md, Home)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal
from urllib.parse import parse_qsl, urlencode

from sqlalchemy import bindparam, delete, literal, select, union_all
from sqlalchemy.orm import Session

from lib.state.connection import asking, reading, serialise, writing
from lib.state.tables import FavouriteRow, OpenedRow, SubscriptionRow, fitting

Kind = Literal["page", "look"]
# How many opened pages of a person are kept; older ones are dropped.
OPENED_KEPT = 50
LONGEST_ABOUT = 200
_BOARD = "board"
# One statement for all marks of a person, built once: each page asks it.
_MARKS = union_all(
    select(FavouriteRow.kind.label("kind"), FavouriteRow.key.label("key"), FavouriteRow.created_at.label("at")).where(
        FavouriteRow.person_id == bindparam("person")
    ),
    select(literal(_BOARD), SubscriptionRow.page, SubscriptionRow.created_at).where(
        SubscriptionRow.person_id == bindparam("person")
    ),
).order_by("at", "key")


@dataclass(frozen=True)
class Marks:
    """What a person marked, each in the order in which it was: favourites as (kind, key), boards by page."""

    favourites: tuple[tuple[str, str], ...] = ()
    boards: tuple[str, ...] = ()


@dataclass(frozen=True)
class Opened:
    """A page that somebody opened: about what (`Databricks`; empty for the page as it is), and when last, in UTC."""

    page: str
    about: str
    parameters: Mapping[str, str] = field(hash=False)
    at: datetime


def marks_of(person_id: int) -> Marks:
    """A person's favourites and boards, by one short statement. Raises StateError."""
    with asking() as connection:
        rows = connection.execute(_MARKS, {"person": person_id}).all()
    return Marks(
        tuple((row.kind, row.key) for row in rows if row.kind != _BOARD),
        tuple(row.key for row in rows if row.kind == _BOARD),
    )


def set_favourite(person_id: int, kind: Kind, key: str, favourite: bool = True) -> None:
    """Mark a page or look with a heart, or take the heart away; nothing happens where it is so already."""
    with _own(person_id) as session:
        there = session.get(FavouriteRow, (person_id, kind, key))
        if favourite and there is None:
            session.add(FavouriteRow(person_id=person_id, kind=kind, key=key, created_at=_now()))
        elif there is not None and not favourite:
            session.delete(there)


def set_subscription(person_id: int, page: str, subscribed: bool = True) -> None:
    """Put a board among a person's own, or take it out; nothing happens where it is so already."""
    with _own(person_id) as session:
        there = session.get(SubscriptionRow, (person_id, page))
        if subscribed and there is None:
            session.add(SubscriptionRow(person_id=person_id, page=page, created_at=_now()))
        elif there is not None and not subscribed:
            session.delete(there)


def note_opened(
    person_id: int, page: str, about: str, parameters: Mapping[str, str], at: datetime | None = None
) -> None:
    """Keep that a person opened a page about something; the same once more counts as its last time."""
    about, moment = fitting(about, LONGEST_ABOUT), at or _now()
    with _own(person_id) as session:
        there = session.scalar(
            select(OpenedRow).where(OpenedRow.person_id == person_id, OpenedRow.page == page, OpenedRow.about == about)
        )
        if there is None:
            there = OpenedRow(person_id=person_id, page=page, about=about)
            session.add(there)
        there.parameters, there.at = urlencode(parameters, errors="replace"), moment
        session.flush()
        kept = (
            select(OpenedRow.id)
            .where(OpenedRow.person_id == person_id)
            .order_by(OpenedRow.at.desc(), OpenedRow.id.desc())
            .limit(OPENED_KEPT)
        )
        session.execute(delete(OpenedRow).where(OpenedRow.person_id == person_id, OpenedRow.id.not_in(kept)))


def recently_opened(person_id: int, most: int = 8) -> list[Opened]:
    """What a person opened last, newest first. Raises StateError."""
    with reading() as session:
        rows = session.scalars(
            select(OpenedRow)
            .where(OpenedRow.person_id == person_id)
            .order_by(OpenedRow.at.desc(), OpenedRow.id.desc())
            .limit(most)
        ).all()
    return [Opened(row.page, row.about, dict(parse_qsl(row.parameters, True)), row.at) for row in rows]


@contextmanager
def _own(person_id: int) -> Iterator[Session]:
    """A short transaction on one person's own content; two tabs of the person wait for each other."""
    with writing() as session:
        serialise(session, f"own content of {person_id}")
        yield session


def _now() -> datetime:
    return datetime.now(UTC)
