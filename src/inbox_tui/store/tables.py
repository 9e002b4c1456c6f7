"""Every table, in one place, as the migrations make them.

Times are integer UTC milliseconds, durations milliseconds, JSON columns hold what the wire models
hold. Hot paths use ``Table.__table__`` with SQLAlchemy Core; the classes give names and types.
Rows are changed only inside a unit of work of :mod:`inbox_tui.store.database`.
"""

from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    UniqueConstraint,
    text,
)
from sqlmodel import Field, SQLModel

Id = BigInteger().with_variant(Integer, "sqlite")
"""SQLite gives row ids by itself to an INTEGER primary key only."""


def _id() -> Any:  # noqa: ANN401 - SQLModel's Field is typed Any
    return Field(default=None, sa_column=Column(Id, primary_key=True))


def _ref(target: str, *, null: bool = False, index: bool = False) -> Any:  # noqa: ANN401
    return Field(
        default=None,
        sa_column=Column(BigInteger, ForeignKey(target), nullable=null, index=index),
    )


def _big(*, null: bool = False, default: int | None = None) -> Any:  # noqa: ANN401
    server = None if default is None else str(default)
    return Field(
        default=default,
        sa_column=Column(BigInteger, nullable=null, server_default=server),
    )


def _json(default: str) -> Any:  # noqa: ANN401
    return Field(
        default_factory=list if default == "[]" else dict,
        sa_column=Column(JSON, nullable=False, server_default=default),
    )


def table(of: type[SQLModel]) -> Table:
    """Return the SQLAlchemy table of a class, for Core statements."""
    found = of.__table__  # type: ignore[attr-defined]
    assert isinstance(found, Table)
    return found


class Workspace(SQLModel, table=True):
    """The one row of settings (id 1)."""

    __tablename__ = "workspace"

    id: int | None = _id()
    name: str = "inbox-tui"
    timezone: str = "UTC"
    language: str = "en"
    max_open: int = 5
    response_target: int = _big(default=86_400_000)
    owner_wait: int = _big(default=120_000)
    close_after: int = _big(default=604_800_000)
    idle_close: int = _big(default=86_400_000)
    settle: int = _big(default=2_000)
    presence_grace: int = _big(default=20_000)
    public_url: str = ""


class Agent(SQLModel, table=True):
    """A person who answers."""

    __tablename__ = "agents"

    id: int | None = _id()
    nickname: str = Field(unique=True)
    name: str
    role: str = "agent"
    active: bool = True
    max_open: int | None = None
    languages: list[str] = _json("[]")
    weight: float = 1.0
    accepting: bool = False
    accepting_reason: str | None = None
    accepting_by_id: int | None = _big(null=True)
    back_at: int | None = _big(null=True)
    last_assigned_at: int = _big(default=0)
    open_count: int = 0


class Token(SQLModel, table=True):
    """A bearer token, kept as its SHA-256."""

    __tablename__ = "tokens"

    id: int | None = _id()
    agent_id: int = _ref("agents.id", index=True)
    hash: str = Field(unique=True)
    created_at: int = _big()
    revoked_at: int | None = _big(null=True)


class Team(SQLModel, table=True):
    """A group of agents with a routing method."""

    __tablename__ = "teams"

    id: int | None = _id()
    slug: str = Field(unique=True)
    name: str
    method: str = "round_robin"
    max_open: int | None = None
    require_accept: bool = False


class TeamMember(SQLModel, table=True):
    """Membership; ``turn`` is the member's place in the team's rotation (R14)."""

    __tablename__ = "team_members"

    team_id: int = Field(
        sa_column=Column(BigInteger, ForeignKey("teams.id"), primary_key=True),
    )
    agent_id: int = Field(
        sa_column=Column(BigInteger, ForeignKey("agents.id"), primary_key=True, index=True),
    )
    member: bool = True
    supervisor: bool = False
    turn: float = 0.0


class Channel(SQLModel, table=True):
    """One account on one messaging platform. ``poll_offset`` is Telegram's next update id."""

    __tablename__ = "channels"

    id: int | None = _id()
    slug: str = Field(unique=True)
    kind: str
    name: str
    team_id: int | None = _ref("teams.id", null=True)
    api_base: str | None = None
    credentials: dict[str, str] = _json("{}")
    poll_offset: int | None = _big(null=True)
    problem: str | None = None


