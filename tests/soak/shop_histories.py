"""Generated histories of a whole shop, against the naive rules.

The real services on a real database, with the real assigner. After each step the log since the
last one is walked through: each assignment and each taking back by the engine has to be the very
one that the naive rules say comes next, and at the end nothing may be left to do. Then rows,
counts, rotations and explanations are held against the naive world, and in the end every recorded
decision is made again.
"""

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from msgspec.structs import replace
from sqlalchemy.engine import Connection
from tests.soak import shop_world
from tests.soak.naive import Given
from tests.soak.rotation import Rotation
from tests.soak.shop import Shop, all_sessions, batches_after, log_after, stored_turns
from tests.soak.shop_world import GRACE, PEOPLE, REFUND, SECOND, Chat, Customer, Ids, Person
from tests.soak.world import World
from tests.unit.backend.spine.conftest import CAN, Place, kept, recount, replayed, rows

from inbox_tui.assignment import Turn
from inbox_tui.backend.bindings import service as bindings
from inbox_tui.backend.contacts import service as contacts
from inbox_tui.backend.inbound.receive import receive
from inbox_tui.backend.messages import service as messages
from inbox_tui.backend.people import accounts, presence
from inbox_tui.backend.people import service as people
from inbox_tui.backend.sessions import service
from inbox_tui.backend.sessions.service import To
from inbox_tui.backend.workspace.service import apply_file
from inbox_tui.channels import port
from inbox_tui.wire.models import Content
from inbox_tui.wire.requests import PatchContact, PatchSession, PostEnd, PutAccepting
from inbox_tui.wire.words import (
    Category,
    ContentKind,
    Happening,
    Presence,
    Priority,
    TransferScope,
)

person = st.sampled_from(PEOPLE)
team = st.sampled_from(sorted(shop_world.TEAMS))
pick = st.integers(0, 11)
windows = st.sampled_from("12")


class Held(NamedTuple):
    """What the engine did, and was right; it counts when the rest of what it decided at once does.

    ``given`` is None where it took a session back.
    """

    chat: Chat
    event: Any
    given: Given | None = None
    turn: Turn | None = None


