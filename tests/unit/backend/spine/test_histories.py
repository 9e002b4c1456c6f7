"""Generated histories of a whole shop: services, database and engine against plain lists.

The model knows who is in, who has what and who waits since when. It does not choose: it says of
each assignment in the log whether the specification allows it, and after each step whether
anything was left undone. ``INBOX_SOAK=1`` runs many more and longer histories.
"""

import asyncio
import os
import shutil
import tempfile
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from sqlalchemy.engine import Connection
from tests.unit.backend.spine.conftest import (
    CAN,
    EVENTS,
    SESSIONS,
    kept,
    recount,
    replayed,
    rows,
)

from inbox_tui.backend.backend import Backend
from inbox_tui.backend.inbound.receive import receive
from inbox_tui.backend.messages import service as messages
from inbox_tui.backend.people import presence
from inbox_tui.backend.people import service as people
from inbox_tui.backend.sessions import service
from inbox_tui.backend.sessions.service import To
from inbox_tui.backend.timers import TIMERS
from inbox_tui.backend.workspace.service import apply_file
from inbox_tui.channels import port
from inbox_tui.errors import InboxError
from inbox_tui.store.schema import open_database
from inbox_tui.testing.clock import FakeClock
from inbox_tui.wire.models import Content
from inbox_tui.wire.requests import PatchSession, PostEnd, PutAccepting
from inbox_tui.wire.words import ContentKind, Happening, Priority, TransferScope

WITHIN = 20.0
GRACE_MS = 20_000
QUIET = ("outbox", "pollers", "profiles")
"""Parts that would call platforms: histories are about who serves whom."""

WORKSPACE = """
[workspace]
max_open = 3
settle = "0s"
presence_grace = "20s"
[[agents]]
nickname = "amy"
role = "owner"
[[agents]]
nickname = "bo"
max_open = 2
[[agents]]
nickname = "cy"
max_open = 1
[[teams]]
slug = "turns"
method = "round_robin"
members = ["amy", "bo"]
max_open = 2
[[teams]]
slug = "fewest"
method = "least_open"
members = ["bo", "cy"]
[[teams]]
slug = "takers"
method = "self_claim"
members = ["amy", "cy"]
[[channels]]
slug = "a"
kind = "line"
team = "turns"
[[channels]]
slug = "b"
kind = "line"
team = "fewest"
[[channels]]
slug = "c"
kind = "line"
team = "takers"
[[channels]]
slug = "d"
kind = "line"
"""
PEOPLE = ("amy", "bo", "cy")
MEMBERS = {"turns": ("amy", "bo"), "fewest": ("bo", "cy"), "takers": ("amy", "cy"), None: PEOPLE}
TEAM_LIMIT = {"turns": 2}
CHANNEL_TEAM: dict[str, str | None] = {"a": "turns", "b": "fewest", "c": "takers", "d": None}
METHODS = {
    "turns": "round_robin",
    "fewest": "least_open",
    "takers": "self_claim",
    None: "least_open",
}
RANK = {priority: -rank for rank, priority in enumerate(Priority)}


@dataclass
class Person:
    """An agent as the model sees them: windows are open (None) or dropped at a time."""

    own_limit: int | None
    accepting: bool = False
    windows: dict[str, int | None] = field(default_factory=dict)

    def presence(self) -> str:
        if not self.windows:
            return "absent"
        return "present" if None in self.windows.values() else "grace"


@dataclass
class Chat:
    """A session as the model sees it."""

    team: str | None
    queued_at: int
    unanswered: list[int] = field(default_factory=list)
    open: bool = True
    assignee: str | None = None
    priority: Priority = Priority.NORMAL

    def waits_from(self) -> int:
        return min(self.unanswered) if self.unanswered else self.queued_at


