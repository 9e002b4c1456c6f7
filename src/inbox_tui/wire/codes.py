"""Codes, and who is bound to whom by them (section 3 of the specification)."""

from datetime import datetime
from typing import Literal

from inbox_tui.records import dataclass, field
from inbox_tui.wire.body import Body
from inbox_tui.wire.words import ChannelKind, CodeState


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """A code of one assignee on one channel: an agent, a team, or an agent inside a team (Q1).

    ``link`` opens the channel's chat with the code as its prefilled message; it is what the QR
    carries. ``tags`` are given to whoever binds by it (Q10).
    """

    code: str
    channel: str
    channel_kind: ChannelKind
    link: str
    state: CodeState
    made_at: datetime
    agent: str | None = None
    team: str | None = None
    by: str | None = None
    tags: list[str] = field(default_factory=list)
    expires_at: datetime | None = None
    revoked_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BindingCounts:
    """How many contacts are bound to each agent, by nickname, and to each team, by slug (Q10).

    Whoever is bound to an agent inside a team counts for both. Those without any are left out.
    """

    agents: dict[str, int] = field(default_factory=dict)
    teams: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactSummary:
    """A contact as a row of the list of contacts, also one without an open session (Q11)."""

    id: int
    name: str
    nickname: str | None = None
    channels: list[str] = field(default_factory=list)
    tier: str | None = None
    tags: list[str] = field(default_factory=list)
    blocked: bool = False
    bound_agent: str | None = None
    bound_team: str | None = None
    bound_at: datetime | None = None
    session_id: int | None = None
    """The open session, the latest of several; null when none is open."""
    assignee: str | None = None
    """Who serves that session."""
    last_seen_at: datetime | None = None
    """When they wrote last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PostCode(Body):
    """Make a code for an agent, a team, or an agent inside a team (Q1, Q9).

    Of a code that is there, null leaves tags and expiry as they are; ``never`` takes the expiry
    away, an empty list the tags.
    """

    channel: str
    agent: str | None = None
    team: str | None = None
    tags: list[str] | None = None
    expires_at: datetime | Literal["never"] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PostMoveBindings(Body):
    """Move every binding of one agent to somebody else (Q8)."""

    from_agent: str
    agent: str | None = None
    team: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BindingsChanged:
    """How many bindings were ended or moved at once (Q8)."""

    bindings: int
