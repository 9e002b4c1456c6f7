"""Keeps what the engine was told and decided, so that all of it can be done again (R13, O7).

A row is a turn of the assigner: the facts put since the last one, and the decisions that came out
of them. It is written before the first of these decisions is tried, so no assignment is ever
committed whose reasons are not kept. Facts that led to no decision yet are written with the next
one. A *run* is one life of the engine, and begins with everything it has to know.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from inbox_tui.assignment import Assign, Engine
from inbox_tui.assignment.journal import (
    Call,
    Decided,
    RecordedEngine,
    decode,
    encode,
    explained,
)
from inbox_tui.clock import Millis
from inbox_tui.hours import Calendar, from_json
from inbox_tui.store import tables
from inbox_tui.store.database import Database
from inbox_tui.store.work import Work

KEPT = 30 * 86_400_000
"""A run is forgotten this long after its end, in milliseconds."""
LONGEST_RUN = 50_000
"""After so many rows an engine is better built anew, so that old ones can be forgotten."""
_MOST_UNWRITTEN = 5_000

_JOURNAL = tables.table(tables.JournalEntry)


class Journal:
    """Writes down one engine's life."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._run = 0
        self._unwritten: list[Call] = []
        self._rows = 0

    @property
    def is_long(self) -> bool:
        """Whether it is time to begin a new run."""
        return self._rows >= LONGEST_RUN

    async def begin(self) -> None:
        """Begin a run: the engine was built anew."""
        self._run = await self._database.write(_begin)
        self._unwritten.clear()
        self._rows = 0

    async def note(self, engine: RecordedEngine) -> None:
        """Write down what the engine was told and has just decided, if it decided anything."""
        calls = engine.taken()
        self._unwritten += calls
        decided = any(isinstance(call, Decided) and call.decisions for call in calls)
        if not decided and len(self._unwritten) < _MOST_UNWRITTEN:
            return
        unwritten, self._unwritten = self._unwritten, []
        self._rows += 1
        await self._database.write(_append, self._run, encode(unwritten))


def _begin(work: Work) -> int:
    work.execute(
        sa.delete(_JOURNAL).where(
            _JOURNAL.c.run.in_(
                sa.select(_JOURNAL.c.run)
                .group_by(_JOURNAL.c.run)
                .having(sa.func.max(_JOURNAL.c.at) < work.now - KEPT)
            )
        )
    )
    latest = work.one(sa.select(sa.func.max(_JOURNAL.c.run)))
    return 1 + (latest[0] or 0 if latest is not None else 0)


def _append(work: Work, run: int, body: bytes) -> None:
    work.insert(tables.JournalEntry, run=run, at=work.now, kind="turn", body=body)


def runs(connection: Connection, since: Millis = 0) -> Sequence[int]:
    """Return the runs that have something since a time, oldest first."""
    found = connection.execute(
        sa.select(_JOURNAL.c.run)
        .where(_JOURNAL.c.at >= since)
        .group_by(_JOURNAL.c.run)
        .order_by(_JOURNAL.c.run)
    )
    return list(found.scalars())


def rebuilt(connection: Connection, session_id: int, at: Millis) -> Assign | None:
    """Return an assignment decided at a time, with all that explains it; None if not recorded.

    The engine's run is made again up to that decision, which takes as long as it has calls.
    """
    run = connection.execute(
        sa.select(_JOURNAL.c.run).where(_JOURNAL.c.at >= at).order_by(_JOURNAL.c.n).limit(1)
    ).scalar()
    if run is None:
        return None
    return explained(calls_of(connection, run), Engine(), calendars, session_id, at)


def calendars(stored: Mapping[str, Any]) -> dict[str, Calendar]:
    """Return business hours of their plain form."""
    return {name: from_json(calendar) for name, calendar in stored.items()}


def calls_of(connection: Connection, run: int) -> Iterator[Call]:
    """Yield what an engine was told and asked in one run, in order. Raises ``ValueError``."""
    rows = connection.execute(
        sa.select(_JOURNAL.c.body).where(_JOURNAL.c.run == run).order_by(_JOURNAL.c.n)
    )
    for (body,) in rows:
        yield from decode(body)
