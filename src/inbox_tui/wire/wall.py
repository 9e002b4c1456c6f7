"""What the supervisor's wall shows (V1): queues, agents, what is late, how fast it comes and goes.

Plain frozen dataclasses as in :mod:`inbox_tui.wire.models`. Durations are seconds.
"""

from datetime import datetime

from inbox_tui.records import dataclass, field
from inbox_tui.wire.models import Agent, ContactRef
from inbox_tui.wire.words import Due, Method, Priority, UnassignedReason


@dataclass(frozen=True, slots=True, kw_only=True)
class WallSession:
    """A session as a line of the wall.

    ``position`` is its place in its queue from 1 (M9), null when it is not in line: it is served,
    or set aside. ``estimated_wait`` is 0 for "soon", null when there is no basis for any.
    """

    id: int
    contact: ContactRef
    channel: str
    team: str | None = None
    assignee: str | None = None
    priority: Priority = Priority.NORMAL
    waiting_since: datetime | None = None
    queued_at: datetime | None = None
    wait_until: datetime | None = None
    unassigned_reason: UnassignedReason | None = None
    due: Due = Due.OK
    due_at: datetime | None = None
    position: int | None = None
    estimated_wait: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WallQueue:
    """What waits in one line: for a team, in the workspace pool, for a distribution rule's agents.

    ``line`` names it: ``team:SLUG``, ``workspace`` or ``rule:NAME``; ``name`` is its team's or its
    rule's, empty for the pool. ``length`` counts what is in line; ``aside`` what waits here but is
    not given out to these (declined, with a bot, kept a while for an agent of its own).
    ``longest_since`` is the earliest wait in line. ``free`` are the slots that agents on duty have
    left, ``slots`` all of theirs that are in use or free; ``service_time`` is the mean of the last
    hour, null without a basis. ``estimated_wait`` is that of who comes next. ``sessions`` are the
    first in line, in the order in which they are given. ``arrivals`` and ``services`` are as in
    :class:`Wall`; a rule's line has none of its own.
    """

    line: str
    name: str
    method: Method
    team: str | None = None
    length: int = 0
    aside: int = 0
    longest_since: datetime | None = None
    free: int = 0
    slots: int = 0
    service_time: float | None = None
    estimated_wait: float | None = None
    sessions: list[WallSession] = field(default_factory=list)
    arrivals: list[int] = field(default_factory=list)
    services: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class WallAgent:
    """An agent on the wall, with their longest unanswered session.

    ``sessions`` are what they serve, longest wait first; only of the agent that was asked for.
    """

    agent: Agent
    unanswered: int = 0
    longest: WallSession | None = None
    sessions: list[WallSession] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wall:
    """The wall at one moment, as far as the one who asks looks after it.

    ``unanswered`` counts the sessions whose customers wait for an answer, in a line or served, of
    which ``overdue`` and ``due_soon`` are late (L6); ``waiting`` are the first of them, the longest
    wait first, and so what is overdue before what is due soon before the rest. ``arrivals``
    (sessions opened) and ``services`` (sessions ended by who served them) count each ``bucket``
    seconds from ``since`` on, the last one up to now.
    """

    at: datetime
    queues: list[WallQueue]
    agents: list[WallAgent]
    unanswered: int = 0
    overdue: int = 0
    due_soon: int = 0
    waiting: list[WallSession] = field(default_factory=list)
    since: datetime
    bucket: float = 300.0
    arrivals: list[int] = field(default_factory=list)
    services: list[int] = field(default_factory=list)