class ShopHistories(RuleBasedStateMachine):
    """What people and customers do, in any order, with restarts between."""

    empty: Path
    steps = 0

    def __init__(self) -> None:
        super().__init__()
        rules = [(name, False) for name in shop_world.RULES]
        workspace = shop_world.WORKSPACE + shop_world.rules_file(rules)
        self.shop = Shop(self.empty, workspace)
        names = self.shop.backend.directory
        self.ids = Ids(
            dict(names.nicknames),
            dict(names.team_slugs),
            dict(names.channel_slugs),
            {each.name: each.id for each in names.rules.values()},
        )
        self.people = {name: Person(name) for name in PEOPLE}
        self.customers: dict[tuple[str, str], Customer] = {}
        self.chats: list[Chat] = []
        self.said = 0
        self.held: list[Held] = []
        self.noted = 0
        self.batches: list[int] = []
        self.raced = False
        self.before: dict[str, Rotation] = {}
        self.policy = shop_world.policy("plain")
        self.several_since: int | None = None
        self.world = World(self.policy, self.now)
        self.world.hours = {"shop": shop_world.ShopHours()}
        self.rule_list = rules
        self.know_everybody()
        self.seen = self.shop.read(log_after, 0)[-1].seq
        self.from_log: dict[int, Place] = {}
        self.replayed_to = 0
        self.follow_settings("plain")

    def teardown(self) -> None:
        try:
            assert self.shop.replayed().difference is None
            assert self.shop.read(replayed) == self.shop.read(rows)  # the log, once more as a whole
        finally:
            self.shop.close()

    # -- telling the naive world -------------------------------------------------------------

    @property
    def now(self) -> int:
        return self.shop.clock.now()

    def know_everybody(self) -> None:
        several = len([each for each in self.people.values() if each.active]) > 1
        if not several:
            self.several_since = None
        elif self.several_since is None:
            self.several_since = self.now
        self.world.policy = replace(self.policy, several_since=self.several_since)
        for name in PEOPLE:
            self.know(name)
        # Who is not active is in no team or rule as the engine is told of them.
        active = {self.agent(name) for name, each in self.people.items() if each.active}
        for slug in shop_world.TEAMS:
            team_of = self.ids.team(slug)
            members = tuple(one for one in team_of.members if one in active)
            self.world.take_team(replace(team_of, members=members))
        self.know_rules(active)

    def know_rules(self, active: set[int]) -> None:
        told = [self.ids.rule(name, on) for name, on in self.rule_list]
        kept = [tuple(one for one in each.agents if one in active) for each in told]
        pairs = zip(told, kept, strict=True)
        self.world.take_rules([replace(each, agents=agents) for each, agents in pairs])

    def know(self, name: str) -> None:
        agent_id = self.ids.agents[name]
        known = self.world.agents.get(agent_id)
        last = 0 if known is None else known.last_assigned
        self.world.take_agent(self.people[name].fact(agent_id, last))

    def know_chats(self) -> None:
        self.world.sessions = {chat.id: chat.fact(self.ids) for chat in self.chats if chat.open}
        self.world.tidy()

    def do(self, action: Callable[..., Any], *args: Any) -> bool:
        done: bool = self.shop.run(self.shop.do(action, *args))
        return done

    def agent(self, name: str) -> int:
        return self.ids.agents[name]

    def chat(self, number: int) -> Chat:
        return self.chats[-1 - number % len(self.chats)]

    def team_of(self, chat: Chat) -> int | None:
        found = self.world.way(chat.fact(self.ids)).team
        return None if found is None else found.id

    # -- customers ---------------------------------------------------------------------------

    def written(self, customer: str, channel: str, text: str) -> tuple[Any, ...]:
        """Let the naive world know a message; return how it is received."""
        self.said += 1
        key = (customer, channel)
        known = self.customers.get(key)
        if known is None:
            known = Customer(channel, {"n": "th", "m": "en"}.get(customer, "en"))
            self.customers[key] = known
        chat = next((one for one in self.chats if one.open and one.customer is known), None)
        if chat is None:
            before = [one for one in self.chats if one.customer is known]
            served = [one.assignee for one in before if one.assignee is not None]
            chat = Chat(
                len(self.chats) + 1,
                known,
                self.now,
                self.now,
                bool(before),
                served[-1] if served else None,
            )
            self.chats.append(chat)
        if chat.unanswered_since is None:
            chat.unanswered_since = self.now
        if chat.assignee is None:
            chat.texts.append(text)
        self.know_chats()
        message = port.CustomerMessage(
            external_id=customer,
            message_id=f"m{self.said}",
            at=self.now,
            content=Content(kind=ContentKind.TEXT, text=text),
            name=customer,
            language="th-TH" if customer == "n" else None,
        )
        return receive, self.ids.channels[channel], message

    @rule(
        customer=st.sampled_from("nmop"),
        channel=st.sampled_from("aabcd"),
        text=st.sampled_from(["12", "34", REFUND]),
    )
    def message(self, customer: str, channel: str, text: str) -> None:
        assert self.do(*self.written(customer, channel, text))

    @rule(channel=st.sampled_from("abd"), who=person)
    def message_and_claim_at_once(self, channel: str, who: str) -> None:
        """Somebody claims while the engine is choosing: exactly one of them wins (R11)."""
        actions = [self.written(customer, channel, "56") for customer in "nm"]
        for customer in "nm":
            known = self.customers[customer, channel]
            chat = next(one for one in self.chats if one.open and one.customer is known)
            actions.append((service.claim, chat.id, self.agent(who)))
        self.raced = True
        self.before = copy.deepcopy(self.world.rotations)
        self.shop.run(self.shop.at_once(*actions))

    @rule(channel=st.sampled_from("abd"))
    def a_crowd_writes(self, channel: str) -> None:
        for customer in "nmop":
            self.message(customer, channel, "78")
            self.the_log_follows_the_rules()
            self.shop.clock.move(0.01)

    # -- people ------------------------------------------------------------------------------

    @rule(who=person, on=st.booleans())
    def switch(self, who: str, on: bool) -> None:
        only = self.world.only_account()
        agent_id = self.agent(who)
        wanted = PutAccepting(accepting=on)
        done = self.do(people.set_accepting, agent_id, wanted, agent_id)
        assert done == (only != agent_id)
        if done:
            self.people[who].accepting = on
            self.know(who)

    def window(self, who: str, change: Callable[[dict[str, int | None]], None]) -> None:
        each = self.people[who]
        before = each.presence()
        change(each.windows)
        if each.presence() is not before:
            each.absent_since = self.now if each.presence() is Presence.ABSENT else None
        self.know(who)

    @rule(who=person, window=windows)
    def open_window(self, who: str, window: str) -> None:
        if self.people[who].active:
            self.window(who, lambda each: each.update({window: None}))
        assert self.do(presence.opened, self.agent(who), f"{who}{window}")

    @rule(who=person)
    def come_to_work(self, who: str) -> None:
        self.switch(who, True)
        self.the_log_follows_the_rules()
        self.open_window(who, "1")

    @rule(who=person, window=windows)
    def drop_window(self, who: str, window: str) -> None:
        if self.people[who].windows.get(window, 0) is None:
            self.window(who, lambda each: each.update({window: self.now}))
        assert self.do(presence.dropped, self.agent(who), f"{who}{window}")

    @rule(who=person, window=windows)
    def close_window(self, who: str, window: str) -> None:
        if window in self.people[who].windows:
            self.window(who, lambda each: each.pop(window))  # type: ignore[arg-type]
        assert self.do(presence.closed, self.agent(who), f"{who}{window}")

    @rule(who=st.sampled_from(PEOPLE[1:]))
    def deactivate(self, who: str) -> None:
        each, agent_id = self.people[who], self.agent(who)
        was = each.active
        if was:
            each.active = each.accepting = False
            if each.windows:
                self.window(who, lambda found: found.clear())
            for customer in self.customers.values():
                if customer.bound_agent == agent_id:
                    customer.bound_agent = customer.bound_team = None
                if customer.dedicated == agent_id:
                    customer.dedicated = None
            self.know_everybody()
            self.know_chats()
        account = self.shop.backend.directory.agents[agent_id]
        assert self.do(accounts.deactivate, account, self.agent("amy")) == was

    @rule(who=st.sampled_from(PEOPLE[1:]))
    def activate(self, who: str) -> None:
        if not self.people[who].active:
            self.people[who].active = True
            self.know_everybody()
            account = self.shop.backend.directory.agents[self.agent(who)]
            assert self.do(accounts.activate, account, self.agent("amy"))

    # -- sessions ----------------------------------------------------------------------------

    @precondition(lambda self: self.chats)
    @rule(who=person, number=pick)
    def claim(self, who: str, number: int) -> None:
        chat = self.chat(number)
        allowed = chat.open and chat.assignee in (None, self.agent(who))
        assert self.do(service.claim, chat.id, self.agent(who)) == allowed

    @precondition(lambda self: self.chats)
    @rule(who=person, to=person, number=pick, how=st.sampled_from(["designated", "transferred"]))
    def hand_to_agent(self, who: str, to: str, number: int, how: str) -> None:
        chat = self.chat(number)
        allowed = chat.open and chat.assignee != self.agent(to)
        given = To(agent_id=self.agent(to))
        how_told = Happening(how)
        done = self.do(service.hand_over, chat.id, given, how_told, self.agent(who), None)
        assert done == allowed

    @precondition(lambda self: self.chats)
    @rule(who=person, to=team, number=pick)
    def hand_to_team(self, who: str, to: str, number: int) -> None:
        chat, team_id = self.chat(number), self.ids.teams[to]
        waits_there = chat.assignee is None and self.team_of(chat) == team_id
        given = To(team_id=team_id)
        told = Happening.TRANSFERRED
        done = self.do(service.hand_over, chat.id, given, told, self.agent(who), None)
        assert done == (chat.open and not waits_there)

    @precondition(lambda self: self.chats)
    @rule(who=person, to=st.one_of(person, team))
    def hand_over_all(self, who: str, to: str) -> None:
        is_agent = to in PEOPLE
        given = To(agent_id=self.agent(to)) if is_agent else To(team_id=self.ids.teams[to])
        scope = TransferScope.ALL_MINE
        assert self.do(service.transfer, 1, given, scope, self.agent(who), None) == (who != to)

    @precondition(lambda self: self.chats)
    @rule(number=pick)
    def take_back(self, number: int) -> None:
        chat = self.chat(number)
        owner = self.shop.backend.directory.agents[self.agent("amy")]
        done = self.do(service.take_back, chat.id, owner)
        assert done == (chat.open and chat.assignee is not None)

    @precondition(lambda self: self.chats)
    @rule(who=person, number=pick)
    def reply(self, who: str, number: int) -> None:
        chat = self.chat(number)
        content = Content(kind=ContentKind.TEXT, text="90")
        if chat.open:
            chat.unanswered_since = None
            self.know_chats()
        done = self.do(messages.reply, chat.id, self.agent(who), content, CAN, None)
        assert done == chat.open

    @precondition(lambda self: self.chats)
    @rule(who=person, number=pick)
    def end(self, who: str, number: int) -> None:
        chat = self.chat(number)
        was = chat.open
        assert self.do(service.end, chat.id, self.agent(who), PostEnd(reason="spam")) == was

    @rule(who=person)
    def finish_everything(self, who: str) -> None:
        for chat in self.chats:
            if chat.open and chat.assignee == self.agent(who):
                assert self.do(service.end, chat.id, self.agent(who), PostEnd(reason="spam"))
                self.the_log_follows_the_rules()

    @precondition(lambda self: self.chats)
    @rule(
        number=pick,
        priority=st.sampled_from([None, *Priority]),
        category=st.sampled_from([None, Category.PRE_SALE, Category.OTHER]),
    )
    def prioritise(self, number: int, priority: Priority | None, category: Category | None) -> None:
        chat = self.chat(number)
        if chat.open:
            chat.priority = priority or chat.priority
            chat.category = category or chat.category
            self.know_chats()
        wanted = PatchSession(priority=priority, category=category)
        assert self.do(service.patch, chat.id, self.agent("amy"), wanted) == chat.open

    # -- contacts ----------------------------------------------------------------------------

    def contact_id(self, chat: Chat) -> int:
        row = next(row for row in self.shop.read(all_sessions) if row.id == chat.id)
        found: int = row.contact_id
        return found

    @precondition(lambda self: self.chats)
    @rule(
        number=pick,
        tags=st.sampled_from([(), ("vip",), ("spam",)]),
        tier=st.sampled_from([None, "gold"]),
        dedicated=st.sampled_from([None, *PEOPLE]),
    )
    def profile(
        self, number: int, tags: tuple[str, ...], tier: str | None, dedicated: str | None
    ) -> None:
        chat = self.chat(number)
        customer = chat.customer
        if dedicated is not None and not self.people[dedicated].active:
            dedicated = None
        customer.tags, customer.tier = tags, tier
        customer.dedicated = None if dedicated is None else self.agent(dedicated)
        self.know_chats()
        wanted = PatchContact(tags=list(tags), tier=tier or "", dedicated_agent=dedicated or "")
        contact_id = self.contact_id(chat)
        assert self.do(contacts.edit, contact_id, wanted, self.agent("amy"), None)

    @precondition(lambda self: self.chats)
    @rule(number=pick, who=st.one_of(st.none(), person), to=st.one_of(st.none(), team))
    def bind(self, number: int, who: str | None, to: str | None) -> None:
        chat = self.chat(number)
        customer, contact_id = chat.customer, self.contact_id(chat)
        agent_id = None if who is None else self.agent(who)
        team_id = None if to is None else self.ids.teams[to]
        fits = who is not None or to is not None
        if who is not None:
            fits = self.people[who].active and (to is None or who in shop_world.TEAMS[to])
        is_free = customer.bound_agent is None and customer.bound_team is None
        if fits and is_free:
            customer.bound_agent, customer.bound_team = agent_id, team_id
            for each in self.chats:
                if each.open and each.customer is customer and each.assignee is None:
                    each.queued_at, each.owner_waited = self.now, False
            self.know_chats()

        def act(work: Any) -> None:
            bindings.bind(work, contact_id, agent_id=agent_id, team_id=team_id)

        assert self.do(act) == (fits or not is_free)

    @precondition(lambda self: self.chats)
    @rule(number=pick)
    def unbind(self, number: int) -> None:
        chat = self.chat(number)
        customer, contact_id = chat.customer, self.contact_id(chat)
        was = customer.bound_agent is not None or customer.bound_team is not None
        customer.bound_agent = customer.bound_team = None
        self.know_chats()

        def act(work: Any) -> None:
            bound = bindings.live(work, contact_id)
            assert (bound is not None) == was
            if bound is not None:
                bindings.end(work, bound.id, None)

        assert self.do(act)

    # -- the workspace -----------------------------------------------------------------------

    @rule(name=st.sampled_from(sorted(shop_world.SETTINGS)))
    def settings(self, name: str) -> None:
        self.follow_settings(name)

    def follow_settings(self, name: str) -> None:
        self.policy = shop_world.policy(name)
        self.know_everybody()
        assert self.do(apply_file, shop_world.settings_file(name), {})

    @rule(
        order=st.permutations(sorted(shop_world.RULES)),
        on=st.lists(st.booleans(), min_size=5, max_size=5),
    )
    def rules_change(self, order: list[str], on: list[bool]) -> None:
        wanted = list(zip(order, on, strict=True))
        text = shop_world.rules_file(wanted)
        # A file may not send anything to an account that is not active.
        fits = all(self.people[name].active for name in ("amy", "cy", "dan"))
        if fits:
            self.rule_list = wanted
            self.know_everybody()
        assert self.do(apply_file, text, {}) == fits

    # -- time --------------------------------------------------------------------------------

    @rule(seconds=st.sampled_from([1, 2, 7, 21, 61, 5 * 3600, 14 * 3600]))
    def time_passes(self, seconds: int) -> None:
        now = self.now + seconds * SECOND
        self.world.now = now
        for name, each in self.people.items():
            gone = [key for key, at in each.windows.items() if at is not None and now - at >= GRACE]
            for key in gone:
                del each.windows[key]
            if gone and not each.windows:
                each.absent_since = now
            self.know(name)
        self.shop.run(self.shop.let_pass(seconds))

    @rule(crash=st.booleans())
    def restart(self, crash: bool) -> None:
        for each in self.people.values():
            each.windows = dict.fromkeys(each.windows, self.now)
            if each.windows:
                each.absent_since = None
        self.world.arrivals.clear()
        for rotation in self.world.rotations.values():
            rotation.latest.clear()
            rotation.began = 0
        self.know_everybody()
        self.shop.run(self.shop.restart(crash=crash))

    # -- what must hold ----------------------------------------------------------------------

    @invariant()
    def everything_holds(self) -> None:
        type(self).steps += 1
        raced = self.raced
        self.the_log_follows_the_rules()
        if raced:
            self.rotations_moved_by_commits_alone()
        self.rows_counts_and_log_agree()
        self.the_engine_explains_what_is()

    def the_log_follows_the_rules(self) -> None:
        """Walk through the log since the last step; then nothing is left to do."""
        self.world.go_on_to(self.now)

        def read(connection: Connection) -> tuple[tuple[int, list[int]], list[Any]]:
            return batches_after(connection, self.noted), log_after(connection, self.seen)

        (self.noted, self.batches), log = self.shop.read(read)
        for event in log:
            assert event.seq == self.seen + 1, "a hole in the log"
            self.seen = event.seq
            if event.kind in ("session.assigned", "session.unassigned", "session.closed"):
                self.follow(event)
        self.commit_all()
        self.raced = False
        assert self.world.to_take_back() == []
        left = self.world.next_choice()
        assert left is None, f"{left} waits though somebody could take it"

    def follow(self, event: Any) -> None:
        chat = next(one for one in self.chats if one.id == event.session_id)
        by_engine = event.actor_id is None and event.kind != "session.closed"
        is_complete = not self.batches or self.batches[0] == len(self.held)
        if self.raced or is_complete or not by_engine:
            self.commit_all()
        assert chat.open
        assert chat.assignee == event.data["place_was"]["assignee_id"]
        if by_engine and event.kind == "session.assigned":
            self.check_choice(chat, event)
            return
        if by_engine:
            self.check_take_back(chat, event)
            return
        if event.kind == "session.closed":
            chat.open = False
        elif event.kind == "session.assigned":
            chat.assigned(event)
        else:
            self.unassigned(chat, event)
        self.know_chats()

    def unassigned(self, chat: Chat, event: Any) -> None:
        reason = event.data.get("reason")
        by_hand = event.data["how"] == Happening.TAKEN_BACK
        kept_out = by_hand or reason == "lapsed"
        if reason is None and not by_hand:
            chat.sent_to, chat.lapsed, chat.owner_waited = event.data["team_id"], (), False
        else:
            chat.owner_waited = True
        if kept_out and chat.assignee is not None:
            chat.lapsed = (*chat.lapsed, chat.assignee)
        chat.assignee = chat.assigned_at = None
        chat.queued_at = event.at

    def check_take_back(self, chat: Chat, event: Any) -> None:
        """The engine took this session from its agent: it was due (R10, R12)."""
        due = [(one[1], one[2], one[3]) for one in self.world.to_take_back()]
        assert (chat.id, chat.assignee, event.data["reason"]) in due, "taken back before its time"
        self.held.append(Held(chat, event))

    def check_choice(self, chat: Chat, event: Any) -> None:
        """The engine gave this session to this agent: it is exactly what comes next.

        Unless a person was claiming at the same moment: then it is one of those that could be.
        """
        world, agent_id = self.world, event.data["assignee_id"]
        choice = world.next_choice()
        if self.raced:
            session = world.sessions[event.session_id]
            choice = world.choice(session)
            if choice is not None and choice.agent_id != agent_id and choice.by_method:
                assert agent_id in world.ranked(session)
                choice = choice._replace(agent_id=agent_id)
        assert choice is not None, "nothing could be given"
        given = (choice.session.id, choice.agent_id, str(choice.step))
        told = (event.session_id, agent_id, event.data["why"]["step"])
        assert told == given, choice
        team_of = choice.way.team
        assert event.data["team_id"] == (None if team_of is None else team_of.id)
        turn = world.turn(choice)
        world.propose(choice)
        self.held.append(Held(chat, event, world.under_way[-1], turn))

    def commit_all(self) -> None:
        """What was decided at once is committed: rotations move."""
        if self.held and self.batches:
            assert self.raced or self.batches.pop(0) == len(self.held)
        for held in self.held:
            if held.given is None:
                self.unassigned(held.chat, held.event)
            else:
                self.world.commit(held.given, held.turn, held.event.at)
                held.chat.assigned(held.event)
        self.held.clear()
        self.know_chats()

    def rotations_moved_by_commits_alone(self) -> None:
        """After a race nobody knows what was decided at once, but refused choices move nothing."""
        for queue, stored in self.shop.read(stored_turns).items():
            rotation, before = self.world.rotation(queue), self.before.get(queue, Rotation())
            assert stored.keys() == rotation.numbers.keys()
            began = before.began
            for agent_id, number in stored.items():
                stride = 1 / self.world.agents[agent_id].weight
                was = before.numbers.get(agent_id, 0)
                if rotation.numbers[agent_id] == was:
                    assert number == was, "a lost choice left a trace"
                else:
                    assert was + stride <= number <= rotation.numbers[agent_id]
                    began = max(began, number - stride)
            rotation.numbers, rotation.began = stored, began

    def rows_counts_and_log_agree(self) -> None:
        def read(connection: Connection) -> tuple[Any, ...]:
            self.from_log = replayed(connection, self.from_log, self.replayed_to)
            self.replayed_to = self.seen
            queries = (kept, recount, rows, all_sessions, stored_turns)
            return tuple(query(connection) for query in queries)

        counts, recounted, from_rows, sessions, turns = self.shop.read(read)
        from_log = self.from_log
        assert counts == recounted
        assert from_log == from_rows
        assert [row.id for row in sessions] == [chat.id for chat in self.chats]
        for row, chat in zip(sessions, self.chats, strict=True):
            assert (row.state == "open", row.assignee_id) == (chat.open, chat.assignee), chat
            if chat.open:
                assert row.waiting_since == chat.unanswered_since, chat
            if chat.open and chat.assignee is None:
                self.waits_as_told(row, chat)
        rotations = self.world.rotations.items()
        known = {queue: each.numbers for queue, each in rotations if each.numbers}
        assert turns == known, (turns, known)

    def waits_as_told(self, row: Any, chat: Chat) -> None:
        world, session = self.world, chat.fact(self.ids)
        way = world.way(session)
        reason = world.reason(session) or row.unassigned_reason
        assert row.unassigned_reason == reason, (row, session)
        assert row.wait_until == world.wait_until(session)
        assert row.priority == world.priority(session)
        assert row.team_id == (None if way.team is None else way.team.id)
        assert row.rule_id == (None if way.rule is None else way.rule.id)

    def the_engine_explains_what_is(self) -> None:
        for chat in self.chats:
            if not chat.open:
                continue
            told = self.shop.backend.assigner.explain(chat.id)
            assert told.assignee_id == chat.assignee
            if chat.assignee is None:
                session = chat.fact(self.ids)
                line = [one.id for one in self.world.stands_in(self.world.way(session).queue)]
                place = line.index(chat.id) + 1 if chat.id in line else None
                assert (told.queue_position, told.queue_length) == (place, len(line))
