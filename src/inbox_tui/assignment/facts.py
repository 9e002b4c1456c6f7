"""What the engine is told: the world as plain, frozen facts.

A fact is absolute ("this agent is present"), never a change ("one more session"), so putting one
twice does nothing and the order of facts about different things does not matter. Times are UTC
milliseconds, durations milliseconds, ids the store's integers. Who reads them from the tables,
and when, is the caller's business.
"""

from collections.abc import Mapping

import msgspec

from inbox_tui.wire.words import Method, Presence, Priority, UnassignedReason


class Rules(msgspec.Struct, frozen=True):
    """The workspace's settings for assignment.

    ``max_open`` is the limit of agents who have none of their own (R5); ``owner_wait`` how long a
    session may wait for one particular agent (R6); ``settle`` how long agents who come online to
    a backlog wait for each other before they share it, 0 for not at all (R9).
    """

    max_open: int = 5
    owner_wait: int = 120_000
    settle: int = 2_000


class AgentFact(msgspec.Struct, frozen=True):
    """One account. Accounts are never removed, only made inactive.

    ``max_open`` None means the workspace's; ``weight`` must be above 0 (R4); ``last_assigned`` is
    when the agent last got a session, 0 for never. Raises ``ValueError`` for a weight of 0 or
    less.
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

    def __post_init__(self) -> None:
        if self.weight <= 0:
            raise ValueError(f"the weight of agent {self.nickname} must be above 0")


class TeamFact(msgspec.Struct, frozen=True):
    """One team: who is in it and how it hands out its sessions (R3).

    ``max_open`` caps this team's sessions for each member (R5). ``turns`` has the rotation number
    of each member who ever had a turn, as stored with the assignments (see ``Turn``).
    """

    id: int
    slug: str
    method: Method
    members: tuple[int, ...]
    max_open: int | None = None
    turns: Mapping[int, float] = msgspec.field(default_factory=dict)


class SessionFact(msgspec.Struct, frozen=True):
    """One session. A closed one is forgotten.

    ``version`` grows with every change of the session: a fact that is older than what is known is
    ignored. ``waits_from`` is when the customer's wait began, or the entry into the queue (R7).
    ``team_id`` is the team a person or a rule sent it to, ``channel_team_id`` its channel's
    default. ``counted_team_id`` is the team whose cap the assigned session counts against.

    ``held_reason`` keeps an unassigned session out of the draining (taken back, declined, with a
    bot). ``shown_reason`` is what its row says now, so that the engine can speak up when that is
    no longer true.
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
