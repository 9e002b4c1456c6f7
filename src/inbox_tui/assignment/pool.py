"""One desk: who is in it, who is next, and why its sessions wait.

A pool is a team, the agents of a distribution rule, or everybody. It keeps its members judged and
ranked, so that choosing is a look at the top. It is told when something about a member has changed,
and judges that member anew when it is next asked a question: a change costs next to nothing where
no session waits, and several cost as one. It knows nothing of other pools; that one agent sits in
several is the engine's concern.
"""

from collections.abc import Callable, Container, Mapping

from inbox_tui.assignment import needs as asks
from inbox_tui.assignment.decisions import Turn
from inbox_tui.assignment.eligibility import Verdict, duty_anywhere, judge, reason
from inbox_tui.assignment.lines import PoolLine
from inbox_tui.assignment.methods import KEYS, WORKSPACE_METHOD, round_robin
from inbox_tui.assignment.needs import Needs
from inbox_tui.assignment.ranking import Key, Ranking
from inbox_tui.assignment.roster import Agent, Member
from inbox_tui.wire.words import Consider, Method, UnassignedReason

_NOBODY: frozenset[int] = frozenset()


class View:
    """The members who meet certain needs: counted by verdict, those who can take one ranked."""

    __slots__ = ("changed", "needs", "ranking", "tally", "verdicts")

    def __init__(self, needs: Needs) -> None:
        self.needs = needs
        self.ranking = Ranking()
        self.tally = dict.fromkeys(Verdict, 0)
        self.verdicts: dict[int, Verdict] = {}
        self.changed: dict[Member, None] = {}

    def take(self, member: Member, key: Callable[[Member], Key] | None) -> None:
        """Take over a member's verdict and place, in O(log n)."""
        fact = member.agent.fact
        if self.needs is not asks.NONE and not self.needs.are_met_by(fact):
            self.drop(fact.id)
            return
        verdict = member.verdict
        before = self.verdicts.get(fact.id)
        if verdict is not before:
            self.verdicts[fact.id] = verdict
            self.tally[verdict] += 1
            if before is not None:
                self.tally[before] -= 1
                if before is Verdict.ELIGIBLE:
                    self.ranking.drop(fact.id)
        if verdict is Verdict.ELIGIBLE and key is not None:
            self.ranking.put(key(member))

    def drop(self, agent_id: int) -> None:
        """Forget a member, if known."""
        before = self.verdicts.pop(agent_id, None)
        if before is not None:
            self.tally[before] -= 1
            self.ranking.drop(agent_id)

    def tally_without(self, agents: Container[int]) -> Mapping[Verdict, int]:
        """Count by verdict, these agents left out."""
        if not agents:
            return self.tally
        tally = dict.fromkeys(Verdict, 0)
        for agent_id, verdict in self.verdicts.items():
            if agent_id not in agents:
                tally[verdict] += 1
        return tally