class Contact(SQLModel, table=True):
    """A person who writes to the business."""

    __tablename__ = "contacts"

    id: int | None = _id()
    name: str
    nickname: str | None = None
    language: str | None = None
    note: str = ""
    blocked: bool = False
    created_at: int = _big()
    version: int = 1
    search: str = ""


class Identity(SQLModel, table=True):
    """A contact on one channel. ``reachable`` is false once they blocked the account."""

    __tablename__ = "identities"
    __table_args__ = (
        UniqueConstraint("channel_id", "external_id"),
        Index(
            "nameless",
            "id",
            sqlite_where=text("profile_at IS NULL AND name = ''"),
            postgresql_where=text("profile_at IS NULL AND name = ''"),
        ),
    )

    id: int | None = _id()
    channel_id: int = _ref("channels.id")
    external_id: str
    contact_id: int = _ref("contacts.id", index=True)
    name: str = ""
    language: str | None = None
    reachable: bool = True
    profile_at: int | None = _big(null=True)


class Conversation(SQLModel, table=True):
    """The whole thread with a contact on a channel: one per identity."""

    __tablename__ = "conversations"

    id: int | None = _id()
    identity_id: int = Field(
        sa_column=Column(BigInteger, ForeignKey("identities.id"), unique=True, nullable=False)
    )
    channel_id: int = _ref("channels.id")
    contact_id: int = _ref("contacts.id", index=True)
    reply_token: str | None = None
    reply_token_until: int | None = _big(null=True)


