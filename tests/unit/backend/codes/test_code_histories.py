"""Generated histories of codes against the rules written down naively (Q1, Q3-Q8).

Codes are made, revoked and expire, people come and go, contacts send codes as they are, altered,
again, and over restarts. After each step the tables are held against a few dictionaries.
"""

import asyncio
import random
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from inbox_tui import codes
from inbox_tui.backend.bindings import service as bindings
from inbox_tui.backend.codes import service
from inbox_tui.backend.directory import directory_of
from inbox_tui.backend.inbound.receive import receive
from inbox_tui.backend.people import accounts
from inbox_tui.backend.workspace.service import apply_file
from inbox_tui.channels import port
from inbox_tui.clock import to_datetime
from inbox_tui.store import tables
from inbox_tui.store.schema import open_database
from inbox_tui.store.work import Work
from inbox_tui.testing.clock import FakeClock
from inbox_tui.wire.codes import PostCode
from inbox_tui.wire.models import Content
from inbox_tui.wire.words import CodeOutcome, ContentKind

SHOP = """
[[agents]]
nickname = "amy"
role = "owner"
[[agents]]
nickname = "bo"
[[agents]]
nickname = "cy"
[[teams]]
slug = "sales"
members = ["bo", "cy"]
[[channels]]
slug = "line"
kind = "line"
[[channels]]
slug = "bot"
kind = "telegram"
"""
MINUTE = 60_000

agents = st.sampled_from(["bo", "cy"])
channels = st.sampled_from(["line", "bot"])
customers = st.sampled_from([("line", "U1"), ("line", "U2"), ("bot", "7")])
picked = st.integers(0, 30)
assignees = st.sampled_from(
    [("bo", None), ("cy", None), ("bo", "sales"), ("cy", "sales"), (None, "sales")]
)
alterations = st.sampled_from(
    [str, str, str, str.upper, lambda code: code[:-1], lambda code: code[:5] + "é" + code[6:]]
)

BINDINGS = tables.table(tables.Binding)
CONTACTS = tables.table(tables.Contact)
CONVERSATIONS = tables.table(tables.Conversation)
ENTRIES = tables.table(tables.Entry)
IDENTITIES = tables.table(tables.Identity)
MESSAGES = tables.table(tables.AutomaticMessage)
SESSIONS = tables.table(tables.Session)

Who = tuple[str, str]
Assignee = tuple[str | None, str | None]


class Made(NamedTuple):
    """A code as the naive world knows it; it expires at ``until``, if ever."""

    channel: str
    assignee: Assignee
    until: int | None


