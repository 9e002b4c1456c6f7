"""The line between backend and store: counts while much happens, pages, chats that cross."""

import asyncio

import pytest

from inbox_tui.errors import InboxError, Unavailable
from inbox_tui.state.changes import Link
from inbox_tui.state.lists import Filters
from inbox_tui.state.store import Store
from inbox_tui.testing.client import FakeClient
from inbox_tui.testing.scenes import busy_shop
from inbox_tui.tui import live as module
from inbox_tui.tui.live import NUMBER_TRIES, Live
from inbox_tui.wire.models import Counts, Session
from inbox_tui.wire.words import ListName, Sort

SOMCHAI, DAO = 2, 7


class BusyClient(FakeClient):
    """A backend where something happens each time counts are read, ``storms`` times."""

    storms = 0
    slow: asyncio.Event | None = None

    async def counts(self) -> Counts:
        told = await super().counts()
        if self.storms:
            self.storms -= 1
            self.world.assign(4, None if self.storms % 2 else "amy", team="sales")
        return told

    async def session(self, session_id: int) -> Session:
        if self.slow is not None and session_id == SOMCHAI:
            await self.slow.wait()
        return await super().session(session_id)


class Line:
    """A store that is fed from a busy shop; waits are noted instead of waited."""

    def __init__(self) -> None:
        self.client = BusyClient(busy_shop(), "amy")
        self.store = Store()
        self.waits: list[float] = []
        self.told: list[InboxError] = []
        self.live = Live(
            self.store,
            self._connect,
            self.client.world.clock,
            trouble=self.told.append,
            on_live=self._on_live,
            sorts=dict.fromkeys(ListName, Sort.WAIT),
            sleep=self._sleep,
        )

    async def _connect(self) -> FakeClient:
        return self.client

    async def _on_live(self) -> None:
        return None

    async def _sleep(self, seconds: float) -> None:
        self.waits.append(seconds)

    async def settle(self) -> None:
        for _ in range(40):
            await asyncio.sleep(0)


async def test_counts_are_right_in_the_end_although_events_kept_crossing_them() -> None:
    line = Line()
    line.client.storms = NUMBER_TRIES + 2
    following = asyncio.create_task(line.live.run())
    await line.settle()
    assert line.store.link is Link.LIVE
    assert line.client.storms == 0
    assert line.store.counts == line.client.world.counts_of("amy")
    assert line.waits
    following.cancel()


async def test_a_chat_that_is_told_late_does_not_push_out_the_one_opened_after_it() -> None:
    line = Line()
    following = asyncio.create_task(line.live.run())
    await line.settle()
    line.store.begin_list(ListName.MINE, Sort.WAIT, Filters())
    line.client.slow = asyncio.Event()
    late = asyncio.create_task(line.live.open(SOMCHAI))
    await line.settle()
    await line.live.open(DAO)
    line.client.slow.set()
    await late
    assert line.store.session(DAO) is not None
    following.cancel()


async def test_a_page_is_asked_for_once_however_often_the_end_is_seen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "PAGE", 2)
    line = Line()
    following = asyncio.create_task(line.live.run())
    await line.settle()
    asked = line.client.calls.count("sessions")
    world = line.client.world
    first = asyncio.create_task(line.live.load_more(ListName.MINE))
    world.assign(4, "amy")
    second = asyncio.create_task(line.live.load_more(ListName.MINE))
    await asyncio.gather(first, second)
    await line.settle()
    assert line.client.calls.count("sessions") == asked + 1
    true = {row.id for row in world.sessions.values() if world.stands_in(row, ListName.MINE, "amy")}
    assert set(line.store.view(ListName.MINE)) <= true
    following.cancel()


async def test_a_line_that_stays_lost_is_told_once() -> None:
    line = Line()
    tries = 0

    async def refuse() -> FakeClient:
        nonlocal tries
        tries += 1
        if tries > 3:
            await asyncio.Event().wait()
        raise Unavailable("The inbox server cannot be reached.")

    line.live._connect = refuse
    following = asyncio.create_task(line.live.run())
    await line.settle()
    assert tries == 4
    assert len(line.told) == 1
    assert line.store.link_trouble is not None
    following.cancel()