class Session(SQLModel, table=True):
    """One stretch of service.

    ``wait_key`` and ``recent_key`` are the sort keys of the two orders, both ascending, so that a
    list is one walk along one index (see :func:`inbox_tui.backend.sessions.keys`).
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
    )

    id: int | None = _id()
    version: int = 1
    state: str = "open"
    conversation_id: int = _ref("conversations.id")
    contact_id: int = _ref("contacts.id")
    channel_id: int = _ref("channels.id")
    previous_session_id: int | None = _big(null=True)
    priority: str = "normal"
    team_id: int | None = _big(null=True)
    team_chosen: bool = False
    assignee_id: int | None = _big(null=True)
    assigned_at: int | None = _big(null=True)
    unassigned_reason: str | None = None
    wait_until: int | None = _big(null=True)
    waiting_since: int | None = _big(null=True)
    queued_at: int | None = _big(null=True)
    last_customer_message_at: int | None = _big(null=True)
    last_activity_at: int = _big()
    last_line: str = ""
    last_line_kind: str = "customer"
    customer_messages: int = 0
    replies: int = 0
    category: str | None = None
    language: str | None = None
    opened_at: int = _big()
    first_reply_at: int | None = _big(null=True)
    waited: int = _big(default=0)
    closed_at: int | None = _big(null=True)
    close_reason: str | None = None
    end_reason: str | None = None
    case_code: str | None = None
    wait_key: int = _big(default=0)
    recent_key: int = _big(default=0)


class SessionMark(SQLModel, table=True):
    """What one agent did with one session for themselves: read up to, starred."""

    __tablename__ = "session_marks"
    __table_args__ = (Index("starred_sessions", "agent_id", "starred"),)

    session_id: int = Field(
        sa_column=Column(BigInteger, ForeignKey("sessions.id"), primary_key=True)
    )
    agent_id: int = Field(sa_column=Column(BigInteger, ForeignKey("agents.id"), primary_key=True))
    read: int = 0
    starred: bool = False


class SessionCount(SQLModel, table=True):
    """How many sessions stand in a place, kept as they move (L1).

    ``place`` is ``open``, ``closed``, ``unassigned``, ``agent:ID`` or ``team:ID`` (open ones).
    """

    __tablename__ = "session_counts"

    place: str = Field(primary_key=True)
    n: int = 0


class Entry(SQLModel, table=True):
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

    id: int | None = _id()
    conversation_id: int = _ref("conversations.id")
    session_id: int | None = _big(null=True)
    kind: str
    at: int = _big()
    stored_at: int = _big()
    author_id: int | None = _big(null=True)
    content: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    happening: str | None = None
    data: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    platform_id: str | None = None
    client_key: str | None = None
    unsent_at: int | None = _big(null=True)
    edited_at: int | None = _big(null=True)
    media: str | None = None
    delivery: str | None = None
    delivery_reason: str | None = None
    delivery_attempts: int = 0


class Delivery(SQLModel, table=True):
    """One webhook or poll answer, byte for byte, stored before it is answered."""

    __tablename__ = "deliveries"

    id: int | None = _id()
    channel_id: int = _ref("channels.id")
    received_at: int = _big()
    body: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class InboundEvent(SQLModel, table=True):
    """One event of a delivery; the platform's event id makes a repeat harmless.

    ``state`` is ``pending``, ``done`` or ``failed`` (with ``error``).
    """

    __tablename__ = "inbound_events"
    __table_args__ = (
        UniqueConstraint("channel_id", "dedupe_key"),
        Index(
            "inbound_pending",
            "id",
            sqlite_where=text("state = 'pending'"),
            postgresql_where=text("state = 'pending'"),
        ),
    )

    id: int | None = _id()
    channel_id: int = _ref("channels.id")
    delivery_id: int = _big()
    position: int = 0
    dedupe_key: str
    state: str = "pending"
    error: str | None = None


class EarlyChange(SQLModel, table=True):
    """An edit or unsend that came before the message it changes; ``content`` null for unsend."""

    __tablename__ = "early_changes"
    __table_args__ = (UniqueConstraint("channel_id", "external_id", "platform_id"),)

    id: int | None = _id()
    channel_id: int = _ref("channels.id")
    external_id: str
    platform_id: str
    at: int = _big()
    content: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))


class Outbox(SQLModel, table=True):
    """A reply on its way to the platform; gone from here once it is settled for good.

    ``state`` is ``queued`` (due at ``due_at``) or ``sending``; what became of it stands in the
    entry. ``key`` is the idempotency key of every attempt. ``unsettled``: the answer to an earlier
    attempt was lost, so the next one repeats it exactly, with ``reply_token`` or without.
    """

    __tablename__ = "outbox"
    __table_args__ = (Index("outbox_due", "state", "due_at"),)

    id: int | None = _id()
    entry_id: int = Field(
        sa_column=Column(BigInteger, ForeignKey("entries.id"), unique=True, nullable=False)
    )
    conversation_id: int = _ref("conversations.id", index=True)
    channel_id: int = _ref("channels.id")
    state: str = "queued"
    attempts: int = 0
    key: str
    due_at: int = _big()
    first_attempt_at: int | None = _big(null=True)
    unsettled: bool = False
    reply_token: str | None = None
    token_dropped: bool = False


class PresenceWindow(SQLModel, table=True):
    """An open inbox window, or one whose link dropped and that is in its grace (P3)."""

    __tablename__ = "presence_windows"

    window: str = Field(primary_key=True)
    agent_id: int = _ref("agents.id", index=True)
    connected: bool = True
    since: int = _big()


class Timer(SQLModel, table=True):
    """Something that is due at a time; survives restarts and fires once."""

    __tablename__ = "timers"
    __table_args__ = (UniqueConstraint("kind", "subject"), Index("timers_due", "due_at"))

    id: int | None = _id()
    kind: str
    subject: str
    due_at: int = _big()


class Case(SQLModel, table=True):
    """The record kept of a session."""

    __tablename__ = "cases"
    __table_args__ = (Index("cases_status", "status", "id"), Index("cases_owner", "owner_id", "id"))

    id: int | None = _id()
    code: str | None = Field(default=None, unique=True)
    session_id: int = _ref("sessions.id", index=True)
    contact_id: int = _ref("contacts.id", index=True)
    channel_id: int = _ref("channels.id")
    version: int = 1
    status: str = "in_progress"
    title: str = ""
    description: str = ""
    severity: str = "normal"
    tags: list[str] = _json("[]")
    owner_id: int | None = _big(null=True)
    opened_at: int = _big()
    closed_at: int | None = _big(null=True)
    follow_up_at: int | None = _big(null=True)
    search: str = ""


class CaseActivity(SQLModel, table=True):
    """One line of a case's record, in order."""

    __tablename__ = "case_activity"
    __table_args__ = (Index("activity_of_case", "case_id", "id"),)

    id: int | None = _id()
    case_id: int = _ref("cases.id")
    at: int = _big()
    kind: str
    actor_id: int | None = _big(null=True)
    detail: str = ""


class Event(SQLModel, table=True):
    """The event log: what happened, in order, without gaps.

    ``seq`` is the row id given by the one writer, so the numbers are contiguous.
    """

    __tablename__ = "events"
    __table_args__ = (Index("events_of_session", "session_id", "seq"),)

    seq: int | None = _id()
    at: int = _big()
    kind: str
    actor_id: int | None = _big(null=True)
    session_id: int | None = _big(null=True)
    subject_id: int | None = _big(null=True)
    data: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
