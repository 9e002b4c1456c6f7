"""Why sessions wait, and when that is news (R7).

A reason belongs to a queue, not to a session: all who wait for one team wait for the same reason.
So it is kept once, and when it changes for 100,000 sessions, that is told with one line.
"""

from collections.abc import Iterator, Mapping

from inbox_tui.assignment.decisions import Wait, WaitReason
from inbox_tui.assignment.pool import Pool
from inbox_tui.assignment.roster import Session
from inbox_tui.wire.words import UnassignedReason

_A_FEW = 8
"""Up to so many newcomers are told their reason one by one; more are told as a queue."""


def news(pool: Pool, sessions: Mapping[int, Session]) -> Iterator[Wait | WaitReason]:
    """Yield what the rows of a queue have to show from now on, if it differs from what they do.

    One line for the queue, or one each for a few that have just come in. Telling it again, were
    the reason to stay, yields nothing.
    """
    # Without a reason or an earlier one, all who could take a session have just arrived.
    reason = pool.reason() or pool.told or UnassignedReason.NOBODY_ON_DUTY
    untold, pool.untold = pool.untold, set()
    changed, pool.told = reason is not pool.told, reason
    all_are_new = len(untold) == len(pool.queue)
    if len(untold) > _A_FEW or (changed and not all_are_new):
        yield WaitReason(pool.team_id, reason)
        return
    for session_id in sorted(untold):
        session = sessions[session_id]
        assert session.route is not None
        if session.fact.shown_reason is not reason:
            yield Wait(session_id, session.version, pool.team_id, session.route.step, reason)
