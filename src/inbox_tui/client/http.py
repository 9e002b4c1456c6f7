"""The client over HTTP, on TCP or on a Unix socket.

Knows the URLs, decodes answers into wire models (made safe by the codec) and turns every failure
into one class of :mod:`inbox_tui.errors`. It never repeats a call by itself: what may be repeated
is for the caller to know.
"""

import random as random_module
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Final, TypeVar

from inbox_tui.client.automatic import AutomaticCalls
from inbox_tui.client.calls import decode, if_match, segment
from inbox_tui.client.codes import CodeCalls
from inbox_tui.client.port import CaseQuery, SessionQuery, Signal
from inbox_tui.client.stream import EventStream
from inbox_tui.lean_httpx import httpx
from inbox_tui.wire.explanation import Explanation
from inbox_tui.wire.models import (
    Agent,
    Case,
    Channel,
    Contact,
    Counts,
    Deactivation,
    Entry,
    Me,
    Page,
    Session,
    SessionResult,
    Team,
    TransferResult,
)
from inbox_tui.wire.requests import (
    CaseEdit,
    PatchAgent,
    PatchContact,
    PatchSession,
    PostAssign,
    PostEnd,
    PostMessage,
    PostNote,
    PostRead,
    PostStar,
    PostTransfer,
    PutAccepting,
)
from inbox_tui.wire.rules import (
    Hours,
    PatchRule,
    PutOrder,
    Rule,
    RuleDraft,
    RuleTrial,
    TryRules,
)
from inbox_tui.wire.wall import Wall

T = TypeVar("T")

GOODBYE_TIMEOUT: Final = httpx.Timeout(1.0)
"""Closing a window never keeps a person waiting."""


