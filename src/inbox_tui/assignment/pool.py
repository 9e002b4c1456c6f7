"""One team's desk: who is in it, who is next, which sessions wait, and why.

A pool keeps its members judged and ranked, so that choosing is a look at the top. It is told when
something about a member has changed, and judges that member anew when it is next asked a
question: a change costs next to nothing where no session waits, and several cost as one. It knows
nothing of other pools; that one agent sits in several is the engine's concern. The sessions without
a team have a pool as well, with all agents in it and ``team_id`` None.
"""

from collections.abc import Callable

from inbox_tui.assignment.decisions import Turn
from inbox_tui.assignment.eligibility import Verdict, judge, reason
from inbox_tui.assignment.facts import TeamFact
from inbox_tui.assignment.methods import KEYS, WORKSPACE_METHOD, round_robin
from inbox_tui.assignment.queue import Queue
from inbox_tui.assignment.ranking import Key, Ranking
from inbox_tui.assignment.roster import Agent, Member
from inbox_tui.wire.words import Method, UnassignedReason


class Pool:
    """Members and waiting sessions of one team, or of the workspace.

    ``changed`` has the members about whom something has changed since they were judged, in order.
    ``round`` is where the rotation stands: the number at which the latest turn began. Whoever comes
    up with a lower one is lifted to it. So a returning agent is next, once, and gets no second turn
    for those that passed meanwhile, and a new one does not get everything until level.

    ``told`` is the reason last told about the queue and
    ``untold`` the queued sessions whose rows show another. ``settling_since`` is when the first of
    the agents who now wait for each other arrived (R9), None when that is still to be noted.
    """

    __slots__ = (
        "_key",
        "_ranking",
        "_tally",
        "_turns",
        "changed",
        "limit",
        "members",
        "method",
        "queue",
        "round",
        "settling",
        "settling_since",
        "slug",
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
        self._tally = dict.fromkeys(Verdict, 0)
        self.queue = Queue()
        self.told: UnassignedReason | None = None
        self.untold: set[int] = set()
        self.settling: dict[int, Member] = {}
        self.settling_since: int | None = None
        self._key: Callable[[Member], Key] | None = KEYS[self.method]
        self._ranking = Ranking()
        self.changed: dict[Member, None] = {}
        self.round: float = 0
        self._turns = 0

    # Members

    def learn(self, fact: TeamFact) -> None:
        """Take over method, limit and turns; the engine brings the members.

        Rotation numbers only grow, so the larger one of fact and memory is the newer.
        """
        self.slug = fact.slug
        self.method = fact.method
        self.limit = fact.max_open
        self._key = KEYS.get(fact.method)
        self._ranking.clear()
        for agent_id, turn in fact.turns.items():
            member = self.members.get(agent_id)
            if member is not None:
                member.turn = max(member.turn, turn)
                self.round = max(self.round, member.turn - member.stride)
        for member in self.members.values():
            self.changed[member] = None

    def join(self, agent: Agent) -> None:
        """Take in an agent."""
        member = Member(agent, self)
        self.members[agent.fact.id] = member
        agent.members[self.team_id] = member
        self._tally[member.verdict] += 1
        self.changed[member] = None

    def leave(self, agent_id: int) -> None:
        """Let a member go."""
        member = self.members.pop(agent_id)
        del member.agent.members[self.team_id]
        self._tally[member.verdict] -= 1
        self.changed.pop(member, None)
        self.depart(agent_id)
        self._ranking.drop(agent_id)

    def team_open(self, agent: Agent) -> int:
        """Count the agent's open sessions that this team's limit is about."""
        return 0 if self.team_id is None else agent.in_team.get(self.team_id, 0)

    def _catch_up(self) -> None:
        """Judge and rank anew those who have changed, in O(log n) each."""
        for member in self.changed:
            self._refresh(member)
        self.changed.clear()

    def _refresh(self, member: Member) -> None:
        agent = member.agent
        team_open = 0 if self.limit is None else self.team_open(agent)
        verdict = judge(agent.duty, agent.open, agent.limit, team_open, self.limit, member.settling)
        before = member.verdict
        if verdict is not before:
            self._tally[before] -= 1
            self._tally[verdict] += 1
            member.verdict = verdict
            if before is Verdict.ELIGIBLE:
                self._ranking.drop(agent.fact.id)
        if verdict is Verdict.ELIGIBLE and self._key is not None:
            self._ranking.put(self._key(member))

    # Choosing

    def next_up(self) -> Member | None:
        """Return who gets the next session, None if nobody can; nothing moves by asking (R14)."""
        self._catch_up()
        while (key := self._ranking.first()) is not None:
            member = self.members[int(key[-1])]
            if key[0] >= self.round or self.method is not Method.ROUND_ROBIN:
                return member
            # The rotation went on without them: they are next, but not for every turn they missed.
            member.level = self.round
            self._ranking.put(round_robin(member))
        return None

    def ranked(self, most: int) -> list[Member]:
        """Return the first of those who could take a session, next one first, in O(members)."""
        self.next_up()
        return [self.members[int(key[-1])] for key in self._ranking.best(most)]

    def tally(self) -> dict[Verdict, int]:
        """Count the members by verdict."""
        self._catch_up()
        return self._tally

    def turn_of(self, member: Member) -> Turn | None:
        """Return how the rotation moves if this member's next assignment is committed."""
        if self.method is not Method.ROUND_ROBIN:
            return None
        return Turn(member.base, member.stride)

    def hold(self, member: Member) -> None:
        """Let a proposal stand for a turn until it is committed or refused."""
        self._turns += 1
        member.held += 1
        member.proposed = self._turns

    def move_on(self, member: Member, turn: Turn) -> None:
        """Move the rotation: one automatic assignment was committed (R14)."""
        self._turns += 1
        member.served = self._turns
        member.turn = turn.after(member.turn)
        self.round = max(self.round, member.turn - turn.stride)

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
            self.changed[member] = None

    # Why sessions wait

    def reason(self) -> UnassignedReason | None:
        """Return why sessions wait here now; None when that is about to change."""
        return reason(self.method, self.tally())
