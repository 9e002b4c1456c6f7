"""Sends what is queued: one reply in flight a conversation, several conversations at once."""

import asyncio
from contextlib import suppress
from functools import partial

from inbox_tui.backend.channels import Channels
from inbox_tui.backend.outbox import steps
from inbox_tui.channels.port import RetryLater
from inbox_tui.errors import NotFound, Unavailable
from inbox_tui.lean_structlog import structlog
from inbox_tui.store.database import Database

MOST_AT_ONCE = 32
LONGEST_SLEEP_S = 60.0

_log = structlog.get_logger("outbox")


class Outbox:
    """Owns the sending. ``ring`` wakes it when something was queued."""

    def __init__(self, database: Database, channels: Channels) -> None:
        self._database = database
        self._channels = channels
        self._bell = asyncio.Event()
        self._under_way: dict[int, asyncio.Task[None]] = {}  # by conversation

    def ring(self) -> None:
        """Look again: something was queued, or came back to be sent again."""
        self._bell.set()

    async def recover(self) -> None:
        """Settle what the last run was sending when it stopped."""
        adapters = self._channels.all()
        idempotent = frozenset(
            key for key, adapter in adapters.items() if adapter.capabilities.idempotent_sends
        )
        found = await self._database.write(steps.recover, idempotent)
        if found:
            _log.warning("replies were being sent when the backend stopped", count=found)

    async def run(self) -> None:
        """Send until cancelled."""
        try:
            while True:
                self._bell.clear()
                await self._send_due()
                await self._sleep()
        finally:
            for task in list(self._under_way.values()):
                task.cancel()

    async def drain(self, timeout: float) -> None:  # noqa: ASYNC109 - part of its meaning
        """Wait until nothing can be sent now, at most ``timeout`` seconds."""
        try:
            async with asyncio.timeout(timeout):
                while True:
                    if self._under_way:
                        await asyncio.wait(
                            list(self._under_way.values()), return_when=asyncio.FIRST_COMPLETED
                        )
                    elif await self._due():
                        await self._send_due()
                    elif not self._under_way:  # `run` may have begun what was due meanwhile
                        return
        except TimeoutError:
            _log.warning("stopping with replies under way", count=len(self._under_way))

    async def _due(self) -> list[steps.Due]:
        found = await self._database.read(steps.due, self._database.clock.now(), MOST_AT_ONCE)
        return [each for each in found if each.conversation_id not in self._under_way]

    async def _send_due(self) -> None:
        for each in await self._due():
            if len(self._under_way) >= MOST_AT_ONCE:
                return
            task = asyncio.create_task(self._deliver(each))
            self._under_way[each.conversation_id] = task
            task.add_done_callback(partial(self._ended, each.conversation_id))

    def _ended(self, conversation_id: int, task: asyncio.Task[None]) -> None:
        self._under_way.pop(conversation_id, None)
        if not task.cancelled() and (error := task.exception()) is not None:
            _log.error("a reply was left as it was", exc_info=error)
        self._bell.set()

    async def _sleep(self) -> None:
        now = self._database.clock.now()
        next_at = await self._database.read(steps.next_due, now)
        sleep = LONGEST_SLEEP_S
        if next_at is not None:
            sleep = min(sleep, (next_at - now) / 1000)
        with suppress(TimeoutError):
            async with asyncio.timeout(sleep):
                await self._bell.wait()

    async def _deliver(self, each: steps.Due) -> None:
        try:
            adapter = self._channels.adapter(each.channel_id)
        except (NotFound, Unavailable) as error:
            await self._database.write(steps.put_off, each.id, error.detail)
            return
        able = adapter.capabilities
        within = able.repeat_within or 0
        outgoing = await self._database.write(steps.begin, each.id, within)
        if outgoing is None:
            return
        try:
            # Cancelled here it is left as "sending": the next start settles it.
            outcome = await adapter.send(outgoing)
        except Exception:
            # A fault of ours, before or after the call: treat it as the platform's silence.
            _log.exception("sending failed", reply=each.entry_id)
            await self._database.write(steps.broken_off, each.id, able.idempotent_sends)
            return
        if isinstance(outcome, RetryLater):
            _log.info("reply will be sent again", reply=each.entry_id, reason=outcome.reason)
        await self._database.write(steps.settle, each.id, outcome, within)
