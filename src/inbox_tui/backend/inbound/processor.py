"""Applies the stored events that could not be applied when they came, in order.

What was put off is handed over in memory; what a crash left behind, or a flood pushed out, is
read again from the table. A bad event is marked failed and blocks nobody.
"""

import asyncio
from collections import deque
from collections.abc import Sequence

from inbox_tui.backend.channels import Channels
from inbox_tui.backend.inbound import store
from inbox_tui.backend.inbound.receive import receive
from inbox_tui.backend.inbound.store import Pending
from inbox_tui.channels.port import Adapter, Inbound
from inbox_tui.errors import NotFound, Unavailable
from inbox_tui.lean_structlog import structlog
from inbox_tui.store.database import Database
from inbox_tui.store.work import Work

MOST_IN_MEMORY = 5_000
"""Events kept in memory; in a flood the rest waits in the table."""
MOST_AT_ONCE = 64
LONGEST_ERROR = 500

_log = structlog.get_logger("inbound")


class Processor:
    """Applies events one after the other, many to a commit."""

    def __init__(self, database: Database, channels: Channels) -> None:
        self._database = database
        self._channels = channels
        self._waiting: deque[Pending] = deque()
        self._behind = True  # the table may hold what an earlier run left
        self._last = 0  # what the table holds up to here was read
        self._look_again = False
        self._bell = asyncio.Event()
        self.idle = asyncio.Event()

    def offer(self, events: Sequence[Pending]) -> None:
        """Hand over events that were just committed and put off, in order."""
        if self._behind or len(self._waiting) + len(events) > MOST_IN_MEMORY:
            self._behind = True
        else:
            self._waiting.extend(events)
        if events:
            self.idle.clear()
        self._bell.set()

    def look_again(self) -> None:
        """Read the table from its beginning: a channel that did not work may work now."""
        self._look_again = self._behind = True
        self.idle.clear()
        self._bell.set()

    async def run(self) -> None:
        """Apply events until cancelled. Raises Unavailable when the database cannot take them."""
        self._waiting.clear()
        self._look_again = self._behind = True
        while True:
            batch = [self._waiting.popleft() for _ in range(min(MOST_AT_ONCE, len(self._waiting)))]
            if not batch and self._behind:
                batch = await self._from_table()
            if not batch:
                if not self._waiting and not self._behind:
                    self.idle.set()
                    self._bell.clear()
                    await self._bell.wait()
                continue
            self.idle.clear()
            await asyncio.gather(*(self._apply(event) for event in batch))
            self._last = max(self._last, batch[-1].id)

    async def _apply(self, event: Pending) -> None:
        adapter = self._adapter(event.id, event.channel_id)
        if adapter is None:
            return
        try:
            inbound = adapter.parse(event.payload)
            await self._database.write(_apply, event, inbound, urgent=False)
        except Unavailable:
            raise  # that is the database's fault: the event stays as it is
        except Exception as error:
            await self._give_up(event.id, event.channel_id, error)

    async def _from_table(self) -> list[Pending]:
        """Read what is pending. Once nothing is, memory is enough again.

        There is no await between finding nothing new and saying so, and :meth:`offer` runs on the
        same loop: an event is either seen here or handed over after.
        """
        self._behind = False
        if self._look_again:
            self._look_again, self._last = False, 0
        rows = await self._database.read(store.pending_after, self._last, MOST_AT_ONCE)
        found: list[Pending] = []
        for row in rows:
            adapter = self._adapter(row.id, row.channel_id)
            if adapter is None:
                continue
            raw = await self._database.read(store.body_of, row.delivery_id)
            try:
                payload = adapter.split(raw)[row.position].payload
            except Exception as error:
                await self._give_up(row.id, row.channel_id, error)
            else:
                found.append(Pending(row.id, row.channel_id, payload))
        if rows:
            self._behind = True
            self._waiting.clear()
            self._last = max(self._last, rows[-1].id)
        return found

    def _adapter(self, event_id: int, channel_id: int) -> Adapter | None:
        """Return the adapter of an event's channel; without one it is left for when there is."""
        try:
            return self._channels.adapter(channel_id)
        except (NotFound, Unavailable):
            _log.warning(
                "event left: its channel does not work", event_id=event_id, channel=channel_id
            )
            return None

    async def _give_up(self, event_id: int, channel_id: int, error: Exception) -> None:
        _log.error("event failed", event_id=event_id, channel=channel_id, exc_info=error)
        said = f"{type(error).__name__}: {error}"[:LONGEST_ERROR]
        await self._database.write(_failed, event_id, said, urgent=False)


def _apply(work: Work, event: Pending, inbound: Inbound) -> None:
    if store.settle(work, event.id):
        receive(work, event.channel_id, inbound)


def _failed(work: Work, event_id: int, error: str) -> None:
    store.settle(work, event_id, error=error)
