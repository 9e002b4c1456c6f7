"""Why sessions wait, and when that is news (R7).

A reason belongs to a line, not to a session: all who stand in it wait for the same reason. So it
is kept once, and when it changes for 100,000 sessions, that is told with one line.
"""

from collections.abc import Iterator

from inbox_tui.assignment.decisions import Wait, WaitReason
from inbox_tui.assignment.lines import Line
from inbox_tui.assignment.roster import Session
from inbox_tui.assignment.waiting import Waiting
from inbox_tui.wire.words import UnassignedReason

_A_FEW = 8
"""Up to so many newcomers are told their reason one by one; more are told as a line."""


def news(line: Line, waiting: Waiting) -> Iterator[Wait | WaitReason]:
    """Yield what the rows of a line have to show from now on, if it differs from what they do.

    A row that does not show yet that its session stands here is told on its own. Of the others
    there is one line for all, or one each for a few that have just come in. Telling it again, were
    the reason to stay, yields nothing.
    """
    # Without a reason or an earlier one, all who could take a session have just arrived.
    reason = line.reason() or line.told or UnassignedReason.NOBODY_ON_DUTY
    untold, line.untold = line.untold, set()
    changed, line.told = reason is not line.told, reason
    sessions = [waiting.session(session_id) for session_id in sorted(untold)]
    placed = [session for session in sessions if waiting.is_in_place(session, line)]
    newcomers = [session for session in sessions if not waiting.is_in_place(session, line)]
    if len(placed) > _A_FEW or (changed and len(line.queue) > len(untold)):
        waiting.tell(line, reason)
        yield WaitReason(line.name, reason)
    else:
        newcomers += [session for session in placed if waiting.shown_reason(session) is not reason]
    for session in newcomers:
        yield _wait(session, line, reason)


def _wait(session: Session, line: Line, reason: UnassignedReason) -> Wait:
    way = session.route
    assert way is not None
    return Wait(
        session.fact.id,
        session.version,
        way.team_id,
        session.asked[0].step if session.wait_until is not None else way.step,
        reason,
        line.name,
        None if way.rule is None else way.rule.id,
        session.priority,
        session.wait_until,
    )
