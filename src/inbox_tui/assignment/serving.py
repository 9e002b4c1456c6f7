"""When an unanswered session is taken from its agent (R10, R12).

Both due times follow from what is stored with session and agent, so they survive a restart, and
each fires once, since taking it back ends what it follows from.
"""

from collections.abc import Iterable
from typing import NamedTuple

from inbox_tui.assignment.deadlines import Deadlines
from inbox_tui.assignment.decisions import Cause
from inbox_tui.assignment.facts import AgentFact, Hours, Policy, SessionFact
from inbox_tui.assignment.precedence import Setup, route
from inbox_tui.assignment.roster import Session
from inbox_tui.assignment.staff import Staff
from inbox_tui.assignment.timetable import Timetable
from inbox_tui.wire.words import OffDuty, Presence


class Recall(NamedTuple):
    """When a session is taken back, and why."""

    due: int
    cause: Cause


def recall(
    session: SessionFact, agent: AgentFact, policy: Policy, hours: Hours | None, online_only: bool
) -> Recall | None:
    """Return when a session is taken from its agent if nobody replies; None for never.

    It is the earlier of the two: ``take_back`` after the agent got it, or after the customer's
    message if that came later (R10); ``owner_wait`` after the customer's message, the agent's
    leaving and the assignment, whichever is last, and where the setting says so not before the
    ``hours`` are over (R12). Where absent agents are considered as well (``online_only`` False),
    absence is no reason. What the only account left unanswered counts from when it was joined by
    another: that moves nothing (P1).
    """
    if session.waiting_since is None or session.assigned_at is None:
        return None
    begun = max(session.waiting_since, session.assigned_at, policy.several_since or 0)
    lapse = None
    if policy.take_back is not None:
        lapse = Recall(begun + policy.take_back, Cause.LAPSED)
    gone = agent.absent_since
    if gone is None or agent.presence is not Presence.ABSENT or not online_only:
        return lapse
    due: int | None = max(begun, gone) + policy.owner_wait
    if policy.off_duty is OffDuty.KEEP:
        due = None
    elif policy.off_duty is OffDuty.REROUTE_OUTSIDE_HOURS:
        due = None if hours is None or due is None else _closed_from(hours, due)
    if due is None or (lapse is not None and lapse.due <= due):
        return lapse
    return Recall(due, Cause.LEFT)


def _closed_from(hours: Hours, at: int) -> int | None:
    return hours.next_change(at) if hours.is_open(at) else at


class Serving:
    """Watches over the sessions that somebody serves, so that each comes up when it is due."""

    def __init__(
        self, setup: Setup, staff: Staff, timetable: Timetable, deadlines: Deadlines
    ) -> None:
        self._setup = setup
        self._staff = staff
        self._timetable = timetable
        self._deadlines = deadlines

    def watch(self, session: Session) -> None:
        """Note when a session is to be taken from its agent if nobody replies."""
        if session.served_by is not None:
            found = None if session.fact.waiting_since is None else self.recall(session)
            if found is not None or session.due is not None:
                self._deadlines.set(session, None if found is None else found.due)

    def watch_all(self, sessions: Iterable[Session]) -> None:
        """Note it anew for all of these."""
        for session in sessions:
            self.watch(session)

    def watch_absent(self) -> None:
        """Note it anew for what absent agents serve: it depends on hours and route (R12)."""
        for agent in self._staff.agents.values():
            if agent.fact.absent_since is not None:
                self.watch_all(agent.serving.values())

    def recall(self, session: Session) -> Recall | None:
        """Return when and why a session is taken from its agent; the only account keeps all."""
        agent = session.served_by
        if agent is None or self._staff.only_account is not None:
            return None
        hours, online_only = None, True
        if agent.fact.absent_since is not None:
            way = route(session.fact, self._setup)
            team = None if way.team_id is None else self._setup.teams[way.team_id]
            own = None if team is None else team.hours
            hours = self._timetable.get(own or self._setup.policy.hours)
            online_only = self._staff.pools[way.queue].online_only
        return recall(session.fact, agent.fact, self._setup.policy, hours, online_only)
