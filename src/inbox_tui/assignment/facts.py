"""What the engine is told: the world as plain, frozen facts.

A fact is absolute ("this agent is present"), never a change ("one more session"), so putting one
twice does nothing and the order of facts about different things does not matter. Times are UTC
milliseconds, durations milliseconds, ids the store's integers. Who reads them from the tables,
and when, is the caller's business. Each is tagged with its name, so that a record of what the
engine was told can be read back and replayed.
"""

from collections.abc import Mapping
from typing import Protocol

import msgspec

from inbox_tui.wire.words import (
    Category,
    Consider,
    ContactKind,
    Method,
    OffDuty,
    Presence,
    Priority,
    UnassignedReason,
)


class Policy(msgspec.Struct, frozen=True, tag=True, omit_defaults=True):
    """The workspace's settings for assignment.

    ``max_open`` is the limit of agents who have none of their own (R5); ``owner_wait`` how long a
    session may wait for one particular agent (R6); ``settle`` how long agents who come online to
    a backlog wait for each other before they share it, 0 for not at all (R9); ``skill_wait`` how
    long a session waits for somebody with its language and skills (R4). ``take_back`` is how long
    an agent may leave a session unanswered, None for ever (R10); ``off_duty`` what becomes of the
    unanswered sessions of who has gone (R12), for which ``hours`` names the workspace's business
    hours. Sessions of contacts with one of ``exclude_tags``, or opened longer ago than
    ``exclude_older_than``, are not given out by themselves (R4). ``tiers`` says which priority a
    contact's tier brings (R7). ``several_since`` is when there came to be more than one account,
    None for always: until then nothing could be taken back (P1).
    """

    max_open: int = 5
    owner_wait: int = 120_000
    settle: int = 2_000
    skill_wait: int = 120_000
    take_back: int | None = None
    off_duty: OffDuty = OffDuty.REROUTE
    hours: str | None = None
    exclude_tags: tuple[str, ...] = ()
    exclude_older_than: int | None = None
    tiers: Mapping[str, Priority] = msgspec.field(default_factory=dict)
    several_since: int | None = None


class AgentFact(msgspec.Struct, frozen=True, tag=True, omit_defaults=True):
    """One account. Accounts are never removed, only made inactive.

    ``max_open`` None means the workspace's; ``weight`` must be above 0 (R4); ``last_assigned`` is
    when the agent last got a session, 0 for never. No ``languages`` means any; ``skills`` are
    those that are listed. ``absent_since`` is when the agent went off duty, None while an inbox
    window is open or in its grace (R12). Raises ``ValueError`` for a weight of 0 or less.
    """

    id: int
    nickname: str
    active: bool
    accepting: bool
    presence: Presence
    max_open: int | None = None
    weight: float = 1
    languages: tuple[str, ...] = ()
    last_assigned: int = 0
    skills: tuple[str, ...] = ()
    absent_since: int | None = None

    def __post_init__(self) -> None:
        if self.weight <= 0:
            raise ValueError(f"the weight of agent {self.nickname} must be above 0")


class TeamFact(msgspec.Struct, frozen=True, tag=True, omit_defaults=True):
    """One team: who is in it and how it hands out its sessions (R3).

    ``max_open`` caps this team's sessions for each member (R5). ``turns`` has the rotation number
    of each member who ever had a turn, as stored with the assignments (see ``Turn``).
    ``consider`` may waive presence (R3). ``hours`` names the team's business hours, None the
    workspace's. What is excluded here is excluded beside what the workspace excludes (R4).
    """

    id: int
    slug: str
    method: Method
    members: tuple[int, ...]
    max_open: int | None = None
    turns: Mapping[int, float] = msgspec.field(default_factory=dict)
    consider: Consider = Consider.ONLINE
    hours: str | None = None
    exclude_tags: tuple[str, ...] = ()
    exclude_older_than: int | None = None


