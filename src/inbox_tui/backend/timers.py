"""Timers are rows with a due time: they survive a restart and fire once.

A handler is a service run in the same unit of work that removes the row, so that it either
happened or is still to come. There is at most one timer of a kind for a subject.
"""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.engine import Connection

from inbox_tui.clock import Millis
from inbox_tui.lean_structlog import structlog
from inbox_tui.store import tables
from inbox_tui.store.database import Database
from inbox_tui.store.work import Work

Handler = Callable[[Work, str], None]
"""Called with the unit of work and the timer's subject."""

MOST_AT_ONCE = 200
LONGEST_SLEEP_S = 60.0

TIMERS = tables.table(tables.Timer)
_log = structlog.get_logger("timers")


def set_timer(work: Work, kind: str, subject: str, due_at: Millis) -> None:
    """Set the timer of this kind for this subject, replacing one that stands."""
    work.execute(
        upsert(TIMERS)
        .values(kind=kind, subject=subject, due_at=due_at)
        .on_conflict_do_update(index_elements=["kind", "subject"], set_={"due_at": due_at})
    )
    work.touched.add("timers")


def cancel(work: Work, kind: str, subject: str) -> None:
    """Remove the timer of this kind for this subject, if it stands."""
    work.execute(sa.delete(TIMERS).where(TIMERS.c.kind == kind, TIMERS.c.subject == subject))


class Timers:
    """Fires what is due. ``ring`` wakes it when a timer was set."""

    def __init__(self, database: Database, handlers: Mapping[str, Handler]) -> None:
        self._database = database
        self._handlers = handlers
        self._bell = asyncio.Event()

    def ring(self) -> None:
        """Look again: a timer was set or the clock was moved."""
        self._bell.set()

    async def run(self) -> None:
        """Fire timers until cancelled."""
        while True:
            self._bell.clear()
            due = await self._database.read(_due, self._database.clock.now())
            for row in due:
                await self._fire(row.id, row.kind, row.subject)
            if len(due) == MOST_AT_ONCE:
                continue
            next_at = await self._database.read(_next)
            sleep = LONGEST_SLEEP_S
            if next_at is not None:
                sleep = min(sleep, max(0.0, (next_at - self._database.clock.now()) / 1000))
            with suppress(TimeoutError):
                async with asyncio.timeout(sleep):
                    await self._bell.wait()

    async def _fire(self, timer_id: int, kind: str, subject: str) -> None:
        handler = self._handlers.get(kind)

        def fire(work: Work) -> None:
            gone = work.execute(
                sa.delete(TIMERS).where(TIMERS.c.id == timer_id, TIMERS.c.due_at <= work.now)
            )
            if gone.rowcount and handler is not None:
                handler(work, subject)

        try:
            await self._database.write(fire)
        except Exception:
            # One bad timer must not stop the others; it is dropped, and said.
            _log.exception("timer failed", kind=kind, subject=subject)
            await self._database.write(_drop, timer_id)


def _drop(work: Work, timer_id: int) -> None:
    work.execute(sa.delete(TIMERS).where(TIMERS.c.id == timer_id))


def _due(connection: Connection, now: Millis) -> list[sa.Row[tuple[int, str, str]]]:
    return list(
        connection.execute(
            sa.select(TIMERS.c.id, TIMERS.c.kind, TIMERS.c.subject)
            .where(TIMERS.c.due_at <= now)
            .order_by(TIMERS.c.due_at, TIMERS.c.id)
            .limit(MOST_AT_ONCE)
        )
    )


def _next(connection: Connection) -> Millis | None:
    return connection.execute(sa.select(sa.func.min(TIMERS.c.due_at))).scalar()
