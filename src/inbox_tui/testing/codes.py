"""Codes, bindings and contacts of a world in memory (Q1, Q8-Q11): kept and told, nothing checked.

What a code looks like and whether it may be made is the backend's to know: here each gets the next
of a few, and a test that wants a refusal says so (``FakeClient.refuse``).
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from inbox_tui.client.port import BindingQuery, CodeQuery, ContactQuery
from inbox_tui.errors import NotFound
from inbox_tui.testing.world import World
from inbox_tui.text import fold
from inbox_tui.wire.codes import (
    BindingCounts,
    BindingsChanged,
    Code,
    ContactSummary,
    PostCode,
    PostMoveBindings,
)
from inbox_tui.wire.models import Agent, Binding, ContactRef, Deactivation, Page, Session
from inbox_tui.wire.requests import PostMoveBinding
from inbox_tui.wire.words import ChannelKind, CodeState, EventKind, SessionState

Item = TypeVar("Item")

CODES = ("ibx-kato-miru-sabe", "ibx-lona-peti-guso", "ibx-rabi-soma-teku", "ibx-dumi-fako-neli")
"""What codes look like; whether their last syllable is right is nobody's business here."""

_LINKS = {
    ChannelKind.LINE: "https://line.me/R/oaMessage/%40baanshop/?{}",
    ChannelKind.TELEGRAM: "https://t.me/baanshop_bot?start={}",
    ChannelKind.WHATSAPP: "https://wa.me/66812345678?text={}",
    ChannelKind.MESSENGER: "https://m.me/baanshop?ref={}",
}


