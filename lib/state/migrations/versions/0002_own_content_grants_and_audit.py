"""Favourites, subscriptions, opened pages, lent roles, sign-in by a provider, and an audit of all that happens."""

import sqlalchemy as sa
from alembic import op

from lib.state.tables import Instant

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("people", sa.Column("issuer", sa.Text))
    op.add_column("people", sa.Column("subject", sa.Text))
    op.add_column("sessions", sa.Column("method", sa.String(16), nullable=False, server_default="password"))
    op.add_column("sessions", sa.Column("browser", sa.Text))
    op.add_column("sessions", sa.Column("last_seen_at", Instant))
    op.create_table(
        "grants",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("person_id", sa.Integer, nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("hours", sa.Integer, nullable=False),
        sa.Column("asked_at", Instant, nullable=False),
        sa.Column("decided_at", Instant),
        sa.Column("decided_by", sa.Integer),
        sa.Column("approved", sa.Boolean),
        sa.Column("ends_at", Instant),
        sa.Column("ended_at", Instant),
        sa.PrimaryKeyConstraint("id", name="pk_grants"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_grants_person_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["decided_by"], ["people.id"], name="fk_grants_decided_by", ondelete="SET NULL"),
    )
    op.create_index("ix_grants_person_id", "grants", ["person_id"])
    op.create_table(
        "favourites",
        sa.Column("person_id", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("person_id", "kind", "key", name="pk_favourites"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_favourites_person_id", ondelete="CASCADE"),
    )
    op.create_table(
        "subscriptions",
        sa.Column("person_id", sa.Integer, nullable=False),
        sa.Column("page", sa.String(100), nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("person_id", "page", name="pk_subscriptions"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_subscriptions_person_id", ondelete="CASCADE"),
    )
    op.create_table(
        "opened_pages",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("person_id", sa.Integer, nullable=False),
        sa.Column("page", sa.String(100), nullable=False),
        sa.Column("about", sa.String(200), nullable=False),
        sa.Column("parameters", sa.Text, nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_opened_pages"),
        sa.UniqueConstraint("person_id", "page", "about", name="uq_opened_pages_person_id_page_about"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_opened_pages_person_id", ondelete="CASCADE"),
    )
    op.create_index("ix_opened_pages_person_id_at", "opened_pages", ["person_id", "at"])
    op.create_table(
        "content",
        sa.Column("page", sa.String(100), nullable=False),
        sa.Column("look", sa.String(200), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("first_seen_at", Instant, nullable=False),
        sa.Column("changed_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("page", "look", name="pk_content"),
    )
    _create_audit()


def _create_audit() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("event", sa.String(32), nullable=False),
        sa.Column("person_id", sa.Integer),
        sa.Column("subject_id", sa.Integer),
        sa.Column("address", sa.String(64)),
        sa.Column("page", sa.String(100)),
        sa.Column("look", sa.String(200)),
        sa.Column("filters", sa.Text),
        sa.Column("bytes", sa.BigInteger),
        sa.Column("rows", sa.BigInteger),
        sa.Column("detail", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_audit_person_id", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["subject_id"], ["people.id"], name="fk_audit_subject_id", ondelete="SET NULL"),
    )
    for column in ("at", "event", "person_id"):
        op.create_index(f"ix_audit_{column}", "audit", [column])
    _copy("access_audit", "audit")
    op.drop_table("access_audit")


def _copy(source: str, target: str) -> None:
    columns = "at, event, person_id, address"
    op.execute(f"INSERT INTO {target} ({columns}) SELECT {columns} FROM {source} ORDER BY id")


def downgrade() -> None:
    op.create_table(
        "access_audit",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("person_id", sa.Integer),
        sa.Column("event", sa.String(32), nullable=False),
        sa.Column("address", sa.String(64)),
        sa.PrimaryKeyConstraint("id", name="pk_access_audit"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_access_audit_person_id", ondelete="SET NULL"),
    )
    op.create_index("ix_access_audit_at", "access_audit", ["at"])
    _copy("audit", "access_audit")
    for table in ("audit", "content", "opened_pages", "subscriptions", "favourites", "grants"):
        op.drop_table(table)
    for table, columns in (("sessions", ("last_seen_at", "browser", "method")), ("people", ("subject", "issuer"))):
        for column in columns:
            op.drop_column(table, column)
