"""Codes, templates of automatic messages, what was sent, and since when several people answer."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_NOT_REVOKED = sa.text("revoked_at IS NULL")
_UNBOUND = sa.text("bound_agent_id IS NULL AND bound_team_id IS NULL")
_ANSWERED = sa.text("state = 'closed' AND first_reply_at IS NOT NULL")
_SEVERAL_ALREADY = sa.text(
    "UPDATE workspace SET several_since = 0 WHERE (SELECT count(*) FROM agents WHERE active) > 1"
)
"""Since when nobody noted: nothing that counts from it may begin anew."""


def upgrade() -> None:
    op.add_column("workspace", sa.Column("several_since", sa.BigInteger(), nullable=True))
    op.execute(_SEVERAL_ALREADY)
    op.add_column(
        "workspace", sa.Column("automatic", sa.JSON(), server_default="[]", nullable=False)
    )
    op.add_column(
        "workspace",
        sa.Column("automatic_gap", sa.BigInteger(), server_default="600000", nullable=False),
    )
    op.create_index(
        "sessions_answered",
        "sessions",
        ["team_id", "id"],
        sqlite_where=_ANSWERED,
        postgresql_where=_ANSWERED,
    )
    for kind in ("agent", "team"):
        bound = sa.text(f"bound_{kind}_id IS NOT NULL")
        op.create_index(
            f"contacts_of_{kind}",
            "contacts",
            [f"bound_{kind}_id", "id"],
            sqlite_where=bound,
            postgresql_where=bound,
        )
    op.create_index(
        "contacts_unbound", "contacts", ["id"], sqlite_where=_UNBOUND, postgresql_where=_UNBOUND
    )
    _make_codes()
    _make_messages()


def _make_codes() -> None:
    op.create_table(
        "codes",
        sa.Column("id", _ID, nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("channel_id", sa.BigInteger(), nullable=False),
        sa.Column("assignee", sa.String(), nullable=False),
        sa.Column("agent_id", sa.BigInteger(), nullable=True),
        sa.Column("team_id", sa.BigInteger(), nullable=True),
        sa.Column("link", sa.String(), nullable=False),
        sa.Column("tags", sa.JSON(), server_default="[]", nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("by_id", sa.BigInteger(), nullable=True),
        sa.Column("expires_at", sa.BigInteger(), nullable=True),
        sa.Column("revoked_at", sa.BigInteger(), nullable=True),
        sa.Column("revoked_by_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["channel_id"], ["channels.id"]),
        sa.ForeignKeyConstraint(["agent_id"], ["agents.id"]),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("code"),
    )
    op.create_index(
        "one_code",
        "codes",
        ["channel_id", "assignee"],
        unique=True,
        sqlite_where=_NOT_REVOKED,
        postgresql_where=_NOT_REVOKED,
    )
    op.create_index("codes_of_agent", "codes", ["agent_id", "id"])
    op.create_index("codes_of_team", "codes", ["team_id", "id"])


def _make_messages() -> None:
    op.create_table(
        "automatic_templates",
        sa.Column("id", _ID, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("channel_id", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_by_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("kind", "language", "channel_id"),
    )
    op.create_table(
        "automatic_messages",
        sa.Column("id", _ID, nullable=False),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("conversation_id", sa.BigInteger(), nullable=False),
        sa.Column("session_id", sa.BigInteger(), nullable=True),
        sa.Column("entry_id", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("told", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("cause"),
    )
    op.create_index("automatic_of_session", "automatic_messages", ["session_id", "kind", "id"])
    op.create_table(
        "automatic_progress",
        sa.Column("id", _ID, nullable=False),
        sa.Column("seq", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )


def downgrade() -> None:
    for table in ("automatic_progress", "automatic_messages", "automatic_templates", "codes"):
        op.drop_table(table)
    op.drop_index("sessions_answered", "sessions")
    for index in ("contacts_of_agent", "contacts_of_team", "contacts_unbound"):
        op.drop_index(index, "contacts")
    for column in ("automatic_gap", "automatic", "several_since"):
        op.drop_column("workspace", column)
