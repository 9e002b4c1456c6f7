"""A whole shop in a database file: services, assigner and timers, driven from plain code."""

import asyncio
import shutil
import tempfile
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from inbox_tui.assignment import Assign, TakeBack
from inbox_tui.assignment.journal import Decided, decode
from inbox_tui.backend.assigner import journal
from inbox_tui.backend.backend import Backend
from inbox_tui.backend.timers import TIMERS
from inbox_tui.backend.workspace.service import apply_file
from inbox_tui.errors import InboxError
from inbox_tui.hours import from_json
from inbox_tui.simulate.replay import Replayed, replay
from inbox_tui.store import tables
from inbox_tui.store.schema import open_database
from inbox_tui.testing.clock import FakeClock

WITHIN = 20.0
QUIET = ("outbox", "pollers", "profiles")
"""Parts that would call platforms: histories are about who serves whom."""

EVENTS = tables.table(tables.Event)
SESSIONS = tables.table(tables.Session)
_ALL_SESSIONS = sa.select(
    *(
        SESSIONS.c[name]
        for name in (
            *("id", "state", "contact_id", "assignee_id", "team_id", "rule_id", "priority"),
            *("waiting_since", "wait_until", "unassigned_reason"),
        )
    )
).order_by(SESSIONS.c.id)
_MEMBERS = tables.table(tables.TeamMember)
_JOURNAL = tables.table(tables.JournalEntry)
_TURNS = tables.table(tables.RuleTurn)


class Shop:
    """The backend over a real database, with a clock that is moved."""

    def __init__(self, empty: Path, workspace: str) -> None:
        memory = Path("/dev/shm")
        parent = memory if memory.is_dir() else None
        self.folder = Path(tempfile.mkdtemp(prefix="inbox-history-", dir=parent))
        self.path = Path(shutil.copy(empty, self.folder / "inbox.db"))
        self.clock = FakeClock()
        self.runner = asyncio.Runner()
        self.run(self.start(workspace))

    def run(self, doing: Coroutine[Any, Any, Any]) -> Any:
        # Not by the runner: it gets ready for Ctrl-C each time, which takes longer than a write.
        return self.runner.get_loop().run_until_complete(doing)

    def read(self, query: Callable[..., Any], *args: Any) -> Any:
        """Look into the database at once, on a connection of this thread."""
        return self.database._read(query, *args)

    async def start(self, workspace: str | None = None) -> None:
        self.database = open_database(self.path, self.clock)
        if workspace is not None:
            await self.database.write(apply_file, workspace, {})
        self.backend = Backend(self.database)
        await self.backend.start()
        for task in self.backend._tasks:
            if task.get_name() in QUIET:
                task.cancel()
        await self.settled()

    async def settled(self) -> None:
        async with asyncio.timeout(WITHIN):
            await self.backend.assigner.idle.wait()

    async def restart(self, *, crash: bool) -> None:
        """Stop, or die, and start on the same file."""
        if crash:
            await self.end()
        else:
            await self.backend.pollers.stop()
            self.backend.outbox.drain = _nothing  # type: ignore[method-assign, assignment]
            await self.backend.stop()
            self.database.close()
        await self.start()

    async def do(self, action: Callable[..., Any], *args: Any) -> bool:
        """Do one thing and let the engine answer; false when it was refused."""
        done = await self.attempt(action, *args)
        await self.settled()
        return done

    async def attempt(self, action: Callable[..., Any], *args: Any) -> bool:
        """Do one thing without waiting for the engine; false when it was refused."""
        try:
            await self.database.write(action, *args)
        except InboxError:
            return False
        return True

    async def at_once(self, *actions: tuple[Any, ...]) -> list[bool]:
        """Do several things while the engine is still at the first."""
        done = await asyncio.gather(*(self.attempt(*action) for action in actions))
        await self.settled()
        return done

    async def let_pass(self, seconds: float) -> None:
        self.clock.move(seconds)
        self.backend.timers.ring()
        async with asyncio.timeout(WITHIN):
            while await self.database.read(_due_timers, self.clock.now()):  # noqa: ASYNC110
                await asyncio.sleep(0)
        self.backend.assigner.hear([])
        await self.settled()

    async def end(self) -> None:
        """Die: nothing is finished, nothing said goodbye to."""
        for task in self.backend._tasks:
            task.cancel()
        await asyncio.gather(*self.backend._tasks, return_exceptions=True)
        await self.backend.channels.aclose()
        self.database.close()

    def close(self) -> None:
        self.run(self.end())
        self.runner.close()
        shutil.rmtree(self.folder)

    def replayed(self) -> Replayed:
        """Make every decision of every run again (R13)."""

        def read(connection: Connection) -> Replayed:
            runs = [(run, journal.calls_of(connection, run)) for run in journal.runs(connection)]
            *_, told = replay(runs, _hours)
            assert isinstance(told, Replayed)
            return told

        found: Replayed = self.read(read)
        return found


def _hours(plain: dict[str, Any]) -> dict[str, Any]:
    return {name: from_json(calendar) for name, calendar in plain.items()}


async def _nothing(_seconds: float) -> None:
    """Drain nothing: there is nobody to send to."""


def _due_timers(connection: Connection, now: int) -> int:
    query = sa.select(sa.func.count()).select_from(TIMERS).where(TIMERS.c.due_at <= now)
    return int(connection.execute(query).scalar_one())


def log_after(connection: Connection, seq: int) -> list[Any]:
    """Return the events after one, in order."""
    return list(
        connection.execute(sa.select(EVENTS).where(EVENTS.c.seq > seq).order_by(EVENTS.c.seq))
    )


def all_sessions(connection: Connection) -> list[Any]:
    return list(connection.execute(_ALL_SESSIONS))


def batches_after(connection: Connection, n: int) -> tuple[int, list[int]]:
    """Return the last row of the journal, and how many sessions were moved at once, each time.

    What is decided at once is decided before any of it is committed: only then do rotations move,
    and is what was taken back there to be given.
    """
    found: list[int] = []
    query = sa.select(_JOURNAL.c.n, _JOURNAL.c.body).where(_JOURNAL.c.n > n)
    for number, body in connection.execute(query.order_by(_JOURNAL.c.n)):
        n = number
        for call in decode(body):
            if isinstance(call, Decided):
                moves = [one for one in call.decisions if isinstance(one, Assign | TakeBack)]
                found += [len(moves)] if moves else []
    return n, found


def stored_turns(connection: Connection) -> dict[str, dict[int, float]]:
    """Return the rotation numbers above 0 as they are stored, by queue."""
    found: dict[str, dict[int, float]] = {}
    for row in connection.execute(sa.select(_MEMBERS)):
        if row.turn:
            found.setdefault(f"team:{row.team_id}", {})[row.agent_id] = row.turn
    for row in connection.execute(sa.select(_TURNS)):
        if row.turn:
            found.setdefault(f"rule:{row.rule_id}", {})[row.agent_id] = row.turn
    return found
