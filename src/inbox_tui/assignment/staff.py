"""The agents, the pools they sit in, and how many sessions each has.

What goes across pools is kept here: an agent who sits in several has one load. A change of an agent
is passed on to every pool and line that it concerns; those where sessions wait are noted in
``stirred``, for the next decision to look at.
"""

from collections.abc import Iterable, Iterator

from inbox_tui.assignment.eligibility import Verdict, judge
from inbox_tui.assignment.facts import AgentFact, RuleFact, TeamFact
from inbox_tui.assignment.lines import Line
from inbox_tui.assignment.methods import WORKSPACE_METHOD
from inbox_tui.assignment.pool import Pool
from inbox_tui.assignment.precedence import WORKSPACE, Setup, queue_of_rule, queue_of_team
from inbox_tui.assignment.roster import Agent
from inbox_tui.assignment.settling import Windows
from inbox_tui.wire.words import Consider


class Staff:
    """Who there is, in which pools, with how much to do."""

    def __init__(self, setup: Setup) -> None:
        self._setup = setup
        self.agents: dict[int, Agent] = {}
        self.workspace = Pool(WORKSPACE)
        self.pools: dict[str, Pool] = {WORKSPACE: self.workspace}
        self.stirred: dict[Line, None] = {}
        self.windows = Windows()
        self.only_account: Agent | None = None
        self._active: set[int] = set()
        self._speakers: set[int] = set()

    @property
    def languages_matter(self) -> bool:
        """Whether anybody lists the languages they speak; else a language is no need (R4)."""
        return bool(self._speakers)

    # Agents

    def agent(self, agent_id: int) -> Agent:
        """Return an agent, also one who was named before being introduced."""
        agent = self.agents.get(agent_id)
        if agent is None:
            agent = self.agents[agent_id] = Agent.unknown(agent_id, self._setup.policy)
            self.workspace.join(agent)
        return agent

    def put(self, fact: AgentFact) -> Agent:
        """Take over an account, in O(pools of that agent)."""
        agent = self.agent(fact.id)
        was_on_duty = agent.on_duty
        agent.learn(fact, self._setup.policy)
        if agent.on_duty and not was_on_duty:
            self._arrive(agent)
        elif was_on_duty and not agent.on_duty:
            for queue in agent.members:
                self.windows.depart(self.pools[queue], fact.id)
        self.review(agent)
        _keep(self._active, fact.id, fact.active)
        _keep(self._speakers, fact.id, fact.active and bool(fact.languages))
        self.only_account = (
            self.agents[next(iter(self._active))] if len(self._active) == 1 else None
        )
        return agent

    def count(self, agent: Agent, team_id: int | None, change: int) -> None:
        """Count a session of a team in or out."""
        agent.open += change
        if team_id is not None:
            agent.in_team[team_id] = agent.in_team.get(team_id, 0) + change
        self.review(agent)

    def review(self, agent: Agent) -> None:
        """Have an agent judged and ranked anew wherever they are asked."""
        for member in agent.members.values():
            pool = member.pool
            pool.changed[member] = None
            if pool.waiting:
                self.stir(pool)
        if agent.lines:
            self.stirred.update(dict.fromkeys(agent.lines.values()))

    def review_all(self) -> None:
        """Have everybody judged anew, after a change of the settings, in O(agents)."""
        for agent in self.agents.values():
            agent.learn(agent.fact, self._setup.policy)
            self.review(agent)

    def stir(self, pool: Pool) -> None:
        """Note that the next decision has to look at the lines of this pool."""
        for line in pool.lines.values():
            if line.queue.waiting:
                self.stirred[line] = None

    def stir_all(self) -> None:
        """Note that the next decision has to look everywhere."""
        for pool in self.pools.values():
            self.stir(pool)
        for agent in self.agents.values():
            self.stirred.update(dict.fromkeys(agent.lines.values()))

    def verdict(self, agent: Agent, team_id: int | None) -> Verdict:
        """Judge an agent for a session that is their own, whatever pool it would go to (R1, R6).

        A team's limit binds its members only; presence is never waived.
        """
        limit = None
        team = None if team_id is None else self._setup.teams.get(team_id)
        if team is not None and agent.fact.id in team.members:
            limit = team.max_open
        team_open = 0 if team_id is None else agent.in_team.get(team_id, 0)
        return judge(agent.duty, agent.open, agent.limit, team_open, limit, False)

    # Pools

    def put_team(self, fact: TeamFact) -> None:
        """Take over a team, and the rules that hand out before its members."""
        pool = self._with(queue_of_team(fact.id), fact.id, fact.members)
        pool.learn(fact.slug, fact.method, fact.consider, fact.max_open, fact.turns)
        self._has_learnt(pool)
        for rule in self._setup.rules:
            if rule.team_id == fact.id:
                self._put_rule(rule)
        for agent_id in fact.members:
            for line in self.agents[agent_id].lines.values():
                self.stirred[line] = None

    def put_rules(self) -> list[Pool]:
        """Take over the pools of the rules; return those that no rule has any more."""
        for rule in self._setup.rules:
            self._put_rule(rule)
        kept = {queue_of_rule(rule) for rule in self._setup.rules}
        return [
            pool
            for pool in self
            if pool.queue_name.startswith("rule:") and pool.queue_name not in kept
        ]

    def _put_rule(self, rule: RuleFact) -> None:
        """Take over the pool of a rule, if it has one of its own."""
        name = queue_of_rule(rule)
        team = None if rule.team_id is None else self._setup.teams.get(rule.team_id)
        if name in self.pools and not name.startswith("rule:"):
            return
        if rule.team_id is not None and team is None:
            return
        pool = self._with(name, rule.team_id, rule.agents if team is None else team.members)
        pool.learn(
            rule.name,
            rule.method or (WORKSPACE_METHOD if team is None else team.method),
            rule.consider or (Consider.ONLINE if team is None else team.consider),
            None if team is None else team.max_open,
            rule.turns,
        )
        self._has_learnt(pool)

    def _has_learnt(self, pool: Pool) -> None:
        """Look at a pool again; nobody is waited for where every active agent is considered."""
        if pool.online_only:
            self.stir(pool)
        else:
            self.close_window(pool)

    def remove(self, pool: Pool) -> None:
        """Forget a pool; no session may stand before it."""
        for agent_id in list(pool.members):
            pool.leave(agent_id)
        self.windows.close(pool)
        del self.pools[pool.queue_name]

    def __iter__(self) -> Iterator[Pool]:
        """Yield all pools."""
        return iter(self.pools.values())

    def _with(self, name: str, team_id: int | None, members: Iterable[int]) -> Pool:
        pool = self.pools.get(name)
        if pool is None:
            pool = self.pools[name] = Pool(name, team_id)
        pool.team_id = team_id
        wanted = dict.fromkeys(members)
        for agent_id in pool.members.keys() - wanted.keys():
            pool.leave(agent_id)
        for agent_id in wanted:
            if agent_id not in pool.members:
                pool.join(self.agent(agent_id))
        return pool

    # Settling

    def _arrive(self, agent: Agent) -> None:
        """Let an agent who comes on duty wait for others wherever sessions are waiting (R9).

        Not where every active agent is considered: there nobody needs to come.
        """
        for queue in agent.members if self._setup.policy.settle else ():
            pool = self.pools[queue]
            if pool.waiting and pool.online_only:
                self.windows.arrive(pool, agent.fact.id)

    def settle(self, now: int) -> None:
        """End the windows that are over."""
        if self.windows:
            for pool in self.windows.due(now, self._setup.policy.settle):
                self.close_window(pool)

    def close_window(self, pool: Pool) -> None:
        """End the wait of those who arrived in this pool."""
        self.windows.close(pool)
        self.stir(pool)


def _keep(ids: set[int], agent_id: int, wanted: bool) -> None:
    if wanted:
        ids.add(agent_id)
    else:
        ids.discard(agent_id)
