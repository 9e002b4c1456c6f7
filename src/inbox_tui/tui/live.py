"""Keeps the store fed: connects, reads everything, follows the stream, starts afresh on a reset.

One task for the life of a window. It asks for a client through ``connect`` (which may start a
backend first), reads what the first screen needs before the rest, and reconnects for ever. What a
person sends goes through :mod:`inbox_tui.tui.sending`; nothing here paints.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from contextlib import aclosing
from typing import Final

from inbox_tui.client.port import Client, Connected, Lost, Reset, SessionQuery
from inbox_tui.clock import Clock, to_datetime
from inbox_tui.errors import Forbidden, InboxError, NotFound, NotSignedIn, Unavailable
from inbox_tui.state.changes import Change, Link, RowWanted
from inbox_tui.state.lists import Filters
from inbox_tui.state.people import People
from inbox_tui.state.store import Store
from inbox_tui.wire.models import Event
from inbox_tui.wire.words import EventKind, ListName, Sort

PAGE: Final = 100
"""Sessions to a page of a list."""

ENTRIES: Final = 60
"""Entries to a page of a timeline."""

TRY_AGAIN: Final = 2.0
"""Seconds between two tries to reach the backend at all."""

NUMBER_TRIES: Final = 4
"""How often counts and loads are asked for anew while events keep coming in between."""

Connect = Callable[[], Awaitable[Client]]
"""Returns a client for a backend that answers; may start one. Raises InboxError."""

Trouble = Callable[[InboxError], None]
"""Told of an error nobody asked for an answer to."""

_SETTINGS = (EventKind.TEAM_CHANGED, EventKind.CHANNEL_CHANGED, EventKind.WORKSPACE_CHANGED)

Revive = Callable[[], Awaitable[object]]
"""Sees to it that a backend of our own runs, should it have gone (O1)."""


class Live:
    """The line between a backend and a store."""

    def __init__(
        self,
        store: Store,
        connect: Connect,
        clock: Clock,
        *,
        trouble: Trouble,
        on_live: Callable[[], Coroutine[None, None, None]],
        sorts: Mapping[ListName, Sort],
        revive: Revive | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.store = store
        self.list_name = ListName.MINE
        self._client: Client | None = None
        self._connect = connect
        self._clock = clock
        self._trouble = trouble
        self._on_live = on_live
        self._revive = revive
        self._reviving = False
        self._sleep = sleep
        self._wanted: set[int] = set()
        self._generations = dict.fromkeys(ListName, 0)
        self._tasks: set[asyncio.Task[None]] = set()
        self._settings_changed = False
        self._orders = {name: (sorts[name], Filters()) for name in ListName}
        self._loading: set[tuple[ListName, int, str]] = set()
        self._open_session: int | None = None
        self._older: set[int] = set()
        self._hearers: list[Callable[[Event], None]] = []
        store.subscribe(self._note_wanted)

    @property
    def client(self) -> Client:
        """The client. Raises Unavailable before there is one."""
        if self._client is None:
            raise Unavailable("The inbox is still connecting.", data={"say": "connecting"})
        return self._client

    async def run(self) -> None:
        """Follow the backend until cancelled; returns only when it will not have this agent."""
        while self._client is None:
            try:
                self._client = await self._connect()
            except (NotSignedIn, Forbidden) as error:
                return self._refused(error)
            except InboxError as error:
                self._lost(error)
                await self._sleep(TRY_AGAIN)
        while True:
            try:
                await self._read_all()
                await self._follow()
            except (NotSignedIn, Forbidden) as error:
                return self._refused(error)
            except InboxError as error:
                self._lost(error)
                await self._sleep(TRY_AGAIN)

    async def close(self, *, goodbye: bool = True) -> None:
        """Say goodbye, so that this window counts as closed at once (P3), and hang up."""
        for task in list(self._tasks):
            task.cancel()
        client, self._client = self._client, None
        if client is None:
            return
        try:
            if goodbye and self.store.link is Link.LIVE:
                await client.goodbye()
        except InboxError:
            return  # the line is gone: the grace of P3 does what the goodbye would have done
        finally:
            await client.close()

    def listen(self, hear: Callable[[Event], None]) -> Callable[[], None]:
        """Hear every event from now on, also of what no list holds; call the answer to stop."""
        self._hearers.append(hear)
        return lambda: self._hearers.remove(hear)

    # --- lists -------------------------------------------------------------------------------

    async def show_list(self, name: ListName, sort: Sort, filters: Filters) -> None:
        """Make sure that a list is loaded in this order and with these filters."""
        self.list_name = name
        view = self.store.view(name)
        if view.loaded and (view.sort, view.filters) == (sort, filters):
            return
        self._orders[name] = (sort, filters)
        await self._load_first(name)

    async def load_more(self, name: ListName) -> None:
        """Load the page below the loaded part of a list, if there is one."""
        cursor, generation = self.store.view(name).next_cursor, self._generations[name]
        if cursor is None or (name, generation, cursor) in self._loading:
            return
        asked = (name, generation, cursor)
        self._loading.add(asked)
        try:
            await self._load_page(name, generation, cursor)
        finally:
            self._loading.discard(asked)

    # --- chat --------------------------------------------------------------------------------

    async def open(self, session_id: int | None) -> None:
        """Load the timeline of a session, and keep it fresh from now on."""
        self._open_session = session_id
        if session_id is None:
            self.store.open_session(None)
            return
        session = self.store.session(session_id)
        if session is None:
            session = await self.client.session(session_id)
            if self._open_session != session_id:
                return  # another chat was opened meanwhile
        self.store.open_session(session)
        timeline = self.store.timeline(session.conversation_id)
        if not timeline.loaded:
            page = await self.client.timeline(session_id, limit=ENTRIES)
            self.store.set_timeline(session.conversation_id, page)

    async def load_older(self, session_id: int, conversation_id: int) -> None:
        """Load the page above the loaded part of a timeline, if there is one."""
        timeline = self.store.timeline(conversation_id)
        if timeline.older is None or conversation_id in self._older:
            return
        self._older.add(conversation_id)
        try:
            page = await self.client.timeline(session_id, before=timeline.older, limit=ENTRIES)
            self.store.add_older(conversation_id, page)
        finally:
            self._older.discard(conversation_id)

    # --- inside ------------------------------------------------------------------------------

    async def _read_all(self) -> None:
        client, store = self.client, self.store
        me = await client.me()
        store.start_at(me.last_seq)
        store.set_me(me)
        for name in ListName:
            if name is not self.list_name:
                store.begin_list(name, *self._orders[name])
        await self._load_first(self.list_name)

    async def _follow(self) -> None:
        """Follow the stream to its end, which is a reset or an error."""
        async with aclosing(self.client.signals(self.store.seq)) as signals:
            async for signal in signals:
                match signal:
                    case Connected():
                        self.store.set_link(Link.LIVE)
                        self._spawn(self._catch_up())
                    case Lost(error=error):
                        self._lost(error)
                    case Reset():
                        self.store.set_link(Link.CONNECTING)
                    case Event():
                        self.store.apply(signal)
                        self._after(signal)
                        for hear in list(self._hearers):
                            hear(signal)

    def _after(self, event: Event) -> None:
        """Ask for what an event made necessary."""
        if self._wanted:
            wanted, self._wanted = self._wanted, set()
            self._spawn(self._read_rows(wanted))
        if event.kind in _SETTINGS and not self._settings_changed:
            self._settings_changed = True
            self._spawn(self._read_settings())

    async def _catch_up(self) -> None:
        """Read what events do not tell. Each part for itself: one that fails stops no other."""
        self._spawn(self._on_live())
        self._spawn(self._read_numbers())
        if self._open_session is not None:
            self._spawn(self._read_open(self._open_session))
        if not self.store.view(self.list_name).loaded:
            await self._load_first(self.list_name)

    async def _read_open(self, session_id: int) -> None:
        """Read the session of the chat again: a list tells of it only while it stands there."""
        session = await self.client.session(session_id)
        if self._open_session == session_id:
            self.store.open_session(session)
            self.store.put_session(session, to_datetime(self._clock.now()), by_me=False)
            await self.open(session_id)

    async def _read_settings(self) -> None:
        self._settings_changed = False
        self.store.set_me(await self.client.me())
        await self._read_numbers()

    async def _read_rows(self, session_ids: set[int]) -> None:
        for session_id in sorted(session_ids):
            try:
                session = await self.client.session(session_id)
            except NotFound:
                continue  # gone again, or no longer mine to see
            except Unavailable:
                self._wanted.add(session_id)  # the next event asks again
                continue
            self.store.put_session(session, to_datetime(self._clock.now()), by_me=False)

    async def _read_numbers(self) -> None:
        """Read people and counts as they stood after one event: between two equal numbers.

        While more happens than can be read between two events, what was read is shown and read
        anew a little later.
        """
        client = self.client
        channels = await client.channels()
        before = (await client.me()).last_seq
        for _ in range(NUMBER_TRIES):
            people = People.of(await client.agents(), await client.teams(), channels)
            counts = await client.counts()
            after = (await client.me()).last_seq
            settled = before == after >= self.store.seq
            if settled:
                break
            before = after
        self.store.set_numbers(people, counts, max(before, self.store.seq))
        if not settled:
            await self._sleep(TRY_AGAIN)
            self._spawn(self._read_numbers())

    async def _load_first(self, name: ListName) -> None:
        generation = self.store.begin_list(name, *self._orders[name])
        self._generations[name] = generation
        try:
            await self._load_page(name, generation, None)
        except InboxError as error:
            self.store.fail_list(name, generation, error)
            if isinstance(error, Unavailable) and self.store.link is Link.LIVE:
                self._spawn(self._load_later(name, generation))
            raise

    async def _load_later(self, name: ListName, generation: int) -> None:
        """Try a list again that a backend which is there could not give, if it is still wanted."""
        await self._sleep(TRY_AGAIN)
        if self._generations[name] == generation and self.store.link is Link.LIVE:
            await self._load_first(name)

    async def _load_page(self, name: ListName, generation: int, cursor: str | None) -> None:
        sort, filters = self._orders[name]
        page = await self.client.sessions(
            SessionQuery(
                list=name,
                sort=sort,
                q=filters.q,
                state=filters.state,
                channel=filters.channel,
                agent=filters.agent,
                team=filters.team,
                bound=filters.bound,
                limit=PAGE,
                cursor=cursor,
            )
        )
        self.store.add_page(name, page, generation, to_datetime(self._clock.now()))

    def _spawn(self, work: Coroutine[None, None, None]) -> None:
        """Do something beside the stream; an error of it is told and ends nothing else."""
        task = asyncio.create_task(self._guarded(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _guarded(self, work: Coroutine[None, None, None]) -> None:
        try:
            await work
        except InboxError as error:
            self._trouble(error)

    def _lost(self, error: InboxError) -> None:
        """Say once that the line is lost; that it still is, the header says."""
        before = self.store.link
        self.store.set_link(Link.LOST, error)
        if before is not Link.LOST:
            self._trouble(error)
        if self._revive is not None and not self._reviving:
            self._reviving = True
            self._spawn(self._bring_back(self._revive))

    async def _bring_back(self, revive: Revive) -> None:
        try:
            await revive()
        finally:
            self._reviving = False

    def _refused(self, error: InboxError) -> None:
        self.store.set_link(Link.REFUSED, error)
        self._trouble(error)

    def _note_wanted(self, changes: tuple[Change, ...]) -> None:
        for change in changes:
            if isinstance(change, RowWanted):
                self._wanted.add(change.session_id)
