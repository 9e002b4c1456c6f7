"""What a client asks for: the bodies of the calls under ``/api``."""

from datetime import datetime
from typing import Literal

from inbox_tui.records import dataclass, field
from inbox_tui.wire.body import Body
from inbox_tui.wire.words import (
    CaseStatus,
    Category,
    ContentKind,
    Priority,
    Severity,
    TransferScope,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PutAccepting(Body):
    """Turn the accept switch (P2, P4)."""

    accepting: bool
    reason: str | None = None
    back_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PatchAgent(Body):
    """Change an account; null leaves a field as it is.

    ``max_open`` is how many open sessions they may be given (R5, V2), ``default`` the workspace's
    limit. ``active`` false deactivates, with all that ``GET /api/agents/{nickname}/deactivation``
    tells (R12).
    """

    max_open: int | Literal["default"] | None = None
    active: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PostMessage(Body):
    """Reply to the customer."""

    text: str = ""
    kind: ContentKind = ContentKind.TEXT


@dataclass(frozen=True, slots=True, kw_only=True)
class PostNote(Body):
    """Write an internal note, which the customer never sees (C3)."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PostAssign(Body):
    """Designate an agent or a team (R15)."""

    agent: str | None = None
    team: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PostTransfer(Body):
    """Hand one session, or all of mine, to an agent or a team (T1)."""

    agent: str | None = None
    team: str | None = None
    scope: TransferScope = TransferScope.SESSION
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseEdit(Body):
    """Fields of a case to set; null leaves a field as it is."""

    title: str | None = None
    description: str | None = None
    severity: Severity | None = None
    tags: list[str] | None = None
    status: CaseStatus | None = None
    follow_up_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PostEnd(Body):
    """End a session (T4). Without any reply in it, ``reason`` is required."""

    case: CaseEdit | None = None
    reason: str | None = None
    ask_rating: bool = False
    rating_skip_reason: str | None = None
    undo_for: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PostStar(Body):
    """Star or unstar a session for myself."""

    starred: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class PostRead(Body):
    """I have seen the first ``customer_messages`` customer messages of this session."""

    customer_messages: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PatchSession(Body):
    """Set what a person may set of a session (C7); null leaves a field as it is."""

    priority: Priority | None = None
    category: Category | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PatchContact(Body):
    """Edit a contact's profile; null leaves a field as it is.

    An empty nickname, language, tier or dedicated agent takes it away.
    """

    name: str | None = None
    nickname: str | None = None
    language: str | None = None
    note: str | None = None
    tier: str | None = None
    tags: list[str] | None = None
    dedicated_agent: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PostMoveBinding(Body):
    """Bind a contact to somebody else: an agent, a team, or an agent inside a team (Q8)."""

    agent: str | None = None
    team: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PostToken(Body):
    """Make a bearer token for an agent."""

    nickname: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PutWorkspace(Body):
    """Apply a workspace file: its text, and the values its ``env:`` references need."""

    text: str
    environment: dict[str, str] = field(default_factory=dict)
