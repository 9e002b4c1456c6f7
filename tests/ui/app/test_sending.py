"""Replies on their way: never twice, never lost, never after they were taken back."""

import asyncio
from itertools import count
from pathlib import Path

import pytest

from inbox_tui.client.held import HeldSends
from inbox_tui.errors import Unavailable
from inbox_tui.locale import Catalogue
from inbox_tui.state.changes import Link
from inbox_tui.state.store import Store
from inbox_tui.state.timelines import Way
from inbox_tui.testing.client import FakeClient
from inbox_tui.testing.scenes import busy_shop
from inbox_tui.tui.sending import Sending
from inbox_tui.wire.models import Entry, Session

SOMCHAI, DAO = 2, 7


class SlowClient(FakeClient):
    """A backend whose answers about sessions wait until they are let through."""

    def __init__(self) -> None:
        super().__init__(busy_shop(), "amy")
        self.through = asyncio.Event()
        self.through.set()
        self.refusals = 0

    async def session(self, session_id: int) -> Session:
        await self.through.wait()
        return await super().session(session_id)

    async def post_message(self, session_id: int, text: str, *, key: str) -> Entry:
        if self.refusals:
            self.refusals -= 1
            raise Unavailable("The inbox server is busy.")
        return await super().post_message(session_id, text, key=key)


class Desk:
    """A store, a file and the way between them."""

    def __init__(self, path: Path) -> None:
        self.client = SlowClient()
        self.store = Store()
        self.held = HeldSends(path / "held.jsonl")
        numbers = count(1)
        self.sending = Sending(
            self.store,
            self.held,
            self.client.world.clock,
            client=lambda: self.client,
            new_key=lambda: f"k{next(numbers)}",
            t=Catalogue.of("en").t,
        )

    async def write(self, session_id: int, text: str) -> None:
        await self.sending.send(self.client.world.get(session_id), text)

    @property
    def said(self) -> list[str]:
        return [
            entry.content.text
            for entries in self.client.world.entries.values()
            for entry in entries
            if entry.client_key is not None and entry.content is not None
        ]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


async def test_what_is_taken_back_while_it_is_being_judged_is_not_sent(desk: Desk) -> None:
    await desk.write(SOMCHAI, "first")
    await desk.write(DAO, "second")
    desk.store.set_link(Link.LIVE)
    desk.client.through.clear()
    flush = asyncio.create_task(desk.sending.flush())
    await asyncio.sleep(0)
    assert desk.sending.give_up("k1") == "first"
    assert desk.sending.give_up("k2") == "second"
    desk.client.through.set()
    await flush
    assert desk.said == []


async def test_what_another_window_took_back_is_not_sent(desk: Desk, tmp_path: Path) -> None:
    await desk.write(SOMCHAI, "first")
    HeldSends(tmp_path / "held.jsonl").drop("k1")
    desk.store.set_link(Link.LIVE)
    await desk.sending.flush()
    assert desk.said == []
    assert desk.sending.count == 0
    conversation = desk.client.world.get(SOMCHAI).conversation_id
    assert desk.store.timeline(conversation).outgoing() == []


async def test_a_busy_backend_gets_it_later_although_the_line_never_broke(desk: Desk) -> None:
    desk.store.set_link(Link.LIVE)
    desk.client.refusals = 1
    await desk.write(SOMCHAI, "hello")
    conversation = desk.client.world.get(SOMCHAI).conversation_id
    assert desk.store.timeline(conversation).outgoing()[0].way is Way.HELD
    await desk.sending.try_held()
    assert desk.said == ["hello"]


async def test_a_full_disk_after_it_was_sent_does_not_say_that_it_was_not(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(key: str) -> None:
        raise OSError(28, f"No space left for {key}")

    desk.store.set_link(Link.LIVE)
    monkeypatch.setattr(desk.held, "drop", refuse)
    await desk.write(SOMCHAI, "hello")
    assert desk.said == ["hello"]
