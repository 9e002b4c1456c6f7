"""The numbers beside the lists and the agents' loads, kept from events (L1, P6)."""

from dataclasses import replace

from inbox_tui.state.lists import Viewer
from inbox_tui.wire.models import Counts, Placement, Session
from inbox_tui.wire.words import SessionState


def placement_of(session: Session) -> Placement:
    """Return where a session stands."""
    return Placement(state=session.state, team=session.team, assignee=session.assignee)


def moved(counts: Counts, was: Placement | None, now: Placement, viewer: Viewer) -> Counts:
    """Return the counts after a session went from ``was`` (null: it is new) to ``now``."""
    if was == now:
        return counts
    before = _share(was, viewer) if was is not None else (0, 0, 0, 0, 0)
    after = _share(now, viewer)
    return replace(
        counts,
        mine=counts.mine + after[0] - before[0],
        unassigned=counts.unassigned + after[1] - before[1],
        team=counts.team + after[2] - before[2],
        all=counts.all + after[3] - before[3],
        closed=counts.closed + after[4] - before[4],
    )


def starred(counts: Counts, by: int) -> Counts:
    """Return the counts with ``by`` more starred sessions."""
    return replace(counts, starred=max(0, counts.starred + by))


def _share(at: Placement, viewer: Viewer) -> tuple[int, int, int, int, int]:
    if at.state is SessionState.CLOSED:
        return (0, 0, 0, 0, 1)
    return (
        int(at.assignee == viewer.nickname),
        int(at.assignee is None),
        int(at.team in viewer.teams),
        1,
        0,
    )