class CodeCalls:
    """The calls about codes, bindings and contacts, for a client over a world."""

    world: World
    nickname: str

    def _ask(self, call: str) -> None:
        raise NotImplementedError

    # --- codes -------------------------------------------------------------------------------

    async def codes(self, query: CodeQuery) -> Page[Code]:
        """Return codes, the newest first."""
        self._ask("codes")
        return _page(
            [
                self._shown(code)
                for code in reversed(self.world.codes.values())
                if query.channel in ("", code.channel)
                and query.agent in ("", code.agent)
                and query.team in ("", code.team)
                and (not query.states or self._shown(code).state in query.states)
            ],
            query.limit,
            query.cursor,
        )

    async def make_code(self, body: PostCode) -> Code:
        """Return the live code of an assignee on a channel, made if there is none."""
        self._ask("make_code")
        world = self.world
        there = next(
            (
                code
                for code in map(self._shown, world.codes.values())
                if (code.channel, code.agent, code.team) == (body.channel, body.agent, body.team)
                and code.state is CodeState.LIVE
            ),
            None,
        )
        code = there or put_code(
            world, agent=body.agent, team=body.team, channel=body.channel, by=self.nickname
        )
        if body.tags is not None:
            code = replace(code, tags=body.tags)
        if body.expires_at is not None:
            until = None if body.expires_at == "never" else body.expires_at
            code = replace(code, expires_at=until)
        self._keep_code(code)
        return code

    async def revoke_code(self, code: str) -> None:
        """Revoke a code."""
        self._ask("revoke_code")
        if code not in self.world.codes:
            raise NotFound(f"There is no code {code}.")
        there = self.world.codes[code]
        self._keep_code(replace(there, state=CodeState.REVOKED, revoked_at=self.world.now))

    # --- bindings ----------------------------------------------------------------------------

    async def bindings(self, query: BindingQuery) -> Page[Binding]:
        """Return the live bindings, the oldest first."""
        self._ask("bindings")
        found = [
            binding
            for binding in _bindings(self.world)
            if query.agent in ("", binding.agent) and query.team in ("", binding.team)
        ]
        return _page(found, query.limit, query.cursor)

    async def binding_counts(self) -> BindingCounts:
        """Return how many are bound to whom."""
        self._ask("binding_counts")
        agents: dict[str, int] = {}
        teams: dict[str, int] = {}
        for binding in _bindings(self.world):
            for counts, name in ((agents, binding.agent), (teams, binding.team)):
                if name is not None:
                    counts[name] = counts.get(name, 0) + 1
        return BindingCounts(agents=agents, teams=teams)

    async def end_binding(self, binding_id: int) -> None:
        """End one binding."""
        self._ask("end_binding")
        self._bind(self._binding(binding_id), None)

    async def move_binding(self, binding_id: int, body: PostMoveBinding) -> Binding:
        """Bind a contact to somebody else."""
        self._ask("move_binding")
        old = self._binding(binding_id)
        return self._move(old, body.agent, body.team)

    async def end_bindings_of(self, nickname: str) -> BindingsChanged:
        """End every binding to an agent."""
        self._ask("end_bindings_of")
        found = [each for each in _bindings(self.world) if each.agent == nickname]
        for each in found:
            self._bind(each, None)
        return BindingsChanged(bindings=len(found))

    async def move_bindings(self, body: PostMoveBindings) -> BindingsChanged:
        """Bind every contact of an agent to somebody else."""
        self._ask("move_bindings")
        found = [each for each in _bindings(self.world) if each.agent == body.from_agent]
        for each in found:
            self._move(each, body.agent, body.team)
        return BindingsChanged(bindings=len(found))

    # --- contacts ----------------------------------------------------------------------------

    async def contacts(self, query: ContactQuery) -> Page[ContactSummary]:
        """Return contacts, those who wrote last first."""
        self._ask("contacts")
        rows = [summary(self.world, contact_id) for contact_id in self.world.contacts]
        rows = [row for row in rows if self._is_bound(row, query.bound) and _mentions(row, query.q)]
        rows.sort(key=lambda row: (row.last_seen_at is None, row.last_seen_at, row.id))
        return _page(list(reversed(rows)), query.limit, query.cursor)

    # --- accounts ----------------------------------------------------------------------------

    async def deactivation(self, nickname: str) -> Deactivation:
        """Say what deactivating an account would do; a world keeps no tokens."""
        self._ask("deactivation")
        agent = self.world.agents[nickname]
        bound = [each for each in _bindings(self.world) if each.agent == nickname]
        return Deactivation(
            nickname=nickname,
            active=agent.active,
            sessions=sum(_serves(session, nickname) for session in self.world.sessions.values()),
            bindings=len(bound),
            tokens=1,
            refused=self.world.never_deactivated.get(nickname),
        )

    def _activate(self, nickname: str, active: bool) -> Agent:
        """Activate an account, or deactivate it with its sessions and bindings (R12)."""
        world = self.world
        if not active:
            for session in list(world.sessions.values()):
                if _serves(session, nickname):
                    world.assign(session.id, None, by=self.nickname)
            for binding in _bindings(world):
                if binding.agent == nickname:
                    self._bind(binding, None)
        return world.change_agent(nickname, by=self.nickname, active=active)

    # --- inside ------------------------------------------------------------------------------

    def _shown(self, code: Code) -> Code:
        if code.state is not CodeState.LIVE:
            return code
        agent = self.world.agents.get(code.agent or "")
        if code.expires_at is not None and code.expires_at <= self.world.now:
            return replace(code, state=CodeState.EXPIRED)
        if agent is not None and not agent.active:
            return replace(code, state=CodeState.INACTIVE)
        return code

    def _keep_code(self, code: Code) -> None:
        self.world.codes[code.code] = code
        self.world.tell(EventKind.CODE_CHANGED, actor=self.nickname, data={"code": code.code})

    def _binding(self, binding_id: int) -> Binding:
        found = next((each for each in _bindings(self.world) if each.id == binding_id), None)
        if found is None:
            raise NotFound(f"There is no binding {binding_id}.")
        return found

    def _move(self, old: Binding, agent: str | None, team: str | None) -> Binding:
        moved = put_binding(
            self.world, old.contact.id, agent=agent, team=team, how="moved", by=self.nickname
        )
        self._bind(old, moved)
        return moved

    def _bind(self, old: Binding, binding: Binding | None) -> None:
        told = None
        if binding is not None:
            told = {"agent": binding.agent, "team": binding.team, "how": binding.how}
        contact = self.world.contacts[old.contact.id]
        self.world.contacts[contact.id] = replace(contact, binding=binding)
        data = {"contact_id": contact.id, "changes": {"binding": told}}
        self.world.tell(EventKind.CONTACT_CHANGED, actor=self.nickname, data=data)

    def _is_bound(self, row: ContactSummary, bound: str) -> bool:
        to = (row.bound_agent, row.bound_team)
        if bound == "none":
            return to == (None, None)
        return bound == "" or (self.nickname if bound == "me" else bound) in to


