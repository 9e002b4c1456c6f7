"""Puts sessions that nobody serves into the lines where they wait, and takes them out again.

A session that waits for one agent (R6) stands in that agent's line only. Else it stands in a line
of its pool, and in the lines of all agents who come before the pool, so that whoever has room first
gets it. What changes for many sessions at once (rules, hours, accounts) only marks them as
``stale``: they are routed again a few at a time, and always before they are given out.
"""

from itertools import islice

from inbox_tui.assignment import needs as asks
from inbox_tui.assignment.deadlines import Deadlines
from inbox_tui.assignment.exclusion import exclusion
from inbox_tui.assignment.facts import SessionFact
from inbox_tui.assignment.lines import AgentLine, Line, PoolLine
from inbox_tui.assignment.needs import Needs, needs_of
from inbox_tui.assignment.pool import Pool
from inbox_tui.assignment.precedence import Preferred, Route, Setup, priority_of, route
from inbox_tui.assignment.queue import place_of
from inbox_tui.assignment.roster import Session
from inbox_tui.assignment.staff import Staff
from inbox_tui.wire.words import UnassignedReason

_STALE_AT_ONCE = 2_000


class Waiting:
    """The sessions without an agent. ``now`` is the time of the latest decision."""

    def __init__(self, setup: Setup, staff: Staff, sessions: dict[int, Session]) -> None:
        self._setup = setup
        self._staff = staff
        self._sessions = sessions
        self.deadlines = Deadlines(sessions)
        self.now = 0
        self.held: dict[int, None] = {}
        self.stale: dict[int, None] = {}
        self.inside: dict[int, None] = {}
        self.tellings = 0
        self._told: dict[str, tuple[int, UnassignedReason]] = {}

    # In and out

    def enter(self, session: Session) -> None:
        """Let a session wait where it belongs."""
        fact = session.fact
        if self._is_held(fact):
            self.held[fact.id] = None
            return
        self.inside[fact.id] = None
        way = session.route = route(fact, self._setup)
        session.priority = priority_of(fact, way.rule, self._setup.policy)
        if self._staff.only_account is None:
            self._enter_lines(session, way)
        else:
            self._stand(session, (), self._staff.pools[way.queue].base, wait_until=None, due=None)

    def leave(self, session: Session) -> None:
        """Take a session out of wherever it waits."""
        self._take_out(session)
        left, session.lines = session.lines, ()
        for line in left:
            self._left(line)

    def enter_again(self, session: Session) -> None:
        """Route a session anew."""
        self._take_out(session)
        left, session.lines = session.lines, ()
        self.enter(session)
        for line in left:
            self._left(line)

    def _take_out(self, session: Session) -> None:
        session_id = session.fact.id
        if self.held:
            self.held.pop(session_id, None)
        if self.stale:
            self.stale.pop(session_id, None)
        self.inside.pop(session_id, None)
        session.due = None
        for line in session.lines:
            line.queue.drop(session_id)
            line.untold.discard(session_id)
            if isinstance(line, PoolLine):
                line.pool.waiting -= 1

    def _left(self, line: Line) -> None:
        """Clear up after a session has left a line."""
        if line.queue.first is None:
            if isinstance(line, AgentLine):
                line.agent.lines.pop(line.team_id, None)
            elif isinstance(line, PoolLine) and line is not line.pool.base:
                line.pool.lines.pop(line.name, None)
        if isinstance(line, PoolLine) and line.pool.settling and not line.pool.waiting:
            self._staff.close_window(line.pool)

    def _enter_lines(self, session: Session, way: Route) -> None:
        fact, policy = session.fact, self._setup.policy
        pool = self._staff.pools[way.queue]
        too_old = None
        if self._setup.excludes:
            excluded, too_old = exclusion(fact, way.team_id, self._setup, self.now)
            if excluded is not None:
                self._stand(session, (), self._line(pool, excluded=True), None, None)
                return
        asked: tuple[Preferred, ...] = ()
        if way.preferred:
            agents = self._staff.agents
            asked = tuple(
                each
                for each in way.preferred
                if each.agent_id in agents and agents[each.agent_id].fact.active
            )
            wait_until = fact.queued_at + policy.owner_wait
            if asked and not fact.owner_waited and self.now < wait_until:
                self._stand(session, asked[:1], None, wait_until, _earlier(wait_until, too_old))
                return
        needs = needs_of(fact, way.rule, self._staff.languages_matter)
        skill_until = None
        if needs is not asks.NONE:
            skill_until = fact.queued_at + policy.skill_wait
            if self.now >= skill_until:
                needs, skill_until = asks.NONE, None
        line = (
            self._line(pool, needs, frozenset(fact.lapsed))
            if needs is not asks.NONE or fact.lapsed
            else pool.base
        )
        self._stand(session, asked, line, None, _earlier(skill_until, too_old))

    def _stand(
        self,
        session: Session,
        asked: tuple[Preferred, ...],
        line: PoolLine | None,
        wait_until: int | None,
        due: int | None,
    ) -> None:
        """Stand in the lines of those asked, and in a pool's unless one of them is waited for."""
        fact, way = session.fact, session.route
        assert way is not None
        session.asked, session.wait_until = asked, wait_until
        lines: list[Line] = [self._line_of_agent(each.agent_id, way.team_id) for each in asked]
        if line is not None:
            lines.append(line)
            line.pool.waiting += 1
        session.lines = tuple(lines)
        place = place_of(session.priority, fact.waits_from, fact.id)
        for each in lines:
            each.queue.put(place)
            self._staff.stirred[each] = None
        # Whoever waits for one agent is told so; else it is the pool that gives the reason.
        teller = lines[-1]
        if not self._shows(session, teller):
            teller.untold.add(fact.id)
        if due is not None:
            self.deadlines.set(session, due)

    def _line(
        self,
        pool: Pool,
        needs: Needs = asks.NONE,
        lapsed: frozenset[int] = frozenset(),
        *,
        excluded: bool = False,
    ) -> PoolLine:
        line = PoolLine(pool, needs, lapsed, excluded=excluded)
        return pool.lines.setdefault(line.name, line)

    def _line_of_agent(self, agent_id: int, team_id: int | None) -> AgentLine:
        agent = self._staff.agents[agent_id]
        line = agent.lines.get(team_id)
        if line is None:
            line = agent.lines[team_id] = AgentLine(agent, team_id)
        return line

    def session(self, session_id: int) -> Session:
        """Return a session that is known."""
        return self._sessions[session_id]

    # What is asked of a session

    def _is_held(self, fact: SessionFact) -> bool:
        """Say whether a session stays out of the draining; the only account gets all but bots'."""
        if self._staff.only_account is None:
            return fact.held_reason is not None
        return fact.held_reason is UnassignedReason.WITH_BOT

    def _shows(self, session: Session, line: Line) -> bool:
        """Say whether the row shows where and why the session waits."""
        return (
            line.told is not None
            and self.shown_reason(session) is line.told
            and self.is_in_place(session, line)
        )

    def tell(self, line: Line, reason: UnassignedReason) -> None:
        """Note that all rows of a line are told their reason at once; no facts come of that."""
        self.tellings += 1
        self._told[line.name] = (self.tellings, reason)

    def shown_reason(self, session: Session) -> UnassignedReason | None:
        """Return the reason that the row of a session shows."""
        fact = session.fact
        told = None if fact.queue is None else self._told.get(fact.queue)
        return fact.shown_reason if told is None or told[0] <= session.heard else told[1]

    def is_in_place(self, session: Session, line: Line) -> bool:
        """Say whether the row shows where the session waits, though maybe not why."""
        fact, way = session.fact, session.route
        assert way is not None
        return (
            fact.queue == line.name
            and fact.priority is session.priority
            and fact.shown_wait_until == session.wait_until
            and fact.shown_team_id == way.team_id
            and fact.shown_rule_id == (None if way.rule is None else way.rule.id)
        )

    # What time and changes do

    def mark_stale(self) -> None:
        """Have all sessions that wait routed again."""
        self.stale.update(self.inside)
        self.stale.update(self.held)

    def mark_own(self, agent_id: int) -> None:
        """Have the sessions routed again that this agent may come first for."""
        for session_id in self.inside:
            fact = self._sessions[session_id].fact
            if agent_id in (fact.bound_agent_id, fact.dedicated_agent_id, fact.previous_agent_id):
                self.stale[session_id] = None

    def freshen(self) -> None:
        """Route the first of the stale sessions again."""
        for session_id in list(islice(self.stale, _STALE_AT_ONCE)):
            self.enter_again(self._sessions[session_id])


def _earlier(one: int | None, other: int | None) -> int | None:
    if one is None or other is None:
        return other if one is None else one
    return min(one, other)
