"""Random histories of a shop with every kind switched on (M10): once for a cause, whatever happens.

The assigner, the counts of the wall and the runner run as in the backend, on a real database; they
are killed and started again in between, made deaf before it, and made to go over everything anew.
"""

import asyncio
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from contextlib import suppress
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

import sqlalchemy as sa

from inbox_tui.backend.assigner import Assigner
from inbox_tui.backend.automatic import service as automatic
from inbox_tui.backend.automatic.runner import Runner
from inbox_tui.backend.contacts import service as contacts
from inbox_tui.backend.directory import Directory, load_directory
from inbox_tui.backend.inbound.receive import receive
from inbox_tui.backend.live import frames
from inbox_tui.backend.messages import service as messages
from inbox_tui.backend.people import presence
from inbox_tui.backend.people.service import set_accepting
from inbox_tui.backend.sessions import service as sessions
from inbox_tui.backend.wall import Watch
from inbox_tui.backend.workspace.service import apply_file
from inbox_tui.channels import port
from inbox_tui.errors import InboxError
from inbox_tui.store import tables
from inbox_tui.store.schema import open_database
from inbox_tui.store.work import LoggedEvent, Work
from inbox_tui.testing.clock import FakeClock
from inbox_tui.wire.automatic import PatchAutomatic
from inbox_tui.wire.models import Content
from inbox_tui.wire.requests import PostEnd, PutAccepting
from inbox_tui.wire.words import (
    Automatic,
    ContentKind,
    DeliveryState,
    EventKind,
    Happening,
    TransferScope,
)

SHOP = """
[workspace]
max_open = 1
settle = "2s"
hours = "office"
[[hours]]
name = "office"
every_day = ["09:00-18:00"]
[[agents]]
nickname = "amy"
role = "owner"
[[agents]]
nickname = "bo"
[[teams]]
slug = "sales"
members = ["amy", "bo"]
[[teams]]
slug = "care"
members = ["bo"]
[[channels]]
slug = "bot"
kind = "telegram"
team = "sales"
[channels.credentials]
token = "1:abc"
[messages]
on = [
  "welcome", "greeting", "assigned", "away", "over_capacity", "transferred", "ended", "rating",
  "order_shipped",
]
min_gap = "5m"
"""
GAP = 300_000
SEEDS, STEPS = 8, 150
CAN = port.Capabilities(
    can_send=frozenset({ContentKind.TEXT}),
    max_text=5000,
    idempotent_sends=True,
    receives="webhook",
)
ENTRIES = tables.table(tables.Entry)
SESSIONS = tables.table(tables.Session)
CONTACTS = tables.table(tables.Contact)
CONVERSATIONS = tables.table(tables.Conversation)
MESSAGES = tables.table(tables.AutomaticMessage)

Step = tuple[Any, ...]


def story(chance: Random) -> Iterator[Step]:
    """Yield what happens; who writes, and time, most of all."""

    def chat() -> int:
        return chance.randrange(30)

    def contact() -> int:
        return chance.randrange(8)

    def who() -> str:
        return chance.choice(["amy", "bo"])

    steps: list[tuple[int, Callable[[], Step]]] = [
        (20, lambda: ("writes", contact(), chance.random() < 0.2)),
        (2, lambda: ("adds", contact())),
        (4, lambda: ("claims", who(), chat())),
        (6, lambda: ("hands_on", chat(), chance.choice(["amy", "bo", "sales", "care"]))),
        (2, lambda: ("all_on", who(), chance.choice(["amy", "bo", "care"]))),
        (4, lambda: ("replies", who(), chat())),
        (8, lambda: ("ends", who(), chat())),
        (5, lambda: ("blocks", contact(), chance.random() < 0.6)),
        (4, lambda: ("settles", chance.choice(["sent", "failed"]))),
        (16, lambda: ("passes", chance.choice([1, 3, 3, 20, 320, 320, 4_000]))),
        (3, lambda: ("starts", chance.random() < 0.5)),
        (2, lambda: ("deafens",)),
        (2, lambda: ("switches", chance.choice(list(Automatic)[:9]), chance.random() < 0.8)),
        (3, lambda: ("ships", contact(), chance.randrange(4))),
        (3, lambda: ("asks", chat())),
    ]
    weights = [weight for weight, _ in steps]
    while True:
        ((_, step),) = chance.choices(steps, weights)
        yield step()


