"""Hands each committed event to every connected stream, encoded once.

Who may not see a session (R17) gets the number and the time of its events, and of a binding what
concerns themselves: no hole in the numbers, and nothing else told.
"""

import asyncio
from collections.abc import Sequence

from inbox_tui.backend.directory import Directory
from inbox_tui.backend.live.frames import frame, out_of_sight
from inbox_tui.backend.sessions.sight import sees
from inbox_tui.store.work import LoggedEvent
from inbox_tui.wire.codec import encode

MOST_BEHIND = 5_000
"""Frames a stream may lag behind before it is told to start afresh."""

Frame = tuple[int, str]
"""An event's number and its JSON."""


class Subscription:
    """One stream's place in the hub: a queue that overflows into "start afresh"."""

    def __init__(self, agent_id: int) -> None:
        self.agent_id = agent_id
        self._queue: asyncio.Queue[Frame | None] = asyncio.Queue(MOST_BEHIND)
        self.lost = False

    def put(self, item: Frame | None) -> None:
        """Queue a frame; None ends the stream. A stream that is too far behind is lost."""
        if self.lost:
            return
        try:
            self._queue.put_nowait(item)
        except asyncio.QueueFull:
            self.lost = True

    async def next(self) -> Frame | None:
        """Return the next frame; None when the stream is to end."""
        if self.lost and self._queue.empty():
            return None
        return await self._queue.get()


class Hub:
    """Everybody who listens."""

    def __init__(self) -> None:
        self._subscriptions: set[Subscription] = set()
        self.closing = False

    def __len__(self) -> int:
        return len(self._subscriptions)

    def subscribe(self, agent_id: int) -> Subscription:
        """Add a stream of somebody; it hears everything published from now on."""
        subscription = Subscription(agent_id)
        self._subscriptions.add(subscription)
        if self.closing:
            subscription.put(None)
        return subscription

    def leave(self, subscription: Subscription) -> None:
        """Remove a stream."""
        self._subscriptions.discard(subscription)

    def publish(self, events: Sequence[LoggedEvent], directory: Directory) -> None:
        """Hand committed events to every stream."""
        if not self._subscriptions:
            return
        for event in events:
            encoded = (event.seq, encode(frame(event, directory)).decode())
            for subscription in self._subscriptions:
                if sees(directory, subscription.agent_id, event):
                    subscription.put(encoded)
                    continue
                narrow = out_of_sight(event, directory, subscription.agent_id)
                subscription.put((event.seq, encode(narrow).decode()))

    def end(self, agent_id: int) -> None:
        """End the streams of an account that is not active any more (R12)."""
        for subscription in self._subscriptions:
            if subscription.agent_id == agent_id:
                subscription.put(None)

    def close(self) -> None:
        """End every stream, so that a server can stop."""
        self.closing = True
        for subscription in self._subscriptions:
            subscription.put(None)
