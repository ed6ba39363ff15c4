"""People, their sessions, tickets, invitations, attempts to sign in, and the audit of access."""

import sqlalchemy as sa
from alembic import op

from lib.state.tables import Instant

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "people",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("email", sa.String(320), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("password_hash", sa.Text),
        sa.Column("demo", sa.Boolean, nullable=False),
        sa.Column("locked_at", Instant),
        sa.Column("created_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_people"),
        sa.UniqueConstraint("email", name="uq_people_email"),
    )
    op.create_table(
        "sessions",
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("person_id", sa.Integer, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("expires_at", Instant, nullable=False),
        sa.Column("ended_at", Instant),
        sa.Column("ended_by", sa.String(16)),
        sa.Column("address", sa.String(64)),
        sa.PrimaryKeyConstraint("key", name="pk_sessions"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_sessions_person_id", ondelete="CASCADE"),
    )
    op.create_index("ix_sessions_person_id", "sessions", ["person_id"])
    op.create_table(
        "tickets",
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("person_id", sa.Integer, nullable=False),
        sa.Column("expires_at", Instant, nullable=False),
        sa.Column("used_at", Instant),
        sa.PrimaryKeyConstraint("key", name="pk_tickets"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_tickets_person_id", ondelete="CASCADE"),
    )
    op.create_table(
        "invitations",
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("person_id", sa.Integer, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("expires_at", Instant, nullable=False),
        sa.Column("used_at", Instant),
        sa.PrimaryKeyConstraint("key", name="pk_invitations"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_invitations_person_id", ondelete="CASCADE"),
    )
    op.create_index("ix_invitations_person_id", "invitations", ["person_id"])
    op.create_table(
        "sign_in_attempts",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("email_key", sa.String(64), nullable=False),
        sa.Column("address", sa.String(64), nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("failed", sa.Boolean, nullable=False),
        sa.Column("forgiven", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sign_in_attempts"),
    )
    op.create_index("ix_sign_in_attempts_email_key_at", "sign_in_attempts", ["email_key", "at"])
    op.create_index("ix_sign_in_attempts_address_at", "sign_in_attempts", ["address", "at"])
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


def downgrade() -> None:
    for table in ("access_audit", "sign_in_attempts", "invitations", "tickets", "sessions", "people"):
        op.drop_table(table)
