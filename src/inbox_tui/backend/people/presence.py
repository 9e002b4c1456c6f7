"""Who has an inbox window open (P3): opened, dropped with a grace, closed.

A window is a row. While its live stream is connected the agent is present; when the link drops the
window has :attr:`Settings.presence_grace` to come back; closing it says goodbye at once. The rows
survive a restart, after which every window is in grace. Since when somebody is absent stands with
the agent: what becomes of their unanswered sessions counts from it (R12).
"""

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.engine import Connection

from inbox_tui.backend import timers
from inbox_tui.backend.directory import directory_of
from inbox_tui.store import tables
from inbox_tui.store.work import Work
from inbox_tui.wire.words import EventKind, Presence

GRACE_TIMER = "presence_grace"

WINDOWS = tables.table(tables.PresenceWindow)
_AGENTS = tables.table(tables.Agent)
_OF_AGENT = sa.select(WINDOWS.c.connected).where(WINDOWS.c.agent_id == sa.bindparam("agent"))
_WINDOWS_OF = sa.select(WINDOWS.c.window).where(WINDOWS.c.agent_id == sa.bindparam("agent"))
_ABSENT_SINCE = (
    sa.update(_AGENTS)
    .where(_AGENTS.c.id == sa.bindparam("agent"))
    .values(absent_since=sa.bindparam("since"))
)


def presence_of(connection: Connection, agent_id: int) -> Presence:
    """Return whether an agent is present, in grace or absent."""
    windows = connection.execute(_OF_AGENT, {"agent": agent_id}).scalars().all()
    if not windows:
        return Presence.ABSENT
    return Presence.PRESENT if any(windows) else Presence.GRACE


def opened(work: Work, agent_id: int, window: str) -> None:
    """A live stream of this window is connected; nothing for an account that is not active."""
    if not directory_of(work).agents[agent_id].active:
        return
    before = presence_of(work.connection, agent_id)
    timers.cancel(work, GRACE_TIMER, window)
    work.execute(
        upsert(WINDOWS)
        .values(window=window, agent_id=agent_id, connected=True, since=work.now)
        .on_conflict_do_update(
            index_elements=["window"],
            set_={"agent_id": agent_id, "connected": True, "since": work.now},
        )
    )
    _tell(work, agent_id, before)


def dropped(work: Work, agent_id: int, window: str) -> None:
    """The stream of this window ended without a goodbye: its grace begins."""
    before = presence_of(work.connection, agent_id)
    changed = work.execute(
        sa.update(WINDOWS)
        .where(WINDOWS.c.window == window, WINDOWS.c.agent_id == agent_id, WINDOWS.c.connected)
        .values(connected=False, since=work.now)
    )
    if changed.rowcount:
        grace = directory_of(work).settings.presence_grace
        timers.set_timer(work, GRACE_TIMER, window, work.now + grace)
        _tell(work, agent_id, before)


def closed(work: Work, agent_id: int, window: str) -> None:
    """This window said goodbye: off duty at once, if it was the last."""
    before = presence_of(work.connection, agent_id)
    gone = work.execute(
        sa.delete(WINDOWS).where(WINDOWS.c.window == window, WINDOWS.c.agent_id == agent_id)
    )
    if gone.rowcount:
        timers.cancel(work, GRACE_TIMER, window)
        _tell(work, agent_id, before)


def close_all(work: Work, agent_id: int) -> int:
    """Close every window of an agent at once (R12); return how many there were."""
    windows = work.execute(_WINDOWS_OF, {"agent": agent_id}).scalars().all()
    for window in windows:
        closed(work, agent_id, window)
    return len(windows)


def grace_over(work: Work, window: str) -> None:
    """The grace of a dropped window has passed: it counts as closed."""
    row = work.one(sa.select(WINDOWS).where(WINDOWS.c.window == window))
    if row is not None and not row.connected:
        closed(work, row.agent_id, window)


def after_restart(work: Work) -> None:
    """Put every window that was open when the backend stopped into grace."""
    grace = directory_of(work).settings.presence_grace
    rows = work.execute(sa.select(WINDOWS)).all()
    work.execute(sa.update(WINDOWS).values(connected=False, since=work.now))
    for row in rows:
        timers.set_timer(work, GRACE_TIMER, row.window, work.now + grace)
    for agent_id in sorted({row.agent_id for row in rows}):
        _append(work, agent_id, Presence.GRACE)


def _tell(work: Work, agent_id: int, before: Presence) -> None:
    after = presence_of(work.connection, agent_id)
    if after != before:
        _append(work, agent_id, after)


def _append(work: Work, agent_id: int, presence: Presence) -> None:
    since = work.now if presence == Presence.ABSENT else None
    work.execute(_ABSENT_SINCE, {"agent": agent_id, "since": since})
    work.append(
        EventKind.AGENT_CHANGED,
        actor_id=agent_id,
        subject_id=agent_id,
        data={"presence": presence},
    )
