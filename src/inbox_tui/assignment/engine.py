"""The engine: facts in, decisions out (R7, R8, R14).

A machine without a clock. The caller tells it facts, asks it to decide, tries to commit each
proposal, and says how that went. Between those calls nothing happens in here; there is no I/O,
no randomness, and ``now`` is always handed in. From the same calls come the same decisions.

The engine owns what goes across pools: the sessions, the counts of agents who sit in several
teams, the proposals under way, and the order in which queues are served. One team's members and
queue are its pool's.
"""

from collections.abc import Iterable, Iterator
from heapq import heapify, heappop, heapreplace

from inbox_tui.assignment import explain as telling
from inbox_tui.assignment.decisions import Assign, Decision
from inbox_tui.assignment.explain import Explanation
from inbox_tui.assignment.facts import AgentFact, Policy, SessionFact, TeamFact
from inbox_tui.assignment.pool import Pool
from inbox_tui.assignment.precedence import Step, route
from inbox_tui.assignment.reasons import news
from inbox_tui.assignment.roster import Agent, Member, Proposal, Session
from inbox_tui.assignment.settling import Windows
from inbox_tui.wire.words import UnassignedReason

_MOST = 20
"""So many candidates are kept with a decision at the most."""


class UnknownSession(LookupError):
    """The engine knows no open session with this id."""


