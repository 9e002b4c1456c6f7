"""When an unanswered session is taken from its agent (R10, R12).

Both due times follow from what is stored with session and agent, so they survive a restart, and
each fires once, since taking it back ends what it follows from.
"""

from typing import NamedTuple

from inbox_tui.assignment.decisions import Cause
from inbox_tui.assignment.facts import AgentFact, Hours, Policy, SessionFact
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
    absence is no reason.
    """
    if session.waiting_since is None or session.assigned_at is None:
        return None
    begun = max(session.waiting_since, session.assigned_at)
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
