"""What the backend tells: sessions, timelines, people, cases.

Plain frozen dataclasses, so that the backend can hand them to FastAPI (which documents them) and
the terminal can decode them without importing either. Times are aware UTC datetimes, RFC 3339 in
JSON; durations are seconds; ids are integers; agents, teams and channels are named by nickname
and slug.
"""

from datetime import datetime
from typing import Any, Generic, TypeVar

from inbox_tui.records import dataclass, field
from inbox_tui.wire.words import (
    CaseStatus,
    Category,
    ChannelKind,
    CloseReason,
    ContentKind,
    DeliveryState,
    Due,
    EntryKind,
    EventKind,
    Happening,
    Method,
    Presence,
    Priority,
    Role,
    SessionState,
    Severity,
    UnassignedReason,
)

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[Item]):
    """One page of a list.

    ``total`` is exact up to 1,000 where it has to be counted; ``total_is_exact`` says whether it
    is (otherwise show "1,000+"). ``next_cursor`` is opaque and null on the last page.
    """

    items: list[Item]
    next_cursor: str | None = None
    total: int = 0
    total_is_exact: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactRef:
    """A contact as a row of a list shows it."""

    id: int
    name: str
    nickname: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One stretch of service, as the agent who asks sees it.

    ``unread_count`` and ``starred`` belong to that agent. In an event, which is the same for
    everybody, they are zero and false: a client derives its own from ``customer_messages``.
    ``waiting_since`` is null when no customer message waits for a person's reply (R7).
    ``waits_for`` is the agent it waits for until ``wait_until`` (R6). ``queue`` is the line it
    stands in while nobody serves it, which ``queue.changed`` goes by.
    """

    id: int
    version: int
    state: SessionState
    contact: ContactRef
    conversation_id: int
    channel: str
    channel_kind: ChannelKind
    opened_at: datetime
    last_activity_at: datetime
    priority: Priority = Priority.NORMAL
    team: str | None = None
    assignee: str | None = None
    assigned_at: datetime | None = None
    unassigned_reason: UnassignedReason | None = None
    wait_until: datetime | None = None
    waits_for: str | None = None
    queue: str | None = None
    waiting_since: datetime | None = None
    queued_at: datetime | None = None
    last_customer_message_at: datetime | None = None
    last_line: str = ""
    last_line_kind: EntryKind = EntryKind.CUSTOMER
    unanswered: bool = False
    customer_messages: int = 0
    unread_count: int = 0
    starred: bool = False
    due: Due = Due.OK
    due_at: datetime | None = None
    category: Category | None = None
    language: str | None = None
    previous_session_id: int | None = None
    case_code: str | None = None
    closed_at: datetime | None = None
    close_reason: CloseReason | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What a message carries. ``text`` is what can be read aloud of it, for every kind."""

    kind: ContentKind
    text: str = ""
    file_name: str | None = None
    mime: str | None = None
    size: int | None = None
    url: str | None = None
    title: str | None = None
    address: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    sticker: str | None = None
    platform_kind: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """How far a reply got, and why not further."""

    state: DeliveryState
    reason: str | None = None
    attempts: int = 0
    can_retry: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of a timeline: a message, a note or a happening.

    ``author`` is an agent's nickname, null for the customer and the system. ``happening`` is set on
    happenings only. ``data`` names what they are about (``assignee``, ``team``, ``by``, ``note``,
    ``reason``, ``step``, ``code``), the ``outcome`` of a code, and which ``automatic`` message one
    is. ``client_key`` is the Idempotency-Key the reply was sent with.
    """

    id: int
    conversation_id: int
    session_id: int | None
    kind: EntryKind
    at: datetime
    author: str | None = None
    author_name: str | None = None
    content: Content | None = None
    delivery: Delivery | None = None
    happening: Happening | None = None
    data: dict[str, Any] = field(default_factory=dict)
    unsent_at: datetime | None = None
    client_key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Agent:
    """A person who answers (P6): presence, switch, load and limit are visible to all."""

    id: int
    nickname: str
    name: str
    role: Role
    active: bool = True
    presence: Presence = Presence.ABSENT
    accepting: bool = False
    accepting_reason: str | None = None
    accepting_by: str | None = None
    back_at: datetime | None = None
    open_count: int = 0
    limit: int = 0
    teams: list[str] = field(default_factory=list)
    languages: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """A group of agents with a routing method."""

    id: int
    slug: str
    name: str
    method: Method
    members: list[str] = field(default_factory=list)
    supervisors: list[str] = field(default_factory=list)
    max_open: int | None = None
    require_accept: bool = False
    waiting: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """One account on one messaging platform. Credentials are never told."""

    id: int
    slug: str
    kind: ChannelKind
    name: str
    team: str | None = None
    can_send: list[ContentKind] = field(default_factory=list)
    max_text: int = 5000
    problem: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Me:
    """The agent who asks, and the settings their screen needs.

    ``switch_shown`` is false in a workspace of one active account (P1). ``response_target`` and
    ``presence_grace`` are seconds. ``last_seq`` is the newest event at the time of the answer.
    """

    agent: Agent
    workspace: str
    language: str
    timezone: str
    response_target: float
    due_soon: float
    presence_grace: float
    switch_shown: bool
    last_seq: int
    embedded: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many sessions each list holds for the agent who asks (L1)."""

    mine: int = 0
    unassigned: int = 0
    team: int = 0
    all: int = 0
    starred: int = 0
    closed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Warning:
    """Something the screen would have asked about first: done, and said (R5, T3)."""

    type: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionResult:
    """What an action left behind: the session as it is now, and what deserved a second thought."""

    session: Session
    warnings: list[Warning] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferResult:
    """What a transfer of one or of all my sessions left behind."""

    sessions: list[Session]
    warnings: list[Warning] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseActivity:
    """One line of a case's record (K2)."""

    at: datetime
    kind: str
    actor: str | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """The record kept of a session (K1). ``waited`` and ``served`` are seconds."""

    code: str
    version: int
    session_id: int
    contact: ContactRef
    channel: str
    status: CaseStatus
    opened_at: datetime
    title: str = ""
    description: str = ""
    severity: Severity = Severity.NORMAL
    tags: list[str] = field(default_factory=list)
    owner: str | None = None
    involved: list[str] = field(default_factory=list)
    closed_at: datetime | None = None
    follow_up_at: datetime | None = None
    waited: float = 0.0
    served: float = 0.0
    link: str = ""
    activity: list[CaseActivity] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """A contact on one channel."""

    channel: str
    external_id: str
    name: str
    language: str | None = None
    reachable: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionSummary:
    """A session of a contact's history (R16)."""

    id: int
    channel: str
    state: SessionState
    opened_at: datetime
    closed_at: datetime | None = None
    assignee: str | None = None
    case_code: str | None = None
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """The lasting link of a contact to an agent, a team, or an agent inside a team.

    ``how`` is ``hand``, ``moved``, or ``code:`` and the code that was sent; ``by`` is who made it,
    null for the contact.
    """

    id: int
    contact: ContactRef
    made_at: datetime
    how: str
    agent: str | None = None
    team: str | None = None
    by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Deactivation:
    """What deactivating an account does (R12): how much of each it ends or sends to routing.

    ``refused`` says why it cannot be deactivated, null when it can. Memberships stay.
    """

    nickname: str
    active: bool
    sessions: int = 0
    bindings: int = 0
    dedicated: int = 0
    tokens: int = 0
    windows: int = 0
    refused: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """A contact's profile."""

    id: int
    version: int
    name: str
    nickname: str | None = None
    language: str | None = None
    note: str = ""
    blocked: bool = False
    tier: str | None = None
    tags: list[str] = field(default_factory=list)
    dedicated_agent: str | None = None
    binding: Binding | None = None
    first_seen_at: datetime | None = None
    identities: list[Identity] = field(default_factory=list)
    sessions: list[SessionSummary] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """Where a session was before an event: enough for a client to keep its counts."""

    state: SessionState
    team: str | None = None
    assignee: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One frame of the live stream.

    ``seq`` numbers are contiguous: a hole means that something was missed. ``actor`` is a
    nickname or null for the system. ``session`` is the session after the event and ``was`` its
    placement before, set when the event moved it (null ``was`` on ``session.opened``). ``case`` is
    the code of the case that changed.
    """

    seq: int
    kind: EventKind
    at: datetime
    actor: str | None = None
    session: Session | None = None
    was: Placement | None = None
    entry: Entry | None = None
    agent: Agent | None = None
    case: str | None = None
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewToken:
    """A bearer token, told this once: only its hash is kept."""

    nickname: str
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """What applying a workspace file did; each item reads like "agent amy"."""

    created: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """An ``application/problem+json`` answer (RFC 9457). ``type`` is stable; ``hint`` may help."""

    type: str
    title: str
    status: int
    detail: str
    hint: str | None = None
    data: dict[str, Any] = field(default_factory=dict)