class Shop:
    """The backend over a real database, driven from plain code."""

    def __init__(self, empty: Path) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="inbox-history-"))
        self.path = Path(shutil.copy(empty, self.folder / "inbox.db"))
        self.clock = FakeClock()
        self.runner = asyncio.Runner()
        self.run(self.start(WORKSPACE))

    def run(self, doing: Coroutine[Any, Any, Any]) -> Any:
        return self.runner.run(doing)

    async def start(self, workspace: str | None = None) -> None:
        self.database = open_database(self.path, self.clock)
        if workspace is not None:
            await self.database.write(apply_file, workspace, {})
        self.backend = Backend(self.database)
        await self.backend.start()
        for task in self.backend._tasks:
            if task.get_name() in QUIET:
                task.cancel()
        await self.settled()

    async def settled(self) -> None:
        async with asyncio.timeout(WITHIN):
            await self.backend.assigner.idle.wait()

    async def restart(self, *, crash: bool) -> None:
        if crash:
            for task in self.backend._tasks:
                task.cancel()
            await asyncio.gather(*self.backend._tasks, return_exceptions=True)
            await self.backend.channels.aclose()
        else:
            await self.backend.pollers.stop()
            self.backend.outbox.drain = _nothing  # type: ignore[method-assign, assignment]
            await self.backend.stop()
        self.database.close()
        await self.start()

    async def do(self, action: Callable[..., Any], *args: Any) -> bool:
        """Do one thing and let the engine answer; false when it was refused."""
        try:
            await self.database.write(action, *args)
        except InboxError:
            return False
        await self.settled()
        return True

    async def let_pass(self, seconds: float) -> None:
        self.clock.move(seconds)
        self.backend.timers.ring()
        async with asyncio.timeout(WITHIN):
            while await self.database.read(_due_timers, self.clock.now()):  # noqa: ASYNC110
                await asyncio.sleep(0)
        self.backend.assigner.hear([])
        await self.settled()

    async def end(self) -> None:
        for task in self.backend._tasks:
            task.cancel()
        await asyncio.gather(*self.backend._tasks, return_exceptions=True)
        await self.backend.channels.aclose()
        self.database.close()

    def close(self) -> None:
        self.run(self.end())
        self.runner.close()
        shutil.rmtree(self.folder)


async def _nothing(_seconds: float) -> None:
    """Drain nothing: there is nobody to send to."""


def _due_timers(connection: Connection, now: int) -> int:
    query = sa.select(sa.func.count()).select_from(TIMERS).where(TIMERS.c.due_at <= now)
    return int(connection.execute(query).scalar_one())


def _log_after(connection: Connection, seq: int) -> list[Any]:
    return list(
        connection.execute(sa.select(EVENTS).where(EVENTS.c.seq > seq).order_by(EVENTS.c.seq))
    )


def _sessions(connection: Connection) -> list[Any]:
    return list(connection.execute(sa.select(SESSIONS).order_by(SESSIONS.c.id)))


person = st.sampled_from(PEOPLE)
team = st.sampled_from(["turns", "fewest", "takers"])
pick = st.integers(0, 11)


