"""The engine: facts in, decisions out (R1-R12, R14).

A machine without a clock. The caller tells it facts, asks it to decide, tries to commit each
proposal, and says how that went. Between those calls nothing happens in here; there is no I/O,
no randomness, and ``now`` is always handed in. From the same calls come the same decisions.

The engine puts sessions where they belong, serves the lines in order, and keeps the proposals under
way. Who there is and how loaded is :mod:`staff`'s, where sessions wait :mod:`waiting`'s, whom
a pool chooses the pool's.
"""

from collections.abc import Mapping, Sequence
from heapq import heapify, heappop, heapreplace
from typing import Any

from inbox_tui.assignment import explain as telling
from inbox_tui.assignment.conditions import asks_hours
from inbox_tui.assignment.decisions import Assign, Decision, TakeBack
from inbox_tui.assignment.eligibility import Verdict
from inbox_tui.assignment.explain import Explanation
from inbox_tui.assignment.facts import AgentFact, Hours, Policy, RuleFact, SessionFact, TeamFact
from inbox_tui.assignment.lines import Line
from inbox_tui.assignment.pool import Pool
from inbox_tui.assignment.precedence import Setup, Step
from inbox_tui.assignment.queue import Place
from inbox_tui.assignment.reasons import news
from inbox_tui.assignment.roster import Agent, Member, Proposal, Session
from inbox_tui.assignment.serving import Serving
from inbox_tui.assignment.staff import Staff
from inbox_tui.assignment.timetable import Timetable
from inbox_tui.assignment.waiting import Waiting

Head = tuple[Place, str, Line]
"""A line by the place of its first session, then by its name."""

_MOST = 20
"""So many candidates are kept with a decision at the most."""


class UnknownSession(LookupError):
    """The engine knows no open session with this id."""


