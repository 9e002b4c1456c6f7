"""The running backend: its parts, how they hear of each other, how they start and stop."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence, Set
from typing import Any

from inbox_tui.backend import timers
from inbox_tui.backend.assigner import Assigner
from inbox_tui.backend.auth import Auth
from inbox_tui.backend.automatic.runner import Runner
from inbox_tui.backend.channels import Channels
from inbox_tui.backend.contacts.profiles import Profiles
from inbox_tui.backend.directory import Directory, load_directory
from inbox_tui.backend.inbound.poller import Pollers
from inbox_tui.backend.inbound.processor import Processor
from inbox_tui.backend.live import frames
from inbox_tui.backend.live.hub import Hub
from inbox_tui.backend.live.windows import Windows
from inbox_tui.backend.outbox import Outbox
from inbox_tui.backend.people import presence
from inbox_tui.backend.wall import Watch
from inbox_tui.clock import Clock
from inbox_tui.lean_structlog import structlog
from inbox_tui.store.database import Database
from inbox_tui.store.work import LoggedEvent
from inbox_tui.wire.words import EventKind

RESTART_AFTER_S = 1.0
DRAIN_S = 10.0
"""How long a backend that stops waits for replies under way."""

_CHANNELS_CHANGED = frozenset({EventKind.CHANNEL_CHANGED, EventKind.WORKSPACE_CHANGED})
_log = structlog.get_logger("backend")


class Backend:
    """Everything between the platforms and the terminals, around one database.

    Commits are told to the parts in order: names first, then the assigner, the wall's counts and
    the live stream, last who says what is said automatically.
    """

    def __init__(
        self, database: Database, *, local_key: str | None = None, embedded: bool = False
    ) -> None:
        self.database = database
        self.embedded = embedded
        self.directory = Directory()
        self.auth = Auth(database, local_key)
        self.channels = Channels()
        self.hub = Hub()
        self.windows = Windows(database)
        self.assigner = Assigner(database)
        self.wall = Watch(database)
        self.automatic = Runner(database, self.wall)
        self.processor = Processor(database, self.channels)
        self.outbox = Outbox(database, self.channels)
        self.pollers = Pollers(database, self.channels, self.processor)
        self.profiles = Profiles(database, self.channels)
        self.profiles.on_told = self.automatic.names_told
        self.timers = timers.Timers(database, {presence.GRACE_TIMER: presence.grace_over})
        self._reloading: asyncio.Task[None] | None = None
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def clock(self) -> Clock:
        """The clock everything here goes by."""
        return self.database.clock

    async def start(self) -> None:
        """Read what the last run left and go on from there."""
        self.database.on_finish(frames.finish)
        self.database.on_commit(self._committed)
        await self.database.write(presence.after_restart)
        self.directory = await self.database.read(load_directory)
        await self.channels.load(self.database, self.directory.settings.public_url)
        await self.outbox.recover()
        await self.assigner.load()
        await self.wall.load()
        await self.automatic.load()
        self._keep_running("assigner", self.assigner.run, self.assigner.load)
        self._keep_running("automatic", self.automatic.run, self.automatic.load)
        self._keep_running("processor", self.processor.run)
        self._keep_running("outbox", self.outbox.run)
        self._keep_running("pollers", self.pollers.run)
        self._keep_running("profiles", self.profiles.run)
        self._keep_running("timers", self.timers.run)

    async def stop(self) -> None:
        """End the streams, let replies under way finish, and stop every part."""
        self.hub.close()
        await self.pollers.stop()
        await self.outbox.drain(DRAIN_S)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.windows.settle()
        await self.channels.aclose()

    def _committed(self, events: Sequence[LoggedEvent], touched: Set[str]) -> None:
        if events:
            self.directory = events[-1].parts["names"]
            self.assigner.hear(events)
            self.wall.hear(events)
            self.hub.publish(events, self.directory)
            for event in events:
                if event.kind == EventKind.AGENT_CHANGED and event.data.get("active") is False:
                    self.hub.end(event.subject_id or 0)
            if any(event.kind in _CHANNELS_CHANGED for event in events):
                self._reloading = asyncio.create_task(self._reload_channels())
            self.automatic.hear(events, self.directory)
        if "outbox" in touched:
            self.outbox.ring()
        if "contacts" in touched:
            self.profiles.ring()
        if "timers" in touched:
            self.timers.ring()

    async def channels_follow(self) -> None:
        """Wait until the channels are what the last commit made of them."""
        if self._reloading is not None:
            await self._reloading

    async def _reload_channels(self) -> None:
        await self.channels.load(self.database, self.directory.settings.public_url)
        self.processor.look_again()
        self.pollers.ring()
        self.outbox.ring()

    def _keep_running(
        self,
        name: str,
        run: Callable[[], Coroutine[Any, Any, None]],
        before_again: Callable[[], Coroutine[Any, Any, None]] | None = None,
    ) -> None:
        """Run a part; should it fail, say so and start it again from the tables."""

        async def keep() -> None:
            while True:
                try:
                    await run()
                except Exception:
                    _log.exception("part failed", part=name)
                    await asyncio.sleep(RESTART_AFTER_S)
                    if before_again is not None:
                        await before_again()

        self._tasks.append(asyncio.create_task(keep(), name=name))