class Histories(RuleBasedStateMachine):
    """What people and customers do, in any order, with restarts between."""

    empty: Path

    def __init__(self) -> None:
        super().__init__()
        self.shop = Shop(self.empty)
        self.people = {"amy": Person(None), "bo": Person(2), "cy": Person(1)}
        self.limit = 3
        self.chats: dict[int, Chat] = {}
        self.conversations: dict[tuple[str, str], int] = {}
        self.said = 0
        self.seen = self.shop.run(self.shop.database.read(_log_after, 0))[-1].seq

    def teardown(self) -> None:
        self.shop.close()

    # -- what happens ------------------------------------------------------------------------

    @rule(customer=st.sampled_from("nmo"), channel=st.sampled_from("abcd"))
    def message(self, customer: str, channel: str) -> None:
        self.said += 1
        now = self.shop.clock.now()
        inbound = port.CustomerMessage(
            external_id=customer,
            message_id=f"m{self.said}",
            at=now,
            content=Content(kind=ContentKind.TEXT, text="hello"),
            name=customer,
        )
        where = (customer, channel)
        if not (where in self.conversations and self.chats[self.conversations[where]].open):
            self.conversations[where] = len(self.chats) + 1
            self.chats[len(self.chats) + 1] = Chat(CHANNEL_TEAM[channel], now)
        self.chats[self.conversations[where]].unanswered.append(now)
        assert self.do(receive, self.names.channel_slugs[channel], inbound)

    @rule(
        channel=st.sampled_from("abd"),
        priorities=st.lists(st.sampled_from(Priority), min_size=2, max_size=4),
    )
    def a_crowd_writes(self, channel: str, priorities: list[Priority]) -> None:
        """Several customers one after the other, so that there is an order to keep."""
        for customer, priority in zip("nmop", priorities, strict=False):
            self.message(customer, channel)
            self.every_assignment_was_allowed_and_none_is_missing()
            chat_id = self.conversations[customer, channel]
            self.prioritise(chat_id - 1, priority)
            self.every_assignment_was_allowed_and_none_is_missing()
            self.shop.clock.move(1)

    @rule(who=person)
    def come_to_work(self, who: str) -> None:
        self.switch(who, True)
        self.every_assignment_was_allowed_and_none_is_missing()
        self.open_window(who, "1")

    @rule(
        channel=st.sampled_from("abd"),
        priorities=st.lists(st.sampled_from(Priority), min_size=3, max_size=4),
        who=person,
    )
    def a_night_and_a_morning(self, channel: str, priorities: list[Priority], who: str) -> None:
        """Everybody leaves, a crowd writes, and one comes who cannot take them all."""
        for name, each in self.people.items():
            for window in list(each.windows):
                self.close_window(name, window)
        self.a_crowd_writes(channel, priorities)
        self.every_assignment_was_allowed_and_none_is_missing()
        self.come_to_work(who)

    @rule(who=person)
    def finish_everything(self, who: str) -> None:
        """End all one has, one after the other: each frees a slot."""
        for chat_id, chat in list(self.chats.items()):
            if chat.open and chat.assignee == who:
                self.end(who, chat_id - 1)
                self.every_assignment_was_allowed_and_none_is_missing()

    @rule(who=person, on=st.booleans())
    def switch(self, who: str, on: bool) -> None:
        self.people[who].accepting = on
        assert self.do(people.set_accepting, self.id(who), PutAccepting(accepting=on), self.id(who))

    @rule(who=person, window=st.sampled_from("12"))
    def open_window(self, who: str, window: str) -> None:
        self.people[who].windows[window] = None
        assert self.do(presence.opened, self.id(who), f"{who}{window}")

    @rule(who=person, window=st.sampled_from("12"))
    def drop_window(self, who: str, window: str) -> None:
        if self.people[who].windows.get(window, 0) is None:
            self.people[who].windows[window] = self.shop.clock.now()
        assert self.do(presence.dropped, self.id(who), f"{who}{window}")

    @rule(who=person, window=st.sampled_from("12"))
    def close_window(self, who: str, window: str) -> None:
        self.people[who].windows.pop(window, None)
        assert self.do(presence.closed, self.id(who), f"{who}{window}")

    @precondition(lambda self: self.chats)
    @rule(who=person, number=pick)
    def claim(self, who: str, number: int) -> None:
        chat_id, chat = self.chat(number)
        allowed = chat.open and chat.assignee in (None, who)
        assert self.do(service.claim, chat_id, self.id(who)) == allowed

    @precondition(lambda self: self.chats)
    @rule(who=person, to=person, number=pick, how=st.sampled_from(["designated", "transferred"]))
    def hand_to_agent(self, who: str, to: str, number: int, how: str) -> None:
        chat_id, chat = self.chat(number)
        allowed = chat.open and chat.assignee != to
        given = To(agent_id=self.id(to))
        done = self.do(service.hand_over, chat_id, given, Happening(how), self.id(who), None)
        assert done == allowed

    @precondition(lambda self: self.chats)
    @rule(who=person, to=team, number=pick)
    def hand_to_team(self, who: str, to: str, number: int) -> None:
        chat_id, chat = self.chat(number)
        allowed = chat.open and not (chat.assignee is None and chat.team == to)
        given = To(team_id=self.names.team_slugs[to])
        done = self.do(service.hand_over, chat_id, given, Happening.TRANSFERRED, self.id(who), None)
        assert done == allowed

    @precondition(lambda self: self.chats)
    @rule(who=person, to=st.one_of(person, team))
    def hand_over_all(self, who: str, to: str) -> None:
        given = To(agent_id=self.id(to)) if to in PEOPLE else To(team_id=self.names.team_slugs[to])
        done = self.do(service.transfer, 1, given, TransferScope.ALL_MINE, self.id(who), None)
        assert done == (who != to)

    @precondition(lambda self: self.chats)
    @rule(who=person, number=pick)
    def reply(self, who: str, number: int) -> None:
        chat_id, chat = self.chat(number)
        content = Content(kind=ContentKind.TEXT, text="hi")
        done = self.do(messages.reply, chat_id, self.id(who), content, CAN, None)
        assert done == chat.open
        if done:
            chat.unanswered.clear()

    @precondition(lambda self: self.chats)
    @rule(who=person, number=pick)
    def end(self, who: str, number: int) -> None:
        chat_id, chat = self.chat(number)
        done = self.do(service.end, chat_id, self.id(who), PostEnd(reason="spam"))
        assert done == chat.open

    @precondition(lambda self: self.chats)
    @rule(number=pick, priority=st.sampled_from(Priority))
    def prioritise(self, number: int, priority: Priority) -> None:
        chat_id, chat = self.chat(number)
        if chat.open:
            chat.priority = priority
        done = self.do(service.patch, chat_id, self.id("amy"), PatchSession(priority=priority))
        assert done == chat.open

    @rule(limit=st.integers(1, 4))
    def change_the_limit(self, limit: int) -> None:
        self.limit = limit
        assert self.do(apply_file, f"[workspace]\nmax_open = {limit}", {})

    @rule(seconds=st.sampled_from([1, 7, 21]))
    def time_passes(self, seconds: int) -> None:
        now = self.shop.clock.now() + seconds * 1000
        for each in self.people.values():
            for window, dropped in list(each.windows.items()):
                if dropped is not None and now - dropped >= GRACE_MS:
                    del each.windows[window]
        self.shop.run(self.shop.let_pass(seconds))

    @rule(crash=st.booleans())
    def restart(self, crash: bool) -> None:
        now = self.shop.clock.now()
        for each in self.people.values():
            each.windows = dict.fromkeys(each.windows, now)
        self.shop.run(self.shop.restart(crash=crash))

    # -- what must hold ----------------------------------------------------------------------

    @invariant()
    def every_assignment_was_allowed_and_none_is_missing(self) -> None:
        """Walk through the log since the last step; then nothing that could be given waits."""
        moved: dict[int, int] = {}
        log = self.shop.run(self.shop.database.read(_log_after, self.seen))
        for event in log:
            assert event.seq == self.seen + 1, "a hole in the log"
            self.seen = event.seq
            if event.kind == "session.assigned":
                if event.actor_id is None:
                    self.check_choice(event)
                moved[event.seq] = event.session_id
            self.follow(event)
        for chat_id, chat in self.chats.items():
            if chat.open and chat.assignee is None:
                assert self.able(chat) == [], f"{chat_id} waits though somebody could take it"

    def check_choice(self, event: Any) -> None:
        """Of all that could be given at this moment, it was the first; and to one who may."""
        waiting = [
            (RANK[chat.priority], chat.waits_from(), chat_id)
            for chat_id, chat in self.chats.items()
            if chat.open and chat.assignee is None and self.able(chat)
        ]
        assert waiting, "nothing could be given"
        assert min(waiting)[-1] == event.session_id, "another came first (R7)"
        chat = self.chats[event.session_id]
        to = self.nickname(event.data["assignee_id"])
        able = self.able(chat)
        assert to in able, f"{to} may not be given anything"
        if METHODS[chat.team] == "least_open":
            assert self.load(to) == min(self.load(name) for name in able)

    def follow(self, event: Any) -> None:
        """Change the model as the log says; what it says of before must be what the model knew."""
        if event.kind not in ("session.assigned", "session.unassigned", "session.closed"):
            return
        chat = self.chats[event.session_id]
        was = event.data["place_was"]
        assert chat.open
        assert self.nickname(was["assignee_id"]) == chat.assignee
        if event.kind == "session.closed":
            chat.open = False
            return
        chat.assignee = self.nickname(event.data["assignee_id"])
        if event.kind == "session.unassigned":
            chat.queued_at = event.at
            chat.team = self.names.slug(event.data["team_id"])

    @invariant()
    def rows_counts_and_log_agree(self) -> None:
        async def read() -> tuple[Any, ...]:
            database = self.shop.database
            return (
                await database.read(kept),
                await database.read(recount),
                await database.read(replayed),
                await database.read(rows),
                await database.read(_sessions),
            )

        counts, recounted, from_log, from_rows, sessions = self.shop.run(read())
        assert counts == recounted
        assert from_log == from_rows
        assert [row.id for row in sessions] == list(self.chats)
        for row in sessions:
            chat = self.chats[row.id]
            assert (row.state == "open", self.nickname(row.assignee_id)) == (
                chat.open,
                chat.assignee,
            )
            assert self.names.slug(row.team_id) == chat.team
            if chat.open:
                assert row.waiting_since == (min(chat.unanswered) if chat.unanswered else None)
            assert row.unassigned_reason == self.reason(chat), row.id

    @invariant()
    def the_engine_explains_what_is(self) -> None:
        for chat_id, chat in self.chats.items():
            if chat.open:
                told = self.shop.backend.assigner.explain(chat_id)
                assert told.reason == self.reason(chat)
                assert (told.assignee_id and self.nickname(told.assignee_id)) == chat.assignee

    # -- the rules in plain loops ------------------------------------------------------------

    def load(self, name: str) -> int:
        return sum(1 for chat in self.chats.values() if chat.open and chat.assignee == name)

    def room(self, name: str, in_team: str | None) -> bool:
        own = self.people[name].own_limit
        if self.load(name) >= (self.limit if own is None else own):
            return False
        most = TEAM_LIMIT.get(in_team) if in_team is not None else None
        in_this = [
            chat
            for chat in self.chats.values()
            if chat.open and chat.assignee == name and chat.team == in_team
        ]
        return most is None or len(in_this) < most

    def on_duty(self, name: str) -> bool:
        return self.people[name].accepting and self.people[name].presence() == "present"

    def able(self, chat: Chat) -> list[str]:
        """Who may be given this session automatically now."""
        if METHODS[chat.team] == "self_claim":
            return []
        return [
            name for name in MEMBERS[chat.team] if self.on_duty(name) and self.room(name, chat.team)
        ]

    def reason(self, chat: Chat) -> str | None:
        if not chat.open or chat.assignee is not None:
            return None
        if METHODS[chat.team] == "self_claim":
            return "self_claim"
        if any(self.on_duty(name) for name in MEMBERS[chat.team]):
            return "all_full"
        if any(self.people[name].presence() == "present" for name in MEMBERS[chat.team]):
            return "switched_off"
        return "nobody_on_duty"

    # -- helpers -----------------------------------------------------------------------------

    @property
    def names(self) -> Any:
        return self.shop.backend.directory

    def id(self, nickname: str) -> int:
        found: int = self.names.nicknames[nickname]
        return found

    def nickname(self, agent_id: int | None) -> str | None:
        found: str | None = self.names.nickname(agent_id)
        return found

    def chat(self, number: int) -> tuple[int, Chat]:
        chat_id = number % len(self.chats) + 1
        return chat_id, self.chats[chat_id]

    def do(self, action: Callable[..., Any], *args: Any) -> bool:
        done: bool = self.shop.run(self.shop.do(action, *args))
        return done


SOAK = bool(os.environ.get("INBOX_SOAK"))


def test_histories(migrated: Path) -> None:
    """Whatever happens in whatever order, the invariants hold after every step."""
    from hypothesis.stateful import run_state_machine_as_test

    class OnDisk(Histories):
        empty = migrated

    run_state_machine_as_test(
        OnDisk,
        settings=settings(
            max_examples=400 if SOAK else 12,
            stateful_step_count=80 if SOAK else 30,
            deadline=None,
            derandomize=not SOAK,
            # Shortening a failing history takes minutes: for that there is the soak.
            phases=list(Phase) if SOAK else [Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
