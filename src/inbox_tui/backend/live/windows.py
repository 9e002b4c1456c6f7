"""Open inbox windows and the streams that make them so (P3).

A window that reconnects may open its new stream before the old one ends; only the end of its
newest stream drops it.
"""

import asyncio
from collections.abc import Callable

from inbox_tui.backend.people import presence
from inbox_tui.errors import Unavailable
from inbox_tui.store.database import Database


class Windows:
    """Counts the streams of each window; tells :mod:`presence` of the first and the last."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._streams: dict[str, int] = {}
        self._goodbyes: set[asyncio.Task[None]] = set()
        self.on_empty: Callable[[], None] | None = None

    def __len__(self) -> int:
        return len(self._streams)

    async def opened(self, agent_id: int, window: str) -> None:
        """A stream of this window has connected."""
        self._streams[window] = self._streams.get(window, 0) + 1
        await self._database.write(presence.opened, agent_id, window)

    def dropped(self, agent_id: int, window: str) -> None:
        """A stream of this window has ended. Runs on by itself: the stream is gone already."""
        left = self._streams.get(window, 0) - 1
        if left > 0:
            self._streams[window] = left
            return
        self._streams.pop(window, None)
        task = asyncio.get_running_loop().create_task(self._drop(agent_id, window))
        self._goodbyes.add(task)
        task.add_done_callback(self._goodbyes.discard)
        if not self._streams and self.on_empty is not None:
            self.on_empty()

    async def _drop(self, agent_id: int, window: str) -> None:
        if window in self._streams:
            return  # opened anew meanwhile, and written so already: the drop would be the last word
        try:
            await self._database.write(presence.dropped, agent_id, window)
        except Unavailable:
            return  # stopping: after a restart every window is in grace anyway

    async def settle(self) -> None:
        """Wait until every drop so far is written."""
        if self._goodbyes:
            await asyncio.gather(*self._goodbyes)
