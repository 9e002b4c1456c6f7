"""A client over a :class:`World`: the same calls, no socket, and a line that can be cut."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import fields, replace
from typing import Any

from inbox_tui.client.port import CaseQuery, Connected, Lost, Reset, SessionQuery, Signal
from inbox_tui.errors import (
    AlreadyTaken,
    InboxError,
    Invalid,
    NotFound,
    NotPossibleNow,
    StaleVersion,
    Unavailable,
)
from inbox_tui.state.lists import sort_key
from inbox_tui.testing.automatic import AutomaticCalls
from inbox_tui.testing.codes import CodeCalls, summary
from inbox_tui.testing.explanations import turn_of
from inbox_tui.testing.rules import RuleCalls
from inbox_tui.testing.wall import wall_of
from inbox_tui.testing.world import World
from inbox_tui.text import fold
from inbox_tui.wire.explanation import Explanation
from inbox_tui.wire.models import (
    Agent,
    Case,
    Channel,
    Contact,
    Counts,
    Entry,
    Event,
    Me,
    Page,
    Session,
    SessionResult,
    Team,
    TransferResult,
    Warning,
)
from inbox_tui.wire.requests import (
    CaseEdit,
    PatchAgent,
    PatchContact,
    PatchSession,
    PostAssign,
    PostEnd,
    PostTransfer,
    PutAccepting,
)
from inbox_tui.wire.wall import Wall
from inbox_tui.wire.words import (
    DeliveryState,
    Due,
    Happening,
    Presence,
    SessionState,
    StateFilter,
    TransferScope,
)


class FakeClient(AutomaticCalls, CodeCalls, RuleCalls):
    """What ``nickname`` can ask of a world.

    ``cut`` and ``mend`` break and restore the line; ``refuse`` has a call fail.
    """

    def __init__(self, world: World, nickname: str) -> None:
        self.world = world
        self.nickname = nickname
        self.calls: list[str] = []
        self.said_goodbye = False
        self._refused: dict[str, InboxError] = {}
        self._up = asyncio.Event()
        self._up.set()
        self._queue: asyncio.Queue[Event | None] = asyncio.Queue()
        self._keys: dict[str, Entry] = {}

    def cut(self) -> None:
        """Break the line: calls fail, the stream is lost."""
        self._up.clear()
        self._queue.put_nowait(None)

    def mend(self) -> None:
        """Restore the line."""
        self._up.set()

    def refuse(self, call: str, error: InboxError | None) -> None:
        """Answer a call with an error from now on; with None as always."""
        if error is None:
            self._refused.pop(call, None)
        else:
            self._refused[call] = error

    # --- people ------------------------------------------------------------------------------

    async def me(self) -> Me:
        """Return who I am."""
        self._ask("me")
        return self.world.me(self.nickname)

    async def counts(self) -> Counts:
        """Return my counts."""
        self._ask("counts")
        return self.world.counts_of(self.nickname)

    async def agents(self) -> list[Agent]:
        """Return every agent."""
        self._ask("agents")
        return self.world.people()

    async def teams(self) -> list[Team]:
        """Return every team."""
        self._ask("teams")
        return list(self.world.teams.values())

    async def channels(self) -> list[Channel]:
        """Return every channel."""
        self._ask("channels")
        return list(self.world.channels.values())

    async def put_accepting(self, body: PutAccepting) -> Agent:
        """Turn my switch."""
        self._ask("put_accepting")
        return self.world.change_agent(
            self.nickname,
            by=self.nickname,
            accepting=body.accepting,
            accepting_reason=body.reason,
            back_at=body.back_at,
        )

    async def put_accepting_of(self, nickname: str, body: PutAccepting) -> Agent:
        """Turn a colleague's switch."""
        self._ask("put_accepting_of")
        return self.world.change_agent(
            nickname,
            by=self.nickname,
            accepting=body.accepting,
            accepting_reason=body.reason,
            accepting_by=self.nickname,
            back_at=body.back_at,
        )

    async def patch_agent(self, nickname: str, body: PatchAgent) -> Agent:
        """Set a colleague's limit; the workspace's is 5. Activate and deactivate."""
        self._ask("patch_agent")
        if body.active is not None:
            self._activate(nickname, body.active)
        if body.max_open is None:
            return self.world.agents[nickname]
        limit = 5 if body.max_open == "default" else body.max_open
        return self.world.change_agent(nickname, by=self.nickname, limit=limit)

    async def wall(self, *, agent: str | None = None, most: int = 10) -> Wall:
        """Return the wall of the whole workspace."""
        self._ask("wall")
        return wall_of(self.world, agent=agent, most=most)

    async def take_back(self, session_id: int) -> SessionResult:
        """Take a session back into its team's queue."""
        self._ask("take_back")
        self._open(session_id)
        self.world.assign(session_id, None, by=self.nickname, how=Happening.TAKEN_BACK)
        return self._result(session_id)

    # --- sessions ----------------------------------------------------------------------------

    async def sessions(self, query: SessionQuery) -> Page[Session]:
        """Return one page of a list; the cursor is the number of the next row."""
        self._ask("sessions")
        found = [
            row for row in map(self._mine, self.world.sessions.values()) if self._fits(row, query)
        ]
        found.sort(key=lambda row: sort_key(row, query.sort))
        start = int(query.cursor or 0)
        end = start + query.limit
        return Page(
            items=found[start:end],
            next_cursor=str(end) if end < len(found) else None,
            total=len(found),
        )

    async def session(self, session_id: int) -> Session:
        """Return one session."""
        self._ask("session")
        return self._mine(self.world.get(session_id))

    async def timeline(
        self, session_id: int, *, before: str | None = None, limit: int = 60
    ) -> Page[Entry]:
        """Return entries newest last; ``before`` is the id of the first loaded one."""
        self._ask("timeline")
        entries = self.world.entries[self.world.get(session_id).conversation_id]
        if before is not None:
            entries = [entry for entry in entries if entry.id < int(before)]
        page = entries[-limit:]
        older = str(page[0].id) if len(entries) > len(page) else None
        return Page(items=page, next_cursor=older, total=len(entries))

    async def post_message(self, session_id: int, text: str, *, key: str) -> Entry:
        """Reply; the same key again answers with the same entry."""
        self._ask("post_message")
        if key in self._keys:
            return self._keys[key]
        self._open(session_id)
        entry = self.world.reply(session_id, text, by=self.nickname, key=key)
        self._keys[key] = entry
        return entry

    async def retry_message(self, session_id: int, entry_id: int) -> Entry:
        """Send a failed reply again."""
        self._ask("retry_message")
        entries = self.world.entries[self.world.get(session_id).conversation_id]
        for entry in entries:
            if entry.id == entry_id:
                return self.world.deliver(entry, DeliveryState.QUEUED)
        raise NotFound(f"There is no message {entry_id}.")

    async def post_note(self, session_id: int, text: str) -> Entry:
        """Write a note."""
        self._ask("post_note")
        return self.world.note(session_id, text, by=self.nickname)

    async def claim(self, session_id: int) -> SessionResult:
        """Take a session nobody has."""
        self._ask("claim")
        session = self._open(session_id)
        if session.assignee not in (None, self.nickname):
            raise AlreadyTaken(
                f"Taken by {session.assignee} 3 s ago.",
                data={"assignee": session.assignee, "seconds_ago": 3},
            )
        self.world.assign(session_id, self.nickname, by=self.nickname, how=Happening.CLAIMED)
        return self._result(session_id)

    async def assign(self, session_id: int, body: PostAssign) -> SessionResult:
        """Give a session away."""
        self._ask("assign")
        self._open(session_id)
        self.world.assign(
            session_id,
            body.agent,
            by=self.nickname,
            team=body.team,
            how=Happening.DESIGNATED,
            note=body.note,
        )
        return self._result(session_id)

    async def transfer(self, session_id: int, body: PostTransfer) -> TransferResult:
        """Hand over one session or all of mine."""
        self._ask("transfer")
        moving = [self._open(session_id)]
        if body.scope is TransferScope.ALL_MINE:
            moving = [
                session
                for session in self.world.sessions.values()
                if session.assignee == self.nickname and session.state is SessionState.OPEN
            ]
        for session in moving:
            self.world.assign(
                session.id,
                body.agent,
                by=self.nickname,
                team=body.team,
                how=Happening.TRANSFERRED,
                note=body.note,
            )
        receiver = self.world.agents.get(body.agent or "")
        warnings = []
        if receiver is not None and receiver.presence is not Presence.PRESENT:
            warnings.append(Warning(type="absent", detail=f"{receiver.name} has no inbox open."))
        moved = [self._mine(self.world.get(session.id)) for session in moving]
        return TransferResult(sessions=moved, warnings=warnings)

    async def end(self, session_id: int, body: PostEnd) -> SessionResult:
        """End a session with its case."""
        self._ask("end")
        session = self._open(session_id)
        replied = any(
            entry.kind == "reply" and entry.session_id == session_id
            for entry in self.world.entries[session.conversation_id]
        )
        if not replied and not body.reason:
            raise Invalid("This session had no reply: say why it is ended.")
        if body.case is not None and session.case_code:
            self.world.edit_case(session.case_code, by=self.nickname, **_set(body.case))
        self.world.close(session_id, by=self.nickname, reason=body.reason)
        return self._result(session_id)

    async def star(self, session_id: int, starred: bool) -> SessionResult:
        """Star or unstar a session."""
        self._ask("star")
        self.world.star(session_id, self.nickname, starred)
        return self._result(session_id)

    async def read(self, session_id: int, customer_messages: int) -> SessionResult:
        """Move my read mark."""
        self._ask("read")
        self.world.read(session_id, self.nickname, customer_messages)
        return self._result(session_id)

    async def patch_session(self, session_id: int, body: PatchSession) -> SessionResult:
        """Set priority, category or language."""
        self._ask("patch_session")
        self._open(session_id)
        self.world.change(session_id, by=self.nickname, **_set(body))
        return self._result(session_id)

    async def explanation(self, session_id: int, decision: int = 0) -> Explanation:
        """Return what the world says of a decision, else a made-up reason with every agent."""
        self._ask("explanation")
        told = self.world.explanations.get(session_id)
        if told is None:
            people = self.world.people()
            told = [turn_of(self.world.get(session_id), people, self.world.now)]
        if decision >= len(told):
            raise NotFound(f"There is no decision {decision}.")
        return told[decision]

    # --- contacts and cases ------------------------------------------------------------------

    async def contact(self, contact_id: int) -> Contact:
        """Return a profile."""
        self._ask("contact")
        return self.world.profile(contact_id)

    async def patch_contact(
        self, contact_id: int, body: PatchContact, *, version: int | None = None
    ) -> Contact:
        """Edit a profile."""
        self._ask("patch_contact")
        contact = self.world.profile(contact_id)
        edited = replace(contact, version=contact.version + 1, **_set(body))
        self.world.contacts[contact_id] = edited
        return edited

    async def cases(self, query: CaseQuery) -> Page[Case]:
        """Return cases, newest first."""
        self._ask("cases")
        found = [
            self._case(case)
            for case in reversed(self.world.cases.values())
            if (query.status is None or case.status is query.status)
            and fold(query.q) in fold(f"{case.code} {case.title} {case.contact.name}")
        ]
        start = int(query.cursor or 0)
        end = start + query.limit
        cursor = str(end) if end < len(found) else None
        return Page(items=found[start:end], next_cursor=cursor, total=len(found))

    async def case(self, code: str) -> Case:
        """Return one case."""
        self._ask("case")
        if code not in self.world.cases:
            raise NotFound(f"There is no case {code}.")
        return self._case(self.world.cases[code])

    async def patch_case(self, code: str, body: CaseEdit, *, version: int) -> Case:
        """Edit a case."""
        self._ask("patch_case")
        case = await self.case(code)
        if case.version != version:
            raise StaleVersion(data={"version": case.version})
        return self._case(self.world.edit_case(code, by=self.nickname, **_set(body)))

    # --- the line ----------------------------------------------------------------------------

    async def signals(self, after: int) -> AsyncGenerator[Signal, None]:
        """Follow the world's events."""
        listen = self._queue.put_nowait
        while True:
            if not self._up.is_set():
                yield Lost(Unavailable("The inbox server cannot be reached."), 1.0)
                await self._up.wait()
            self._queue = asyncio.Queue()
            listen = self._queue.put_nowait
            for event in self.world.events[after:]:
                listen(event)
            self.world.listeners.append(listen)
            try:
                yield Connected(after)
                while (told := await self._queue.get()) is not None:
                    if told.seq != after + 1:
                        yield Reset("events are missing")
                        return
                    after = told.seq
                    yield told
            finally:
                self.world.listeners.remove(listen)

    async def goodbye(self) -> None:
        """Close this window."""
        self._ask("goodbye")
        self.said_goodbye = True

    async def close(self) -> None:
        """Close the connections: there are none."""

    # --- inside ------------------------------------------------------------------------------

    def _ask(self, call: str) -> None:
        if not self._up.is_set():
            raise Unavailable("The inbox server cannot be reached.")
        self.calls.append(call)
        if call in self._refused:
            raise self._refused[call]

    def _mine(self, session: Session) -> Session:
        return self.world.seen_by(session, self.nickname)

    def _result(self, session_id: int) -> SessionResult:
        return SessionResult(session=self._mine(self.world.get(session_id)))

    def _open(self, session_id: int) -> Session:
        session = self.world.get(session_id)
        if session.state is SessionState.CLOSED:
            raise NotPossibleNow(f"Session {session_id} is closed.")
        return session

    def _case(self, case: Case) -> Case:
        return replace(case, owner=self.world.sessions[case.session_id].assignee)

    def _fits(self, row: Session, query: SessionQuery) -> bool:
        if not self.world.stands_in(row, query.list, self.nickname):
            return False
        if query.channel and row.channel != query.channel:
            return False
        if query.agent and row.assignee != query.agent:
            return False
        if query.team and row.team != query.team:
            return False
        if query.bound and not self._is_bound(summary(self.world, row.contact.id), query.bound):
            return False
        if query.q and not self._mentions(row, fold(query.q)):
            return False
        left = (row.due_at - self.world.now).total_seconds() if row.due_at else None
        due = Due.OK
        if left is not None and row.unanswered:
            due = Due.OVERDUE if left <= 0 else Due.DUE_SOON if left <= 7_200 else Due.OK
        return (
            query.state is None
            or {
                StateFilter.OVERDUE: due is Due.OVERDUE,
                StateFilter.DUE_SOON: due is Due.DUE_SOON,
                StateFilter.UNANSWERED: row.unanswered,
                StateFilter.UNREAD: row.unread_count > 0,
                StateFilter.STARRED: row.starred,
                StateFilter.CLOSED: row.state is SessionState.CLOSED,
            }[query.state]
        )

    def _mentions(self, row: Session, words: str) -> bool:
        said = (
            entry.content.text for entry in self.world.entries[row.conversation_id] if entry.content
        )
        return words in fold(" ".join((row.contact.name, row.case_code or "", *said)))


def _set(body: CaseEdit | PatchSession | PatchContact) -> dict[str, Any]:
    """Return the fields of a body that are set."""
    told = {field.name: getattr(body, field.name) for field in fields(body)}
    return {name: value for name, value in told.items() if value is not None}