class Engine:
    """Who serves whom. Without ``reasons`` it does not tell why the rest waits."""

    def __init__(self, policy: Policy | None = None, *, reasons: bool = True) -> None:
        self._setup = Setup(policy or Policy())
        self._timetable = Timetable(self._setup)
        self._staff = Staff(self._setup)
        self._sessions: dict[int, Session] = {}
        self._waiting = Waiting(self._setup, self._staff, self._sessions)
        self._deadlines = self._waiting.deadlines
        self._serving = Serving(self._setup, self._staff, self._timetable, self._deadlines)
        self._proposals: dict[int, Proposal] = {}
        self._tells_reasons = reasons

    # Facts. Each is an upsert; those about different things may come in any order.

    def put_policy(self, policy: Policy) -> None:
        """Take over the workspace's settings, in O(agents + open sessions)."""
        if policy == self._setup.policy:
            return
        self._setup.policy = policy
        self._setup.look_for_exclusions()
        self._staff.review_all()
        self._waiting.mark_stale()
        self._serving.watch_all(self._sessions.values())

    def put_hours(self, hours: Mapping[str, Hours]) -> None:
        """Take over the business hours by name; they count from the next decision on (M11)."""
        self._timetable.learn(hours)
        self._serving.watch_absent()

    def put_rules(self, rules: Sequence[RuleFact]) -> None:
        """Take over the distribution rules in their order (R2); those that wait are routed anew."""
        if tuple(rules) == self._setup.rules:
            return
        self._setup.rules = tuple(rules)
        for pool in self._staff.put_rules():
            self._remove(pool)
        self._route_all()

    def put_agent(self, fact: AgentFact) -> None:
        """Take over an account, in O(teams of that agent * log n)."""
        staff = self._staff
        before = staff.agents.get(fact.id)
        was_active = before is not None and before.fact.active
        gone = None if before is None else before.fact.absent_since
        only, mattered = staff.only_account, staff.languages_matter
        agent = staff.put(fact)
        if fact.active is not was_active:
            self._waiting.mark_own(fact.id)
        if mattered is not staff.languages_matter:
            self._waiting.mark_stale()
        if staff.only_account is not only:
            self._waiting.mark_stale()
            self._serving.watch_all(self._sessions.values())
            staff.stir_all()
        if fact.absent_since != gone:
            self._serving.watch_all(agent.serving.values())

    def put_team(self, fact: TeamFact) -> None:
        """Take over a team with its members, in O(members * log n)."""
        known = self._setup.teams.get(fact.id)
        self._setup.teams[fact.id] = fact
        self._setup.look_for_exclusions()
        self._staff.put_team(fact)
        if known is None or _routes_otherwise(known, fact):
            self._route_all()

    def remove_team(self, team_id: int) -> None:
        """Forget a team; its waiting sessions are routed anew. An unknown id is fine."""
        if self._setup.teams.pop(team_id, None) is None:
            return
        for pool in [pool for pool in self._staff if pool.team_id == team_id]:
            self._remove(pool)
        self._route_all()

    def put_session(self, fact: SessionFact) -> None:
        """Take over a session; a closed one is forgotten, an older version ignored."""
        session = self._sessions.get(fact.id)
        if session is None:
            if fact.open:
                session = self._sessions[fact.id] = Session(fact)
                session.heard = self._waiting.tellings
                self._put_in(session)
            return
        if fact.version < session.version:
            return
        session.heard = self._waiting.tellings
        if fact.open and session.is_served_as(fact):
            session.learn(fact)
            self._serving.watch(session)
        elif session.lines and fact.open and fact.assignee_id is None:
            # It goes on waiting: no line may look empty in between, which ends a settle window.
            session.learn(fact)
            self._waiting.enter_again(session)
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

        Over all lines the highest priority comes first, then the longest wait, and no session
        stands in the way of another (R7, R8). Each proposal holds a slot until it is committed or
        refused. Before them come the sessions to be taken back, behind them the reasons that have
        changed for those who still wait. While what changed for everybody is still being worked in,
        nothing is given: :meth:`next_wake` asks for the next call at once. ``explain`` adds the
        candidates to each assignment, at O(members) each.
        """
        decisions: list[Decision] = []
        self._let_time_pass(now, decisions)
        if self._waiting.stale:
            return decisions  # who comes first is known once all of them are routed anew (R8)
        lines = self._staff.stirred
        heads = [(line.queue.first, line.name, line) for line in lines if line.queue.first]
        heapify(heads)
        given = 0
        while heads and (limit is None or given < limit):
            place, name, line = heads[0]
            if line.queue.first == place:
                session = self._sessions[place[-1]]
                picked = self._pick(line, session)
                if picked is None:
                    heappop(heads)
                    continue
                decisions.append(self._give(session, *picked, now, explain))
                given += 1
            if line.queue.first is not None:
                heapreplace(heads, (line.queue.first, name, line))
            else:
                heappop(heads)
        self._tell_reasons(decisions)
        return decisions

    def committed(self, decision: Assign | TakeBack) -> None:
        """Hear that a proposal was committed: the slot is taken and the rotation moves.

        The fact of the session may come before or after. A proposal that this engine does not
        know, because it was rebuilt meanwhile, is ignored: the facts tell it.
        """
        if isinstance(decision, TakeBack):
            return
        proposal = self._close_proposal(decision)
        if proposal is None:
            return
        agent, member = proposal.agent, proposal.member
        agent.last_assigned = max(agent.last_assigned, decision.at)
        if member is not None and decision.turn is not None and member.is_there:
            member.pool.move_on(member, decision.turn)
        session = self._sessions.get(decision.session_id)
        if session is not None and session.is_as_proposed(decision.session_version):
            # The held slot becomes the taken one, so no count changes.
            session.served_by, session.counted_in = agent, decision.team_id
            session.version += 1
            agent.serving[session.fact.id] = session
            self._staff.review(agent)
        else:
            self._staff.count(agent, decision.team_id, -1)

    def refused(self, decision: Assign | TakeBack) -> None:
        """Hear that a proposal was not committed: it never was, and the session is free again.

        Put the facts that made it fail first, or the same choice comes again. A proposal that
        this engine does not know is ignored.
        """
        session = self._sessions.get(decision.session_id)
        if isinstance(decision, TakeBack):
            if session is not None:
                self._serving.watch(session)
            return
        proposal = self._close_proposal(decision)
        if proposal is None:
            return
        self._staff.count(proposal.agent, decision.team_id, -1)
        if session is not None and session.served_by is None:
            self._put_in(session)

    def next_wake(self, now: int) -> int | None:
        """Return when to decide again though no fact comes, or None.

        That is when agents who arrived to a backlog have waited for each other long enough (R9),
        a session has waited long enough for an agent or a skill (R4, R6) or is to be taken back
        (R10, R12), or business hours begin or end that a rule asks for; at once when there are
        facts not decided on, or the last call was cut short by its limit.
        """
        if self._staff.stirred or self._waiting.stale:
            return now
        times = [
            self._staff.windows.next_end(now, self._setup.policy.settle),
            self._deadlines.next(),
            self._timetable.next() if self._asks_hours() else None,
        ]
        wakes = [at for at in times if at is not None]
        return max(now, min(wakes)) if wakes else None

    def explain(self, session_id: int, now: int, most: int = _MOST) -> Explanation:
        """Say why a session is where it is, with at most ``most`` candidates (R13).

        Raises ``UnknownSession`` for one that is closed or was never put.
        """
        session = self._sessions.get(session_id)
        if session is None:
            raise UnknownSession(session_id)
        if self._waiting.stale:
            self.catch_up(session_id)
        proposal = self._proposals.get(session_id)
        proposed_to = None if proposal is None else proposal.agent
        return telling.explanation(session, self._setup, self._staff, now, most, proposed_to)

    def position(self, session_id: int) -> tuple[str, int] | None:
        """Return the queue a session waits in, and its position there from 1 (M9).

        None where it waits in none: served, closed, held, or waiting for its own agent.
        """
        session = self._sessions.get(session_id)
        return None if session is None else telling.position_of(session)

    def catch_up(self, session_id: int) -> None:
        """Route anew before the next decision what changes have made stale, this one at least."""
        self._waiting.freshen()
        if session_id in self._waiting.stale:
            self._waiting.enter_again(self._sessions[session_id])

    def preview(self, fact: SessionFact, now: int, most: int = _MOST) -> Explanation:
        """Say what would become of a session that is not there (R2: *try it on a message*)."""
        setup, known = self._setup, self._setup.open_hours
        # Only a decision goes on to another time: it is then that those who wait are routed anew.
        setup.open_hours = self._timetable.open_at(now)
        try:
            return telling.explanation(Session(fact), setup, self._staff, now, most, None)
        finally:
            setup.open_hours = known

    # Sessions

    def _put_in(self, session: Session) -> None:
        """Count a session for who serves it, or let it wait where it belongs."""
        fact = session.fact
        if fact.assignee_id is not None:
            agent = session.served_by = self._staff.agent(fact.assignee_id)
            session.counted_in = fact.counted_team_id
            agent.serving[fact.id] = session
            self._staff.count(agent, session.counted_in, 1)
            self._serving.watch(session)
        elif fact.id not in self._proposals:
            self._waiting.enter(session)

    def _lift_out(self, session: Session) -> None:
        """Undo :meth:`_put_in`."""
        if session.served_by is None:
            self._waiting.leave(session)
            return
        agent, session.served_by = session.served_by, None
        agent.serving.pop(session.fact.id, None)
        self._deadlines.set(session, None)
        self._staff.count(agent, session.counted_in, -1)

    def _remove(self, pool: Pool) -> None:
        """Forget a pool; the sessions that wait before it are routed anew at once."""
        for session_id in [each for line in pool.lines.values() for each in line.queue]:
            self._waiting.enter_again(self._sessions[session_id])
        self._staff.remove(pool)

    # Time

    def _let_time_pass(self, now: int, decisions: list[Decision]) -> None:
        self._waiting.now = now
        if self._timetable.turn(now) and self._asks_hours():
            self._route_all()
        self._staff.settle(now)
        for session in self._deadlines.passed(now) if self._deadlines else ():
            if session.served_by is None:
                self._waiting.enter_again(session)
                continue
            found = self._serving.recall(session)
            if found is not None and found.due <= now:
                agent_id = session.served_by.fact.id
                decisions.append(
                    TakeBack(session.fact.id, session.version, agent_id, found.cause, now)
                )
        if self._waiting.stale:
            self._waiting.freshen()

    def _route_all(self) -> None:
        """Have everything routed anew, after a change of what routes go by."""
        self._waiting.mark_stale()
        self._serving.watch_absent()

    def _asks_hours(self) -> bool:
        return any(asks_hours(rule.when) for rule in self._setup.rules)

    # Giving

    def _pick(self, line: Line, session: Session) -> tuple[Agent, Member | None, Step] | None:
        """Return who gets this session, the first of a line; nothing moves by asking (R14).

        The only account is asked no questions (P1). Then come the session's own agents in order,
        then the line's pool.
        """
        if self._staff.only_account is not None:
            return self._staff.only_account, None, Step.ONLY_ACCOUNT
        way = session.route
        assert way is not None
        for step, agent_id in session.asked:
            agent = self._staff.agents[agent_id]
            if self._staff.verdict(agent, way.team_id) is Verdict.ELIGIBLE:
                return agent, None, step
        member = line.next_up()
        return None if member is None else (member.agent, member, way.step)

    def _give(
        self,
        session: Session,
        agent: Agent,
        member: Member | None,
        step: Step,
        now: int,
        explain: bool,
    ) -> Assign:
        """Propose to give a session that waits, and hold the slot."""
        way = session.route
        assert way is not None
        pool = self._staff.pools[way.queue]
        told: dict[str, Any] = {}
        if explain:
            needs = telling.needs_now(session, way, self._setup, self._staff, now)
            seen, total = telling.candidates(session, way, self._staff, needs, _MOST)
            told = {
                "candidates": seen,
                "candidates_total": total,
                "rule": "" if way.rule is None else way.rule.name,
                "needs": needs,
                "steps": telling.steps(session, way, self._setup, self._staff),
            }
        decision = Assign(
            session.fact.id,
            session.version,
            agent.fact.id,
            way.team_id,
            step,
            None if member is None else pool.method,
            None if member is None else pool.turn_of(member),
            now,
            way.queue,
            None if way.rule is None else way.rule.id,
            session.priority,
            member is None or pool.online_only,
            **told,
        )
        self._waiting.leave(session)
        self._proposals[session.fact.id] = Proposal(decision, agent, member)
        if member is not None:
            pool.hold(member)
        self._staff.count(agent, way.team_id, 1)
        return decision

    def _close_proposal(self, decision: Assign) -> Proposal | None:
        """Take a proposal off the list and return it; None if it is not there."""
        proposal = self._proposals.get(decision.session_id)
        if proposal is None or not (proposal.decision is decision or proposal.decision == decision):
            return None
        del self._proposals[decision.session_id]
        if proposal.member is not None:
            proposal.member.held -= 1
        return proposal

    def _tell_reasons(self, decisions: list[Decision]) -> None:
        """Add what has to be told about the lines that were stirred and still wait."""
        stirred, self._staff.stirred = self._staff.stirred, {}
        for line in stirred:
            if line.queue.first is None:
                continue
            if self._pick(line, self._sessions[line.queue.first[-1]]) is not None:
                self._staff.stirred[line] = None
            elif self._tells_reasons:
                decisions.extend(news(line, self._waiting))


def _routes_otherwise(known: TeamFact, fact: TeamFact) -> bool:
    """Say whether a team's change can change where a session stands, or when it is due."""

    def matters(team: TeamFact) -> tuple[object, ...]:
        excludes = team.exclude_tags, team.exclude_older_than
        return (team.members, team.consider, team.hours, excludes)

    return matters(known) != matters(fact)
