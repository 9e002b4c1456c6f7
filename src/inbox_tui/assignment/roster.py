"""What the engine keeps of agents, of their place in each pool, of sessions and proposals.

Small records. They hold what is known; what it means is decided in ``eligibility``,
``methods``, ``pool`` and ``engine``.
"""

from typing import TYPE_CHECKING, NamedTuple

from inbox_tui.assignment.decisions import Assign
from inbox_tui.assignment.eligibility import Verdict, duty
from inbox_tui.assignment.facts import AgentFact, Policy, SessionFact
from inbox_tui.assignment.precedence import Preferred, Route
from inbox_tui.wire.words import Presence, Priority

if TYPE_CHECKING:
    from inbox_tui.assignment.lines import AgentLine, Line
    from inbox_tui.assignment.pool import Pool


class Member:
    """One agent in one pool.

    ``turn`` is the stored rotation number; ``level`` is what it was lifted to when the agent came
    up after missing turns. ``served`` and ``proposed`` number their latest
    committed turn and latest proposal, so that of two the longer ago is the smaller; ``held`` is
    how many proposals wait for their commit.
    """

    __slots__ = (
        "agent",
        "held",
        "level",
        "pool",
        "proposed",
        "served",
        "settling",
        "turn",
        "verdict",
    )

    def __init__(self, agent: "Agent", pool: "Pool") -> None:
        self.agent = agent
        self.pool = pool
        self.turn: float = 0
        self.level: float = 0
        self.served = 0
        self.proposed = 0
        self.held = 0
        self.settling = False
        self.verdict = Verdict.INACTIVE

    @property
    def is_there(self) -> bool:
        """Whether the agent still has this place."""
        return self.pool.members.get(self.agent.fact.id) is self

    @property
    def base(self) -> float:
        """The rotation number that counts."""
        return max(self.turn, self.level)

    @property
    def stride(self) -> float:
        """How far one turn moves the rotation number: double weight, half the way (R4)."""
        return 1 / self.agent.fact.weight


class Agent:
    """One agent. ``open`` counts all their open sessions, ``in_team`` those of each team.

    Both include proposals that wait for their commit. ``members`` has their places by queue,
    ``lines`` the sessions that are their own by team, ``serving`` those they serve.
    """

    __slots__ = (
        "duty",
        "fact",
        "in_team",
        "last_assigned",
        "limit",
        "lines",
        "members",
        "open",
        "serving",
    )

    def __init__(self, fact: AgentFact, policy: Policy) -> None:
        self.open = 0
        self.in_team: dict[int, int] = {}
        self.members: dict[str, Member] = {}
        self.lines: dict[int | None, AgentLine] = {}
        self.serving: dict[int, Session] = {}
        self.last_assigned = 0
        self.learn(fact, policy)

    @classmethod
    def unknown(cls, agent_id: int, policy: Policy) -> "Agent":
        """Stand in for an agent who was named before being introduced."""
        return cls(
            AgentFact(agent_id, "", active=False, accepting=False, presence=Presence.ABSENT), policy
        )

    def learn(self, fact: AgentFact, policy: Policy) -> None:
        """Take over what a fact says."""
        self.fact = fact
        self.duty = duty(fact)
        self.limit = policy.max_open if fact.max_open is None else fact.max_open
        self.last_assigned = max(self.last_assigned, fact.last_assigned)

    @property
    def on_duty(self) -> bool:
        """Whether the agent is active, present and accepting."""
        return self.duty is Verdict.ELIGIBLE


class Session:
    """One open session: served by somebody, waiting in lines, proposed, or held.

    ``served_by`` and ``counted_in`` are the agent and the team it is counted for. ``route`` is
    where it was sent when it last had to wait, ``lines`` where it stands now; ``asked`` are the
    agents who come before the queue at present, and ``wait_until`` is set while it waits for the
    first of them alone (R6). ``due`` is when time alone changes something about it. ``version`` is
    at least that of ``fact``: a committed proposal is known before the fact of it comes. ``heard``
    is how often lines had been told a reason at once when the fact came.
    """

    served_by: "Agent | None" = None
    counted_in: int | None = None
    route: Route | None = None
    asked: tuple[Preferred, ...] = ()
    lines: "tuple[Line, ...]" = ()
    priority = Priority.NORMAL
    wait_until: int | None = None
    due: int | None = None
    heard = 0

    def __init__(self, fact: SessionFact) -> None:
        self.fact = fact
        self.version = fact.version

    def learn(self, fact: SessionFact) -> None:
        """Take over what a fact says."""
        self.fact = fact
        self.version = fact.version

    def is_served_as(self, fact: SessionFact) -> bool:
        """Say whether a fact names the agent and the team it is counted for already."""
        served_by = self.served_by
        return (
            served_by is not None
            and served_by.fact.id == fact.assignee_id
            and self.counted_in == fact.counted_team_id
        )

    def is_as_proposed(self, version: int) -> bool:
        """Say whether nothing newer is known than when a proposal was made."""
        return self.served_by is None and self.version == version


class Proposal(NamedTuple):
    """A decision that waits for its commit, and whose slot it holds.

    ``member`` is who was chosen, in the pool that chose; None for an agent who came before it.
    """

    decision: Assign
    agent: Agent
    member: Member | None
