"""The accept switch (P1, P2, P4, P5) and the limit of an agent (R5)."""

import sqlalchemy as sa

from inbox_tui.backend.directory import AgentName, directory_of, people_changed
from inbox_tui.backend.people.roles import check_supervises
from inbox_tui.backend.people.views import AGENTS
from inbox_tui.clock import to_millis
from inbox_tui.errors import Invalid, NotPossibleNow
from inbox_tui.store.work import Work
from inbox_tui.text import safe_line
from inbox_tui.wire.requests import PatchAgent, PutAccepting
from inbox_tui.wire.words import EventKind

MOST_REASON = 100
"""Characters of an away reason."""
HIGHEST_LIMIT = 10_000


def set_accepting(work: Work, agent_id: int, wanted: PutAccepting, by: int) -> int:
    """Turn an agent's accept switch; return their id. ``by`` may be a supervisor (P5).

    ``reason`` and ``back_at`` belong to a switch that is off (P4); on, they are dropped. Turning
    it to where it is changes nothing. Raises NotPossibleNow where there is no switch (P1), Invalid.
    """
    directory = directory_of(work)
    if directory.single == agent_id:
        raise NotPossibleNow(
            "There is no switch while there is one account: every chat comes to it."
        )
    reason = back_at = None
    if not wanted.accepting:
        reason = safe_line(wanted.reason or "") or None
        if reason is not None and len(reason) > MOST_REASON:
            raise Invalid(f"The reason is longer than {MOST_REASON}.", data={"path": "reason"})
        if wanted.back_at is not None:
            if wanted.back_at.tzinfo is None:
                raise Invalid("back_at needs its offset from UTC.", data={"path": "back_at"})
            back_at = to_millis(wanted.back_at)
    row = work.execute(sa.select(AGENTS).where(AGENTS.c.id == agent_id)).one()
    if (row.accepting, row.accepting_reason, row.back_at) == (wanted.accepting, reason, back_at):
        return agent_id
    work.execute(
        sa.update(AGENTS).where(AGENTS.c.id == agent_id),
        {
            "accepting": wanted.accepting,
            "accepting_reason": reason,
            "accepting_by_id": None if by == agent_id else by,
            "back_at": back_at,
        },
    )
    work.append(
        EventKind.AGENT_CHANGED,
        actor_id=by,
        subject_id=agent_id,
        data={"accepting": wanted.accepting, "reason": reason, "back_at": back_at},
    )
    return agent_id


def set_accepting_of(work: Work, nickname: str, wanted: PutAccepting, by: AgentName) -> int:
    """Turn a colleague's switch as their supervisor; return their id.

    Raises NotFound, Forbidden outside the teams supervised, and what :func:`set_accepting` raises.
    """
    directory = directory_of(work)
    agent = directory.agent_named(nickname)
    check_supervises(directory, by, agent)
    return set_accepting(work, agent.id, wanted, by.id)


def change_of(work: Work, nickname: str, wanted: PatchAgent, by: AgentName) -> int:
    """Set the limit of somebody one looks after (V2); return their id.

    A higher one takes effect at once: whatever waits may come (R7). The same again changes
    nothing. Raises NotFound, Forbidden outside the teams supervised, Invalid.
    """
    agent = directory_of(work).agent_named(nickname)
    check_supervises(directory_of(work), by, agent)
    limit = wanted.max_open
    if limit is not None and not 0 <= limit <= HIGHEST_LIMIT:
        raise Invalid(f"A limit is 0 to {HIGHEST_LIMIT:,}.", data={"path": "max_open"})
    if limit == agent.max_open:
        return agent.id
    work.execute(sa.update(AGENTS).where(AGENTS.c.id == agent.id), {"max_open": limit})
    work.append(
        EventKind.AGENT_CHANGED,
        actor_id=by.id,
        subject_id=agent.id,
        data={"max_open": limit},
        directory=people_changed(work),
    )
    return agent.id