def put_code(
    world: World,
    *,
    agent: str | None = None,
    team: str | None = None,
    channel: str = "line-main",
    by: str | None = None,
    expires_at: datetime | None = None,
    tags: Iterable[str] = (),
) -> Code:
    """Have a code in a world, without telling; return it."""
    text = CODES[len(world.codes) % len(CODES)]
    if text in world.codes:
        text = f"{text[:-1]}{len(world.codes)}"
    kind = world.channels[channel].kind
    code = Code(
        code=text,
        channel=channel,
        channel_kind=kind,
        link=_LINKS[kind].format(text),
        state=CodeState.LIVE,
        made_at=world.now,
        agent=agent,
        team=team,
        by=by,
        tags=list(tags),
        expires_at=expires_at,
    )
    world.codes[text] = code
    return code


def put_binding(
    world: World,
    contact_id: int,
    *,
    agent: str | None = None,
    team: str | None = None,
    how: str = "hand",
    by: str | None = None,
) -> Binding:
    """Bind a contact of a world, without telling; return the binding."""
    contact = world.contacts[contact_id]
    world.last_binding += 1
    binding = Binding(
        id=world.last_binding,
        contact=ContactRef(id=contact.id, name=contact.name, nickname=contact.nickname),
        made_at=world.now,
        how=how,
        agent=agent,
        team=team,
        by=by,
    )
    world.contacts[contact_id] = replace(contact, binding=binding)
    return binding


def _bindings(world: World) -> list[Binding]:
    found = [contact.binding for contact in world.contacts.values() if contact.binding is not None]
    return sorted(found, key=lambda binding: binding.id)


def _serves(session: Session, nickname: str) -> bool:
    return session.assignee == nickname and session.state is SessionState.OPEN


def summary(world: World, contact_id: int) -> ContactSummary:
    """Return a contact of a world as a row of the list."""
    contact = world.contacts[contact_id]
    of_contact = [each for each in world.sessions.values() if each.contact.id == contact_id]
    open_one = next((each for each in of_contact if each.state is SessionState.OPEN), None)
    wrote = [each.last_customer_message_at for each in of_contact if each.last_customer_message_at]
    binding = contact.binding
    return ContactSummary(
        id=contact.id,
        name=contact.name,
        nickname=contact.nickname,
        channels=[identity.channel for identity in contact.identities],
        tier=contact.tier,
        tags=contact.tags,
        blocked=contact.blocked,
        bound_agent=binding.agent if binding else None,
        bound_team=binding.team if binding else None,
        bound_at=binding.made_at if binding else None,
        session_id=open_one.id if open_one else None,
        assignee=open_one.assignee if open_one else None,
        last_seen_at=max(wrote, default=contact.first_seen_at),
    )


def _mentions(row: ContactSummary, words: str) -> bool:
    return fold(words) in fold(" ".join((row.name, row.nickname or "", *row.tags)))


def _page(found: list[Item], limit: int, cursor: str | None) -> Page[Item]:
    start = int(cursor or 0)
    end = start + limit
    return Page(
        items=found[start:end],
        next_cursor=str(end) if end < len(found) else None,
        total=len(found),
    )