class Engine:
    """Who serves whom."""

    def __init__(self, policy: Policy | None = None) -> None:
        self._policy = policy or Policy()
        self._agents: dict[int, Agent] = {}
        self._active: set[int] = set()
        self._only_account: Agent | None = None
        self._teams: dict[int, Pool] = {}
        self._workspace = Pool(None)
        self._sessions: dict[int, Session] = {}
        self._held: set[int] = set()
        self._unknown_team: dict[int, set[int]] = {}
        self._proposals: dict[int, Proposal] = {}
        self._stirred: dict[int | None, Pool] = {}
        self._windows = Windows()

    # Facts. Each is an upsert; those about different things may come in any order.

    def put_policy(self, policy: Policy) -> None:
        """Take over the workspace's settings, in O(agents)."""
        self._policy = policy
        for agent in self._agents.values():
            agent.learn(agent.fact, policy)
            self._review(agent)

    def put_agent(self, fact: AgentFact) -> None:
        """Take over an account, in O(teams of that agent * log n)."""
        agent = self._agent(fact.id)
        was_on_duty = agent.on_duty
        agent.learn(fact, self._policy)
        if agent.on_duty and not was_on_duty:
            self._arrive(agent)
        elif was_on_duty and not agent.on_duty:
            self._depart(agent)
        self._review(agent)
        if fact.active:
            self._active.add(fact.id)
        else:
            self._active.discard(fact.id)
        self._look_for_only_account()

    def put_team(self, fact: TeamFact) -> None:
        """Take over a team with its members, in O(members * log n)."""
        pool = self._teams.get(fact.id)
        is_new = pool is None
        if pool is None:
            pool = self._teams[fact.id] = Pool(fact.id)
        for agent_id in pool.members.keys() - set(fact.members):
            pool.leave(agent_id)
        for agent_id in fact.members:
            if agent_id not in pool.members:
                pool.join(self._agent(agent_id))
        pool.learn(fact)
        self._stir(pool)
        if is_new:
            self._route_anew(self._unknown_team.pop(fact.id, ()))

    def remove_team(self, team_id: int) -> None:
        """Forget a team; its waiting sessions are routed anew. An unknown id is fine."""
        pool = self._teams.get(team_id)
        if pool is None:
            return
        waiting = [self._sessions[session_id] for session_id in pool.queue]
        for session in waiting:
            self._lift_out(session)
        for agent_id in list(pool.members):
            pool.leave(agent_id)
        del self._teams[team_id]
        self._stirred.pop(team_id, None)
        self._windows.close(pool)
        for session in waiting:
            self._put_in(session)

    def put_session(self, fact: SessionFact) -> None:
        """Take over a session; a closed one is forgotten, an older version ignored."""
        session = self._sessions.get(fact.id)
        if session is None:
            if not fact.open:
                return
            session = self._sessions[fact.id] = Session(fact)
        elif fact.version < session.version:
            return
        elif fact.open and session.is_served_as(fact):
            session.learn(fact)
            return
        else:
            self._lift_out(session)
            session.learn(fact)
        if fact.open:
            self._put_in(session)
        else:
            del self._sessions[fact.id]

    # Decisions

    def decide(
        self, now: int, limit: int | None = None, *, explain: bool = False
    ) -> list[Decision]:
        """Propose everything that can be given now, at most ``limit`` assignments.

        Over all queues the highest priority comes first, then the longest wait, and no session
        stands in the way of another (R7, R8). Each proposal holds a slot until it is committed or
        refused. Behind them come the reasons that have changed for those who still wait.
        ``explain`` adds the candidates to each assignment, at O(members) each.
        """
        for pool in self._windows.due(now, self._policy.settle):
            self._close_window(pool)
        if not self._stirred:
            return []
        decisions: list[Decision] = []
        heads = [
            (pool.queue.first(), pool) for pool in self._stirred.values() if pool.queue.waiting
        ]
        heapify(heads)
        while heads and (limit is None or len(decisions) < limit):
            pool = heads[0][1]
            member = self._next_up(pool)
            if member is None:
                heappop(heads)
                continue
            decisions.append(self._propose(pool, member, now, explain))
            if pool.queue.waiting:
                heapreplace(heads, (pool.queue.first(), pool))
            else:
                heappop(heads)
        self._tell_reasons(decisions)
        return decisions

    def committed(self, decision: Assign) -> None:
        """Hear that a proposal was committed: the slot is taken and the rotation moves.

        The fact of the assigned session may come before or after. A proposal that this engine
        does not know, because it was rebuilt meanwhile, is ignored: the facts tell it.
        """
        agent = self._close_proposal(decision)
        if agent is None:
            return
        agent.last_assigned = max(agent.last_assigned, decision.at)
        member = agent.members.get(decision.team_id)
        if member is not None and decision.turn is not None:
            self._pool(decision.team_id).move_on(member, decision.turn)
        session = self._sessions.get(decision.session_id)
        if session is not None and session.is_as_proposed(decision.session_version):
            # The held slot becomes the taken one, so no count changes.
            session.served_by, session.counted_in = agent, decision.team_id
            session.version += 1
            self._review(agent)
        else:
            self._count(agent, decision.team_id, -1)

    def refused(self, decision: Assign) -> None:
        """Hear that a proposal was not committed: it never was, and the session is free again.

        Put the facts that made it fail first, or the same choice comes again. A proposal that
        this engine does not know is ignored.
        """
        agent = self._close_proposal(decision)
        if agent is None:
            return
        self._count(agent, decision.team_id, -1)
        session = self._sessions.get(decision.session_id)
        if session is not None and session.served_by is None:
            self._put_in(session)

    def next_wake(self, now: int) -> int | None:
        """Return when to decide again though no fact comes, or None.

        That is when agents who arrived to a backlog have waited for each other long enough (R9);
        at once when there are facts not decided on, or the last call was cut short by its limit.
        """
        if self._stirred:
            return now
        end = self._windows.next_end(now, self._policy.settle)
        return None if end is None else max(now, end)

    def explain(self, session_id: int, now: int, most: int = 20) -> Explanation:
        """Say why a session is where it is, with at most ``most`` candidates (R13).

        Raises ``UnknownSession`` for one that is closed or was never put.
        """
        session = self._sessions.get(session_id)
        if session is None:
            raise UnknownSession(session_id)
        way = session.route or route(session.fact, self._teams)
        proposal = self._proposals.get(session_id)
        return telling.explanation(
            session,
            way,
            self._pool(way.team_id),
            now=now,
            most=most,
            proposed_to=None if proposal is None else proposal.member.agent,
            only_account=self._only_account,
        )

    # Agents

    def _agent(self, agent_id: int) -> Agent:
        agent = self._agents.get(agent_id)
        if agent is None:
            agent = self._agents[agent_id] = Agent.unknown(agent_id, self._policy)
            self._workspace.join(agent)
        return agent

    def _count(self, agent: Agent, team_id: int | None, change: int) -> None:
        agent.open += change
        if team_id is not None:
            agent.in_team[team_id] = agent.in_team.get(team_id, 0) + change
        self._review(agent)

    def _review(self, agent: Agent) -> None:
        """Have an agent judged and ranked anew wherever they are a member."""
        for member in agent.members.values():
            pool = member.pool
            pool.changed[member] = None
            if pool.queue.waiting:
                self._stirred[pool.team_id] = pool

    def _look_for_only_account(self) -> None:
        """Enter or leave the state of one active account (P1)."""
        only = self._agents[next(iter(self._active))] if len(self._active) == 1 else None
        if only is self._only_account:
            return
        self._only_account = only
        self._route_anew(tuple(self._held))
        for pool in self._pools():
            self._stir(pool)

    # Sessions

    def _put_in(self, session: Session) -> None:
        """Count a session for who serves it, or let it wait where it belongs."""
        fact = session.fact
        if fact.assignee_id is not None:
            session.served_by = self._agent(fact.assignee_id)
            session.counted_in = fact.counted_team_id
            self._count(session.served_by, session.counted_in, 1)
        elif fact.id not in self._proposals:
            if fact.held_reason is not None:
                self._held.add(fact.id)
            if not self._is_held(fact):
                self._queue(session)

    def _lift_out(self, session: Session) -> None:
        """Undo :meth:`_put_in`."""
        if session.served_by is not None:
            agent, session.served_by = session.served_by, None
            self._count(agent, session.counted_in, -1)
            return
        self._held.discard(session.fact.id)
        if session.route is not None:
            pool = self._pool(session.route.team_id)
            session.route = None
            pool.queue.drop(session.fact.id)
            pool.untold.discard(session.fact.id)
            self._forget_unknown_teams(session.fact)
            if pool.settling and not pool.queue.waiting:
                self._close_window(pool)

    def _queue(self, session: Session) -> None:
        fact = session.fact
        session.route = route(fact, self._teams)
        for team_id in (fact.team_id, fact.channel_team_id):
            if team_id is not None and team_id not in self._teams:
                self._unknown_team.setdefault(team_id, set()).add(fact.id)
        pool = self._pool(session.route.team_id)
        pool.queue.put(fact)
        if pool.told is None or fact.shown_reason is not pool.told:
            pool.untold.add(fact.id)
        self._stirred[pool.team_id] = pool

    def _route_anew(self, session_ids: Iterable[int]) -> None:
        for session_id in tuple(session_ids):
            session = self._sessions[session_id]
            self._lift_out(session)
            self._put_in(session)

    def _is_held(self, fact: SessionFact) -> bool:
        """Say whether a session stays out of the draining; the only account gets all but bots'."""
        if self._only_account is None:
            return fact.held_reason is not None
        return fact.held_reason is UnassignedReason.WITH_BOT

    def _forget_unknown_teams(self, fact: SessionFact) -> None:
        for team_id in (fact.team_id, fact.channel_team_id) if self._unknown_team else ():
            if team_id in self._unknown_team:
                self._unknown_team[team_id].discard(fact.id)
                if not self._unknown_team[team_id]:
                    del self._unknown_team[team_id]

    # Queues

    def _pool(self, team_id: int | None) -> Pool:
        return self._workspace if team_id is None else self._teams[team_id]

    def _pools(self) -> Iterator[Pool]:
        yield from self._teams.values()
        yield self._workspace

    def _stir(self, pool: Pool) -> None:
        """Note that the next decision has to look at this queue."""
        if pool.queue.waiting:
            self._stirred[pool.team_id] = pool

    def _next_up(self, pool: Pool) -> Member | None:
        """Return who gets the first session of a queue; the only account is asked no questions."""
        return pool.next_up() if self._only_account is None else self._only_account.members[None]

    def _propose(self, pool: Pool, member: Member, now: int, explain: bool) -> Assign:
        session = self._sessions[pool.queue.first()[-1]]
        assert session.route is not None
        agent = member.agent
        if self._only_account is None:
            step, method, turn = session.route.step, pool.method, pool.turn_of(member)
        else:
            step, method, turn = Step.ONLY_ACCOUNT, None, None
        seen = telling.candidates(pool, self._only_account, _MOST) if explain else ()
        decision = Assign(
            session_id=session.fact.id,
            session_version=session.version,
            agent_id=agent.fact.id,
            team_id=pool.team_id,
            step=step,
            method=method,
            turn=turn,
            at=now,
            candidates=seen,
            candidates_total=telling.total(pool, self._only_account) if explain else 0,
        )
        self._lift_out(session)
        self._proposals[session.fact.id] = Proposal(decision, member)
        pool.hold(member)
        self._count(agent, pool.team_id, 1)
        return decision

    def _close_proposal(self, decision: Assign) -> Agent | None:
        """Take a proposal off the list and return its agent; None if it is not there."""
        proposal = self._proposals.get(decision.session_id)
        if proposal is None or proposal.decision != decision:
            return None
        del self._proposals[decision.session_id]
        proposal.member.held -= 1
        return proposal.member.agent

    # Windows and reasons

    def _arrive(self, agent: Agent) -> None:
        """Let an agent who comes on duty wait for others wherever sessions are waiting (R9)."""
        for team_id in agent.members if self._policy.settle else ():
            pool = self._pool(team_id)
            if pool.queue.waiting:
                self._windows.arrive(pool, agent.fact.id)

    def _depart(self, agent: Agent) -> None:
        for team_id in agent.members:
            self._windows.depart(self._pool(team_id), agent.fact.id)

    def _close_window(self, pool: Pool) -> None:
        self._windows.close(pool)
        self._stir(pool)

    def _tell_reasons(self, decisions: list[Decision]) -> None:
        """Add what has to be told about the queues that were stirred and still wait."""
        stirred, self._stirred = self._stirred, {}
        for pool in stirred.values():
            if not pool.queue.waiting:
                continue
            if self._next_up(pool) is not None:
                self._stirred[pool.team_id] = pool
            else:
                decisions.extend(news(pool, self._sessions))