class When(msgspec.Struct, frozen=True, omit_defaults=True):
    """The conditions of a distribution rule (R2): all must hold, of each any alternative.

    An empty one is no condition. ``channels`` are ids; ``keywords`` are found anywhere in the text
    of the customer's first messages, both folded; ``tags`` are the contact's; ``business_hours``
    are names of hours of which one must be open, ``outside_business_hours`` of which all must be
    closed.
    """

    channels: tuple[int, ...] = ()
    languages: tuple[str, ...] = ()
    categories: tuple[Category, ...] = ()
    keywords: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    tiers: tuple[str, ...] = ()
    contact: ContactKind | None = None
    business_hours: tuple[str, ...] = ()
    outside_business_hours: tuple[str, ...] = ()


class RuleFact(msgspec.Struct, frozen=True, tag=True, omit_defaults=True):
    """One distribution rule (R2): conditions, then a team or a list of agents.

    ``team_id`` None means ``agents``. ``method`` and ``consider`` override the team's, and are
    least open and online where the rule names agents; a rule with either, or with agents, keeps a
    rotation of its own (``turns``). ``priority`` raises the session's; ``skills`` are asked of
    whoever gets it, during ``skill_wait`` (R4).
    """

    id: int
    name: str
    when: When
    enabled: bool = True
    team_id: int | None = None
    agents: tuple[int, ...] = ()
    method: Method | None = None
    consider: Consider | None = None
    priority: Priority | None = None
    skills: tuple[str, ...] = ()
    turns: Mapping[int, float] = msgspec.field(default_factory=dict)


class SessionFact(msgspec.Struct, frozen=True, tag=True, omit_defaults=True):
    """One session. A closed one is forgotten.

    ``version`` grows with every change of the session: a fact that is older than what is known is
    ignored. ``waits_from`` is when the customer's wait began, or the entry into the queue (R7).
    ``team_id`` is the team a person sent it to, ``channel_team_id`` its channel's default.
    ``counted_team_id`` is the team whose cap the assigned session counts against.

    ``held_reason`` keeps an unassigned session out of the draining (declined, with a bot).
    ``shown_reason``, ``queue``, ``shown_wait_until``, ``shown_team_id`` and ``shown_rule_id`` are
    what its row says now, so that the engine can speak up when that is no longer true.

    ``priority`` is the row's; unless a person chose it, tier and rule may raise it. ``queued_at``
    is the last entry into routing, from which the waits of R4 and R6 count; ``owner_waited`` says
    that the session has waited for an agent of its own already. ``bound_agent_id`` and
    ``bound_team_id`` are the contact's binding, ``dedicated_agent_id`` the agent of a high-value
    contact, ``previous_agent_id`` who last served them (R1). ``lapsed`` are the agents who let it
    lapse (R10). ``text`` is the folded text of the customer's first messages.

    ``assigned_at`` and ``waiting_since`` tell how long an assigned session has been unanswered;
    the latter is None when it is answered.
    """

    id: int
    version: int
    open: bool
    priority: Priority
    waits_from: int
    team_id: int | None = None
    channel_team_id: int | None = None
    assignee_id: int | None = None
    counted_team_id: int | None = None
    language: str | None = None
    held_reason: UnassignedReason | None = None
    shown_reason: UnassignedReason | None = None
    queue: str | None = None
    shown_wait_until: int | None = None
    shown_team_id: int | None = None
    shown_rule_id: int | None = None
    channel_id: int | None = None
    category: Category | None = None
    tags: tuple[str, ...] = ()
    tier: str | None = None
    returning: bool = False
    text: str = ""
    bound_agent_id: int | None = None
    bound_team_id: int | None = None
    dedicated_agent_id: int | None = None
    previous_agent_id: int | None = None
    priority_chosen: bool = False
    owner_waited: bool = False
    lapsed: tuple[int, ...] = ()
    opened_at: int = 0
    queued_at: int = 0
    assigned_at: int | None = None
    waiting_since: int | None = None


class Hours(Protocol):
    """Business hours as the engine asks them (M11): at a time, and when that changes."""

    def is_open(self, at_ms: int) -> bool:
        """Say whether the business is open at a time."""
        ...

    def next_change(self, at_ms: int) -> int | None:
        """Return the first later time at which that is different; None for never."""
        ...
