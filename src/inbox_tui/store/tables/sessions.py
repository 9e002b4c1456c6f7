"""Sessions, their timelines, and what is kept beside them."""

from typing import Any

from sqlalchemy import BigInteger, Column, ForeignKey, Index, text
from sqlmodel import Field

from inbox_tui.store.tables.columns import (
    Row,
    big,
    flag,
    json_list,
    maybe_json,
    new_id,
    ref,
    text_of,
)


class Session(Row, table=True):
    """One stretch of service.

    ``wait_key`` and ``recent_key`` are the sort keys of the two orders, both ascending, so that a
    list is one walk along one index (see :func:`inbox_tui.backend.sessions.placement.sort_keys`).

    While nobody serves it, ``queue`` is the line it stands in, as the assignment engine names it,
    and ``rule_id`` the distribution rule that sent it there. ``team_id`` is where it was routed or
    sent; ``team_chosen`` says that a person sent it, ``priority_chosen`` that a person set the
    priority. ``previous_agent_id`` is who served the contact last, ``returning_contact`` whether
    they had a session before; ``lapsed`` are the agents who let it lapse, and ``owner_waited`` says
    that it does not wait for one particular agent any more (R6, R10). ``opening`` is the folded
    text of the customer's messages until somebody first served it, in which keywords are found
    (R2); ``language_from`` is ``hand``, ``detected``, ``profile`` or ``workspace`` (R4).
    """

    __tablename__ = "sessions"
    __table_args__ = (
        # P: at most one open session in a conversation, guaranteed by the database itself.
        Index(
            "one_open_session",
            "conversation_id",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        Index("sessions_wait", "state", "wait_key", "id"),
        Index("sessions_recent", "state", "recent_key", "id"),
        Index("sessions_mine_wait", "state", "assignee_id", "wait_key", "id"),
        Index("sessions_mine_recent", "state", "assignee_id", "recent_key", "id"),
        Index("sessions_team_wait", "state", "team_id", "wait_key", "id"),
        Index("sessions_team_recent", "state", "team_id", "recent_key", "id"),
        Index("sessions_of_conversation", "conversation_id", "id"),
        Index("sessions_of_contact", "contact_id", "id"),
        Index(
            "sessions_queued",
            "queue",
            "id",
            sqlite_where=text("state = 'open' AND assignee_id IS NULL"),
            postgresql_where=text("state = 'open' AND assignee_id IS NULL"),
        ),
        # M2: how fast the last sessions of a team were answered. Written once, as they close.
        Index(
            "sessions_answered",
            "team_id",
            "id",
            sqlite_where=text("state = 'closed' AND first_reply_at IS NOT NULL"),
            postgresql_where=text("state = 'closed' AND first_reply_at IS NOT NULL"),
        ),
    )

    id: int | None = new_id()
    version: int = 1
    state: str = "open"
    conversation_id: int = ref("conversations.id")
    contact_id: int = ref("contacts.id")
    channel_id: int = ref("channels.id")
    previous_session_id: int | None = big(null=True)
    priority: str = "normal"
    team_id: int | None = big(null=True)
    team_chosen: bool = False
    assignee_id: int | None = big(null=True)
    assigned_at: int | None = big(null=True)
    unassigned_reason: str | None = None
    wait_until: int | None = big(null=True)
    waiting_since: int | None = big(null=True)
    queued_at: int | None = big(null=True)
    last_customer_message_at: int | None = big(null=True)
    last_activity_at: int = big()
    last_line: str = ""
    last_line_kind: str = "customer"
    customer_messages: int = 0
    replies: int = 0
    category: str | None = None
    language: str | None = None
    opened_at: int = big()
    first_reply_at: int | None = big(null=True)
    waited: int = big(default=0)
    closed_at: int | None = big(null=True)
    close_reason: str | None = None
    end_reason: str | None = None
    case_code: str | None = None
    wait_key: int = big(default=0)
    recent_key: int = big(default=0)
    queue: str | None = None
    rule_id: int | None = big(null=True)
    priority_chosen: bool = flag()
    owner_waited: bool = flag()
    lapsed: list[int] = json_list()
    previous_agent_id: int | None = big(null=True)
    returning_contact: bool = flag()
    language_from: str = text_of("workspace")
    opening: str = text_of("")


class SessionMark(Row, table=True):
    """What one agent did with one session for themselves: read up to, starred."""

    __tablename__ = "session_marks"
    __table_args__ = (Index("starred_sessions", "agent_id", "starred"),)

    session_id: int = Field(
        sa_column=Column(BigInteger, ForeignKey("sessions.id"), primary_key=True)
    )
    agent_id: int = Field(sa_column=Column(BigInteger, ForeignKey("agents.id"), primary_key=True))
    read: int = 0
    starred: bool = False


class SessionCount(Row, table=True):
    """How many sessions stand in a place, kept as they move (L1).

    ``place`` is ``open``, ``closed``, ``unassigned``, ``agent:ID`` or ``team:ID`` (open ones).
    """

    __tablename__ = "session_counts"

    place: str = Field(primary_key=True)
    n: int = 0


class Entry(Row, table=True):
    """One entry of a timeline: customer message, reply, note or happening."""

    __tablename__ = "entries"
    __table_args__ = (
        Index("timeline", "conversation_id", "at", "id"),
        Index(
            "platform_message",
            "conversation_id",
            "platform_id",
            unique=True,
            sqlite_where=text("platform_id IS NOT NULL"),
            postgresql_where=text("platform_id IS NOT NULL"),
        ),
        Index(
            "client_key",
            "conversation_id",
            "client_key",
            unique=True,
            sqlite_where=text("client_key IS NOT NULL"),
            postgresql_where=text("client_key IS NOT NULL"),
        ),
    )

    id: int | None = new_id()
    conversation_id: int = ref("conversations.id")
    session_id: int | None = big(null=True)
    kind: str
    at: int = big()
    stored_at: int = big()
    author_id: int | None = big(null=True)
    content: dict[str, Any] | None = maybe_json()
    happening: str | None = None
    data: dict[str, Any] | None = maybe_json()
    platform_id: str | None = None
    client_key: str | None = None
    unsent_at: int | None = big(null=True)
    edited_at: int | None = big(null=True)
    media: str | None = None
    delivery: str | None = None
    delivery_reason: str | None = None
    delivery_attempts: int = 0
