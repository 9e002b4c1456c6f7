"""Rules, business hours, bindings, and what the full order of decision needs of the rest."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_LIVE = sa.text("ended_at IS NULL")
_DEDICATED = sa.text("dedicated_agent_id IS NOT NULL")
_UNASSIGNED = sa.text("state = 'open' AND assignee_id IS NULL")


def _moment(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.BigInteger(), nullable=True)


def _flag(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Boolean(), server_default="0", nullable=False)


def _text(name: str, default: str) -> sa.Column[Any]:
    return sa.Column(name, sa.String(), server_default=default, nullable=False)


def _json(name: str, default: str = "[]") -> sa.Column[Any]:
    return sa.Column(name, sa.JSON(), server_default=default, nullable=False)


def _added() -> dict[str, list[sa.Column[Any]]]:
    """Return what comes to tables that are there: SQLite adds it in place, whatever the rows."""
    return {
        "workspace": [
            sa.Column("skill_wait", sa.BigInteger(), server_default="120000", nullable=False),
            _moment("take_back"),
            _text("off_duty", "reroute"),
            sa.Column("hours", sa.String(), nullable=True),
            _json("exclude_tags"),
            _moment("exclude_older_than"),
            _json("tiers", "{}"),
            _flag("restrict_to_team"),
        ],
        "agents": [_json("skills"), _moment("absent_since")],
        "teams": [
            _text("consider", "online"),
            sa.Column("hours", sa.String(), nullable=True),
            _json("exclude_tags"),
            _moment("exclude_older_than"),
        ],
        "contacts": [
            sa.Column("tier", sa.String(), nullable=True),
            _json("tags"),
            _moment("dedicated_agent_id"),
            _moment("bound_agent_id"),
            _moment("bound_team_id"),
        ],
        "sessions": [
            sa.Column("queue", sa.String(), nullable=True),
            _moment("rule_id"),
            _flag("priority_chosen"),
            _flag("owner_waited"),
            _json("lapsed"),
            _moment("previous_agent_id"),
            _flag("returning_contact"),
            _text("language_from", "workspace"),
            _text("opening", ""),
        ],
    }


def upgrade() -> None:
    for table, columns in _added().items():
        for column in columns:
            op.add_column(table, column)
    _fill_in()
    op.create_index(
        "dedicated_contacts",
        "contacts",
        ["dedicated_agent_id"],
        sqlite_where=_DEDICATED,
        postgresql_where=_DEDICATED,
    )
    op.create_index(
        "sessions_queued",
        "sessions",
        ["queue", "id"],
        sqlite_where=_UNASSIGNED,
        postgresql_where=_UNASSIGNED,
    )
    _make_bindings()
    _make_rules()
    op.create_table(
        "hours",
        sa.Column("id", _ID, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("timezone", sa.String(), nullable=False),
        sa.Column("calendar", sa.JSON(), server_default="{}", nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name"),
    )
    op.create_table(
        "assigner_journal",
        sa.Column("n", _ID, nullable=False),
        sa.Column("run", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("n"),
    )
    op.create_index("journal_of_run", "assigner_journal", ["run", "n"])
    op.create_index("journal_by_time", "assigner_journal", ["at"])


def _fill_in() -> None:
    """Let the sessions that are there say what they would have said from the start."""
    op.execute("UPDATE sessions SET language_from = 'profile' WHERE language IS NOT NULL")
    op.execute(
        "UPDATE sessions SET returning_contact = 1 WHERE EXISTS (SELECT 1 FROM sessions AS earlier"
        " WHERE earlier.contact_id = sessions.contact_id AND earlier.id < sessions.id)"
    )
    op.execute(
        "UPDATE sessions SET previous_agent_id = (SELECT earlier.assignee_id"
        " FROM sessions AS earlier WHERE earlier.contact_id = sessions.contact_id"
        " AND earlier.id < sessions.id AND earlier.assignee_id IS NOT NULL"
        " ORDER BY earlier.id DESC LIMIT 1) WHERE returning_contact"
    )


def _make_bindings() -> None:
    op.create_table(
        "bindings",
        sa.Column("id", _ID, nullable=False),
        sa.Column("contact_id", sa.BigInteger(), nullable=False),
        sa.Column("agent_id", sa.BigInteger(), nullable=True),
        sa.Column("team_id", sa.BigInteger(), nullable=True),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("how", sa.String(), nullable=False),
        sa.Column("by_id", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_by_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["contact_id"], ["contacts.id"]),
        sa.ForeignKeyConstraint(["agent_id"], ["agents.id"]),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "one_live_binding",
        "bindings",
        ["contact_id"],
        unique=True,
        sqlite_where=_LIVE,
        postgresql_where=_LIVE,
    )
    for name, column in (("bound_to_agent", "agent_id"), ("bound_to_team", "team_id")):
        op.create_index(
            name, "bindings", [column, "id"], sqlite_where=_LIVE, postgresql_where=_LIVE
        )
    op.create_index("bindings_of_contact", "bindings", ["contact_id", "id"])


def _make_rules() -> None:
    op.create_table(
        "rules",
        sa.Column("id", _ID, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("condition", sa.JSON(), server_default="{}", nullable=False),
        sa.Column("team_id", sa.BigInteger(), nullable=True),
        sa.Column("agents", sa.JSON(), server_default="[]", nullable=False),
        sa.Column("method", sa.String(), nullable=True),
        sa.Column("consider", sa.String(), nullable=True),
        sa.Column("priority", sa.String(), nullable=True),
        sa.Column("skills", sa.JSON(), server_default="[]", nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name"),
    )
    op.create_table(
        "rule_turns",
        sa.Column("rule_id", sa.BigInteger(), nullable=False),
        sa.Column("agent_id", sa.BigInteger(), nullable=False),
        sa.Column("turn", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["rule_id"], ["rules.id"]),
        sa.ForeignKeyConstraint(["agent_id"], ["agents.id"]),
        sa.PrimaryKeyConstraint("rule_id", "agent_id"),
    )


def downgrade() -> None:
    for table in ("assigner_journal", "hours", "rule_turns", "rules", "bindings"):
        op.drop_table(table)
    op.drop_index("sessions_queued", "sessions")
    op.drop_index("dedicated_contacts", "contacts")
    for table, columns in _added().items():
        for column in columns:
            op.drop_column(table, column.name)