class HttpClient(AutomaticCalls, CodeCalls):
    """The typed calls of one window over one connection pool.

    ``base_url`` is ``http://host:port``, ``https://…`` or ``unix:///path/to/socket``. ``window``
    names this window in the presence gate. ``random`` and ``sleep`` shape the reconnects.
    """

    def __init__(
        self,
        base_url: str,
        token: str,
        *,
        window: str,
        random: Callable[[], float] = random_module.random,
        sleep: Callable[[float], Awaitable[None]] | None = None,
    ) -> None:
        self._window = window
        super().__init__(base_url, token)
        self._stream = EventStream(self._http, window=window, random=random, sleep=sleep)

    async def me(self) -> Me:
        """Return who I am."""
        return await self._get("/api/me", Me)

    async def counts(self) -> Counts:
        """Return how many sessions each list holds for me."""
        return await self._get("/api/counts", Counts)

    async def agents(self) -> list[Agent]:
        """Return every agent."""
        return await self._all("/api/agents", Page[Agent])

    async def teams(self) -> list[Team]:
        """Return every team."""
        return await self._all("/api/teams", Page[Team])

    async def channels(self) -> list[Channel]:
        """Return every channel."""
        return await self._all("/api/channels", Page[Channel])

    async def put_accepting(self, body: PutAccepting) -> Agent:
        """Turn my accept switch. Raises Conflict where there is none (P1)."""
        answer = await self._call("PUT", "/api/me/accepting", body=body)
        return decode(answer, Agent)

    async def put_accepting_of(self, nickname: str, body: PutAccepting) -> Agent:
        """Turn a colleague's accept switch."""
        path = f"/api/agents/{segment(nickname)}/accepting"
        return decode(await self._call("PUT", path, body=body), Agent)

    async def patch_agent(self, nickname: str, body: PatchAgent) -> Agent:
        """Set a colleague's limit, activate or deactivate."""
        path = f"/api/agents/{segment(nickname)}"
        return decode(await self._call("PATCH", path, body=body), Agent)

    async def deactivation(self, nickname: str) -> Deactivation:
        """Say what deactivating an account would do."""
        return await self._get(f"/api/agents/{segment(nickname)}/deactivation", Deactivation)

    async def wall(self, *, agent: str | None = None, most: int = 10) -> Wall:
        """Return the supervisor's wall."""
        return await self._get("/api/wall", Wall, agent=agent, most=most)

    async def take_back(self, session_id: int) -> SessionResult:
        """Take a session back to routing."""
        return await self._act(session_id, "take_back", None, SessionResult)

    async def sessions(self, query: SessionQuery) -> Page[Session]:
        """Return one page of a list."""
        return await self._get(
            "/api/sessions",
            Page[Session],
            list=query.list.value,
            sort=query.sort.value,
            q=query.q,
            state=query.state.value if query.state else None,
            channel=query.channel,
            team=query.team,
            agent=query.agent,
            bound=query.bound,
            limit=query.limit,
            cursor=query.cursor,
        )

    async def session(self, session_id: int) -> Session:
        """Return one session."""
        return await self._get(f"/api/sessions/{session_id}", Session)

    async def timeline(
        self, session_id: int, *, before: str | None = None, limit: int = 60
    ) -> Page[Entry]:
        """Return entries of the session's conversation, newest last."""
        path = f"/api/sessions/{session_id}/timeline"
        return await self._get(path, Page[Entry], before=before, limit=limit)

    async def post_message(self, session_id: int, text: str, *, key: str) -> Entry:
        """Reply to the customer."""
        answer = await self._call(
            "POST",
            f"/api/sessions/{session_id}/messages",
            body=PostMessage(text=text),
            headers={"Idempotency-Key": key},
        )
        return decode(answer, Entry)

    async def retry_message(self, session_id: int, entry_id: int) -> Entry:
        """Send a failed or uncertain reply again."""
        path = f"/api/sessions/{session_id}/messages/{entry_id}/retry"
        return decode(await self._call("POST", path), Entry)

    async def post_note(self, session_id: int, text: str) -> Entry:
        """Write an internal note."""
        path = f"/api/sessions/{session_id}/notes"
        return decode(await self._call("POST", path, body=PostNote(text=text)), Entry)

    async def claim(self, session_id: int) -> SessionResult:
        """Take a session."""
        return await self._act(session_id, "claim", None, SessionResult)

    async def assign(self, session_id: int, body: PostAssign) -> SessionResult:
        """Give a session to an agent or a team."""
        return await self._act(session_id, "assign", body, SessionResult)

    async def transfer(self, session_id: int, body: PostTransfer) -> TransferResult:
        """Hand over one session, or all of mine."""
        return await self._act(session_id, "transfer", body, TransferResult)

    async def end(self, session_id: int, body: PostEnd) -> SessionResult:
        """End a session, with its case."""
        return await self._act(session_id, "end", body, SessionResult)

    async def star(self, session_id: int, starred: bool) -> SessionResult:
        """Star or unstar a session for me."""
        return await self._act(session_id, "star", PostStar(starred=starred), SessionResult)

    async def read(self, session_id: int, customer_messages: int) -> SessionResult:
        """Set my read mark."""
        body = PostRead(customer_messages=customer_messages)
        return await self._act(session_id, "read", body, SessionResult)

    async def patch_session(self, session_id: int, body: PatchSession) -> SessionResult:
        """Set priority, category or language."""
        answer = await self._call("PATCH", f"/api/sessions/{session_id}", body=body)
        return decode(answer, SessionResult)

    async def explanation(self, session_id: int, decision: int = 0) -> Explanation:
        """Return why the session is where it is: the present decision, or one before it."""
        path = f"/api/sessions/{session_id}/explanation"
        return await self._get(path, Explanation, decision=decision)

    async def contact(self, contact_id: int) -> Contact:
        """Return a profile."""
        return await self._get(f"/api/contacts/{contact_id}", Contact)

    async def patch_contact(
        self, contact_id: int, body: PatchContact, *, version: int | None = None
    ) -> Contact:
        """Edit a profile."""
        answer = await self._call(
            "PATCH", f"/api/contacts/{contact_id}", body=body, headers=if_match(version)
        )
        return decode(answer, Contact)

    async def cases(self, query: CaseQuery) -> Page[Case]:
        """Return one page of cases."""
        return await self._get(
            "/api/cases",
            Page[Case],
            status=query.status.value if query.status else None,
            owner=query.owner,
            q=query.q,
            limit=query.limit,
            cursor=query.cursor,
        )

    async def case(self, code: str) -> Case:
        """Return one case with its activity."""
        return await self._get(f"/api/cases/{segment(code)}", Case)

    async def patch_case(self, code: str, body: CaseEdit, *, version: int) -> Case:
        """Edit a case."""
        answer = await self._call(
            "PATCH", f"/api/cases/{segment(code)}", body=body, headers=if_match(version)
        )
        return decode(answer, Case)

    async def rules(self) -> list[Rule]:
        """Return the distribution rules in their order."""
        return await self._all("/api/rules", Page[Rule])

    async def post_rule(self, body: RuleDraft) -> Rule:
        """Make a rule, behind all others."""
        return decode(await self._call("POST", "/api/rules", body=body), Rule)

    async def patch_rule(
        self, rule_id: int, body: PatchRule, *, version: int | None = None
    ) -> Rule:
        """Change a rule."""
        answer = await self._call(
            "PATCH", f"/api/rules/{rule_id}", body=body, headers=if_match(version)
        )
        return decode(answer, Rule)

    async def delete_rule(self, rule_id: int, *, version: int | None = None) -> None:
        """Take a rule away."""
        await self._call("DELETE", f"/api/rules/{rule_id}", headers=if_match(version))

    async def order_rules(self, ids: list[int]) -> list[Rule]:
        """Put all rules in this order."""
        answer = await self._call("PUT", "/api/rules/order", body=PutOrder(ids=ids))
        return list(decode(answer, Page[Rule]).items)

    async def try_rules(self, body: TryRules) -> RuleTrial:
        """Say what the rules do with a message."""
        return decode(await self._call("POST", "/api/rules/try", body=body), RuleTrial)

    async def hours(self) -> list[Hours]:
        """Return the business hours by name."""
        return await self._all("/api/hours", Page[Hours])

    def signals(self, after: int) -> AsyncGenerator[Signal, None]:
        """Follow the live stream from ``after``."""
        return self._stream.signals(after)

    async def goodbye(self) -> None:
        """Say that this window closes now, without grace (P3)."""
        path = f"/api/me/presence/{segment(self._window)}"
        await self._call("DELETE", path, within=GOODBYE_TIMEOUT)

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def _act(self, session_id: int, verb: str, body: object, into: type[T]) -> T:
        answer = await self._call("POST", f"/api/sessions/{session_id}/{verb}", body=body)
        return decode(answer, into)