class Pool:
    """Members of one team, of one rule, or all; and the lines of sessions before them.

    ``queue_name`` is its name (“team:3”), ``team_id`` the team whose sessions it hands out.
    ``changed`` has the members about whom something has changed since they were judged, in order.
    ``round`` is where the rotation stands: the number at which the latest turn began. Whoever comes
    up with a lower one is lifted to it. So a returning agent is next, once, and gets no second turn
    for those that passed meanwhile, and a new one does not get everything until level.

    ``settling_since`` is when the first of the agents who now wait for each other arrived (R9),
    None when that is still to be noted. ``waiting`` counts the sessions of all its lines.
    """

    __slots__ = (
        "_everyone",
        "_key",
        "_turns",
        "_views",
        "base",
        "changed",
        "consider",
        "label",
        "limit",
        "lines",
        "members",
        "method",
        "queue_name",
        "round",
        "settling",
        "settling_since",
        "team_id",
        "waiting",
    )

    def __init__(self, queue_name: str, team_id: int | None = None) -> None:
        self.queue_name = queue_name
        self.team_id = team_id
        self.label = ""
        self.method = WORKSPACE_METHOD
        self.consider = Consider.ONLINE
        self.limit: int | None = None
        self.members: dict[int, Member] = {}
        self.base = PoolLine(self)
        self.lines: dict[str, PoolLine] = {self.base.name: self.base}
        self.waiting = 0
        self.settling: dict[int, Member] = {}
        self.settling_since: int | None = None
        self.changed: dict[Member, None] = {}
        self.round: float = 0
        self._key: Callable[[Member], Key] | None = KEYS[self.method]
        self._turns = 0
        self._everyone = View(asks.NONE)
        self._views: dict[Needs, View] = {}

    @property
    def online_only(self) -> bool:
        """Whether only agents with an open inbox are considered (R3)."""
        return self.consider is Consider.ONLINE

    # Members

    def learn(
        self,
        label: str,
        method: Method,
        consider: Consider,
        limit: int | None,
        turns: Mapping[int, float],
    ) -> None:
        """Take over how it hands out, and the turns; the engine brings the members.

        Rotation numbers only grow, so the larger one of told and remembered is the newer.
        """
        self.label, self.method, self.consider, self.limit = label, method, consider, limit
        self._key = KEYS.get(method)
        for view in (self._everyone, *self._views.values()):
            view.ranking.clear()
        for agent_id, turn in turns.items():
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
        agent.members[self.queue_name] = member
        self.changed[member] = None

    def leave(self, agent_id: int) -> None:
        """Let a member go."""
        member = self.members.pop(agent_id)
        del member.agent.members[self.queue_name]
        self.changed.pop(member, None)
        self.depart(agent_id)
        for view in (self._everyone, *self._views.values()):
            view.changed.pop(member, None)
            view.drop(agent_id)

    def team_open(self, agent: Agent) -> int:
        """Count the agent's open sessions that this team's limit is about."""
        return 0 if self.team_id is None else agent.in_team.get(self.team_id, 0)

    def _catch_up(self) -> None:
        """Judge and rank anew those who have changed, in O(log n) each."""
        key, limit, online_only = self._key, self.limit, self.online_only
        for member in self.changed:
            agent = member.agent
            member.verdict = judge(
                agent.duty if online_only else duty_anywhere(agent.fact),
                agent.open,
                agent.limit,
                0 if limit is None else self.team_open(agent),
                limit,
                member.settling,
            )
            self._everyone.take(member, key)
            for view in self._views.values():
                view.changed[member] = None
        self.changed.clear()

    def view(self, needs: Needs = asks.NONE) -> View:
        """Return the members who meet these needs, as they are now."""
        if self.changed:
            self._catch_up()
        if needs is asks.NONE:
            return self._everyone
        view = self._views.get(needs)
        if view is None:
            view = self._views[needs] = View(needs)
            view.changed = dict.fromkeys(self.members.values())
        for member in view.changed:
            view.take(member, self._key)
        view.changed.clear()
        return view

    # Choosing

    def next_up(self, needs: Needs = asks.NONE, without: Container[int] = _NOBODY) -> Member | None:
        """Return who gets the next session, None if nobody can; nothing moves by asking (R14)."""
        ranking = self.view(needs).ranking
        while (key := ranking.first(without)) is not None:
            member = self.members[int(key[-1])]
            if key[0] >= self.round or self.method is not Method.ROUND_ROBIN:
                return member
            # The rotation went on without them: they are next, but not for every turn they missed.
            member.level = self.round
            ranking.put(round_robin(member))
        return None

    def ranked(self, most: int, needs: Needs, without: Container[int]) -> list[Member]:
        """Return the first of those who could take a session, next one first, in O(members)."""
        self.next_up(needs, without)
        keys = self.view(needs).ranking.best(most, without)
        return [self.members[int(key[-1])] for key in keys]

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

    def reason(
        self, needs: Needs = asks.NONE, lapsed: Container[int] = _NOBODY
    ) -> UnassignedReason | None:
        """Return why sessions wait here now; None when that is about to change."""
        tally = self.view(needs).tally_without(lapsed)
        told = reason(self.method, tally)
        if told is None or self._key is None:
            return told
        everyone = tally if needs is asks.NONE else self.view().tally_without(lapsed)
        if lapsed and sum(everyone.values()) == everyone[Verdict.INACTIVE]:
            return UnassignedReason.TAKEN_BACK
        if everyone[Verdict.ELIGIBLE] or everyone[Verdict.SETTLING]:
            return UnassignedReason.NO_SKILL
        return reason(self.method, everyone)