class CodeHistories(RuleBasedStateMachine):
    """The services on a real database, and beside them what should have come of it."""

    empty: Path
    answered: ClassVar[Counter[str]] = Counter()
    """How often each reply was given in all histories: a test of nothing would tell nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="inbox-codes-"))
        self.path = Path(shutil.copy(self.empty, self.folder / "inbox.db"))
        self.clock = FakeClock()
        self.loop = asyncio.new_event_loop()
        self.database = open_database(self.path, self.clock)
        self.do(apply_file, SHOP, {})
        self.random = random.Random(1)
        self.number = 0
        # The naive world.
        self.codes: dict[str, Made] = {}
        self.revoked: set[str] = set()
        self.active = {"amy", "bo", "cy"}
        self.members = {"bo", "cy"}
        self.bound: dict[Who, Assignee] = {}
        self.blocked: set[Who] = set()
        self.seen: set[Who] = set()
        self.opened: set[Who] = set()
        self.replies: Counter[tuple[Who, str]] = Counter()
        self.alone: Counter[Who] = Counter()
        self.last: tuple[Who, str, str] | None = None

    def teardown(self) -> None:
        for (_who, outcome), n in self.replies.items():
            self.answered[outcome] += n
        self.database.close()
        self.loop.close()
        shutil.rmtree(self.folder)

    def do(self, service: Callable[..., Any], *args: Any) -> Any:
        return self.loop.run_until_complete(self.database.write(service, *args))

    def rows(self, query: sa.Select[Any]) -> list[Any]:
        return self.loop.run_until_complete(
            self.database.read(lambda connection: list(connection.execute(query)))
        )

    # --- what the rules say ---------------------------------------------------------------------

    def can_be(self, assignee: Assignee) -> bool:
        agent, team = assignee
        return agent is None or (agent in self.active and (team is None or agent in self.members))

    def binds(self, code: str, channel: str) -> bool:
        made = self.codes.get(code)
        return (
            made is not None
            and code not in self.revoked
            and made.channel == channel
            and (made.until is None or self.clock.now() < made.until)
            and self.can_be(made.assignee)
        )

    def outcome(self, who: Who, code: str) -> str:
        if not self.binds(code, who[0]):
            return "code_failed"
        return "code_duplicate" if who in self.bound else "code_bound"

    # --- what happens ---------------------------------------------------------------------------

    @initialize()
    def some_codes(self) -> None:
        for channel, assignee in (
            ("line", ("bo", None)),
            ("line", ("cy", "sales")),
            ("line", (None, "sales")),
            ("bot", ("cy", None)),
        ):
            self.made(channel, assignee, None)

    @rule(channel=channels, assignee=assignees, minutes=st.sampled_from([None, None, 5]))
    def make(self, channel: str, assignee: Assignee, minutes: int | None) -> None:
        if self.can_be(assignee):
            self.made(channel, assignee, minutes)

    def made(self, channel: str, assignee: Assignee, minutes: int | None) -> None:
        agent, team = assignee
        until = None
        if minutes is not None:
            until = to_datetime(self.clock.now()) + timedelta(minutes=minutes)
        body = PostCode(channel=channel, agent=agent, team=team, expires_at=until)
        text = codes.make(self.random.randrange)

        def make(work: Work) -> str | None:
            amy = directory_of(work).agent_named("amy")
            return service.make(work, body, amy, text, "https://x")

        there = [
            code
            for code, made in self.codes.items()
            if (made.channel, made.assignee) == (channel, assignee) and code not in self.revoked
        ]
        over = [code for code in there if (self.codes[code].until or 2**62) <= self.clock.now()]
        self.revoked |= set(over)
        live = set(there) - set(over)
        assert len(live) <= 1
        expected = live.pop() if live else text
        assert self.do(make) == expected
        before = self.codes.get(expected)
        ends = None if before is None else before.until
        if minutes is not None:
            ends = self.clock.now() + minutes * MINUTE
        self.codes[expected] = Made(channel, assignee, ends)

    @rule(which=picked)
    def revoke(self, which: int) -> None:
        if self.codes:
            code = sorted(self.codes)[which % len(self.codes)]
            self.do(lambda work: service.revoke(work, code, directory_of(work).agent_named("amy")))
            self.revoked.add(code)

    @rule(minutes=st.sampled_from([1, 4, 5]))
    def time_passes(self, minutes: int) -> None:
        self.clock.move(minutes * 60)

    @rule(agent=agents)
    def comes_or_goes(self, agent: str) -> None:
        goes = agent in self.active

        def change(work: Work) -> None:
            account = accounts.account_named(directory_of(work), agent)
            (accounts.deactivate if goes else accounts.activate)(work, account, 1)

        self.do(change)
        self.active ^= {agent}
        if goes:
            self.bound = {who: to for who, to in self.bound.items() if to[0] != agent}

    @rule(agent=agents)
    def joins_or_leaves(self, agent: str) -> None:
        if not self.members ^ {agent} <= self.active:
            return  # a file names active members only
        self.members ^= {agent}
        members = ", ".join(f'"{member}"' for member in sorted(self.members))
        self.do(apply_file, f'[[teams]]\nslug = "sales"\nmembers = [{members}]\n', {})

    @rule(who=customers, which=picked)
    def sends(self, who: Who, which: int) -> None:
        """Send a code of this channel that is not revoked, if there is one."""
        there = [
            code
            for code, made in self.codes.items()
            if made.channel == who[0] and code not in self.revoked
        ]
        if there:
            self.says(who, there[which % len(there)])

    @rule(who=customers, which=picked, altered=alterations)
    def sends_any(self, who: Who, which: int, altered: Callable[[str], str]) -> None:
        known = [*sorted(self.codes), "ibx-futa-halo-lofo"]
        self.says(who, altered(known[which % len(known)]))

    @rule(who=customers, which=picked)
    def sends_two(self, who: Who, which: int) -> None:
        self.sends(who, which)
        self.sends(who, which + 1)

    @rule(who=customers)
    def asks(self, who: Who) -> None:
        self.says(who, "hello")

    @rule(who=customers, which=picked)
    def sends_it_with_words(self, who: Who, which: int) -> None:
        known = [*sorted(self.codes), "ibx-futa-halo-lofo"]
        self.says(who, f"hello, {known[which % len(known)]} please")

    def says(self, who: Who, text: str) -> None:
        self.number += 1
        self.last = (who, f"m{self.number}", text)
        self.arrives()
        self.seen.add(who)
        reading = codes.read(text)
        if reading is not None and reading.alone:
            self.alone[who] += 1
        elif who not in self.blocked:
            self.opened.add(who)
        if reading is None or who in self.blocked:
            return
        code = codes.fold(text)
        outcome = self.outcome(who, code)
        self.replies[who, outcome] += 1
        if outcome == "code_bound":
            self.bound[who] = self.codes[code].assignee

    @rule()
    def arrives(self) -> None:
        """Have the last message delivered, also once more: then it does nothing."""
        if self.last is None:
            return
        (channel, external_id), message_id, text = self.last
        message = port.CustomerMessage(
            external_id=external_id,
            message_id=message_id,
            at=self.clock.now(),
            content=Content(kind=ContentKind.TEXT, text=text),
        )
        self.do(lambda work: receive(work, directory_of(work).channel_slugs[channel], message))

    @rule(who=customers)
    def is_blocked_or_not(self, who: Who) -> None:
        if who in self.seen:
            self.blocked ^= {who}
            contact = sa.select(IDENTITIES.c.contact_id).where(IDENTITIES.c.external_id == who[1])
            change = sa.update(CONTACTS).where(CONTACTS.c.id.in_(contact))
            self.do(lambda work: work.execute(change.values(blocked=who in self.blocked)))

    @rule(agent=agents, to=assignees, everything=st.booleans())
    def is_moved_or_ended(self, agent: str, to: Assignee, everything: bool) -> None:
        if everything:
            self.do(lambda work: bindings.end_all_of(work, directory_of(work).nicknames[agent], 1))
            self.bound = {who: now for who, now in self.bound.items() if now[0] != agent}
        elif self.can_be(to):

            def move(work: Work) -> None:
                names = directory_of(work)
                bindings.move_all_of(
                    work,
                    names.nicknames[agent],
                    agent_id=None if to[0] is None else names.nicknames[to[0]],
                    team_id=None if to[1] is None else names.team_slugs[to[1]],
                    by=1,
                )

            self.do(move)
            self.bound = {who: to if now[0] == agent else now for who, now in self.bound.items()}

    @rule()
    def restarts(self) -> None:
        self.database.close()
        self.database = open_database(self.path, self.clock)

    # --- what has to have come of it -----------------------------------------------------------

    @invariant()
    def all_is_as_the_rules_say(self) -> None:
        names = self.do(directory_of)
        who = {
            row.contact_id: (names.channels[row.channel_id].slug, row.external_id)
            for row in self.rows(sa.select(IDENTITIES))
        }
        bound = self.rows(sa.select(BINDINGS).where(BINDINGS.c.ended_at.is_(None)))
        assert {
            who[row.contact_id]: (names.nickname(row.agent_id), names.slug(row.team_id))
            for row in bound
        } == self.bound
        repeated = self.rows(
            sa.select(CONTACTS.c.id, CONTACTS.c.bound_agent_id, CONTACTS.c.bound_team_id)
        )
        assert {
            who[row.id]: (names.nickname(row.bound_agent_id), names.slug(row.bound_team_id))
            for row in repeated
            if (row.bound_agent_id, row.bound_team_id) != (None, None)
        } == self.bound
        replies = self.rows(
            sa.select(MESSAGES.c.kind, CONVERSATIONS.c.contact_id)
            .join(CONVERSATIONS, CONVERSATIONS.c.id == MESSAGES.c.conversation_id)
            .where(MESSAGES.c.entry_id.is_not(None))
        )
        assert Counter((who[row.contact_id], row.kind) for row in replies) == self.replies
        alone = self.rows(
            sa.select(CONVERSATIONS.c.contact_id)
            .join(ENTRIES, ENTRIES.c.conversation_id == CONVERSATIONS.c.id)
            .where(ENTRIES.c.kind == "code")
        )
        assert Counter(who[row.contact_id] for row in alone) == self.alone
        assert {who[row.contact_id] for row in self.rows(sa.select(SESSIONS))} == self.opened


def test_q3_q8_whatever_happens_codes_follow_the_rules(migrated: Path) -> None:
    class OnDisk(CodeHistories):
        empty = migrated
        answered: ClassVar[Counter[str]] = Counter()

    run_state_machine_as_test(
        OnDisk,
        settings=settings(
            max_examples=15,
            stateful_step_count=40,
            derandomize=True,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert all(OnDisk.answered[f"code_{outcome}"] > 10 for outcome in CodeOutcome), OnDisk.answered