class World:
    """A shop whose parts live as long as nobody kills them."""

    def __init__(self, path: Path) -> None:
        self.clock = FakeClock()
        self.database = open_database(path, self.clock)
        self.names = Directory()
        self.written = 0
        self.seen = 0
        self.deaf = False
        self.tasks: list[asyncio.Task[None]] = []

    async def open(self) -> None:
        self.database.on_finish(frames.finish)
        self.database.on_commit(self._committed)
        await self.database.write(apply_file, SHOP, {})
        self.names = await self.database.read(load_directory)
        await self.start()
        for nickname, agent in self.names.nicknames.items():
            await self.database.write(presence.opened, agent, nickname)
            await self.database.write(set_accepting, agent, PutAccepting(accepting=True), agent)
        await self.settled()

    async def start(self) -> None:
        self.assigner = Assigner(self.database)
        self.watch = Watch(self.database)
        self.runner = Runner(self.database, self.watch)
        self.deaf = False
        for part in (self.assigner, self.watch, self.runner):
            await part.load()
        self.tasks = [asyncio.create_task(part.run()) for part in (self.assigner, self.runner)]

    async def kill(self) -> None:
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)

    def _committed(self, events: Sequence[LoggedEvent], _touched: Set[str]) -> None:
        if not events or not self.tasks:
            return
        self.names = events[-1].parts["names"]
        self.assigner.hear(events)
        self.watch.hear(events)
        if not self.deaf:
            self.runner.hear(events, self.names)

    async def settled(self) -> None:
        async with asyncio.timeout(20):
            while not (self.assigner.idle.is_set() and self.runner.idle.is_set()):
                await self.assigner.idle.wait()
                await self.runner.idle.wait()

    async def rows(self, query: sa.Select[Any]) -> list[Any]:
        return await self.database.read(lambda connection: list(connection.execute(query)))

    async def chat(self, number: int) -> int:
        found = await self.rows(sa.select(SESSIONS.c.id).order_by(SESSIONS.c.id))
        return int(found[number % len(found)].id) if found else 0

    # What happens

    async def writes(self, contact: int, again: bool) -> None:
        self.written += not again
        message = port.CustomerMessage(
            external_id=f"U{contact}",
            message_id=f"m{self.written}",
            at=self.clock.now(),
            content=Content(kind=ContentKind.TEXT, text="hello there"),
            name=f"Customer {contact}",
        )
        await self.database.write(receive, self.names.channel_slugs["bot"], message)

    async def adds(self, contact: int) -> None:
        added = port.Followed(external_id=f"U{contact}", at=None, name=f"Customer {contact}")
        await self.database.write(receive, self.names.channel_slugs["bot"], added)

    async def claims(self, who: str, chat: int) -> None:
        agent = self.names.nicknames[who]
        await self.database.write(sessions.claim, await self.chat(chat), agent)

    def _to(self, name: str) -> sessions.To:
        if name in self.names.nicknames:
            return sessions.To(agent_id=self.names.nicknames[name])
        return sessions.To(team_id=self.names.team_slugs[name])

    async def hands_on(self, chat: int, to: str) -> None:
        (row,) = await self.rows(
            sa.select(SESSIONS.c.assignee_id).where(SESSIONS.c.id == await self.chat(chat))
        )
        how = Happening.TRANSFERRED if row.assignee_id else Happening.DESIGNATED
        by = row.assignee_id or 1
        session_id = await self.chat(chat)
        await self.database.write(sessions.hand_over, session_id, self._to(to), how, by)

    async def all_on(self, who: str, to: str) -> None:
        agent = self.names.nicknames[who]
        scope = TransferScope.ALL_MINE
        await self.database.write(sessions.transfer, 0, self._to(to), scope, agent, None)

    async def replies(self, who: str, chat: int) -> None:
        agent, content = self.names.nicknames[who], Content(kind=ContentKind.TEXT, text="hi")
        session_id = await self.chat(chat)
        await self.database.write(messages.reply, session_id, agent, content, CAN, None)

    async def ends(self, who: str, chat: int) -> None:
        agent, session_id = self.names.nicknames[who], await self.chat(chat)
        await self.database.write(sessions.end, session_id, agent, PostEnd(reason="done"))

    async def blocks(self, contact: int, blocked: bool) -> None:
        name = f"Customer {contact}"

        def block(work: Work) -> None:
            for row in work.execute(sa.select(CONTACTS.c.id).where(CONTACTS.c.name == name)):
                contacts.write_row(work, contacts.row_of(work, row.id), {"blocked": blocked})

        await self.database.write(block)

    async def settles(self, state: str) -> None:
        """What the platform says of a message of ours that is on its way."""
        found = await self.rows(
            sa.select(ENTRIES.c.id).where(
                ENTRIES.c.kind == "automatic", ENTRIES.c.delivery == "queued"
            )
        )
        for row in found[:1]:
            await self.database.write(messages.set_delivery, row.id, DeliveryState(state))

    async def passes(self, seconds: int) -> None:
        self.clock.move(seconds)
        self.assigner.hear([])
        self.runner.ring()

    async def starts(self, forgets: bool) -> None:
        await self.kill()
        if forgets:
            await self.database.write(
                lambda work: work.plain("UPDATE automatic_progress SET seq = 0").rowcount
            )
        await self.start()

    async def deafens(self) -> None:
        self.deaf = True

    async def switches(self, kind: Automatic, on: bool) -> None:
        await self.database.write(automatic.patch, PatchAutomatic(on={kind: on}), 1)

    async def ships(self, contact: int, order: int) -> None:
        name = f"Customer {contact}"
        found = await self.rows(sa.select(CONTACTS.c.id).where(CONTACTS.c.name == name))
        data = {"order_number": f"A-{order}", "cause": f"A-{order}"}
        for row in found:

            def ship(work: Work, contact_id: int = row.id) -> None:
                work.append(EventKind.ORDER_SHIPPED, data={**data, "contact_id": contact_id})

            await self.database.write(ship)

    async def asks(self, chat: int) -> None:
        session_id = await self.chat(chat)
        if session_id:
            await self.database.write(
                lambda work: work.append(EventKind.RATING_ASKED, session_id=session_id).seq
            )

    # What has to hold

    async def nobody_blocked_was_told_anything(self) -> None:
        """Of what was said since the last look: who is blocked changes between looks only."""
        told = await self.rows(
            sa.select(ENTRIES.c.id, CONTACTS.c.blocked)
            .join_from(ENTRIES, CONVERSATIONS, CONVERSATIONS.c.id == ENTRIES.c.conversation_id)
            .join(CONTACTS, CONTACTS.c.id == CONVERSATIONS.c.contact_id)
            .where(ENTRIES.c.kind == "automatic", ENTRIES.c.id > self.seen)
        )
        assert not any(row.blocked for row in told)
        self.seen = max([self.seen, *(row.id for row in told)])

    async def each_cause_was_said_once(self) -> None:
        said = await self.rows(
            sa.select(ENTRIES).where(ENTRIES.c.kind == "automatic").order_by(ENTRIES.c.id)
        )
        kept = await self.rows(sa.select(MESSAGES).where(MESSAGES.c.entry_id.is_not(None)))
        assert [row.id for row in said] == sorted(row.entry_id for row in kept)
        once: Counter[tuple[Any, ...]] = Counter()
        last: dict[int, int] = {}
        added = await self.rows(
            sa.select(ENTRIES.c.id).where(ENTRIES.c.happening == Happening.FOLLOWED)
        )
        assert [row.data["automatic"] for row in said].count("welcome") <= len(added)
        hours = self.names.hours["office"]
        for row in said:
            kind, text = row.data["automatic"], row.content["text"]
            if kind in ("greeting", "ended", "rating"):
                once[kind, row.session_id] += 1
            elif kind == "assigned":
                once[kind, row.session_id, text.split(" ")[0]] += 1
            elif kind == "away":
                assert not hours.is_open(row.at)
                once[kind, row.session_id, hours.next_open(row.at)] += 1
            elif kind == "order_shipped":
                once[kind, text] += 1
            elif kind == "over_capacity":
                assert hours.is_open(row.at)
                assert row.at - last.get(row.session_id, -GAP) >= GAP
                last[row.session_id] = row.at
        assert [key for key, count in once.items() if count > 1] == []

    async def nothing_counted_as_a_reply(self) -> None:
        for session in await self.rows(sa.select(SESSIONS).where(SESSIONS.c.state == "open")):
            of_session = await self.rows(
                sa.select(ENTRIES.c.kind, ENTRIES.c.at)
                .where(ENTRIES.c.session_id == session.id)
                .order_by(ENTRIES.c.id)
            )
            waiting: int | None = None
            replies = 0
            for entry in of_session:
                if entry.kind == "reply":
                    replies, waiting = replies + 1, None
                elif entry.kind == "customer":
                    waiting = entry.at if waiting is None else waiting
            assert (session.replies, session.waiting_since) == (replies, waiting)
            assert session.last_line_kind in ("customer", "reply")
            assert (session.first_reply_at is None) == (replies == 0)


