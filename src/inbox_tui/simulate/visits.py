"""Who comes, and what has become of them: the two records that a simulation is about.

A :class:`Contact` is a person who writes, a :class:`Visit` one session of theirs. What traffic
says of them is set when they are made; the rest is the run's. Agents, teams and channels are named,
not numbered, since the same traffic is put to different workspaces.
"""

from enum import IntEnum

from inbox_tui.simulate.laws import Law
from inbox_tui.wire.words import Category


class Stage(IntEnum):
    """How far a visit has come."""

    WAITING = 0
    """Nobody has it."""
    ASSIGNED = 1
    """An agent has it and has not answered."""
    SERVED = 2
    """It was answered, and goes on."""
    OVER = 3


class Contact:
    """A person who writes.

    ``before`` names who served them before the simulation begins; ``previous`` is the id of the
    agent who served them last in it. ``bound`` and ``dedicated`` name agents, ``bound_team`` a
    team.
    """

    __slots__ = (
        "before",
        "bound",
        "bound_team",
        "channel",
        "dedicated",
        "language",
        "previous",
        "tags",
        "tier",
    )

    def __init__(
        self,
        channel: str,
        language: str | None = None,
        tier: str | None = None,
        tags: tuple[str, ...] = (),
        *,
        bound: str | None = None,
        bound_team: str | None = None,
        dedicated: str | None = None,
        before: str | None = None,
    ) -> None:
        self.channel = channel
        self.language = language
        self.tier = tier
        self.tags = tags
        self.bound = bound
        self.bound_team = bound_team
        self.dedicated = dedicated
        self.before = before
        self.previous: int | None = None


class Visit:
    """One session: what its customer brings, and how it goes.

    Times are UTC milliseconds, durations milliseconds. ``hour`` is the hour of the day, in the
    workspace's time zone, at which it began. ``answer`` is how long its agent takes to answer once
    they turn to it, ``again`` what that is drawn from for the next one if it is taken back;
    ``service`` is how long it goes on from there. ``patience`` is how long the
    customer waits for the answer, -1 for ever. ``idles`` says that nobody ends it: it is open until
    the workspace's ``idle_close`` has passed as well. ``text`` is folded.

    The run's: ``id`` counts visits from 1; ``version`` grows with each change, as the row's would;
    ``begun`` is whether its agent has turned to it; ``queued_at`` is when it entered routing last;
    ``slot`` is the heading it is counted under.
    """

    __slots__ = (
        "again",
        "agent_id",
        "answer",
        "assigned_at",
        "at",
        "begun",
        "category",
        "contact",
        "hour",
        "id",
        "idles",
        "lapsed",
        "owner_waited",
        "patience",
        "queued_at",
        "returning",
        "service",
        "slot",
        "stage",
        "team_id",
        "text",
        "version",
    )

    def __init__(
        self,
        at: int,
        hour: int,
        contact: Contact,
        *,
        returning: bool,
        service: int,
        answer: int = 0,
        again: Law | None = None,
        patience: int = -1,
        category: Category | None = None,
        text: str = "",
        idles: bool = False,
    ) -> None:
        self.at = at
        self.hour = hour
        self.contact = contact
        self.returning = returning
        self.service = service
        self.answer = answer
        self.again = again
        self.patience = patience
        self.category = category
        self.text = text
        self.idles = idles
        self.id = 0
        self.version = 1
        self.stage = Stage.WAITING
        self.begun = False
        self.agent_id: int | None = None
        self.team_id: int | None = None
        self.lapsed: tuple[int, ...] = ()
        self.owner_waited = False
        self.queued_at = at
        self.assigned_at: int | None = None
        self.slot = hour
