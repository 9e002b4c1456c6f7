"""Keeps what the wall shows: read once at a start, from then on told by each commit."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from inbox_tui.backend.views import SESSIONS
from inbox_tui.backend.wall.standing import Standing
from inbox_tui.clock import Millis
from inbox_tui.estimate.rates import Rates, since
from inbox_tui.store import tables
from inbox_tui.store.database import Database
from inbox_tui.store.work import LoggedEvent
from inbox_tui.wire.words import EventKind, SessionState

_EVENTS = tables.table(tables.Event)
_AT = sa.select(_EVENTS.c.at).where(_EVENTS.c.seq == sa.bindparam("seq"))


class Watch:
    """``standing`` and ``rates``, kept. :meth:`hear` is called with each commit.

    Both are read on the event loop only, where they are changed.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._early: list[LoggedEvent] | None = []
        self.standing = Standing()
        self.rates = Rates()

    async def load(self) -> None:
        """Read the open sessions and the last hour; what is committed meanwhile follows."""
        self._early = []
        self.standing, self.rates, seen = await self._database.read(
            _load, self._database.clock.now()
        )
        early, self._early = self._early, None
        self.hear([event for event in early if event.seq > seen])

    def hear(self, events: Sequence[LoggedEvent]) -> None:
        """Take note of what was committed."""
        if self._early is not None:
            self._early.extend(events)
            return
        for event in events:
            row = event.parts.get("row")
            if row is None:
                continue
            self.standing.put(row)
            if event.kind == EventKind.SESSION_OPENED:
                self.rates.came(event.data.get("team_id"), event.at)
            elif event.kind == EventKind.SESSION_CLOSED:
                _note_closed(self.rates, event.at, row)


def _note_closed(rates: Rates, at: Millis, row: Any) -> None:  # noqa: ANN401 - a sessions row
    """Count a session that ended, if anybody served it."""
    if row.assignee_id is not None and row.assigned_at is not None:
        rates.served(row.team_id, at, at - row.assigned_at)


def _load(connection: Connection, now: Millis) -> tuple[Standing, Rates, int]:
    """Return both, and the number of the last event that is in them."""
    standing, rates = Standing(), Rates()
    for row in connection.execute(sa.select(SESSIONS).where(SESSIONS.c.state == SessionState.OPEN)):
        standing.put(row)
    oldest, newest = connection.execute(
        sa.select(sa.func.min(_EVENTS.c.seq), sa.func.max(_EVENTS.c.seq))
    ).one()
    if newest is None:
        return standing, rates, 0
    kinds = (EventKind.SESSION_OPENED, EventKind.SESSION_CLOSED)
    recent = (
        sa.select(_EVENTS.c.kind, _EVENTS.c.at.label("told_at"), _EVENTS.c.data, *_SERVED)
        .join(SESSIONS, SESSIONS.c.id == _EVENTS.c.session_id)
        .where(
            _EVENTS.c.seq >= _first_since(connection, oldest, newest, since(now)),
            _EVENTS.c.kind.in_(kinds),
        )
    )
    for row in connection.execute(recent):
        if row.kind == EventKind.SESSION_OPENED:
            rates.came((row.data or {}).get("team_id"), row.told_at)
        else:
            _note_closed(rates, row.told_at, row)
    return standing, rates, newest


_SERVED = (SESSIONS.c.team_id, SESSIONS.c.assignee_id, SESSIONS.c.assigned_at)


def _first_since(connection: Connection, oldest: int, newest: int, at: Millis) -> int:
    """Return the number of the first event at or after a time, found by halving the log.

    The numbers are contiguous and times do not go back; where a clock was set back, a bucket may
    lack some.
    """
    low, high = oldest, newest + 1
    while low < high:
        middle = (low + high) // 2
        if connection.execute(_AT, {"seq": middle}).scalar_one() < at:
            low = middle + 1
        else:
            high = middle
    return low