async def live(path: Path, told: Iterable[Step]) -> Counter[str]:
    """Let a story happen; return how often each kind was said."""
    world = World(path)
    try:
        await world.open()
        for name, *how in told:
            with suppress(InboxError, ValueError):  # what is not possible now changes nothing
                await getattr(world, name)(*how)
            await world.settled()
            await world.nobody_blocked_was_told_anything()
        await world.starts(forgets=True)
        await world.settled()
        await world.each_cause_was_said_once()
        await world.nothing_counted_as_a_reply()
        said = await world.rows(sa.select(ENTRIES.c.data).where(ENTRIES.c.kind == "automatic"))
        silent = await world.rows(sa.select(MESSAGES.c.id).where(MESSAGES.c.entry_id.is_(None)))
        return Counter(row.data["automatic"] for row in said) + Counter(silent=len(silent))
    finally:
        await world.kill()
        world.database.close()


def test_m10_whatever_happens_each_cause_is_said_once(migrated: Path, tmp_path: Path) -> None:
    said: Counter[str] = Counter()
    for seed in range(SEEDS):
        path = Path(shutil.copy(migrated, tmp_path / f"{seed}.db"))
        said += asyncio.run(live(path, islice(story(Random(seed)), STEPS)))
    # What holds of histories in which nothing is said holds of nothing.
    assert {"silent", *list(Automatic)[:9]} <= set(said)
