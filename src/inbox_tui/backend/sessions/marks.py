"""What each agent marks for themselves: how far they have read, what they starred (L3)."""

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert as upsert

from inbox_tui.backend.sessions.placement import open_row
from inbox_tui.backend.views import MARKS
from inbox_tui.store.work import Work
from inbox_tui.wire.words import EventKind

_MARK = upsert(MARKS)


def read(work: Work, session_id: int, agent_id: int, customer_messages: int) -> None:
    """Note how many customer messages an agent has seen; never fewer than before."""
    row = open_row(work, session_id)
    seen = max(0, min(customer_messages, row["customer_messages"]))
    mine = (MARKS.c.session_id == session_id) & (MARKS.c.agent_id == agent_id)
    known = work.one(sa.select(MARKS.c.read).where(mine))
    if seen <= (known.read if known else 0):
        return
    work.execute(
        _MARK.values(
            session_id=session_id, agent_id=agent_id, read=seen, starred=False
        ).on_conflict_do_update(
            index_elements=["session_id", "agent_id"],
            set_={"read": sa.func.max(MARKS.c.read, seen)},
        )
    )
    work.append(
        EventKind.SESSION_READ,
        actor_id=agent_id,
        session_id=session_id,
        data={"customer_messages": seen},
    )


def star(work: Work, session_id: int, agent_id: int, starred: bool) -> None:
    """Star or unstar a session for one agent."""
    open_row(work, session_id)
    work.execute(
        _MARK.values(
            session_id=session_id, agent_id=agent_id, read=0, starred=starred
        ).on_conflict_do_update(
            index_elements=["session_id", "agent_id"], set_={"starred": starred}
        )
    )
    work.append(
        EventKind.SESSION_STARRED,
        actor_id=agent_id,
        session_id=session_id,
        data={"starred": starred},
    )
