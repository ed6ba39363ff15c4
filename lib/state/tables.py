"""The tables of the state database. A change here needs a migration beside it (docs/access)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    MetaData,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
}


class Instant(TypeDecorator[datetime]):
    """A moment in UTC; refuses one without a zone. SQLite has no zones, so they are put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def fitting(text: str, longest: int) -> str:
    """A text from an address as a column takes it, cut to so many characters.

    PostgreSQL takes neither NUL nor half a surrogate pair.
    """
    clean = text.replace("\0", "\ufffd").encode("utf-8", "replace").decode()
    return clean if len(clean) <= longest else f"{clean[: longest - 1]}…"


class Table(DeclarativeBase):
    """What all tables share."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = {datetime: Instant, str: Text}  # noqa: RUF012


class PersonRow(Table):
    """Somebody who may sign in; without a password until a one-time link was used."""

    __tablename__ = "people"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(320), unique=True)  # lower case
    name: Mapped[str]
    role: Mapped[str] = mapped_column(String(16))
    password_hash: Mapped[str | None]
    demo: Mapped[bool] = mapped_column(default=False)
    locked_at: Mapped[datetime | None]  # by an administrator, until taken back
    created_at: Mapped[datetime]
    issuer: Mapped[str | None]  # whom an OpenID provider vouches for: provider and its name for the person
    subject: Mapped[str | None]


class SessionRow(Table):
    """One signed-in browser. The key is the SHA-256 of the cookie's token: the table's reader cannot sign in.

    For a sign-in by an OpenID provider it is that of issuer, subject and issue time.
    """

    __tablename__ = "sessions"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None] = mapped_column(String(16))
    address: Mapped[str | None] = mapped_column(String(64))
    method: Mapped[str] = mapped_column(String(16), default="password", server_default="password")
    browser: Mapped[str | None]
    last_seen_at: Mapped[datetime | None]  # to the minute


class TicketRow(Table):
    """Proof of a right password, good once and for a minute, that the route /session turns into a cookie."""

    __tablename__ = "tickets"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class InvitationRow(Table):
    """A one-time link that sets a password."""

    __tablename__ = "invitations"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class AttemptRow(Table):
    """One try to sign in. The email is kept as SHA-256: people type passwords into the wrong field."""

    __tablename__ = "sign_in_attempts"
    __table_args__ = (
        Index("ix_sign_in_attempts_email_key_at", "email_key", "at"),
        Index("ix_sign_in_attempts_address_at", "address", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    email_key: Mapped[str] = mapped_column(String(64))
    address: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
    failed: Mapped[bool]
    forgiven: Mapped[bool] = mapped_column(default=False)  # no longer counted against the person


class GrantRow(Table):
    """A request to have a higher role for a while, and what an administrator decided."""

    __tablename__ = "grants"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    role: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str]
    hours: Mapped[int]
    asked_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    approved: Mapped[bool | None]
    ends_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]  # taken back before its end


class FavouriteRow(Table):
    """A page or a look that somebody marked with a heart."""

    __tablename__ = "favourites"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16), primary_key=True)  # page, look
    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    created_at: Mapped[datetime]


class SubscriptionRow(Table):
    """A board among somebody's own."""

    __tablename__ = "subscriptions"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    page: Mapped[str] = mapped_column(String(100), primary_key=True)
    created_at: Mapped[datetime]


class OpenedRow(Table):
    """When somebody last opened a page about something (`about`: its filters in words)."""

    __tablename__ = "opened_pages"
    __table_args__ = (
        UniqueConstraint("person_id", "page", "about"),
        Index("ix_opened_pages_person_id_at", "person_id", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    page: Mapped[str] = mapped_column(String(100))
    about: Mapped[str] = mapped_column(String(200))
    parameters: Mapped[str]  # the address's query string
    at: Mapped[datetime]


class ContentRow(Table):
    """A board, or a tile on a board, since when this installation has it and when it last became another."""

    __tablename__ = "content"

    page: Mapped[str] = mapped_column(String(100), primary_key=True)
    look: Mapped[str] = mapped_column(String(200), primary_key=True)  # empty for the board itself
    digest: Mapped[str] = mapped_column(String(64))
    first_seen_at: Mapped[datetime]
    changed_at: Mapped[datetime]


class AuditRow(Table):
    """What happened, when and by whom; rows are only ever added (docs/access)."""

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    event: Mapped[str] = mapped_column(String(32), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"), index=True)
    subject_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))  # who it was done to
    address: Mapped[str | None] = mapped_column(String(64))
    page: Mapped[str | None] = mapped_column(String(100))
    look: Mapped[str | None] = mapped_column(String(200))
    filters: Mapped[str | None]
    bytes: Mapped[int | None] = mapped_column(BigInteger)
    rows: Mapped[int | None] = mapped_column(BigInteger)
    detail: Mapped[str | None]
