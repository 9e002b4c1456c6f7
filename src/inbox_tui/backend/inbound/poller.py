"""Receives by long polling, for channels without a public address (Telegram's ``getUpdates``).

What a poll brought and the offset that acknowledges it are committed together, before the next
poll tells the platform: a crash in between makes the platform repeat, never lose.
"""

import asyncio

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from inbox_tui.backend.channels import Channels
from inbox_tui.backend.inbound.processor import Processor
from inbox_tui.backend.inbound.store import CHANNELS, take_in
from inbox_tui.channels.port import (
    BadCredentials,
    PlatformUnavailable,
    PollConflict,
    PollingAdapter,
)
from inbox_tui.errors import InboxError
from inbox_tui.lean_structlog import structlog
from inbox_tui.store.database import Database
from inbox_tui.store.work import Work
from inbox_tui.wire.words import EventKind

POLL_S = 50
"""Seconds the platform may hold a poll open."""
WAIT_AFTER_PROBLEM_S = 30.0
FIRST_WAIT_S = 1.0
LONGEST_WAIT_S = 30.0

_log = structlog.get_logger("poller")


class Pollers:
    """One task for each polled channel, started and stopped as channels come and go."""

    def __init__(self, database: Database, channels: Channels, processor: Processor) -> None:
        self._database = database
        self._channels = channels
        self._processor = processor
        self._tasks: dict[int, tuple[PollingAdapter, asyncio.Task[None]]] = {}
        self._bell = asyncio.Event()

    def ring(self) -> None:
        """Look again at which channels there are."""
        self._bell.set()

    async def run(self) -> None:
        """Keep a poller for each polled channel until cancelled."""
        try:
            while True:
                self._bell.clear()
                self._start_and_stop()
                await self._bell.wait()
        finally:
            await self.stop()

    async def stop(self) -> None:
        """Stop polling. What a poll under way would have brought comes with the next."""
        tasks = [task for _, task in self._tasks.values()]
        self._tasks.clear()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _start_and_stop(self) -> None:
        wanted = {
            key: adapter
            for key, adapter in self._channels.all().items()
            if adapter.capabilities.receives == "poll" and isinstance(adapter, PollingAdapter)
        }
        for key, (adapter, task) in list(self._tasks.items()):
            if wanted.get(key) is not adapter:
                task.cancel()
                del self._tasks[key]
        for key, adapter in wanted.items():
            if key not in self._tasks:
                self._tasks[key] = (adapter, asyncio.create_task(self._poll(key, adapter)))

    async def _poll(self, channel_id: int, adapter: PollingAdapter) -> None:
        offset = await self._database.read(_offset, channel_id)
        problem: str | None = await self._database.read(_problem, channel_id)
        wait = FIRST_WAIT_S
        while True:
            try:
                polled = await adapter.poll(offset, POLL_S)
            except (BadCredentials, PollConflict, PlatformUnavailable) as error:
                problem = await self._note(channel_id, problem, error.detail)
                wait = await _pause(error, wait)
                continue
            except Exception:
                _log.exception("poll failed", channel=channel_id)
                await asyncio.sleep(WAIT_AFTER_PROBLEM_S)
                continue
            wait = FIRST_WAIT_S
            if problem is not None:
                problem = await self._note(channel_id, problem, None)
            if polled.events:
                events = [(event, adapter.parse(event.payload)) for event in polled.events]
                later = await self._database.write(
                    take_in, channel_id, polled.raw, events, polled.next_offset
                )
                self._processor.offer(later)
            offset = polled.next_offset

    async def _note(self, channel_id: int, known: str | None, problem: str | None) -> str | None:
        """Show a problem with the channel, or that it is over."""
        if problem != known:
            if problem:
                _log.warning("channel cannot be received", channel=channel_id, problem=problem)
            await self._database.write(_show_problem, channel_id, problem)
        return problem


async def _pause(error: InboxError, wait: float) -> float:
    """Wait before the next poll; return how long to wait after another failure."""
    if not isinstance(error, PlatformUnavailable):
        await asyncio.sleep(WAIT_AFTER_PROBLEM_S)
        return FIRST_WAIT_S
    asked = 0.0 if error.retry_after is None else error.retry_after / 1000
    await asyncio.sleep(max(wait, asked))
    return min(LONGEST_WAIT_S, wait * 2)


def _offset(connection: Connection, channel_id: int) -> int | None:
    return connection.execute(
        sa.select(CHANNELS.c.poll_offset).where(CHANNELS.c.id == channel_id)
    ).scalar()


def _problem(connection: Connection, channel_id: int) -> str | None:
    return connection.execute(
        sa.select(CHANNELS.c.problem).where(CHANNELS.c.id == channel_id)
    ).scalar()


def _show_problem(work: Work, channel_id: int, problem: str | None) -> None:
    work.execute(sa.update(CHANNELS).where(CHANNELS.c.id == channel_id), {"problem": problem})
    work.append(EventKind.CHANNEL_CHANGED, subject_id=channel_id, data={"problem": problem})
