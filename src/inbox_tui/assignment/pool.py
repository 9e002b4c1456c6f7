"""One team's desk: who is in it, who is next, which sessions wait, and why.

A pool keeps its members judged and ranked at all times, so that choosing is a look at the top. It
knows nothing of other pools; that one agent sits in several is the engine's concern. The sessions
without a team have a pool as well, with all agents in it and ``team_id`` None.
"""

from collections.abc import Callable

from inbox_tui.assignment.decisions import Turn
from inbox_tui.assignment.eligibility import Verdict, judge, reason
from inbox_tui.assignment.facts import TeamFact
from inbox_tui.assignment.methods import KEYS, WORKSPACE_METHOD
from inbox_tui.assignment.queue import Queue
from inbox_tui.assignment.ranking import Key, Ranking
from inbox_tui.assignment.roster import Agent, Member
from inbox_tui.wire.words import Method, UnassignedReason


class Pool:
    """Members and waiting sessions of one team, or of the workspace.

    ``tally`` counts the members by verdict. ``told`` is the reason last told about the queue and
    ``untold`` the queued sessions whose rows show another. ``settling_since`` is when the first of
    the agents who now wait for each other arrived (R9), None when that is still to be noted.
    """

    __slots__ = (
        "_key",
        "_round",
        "_turns_served",
        "limit",
        "members",
        "method",
        "queue",
        "ranking",
        "settling",
        "settling_since",
        "slug",
        "tally",
        "team_id",
        "told",
        "untold",
    )

    def __init__(self, team_id: int | None) -> None:
        self.team_id = team_id
        self.slug = ""
        self.method = WORKSPACE_METHOD
        self.limit: int | None = None
        self.members: dict[int, Member] = {}
        self.ranking = Ranking()
        self.tally = dict.fromkeys(Verdict, 0)
        self.queue = Queue()
        self.told: UnassignedReason | None = None
        self.untold: set[int] = set()
        self.settling: dict[int, Member] = {}
        self.settling_since: int | None = None
        self._key: Callable[[Member], Key] | None = KEYS[self.method]
        self._round: float = 0
        self._turns_served = 0

    # Members

    def learn(self, fact: TeamFact) -> None:
        """Take over method, limit and turns; the engine brings the members.

        Rotation numbers only grow, so the larger one of fact and memory is the newer. When a
        rotation starts, all stand level at the least.
        """
        starts = self.method is not fact.method
        self.slug = fact.slug
        self.method = fact.method
        self.limit = fact.max_open
        self._key = KEYS.get(fact.method)
        self.ranking.clear()
        for agent_id, turn in fact.turns.items():
            member = self.members.get(agent_id)
            if member is not None:
                member.turn = max(member.turn, turn)
                self._round = max(self._round, member.turn - member.stride)
        for member in self.members.values():
            if starts:
                member.level = self._round
            self.refresh(member)

    def join(self, agent: Agent) -> None:
        """Take in an agent."""
        member = Member(agent)
        self.members[agent.fact.id] = member
        agent.members[self.team_id] = member
        self.tally[member.verdict] += 1
        self.refresh(member)

    def leave(self, agent_id: int) -> None:
        """Let a member go."""
        member = self.members.pop(agent_id)
        del member.agent.members[self.team_id]
        self.tally[member.verdict] -= 1
        self.depart(agent_id)
        self.ranking.drop(agent_id)

    def team_open(self, agent: Agent) -> int:
        """Count the agent's open sessions that this team's limit is about."""
        return 0 if self.team_id is None else agent.in_team.get(self.team_id, 0)

    def refresh(self, member: Member) -> bool:
        """Judge and rank a member anew, in O(log n); say whether the verdict changed."""
        agent = member.agent
        verdict = judge(
            agent.duty,
            agent.open,
            agent.limit,
            0 if self.limit is None else self.team_open(agent),
            self.limit,
            member.settling,
        )
        before = member.verdict
        changed = verdict is not before
        if changed:
            self.tally[before] -= 1
            self.tally[verdict] += 1
            member.verdict = verdict
            if verdict is Verdict.ELIGIBLE:
                member.level = self._level()
            elif before is Verdict.ELIGIBLE:
                self.ranking.drop(agent.fact.id)
        if verdict is Verdict.ELIGIBLE and self._key is not None:
            self.ranking.put(self._key(member))
        return changed

    # Choosing

    @property
    def can_give(self) -> bool:
        """Whether somebody waits here and somebody can take it."""
        return len(self.queue) > 0 and self.ranking.first() is not None

    def choose(self) -> Member:
        """Return who is next, without any side effect (R14); there must be somebody."""
        key = self.ranking.first()
        assert key is not None
        return self.members[int(key[-1])]

    def turn_of(self, member: Member) -> Turn | None:
        """Return how the rotation moves if this member's next assignment is committed."""
        if self.method is not Method.ROUND_ROBIN:
            return None
        return Turn(member.base, member.stride)

    def move_on(self, member: Member, turn: Turn) -> None:
        """Move the rotation: one automatic assignment was committed (R14)."""
        member.turn = turn.after(member.turn)
        self._round = max(self._round, member.turn - turn.stride)
        self._turns_served += 1
        member.served = self._turns_served

    def _level(self) -> float:
        """Return where the rotation stands: whoever comes in starts there at the lowest.

        So a returning agent is next, once, and gets no second turn for those that passed meanwhile;
        a new one does not get everything until level.
        """
        if self.method is not Method.ROUND_ROBIN:
            return 0
        next_up = self.ranking.first()
        return self._round if next_up is None else next_up[0]

    # Settling, as R9 says it

    def arrive(self, agent_id: int) -> None:
        """Let somebody who came on duty to a backlog wait for others to do so."""
        member = self.members[agent_id]
        member.settling = True
        self.settling[agent_id] = member

    def depart(self, agent_id: int) -> None:
        """Forget an arrival: the agent went off duty again."""
        member = self.settling.pop(agent_id, None)
        if member is not None:
            member.settling = False

    def settle(self) -> None:
        """End the wait of all who arrived."""
        arrived, self.settling, self.settling_since = self.settling, {}, None
        for member in arrived.values():
            member.settling = False
            self.refresh(member)

    # Why sessions wait

    def reason(self) -> UnassignedReason | None:
        """Return why sessions wait here now; None when that is about to change."""
        return reason(self.method, self.tally)
