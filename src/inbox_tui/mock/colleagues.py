"""Simulated agents who work as people do: over the product's own HTTP interface, with a token.

Each keeps one inbox window open, answers the sessions that are assigned to them after a while, and
ends them with a case once the customer has said goodbye. They start afresh whenever the line is
lost. They know nothing of the mock's platforms.
"""

import asyncio
import random
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any, TypeVar

from httpx_sse import SSEError, aconnect_sse

from inbox_tui.lean_httpx import httpx
from inbox_tui.mock import handbook
from inbox_tui.mock.handbook import Answer
from inbox_tui.mock.reach import place
from inbox_tui.wire import codec, models, requests
from inbox_tui.wire.words import EntryKind, SessionState

T = TypeVar("T")
Say = Callable[[str], None]

THINK = (4.0, 11.0)
"""Seconds from seeing a message to starting to type, at normal speed."""
TYPE = 0.045
"""Seconds for a character."""
GOODBYE = (2.0, 5.0)
"""Seconds from the last reply to ending the session."""
IDLE = 300.0
"""Seconds without a word of the customer after which a session is ended."""
TRY_AGAIN = 1.0
"""Seconds before starting afresh, and between tries of one call; not scaled."""
TRIES = 4
"""How often one call is tried when the server cannot be reached or fails."""
SILENCE = 22.0
"""Seconds without a sign after which the stream is dead; the server pings every 15."""


class _Refused(Exception):
    """The server understood and said no."""


class Colleague:
    """One simulated agent at ``backend`` (``http://…`` or ``unix://…``)."""

    def __init__(
        self,
        nickname: str,
        token: str,
        backend: str,
        *,
        speed: float = 1.0,
        seed: int = 1,
        say: Say = lambda _: None,
    ) -> None:
        self._nickname = nickname
        self._place = place(backend)
        self._headers = {"authorization": f"Bearer {token}"}
        self._speed = speed
        self._say = say
        self._choose = random.Random(f"{seed} {nickname}")  # noqa: S311 - to be repeated
        self._window = f"sim-{nickname}"
        self._switched_on = False
        self._news: dict[int, asyncio.Event] = {}

    async def run(self) -> None:
        """Work until cancelled, then close the window."""
        timeout = httpx.Timeout(10.0, read=SILENCE)
        async with self._place.client(timeout) as http:
            http.headers.update(self._headers)
            try:
                while True:
                    try:
                        async with asyncio.TaskGroup() as desk:
                            await self._shift(http, desk)
                    except* (httpx.HTTPError, SSEError, codec.NotDecodable, _Refused) as lost:
                        self._tell(f"starts afresh: {lost.exceptions[0]}")
                    self._news.clear()
                    await asyncio.sleep(TRY_AGAIN)
            finally:
                with suppress(httpx.HTTPError):
                    await http.delete(f"/api/me/presence/{self._window}", timeout=1.0)

    async def _shift(self, http: httpx.AsyncClient, desk: asyncio.TaskGroup) -> None:
        """Open the window and follow what happens until the line is lost."""
        me = await self._get(http, "/api/me", models.Me)
        if me.switch_shown and not self._switched_on:
            body = requests.PutAccepting(accepting=True)
            await self._send(http, "PUT", "/api/me/accepting", body)
            # Only once: a supervisor may have reasons to turn it off again (P5).
            self._switched_on = True
        mine = "/api/sessions?list=mine&sort=wait&limit=100"
        page = await self._get(http, mine, models.Page[models.Session])
        for session in page.items:
            self._look(http, desk, session)
        query: dict[str, str | int] = {
            "after": me.last_seq,
            "presence": 1,
            "window": self._window,
        }
        async with aconnect_sse(http, "GET", "/api/events", params=query) as source:
            if not source.response.is_success:
                raise _Refused(f"the stream answered {source.response.status_code}")
            after = me.last_seq
            async for frame in source.aiter_sse():
                if frame.event == "reset":
                    raise _Refused("the stream starts afresh")
                if not frame.data:
                    continue
                event = codec.decode(frame.data.encode(), models.Event)
                if event.seq > after + 1:
                    raise _Refused(f"event {after + 1} is missing")
                after = max(after, event.seq)
                if event.session is not None:
                    self._look(http, desk, event.session)
        raise _Refused("the stream ended")

    def _look(
        self, http: httpx.AsyncClient, desk: asyncio.TaskGroup, session: models.Session
    ) -> None:
        """See whether a session wants something of me."""
        mine = session.assignee == self._nickname and session.state is SessionState.OPEN
        if not mine:
            news = self._news.pop(session.id, None)
            if news is not None:
                news.set()
        elif session.unanswered:
            news = self._news.get(session.id)
            if news is None:
                news = self._news[session.id] = asyncio.Event()
                desk.create_task(self._serve(http, session.id, news))
            news.set()

    async def _serve(self, http: httpx.AsyncClient, session_id: int, news: asyncio.Event) -> None:
        """Answer a session until it ends or somebody else has it."""
        last = Answer(text="")
        try:
            while True:
                with suppress(TimeoutError):
                    async with asyncio.timeout(IDLE / self._speed):
                        await news.wait()
                silent = not news.is_set()
                news.clear()
                if self._news.get(session_id) is not news:
                    return
                if silent:
                    await self._end(http, session_id, last, "The customer did not come back.")
                    return
                await self._pause(*THINK)
                found = await self._reply(http, session_id)
                if found is None:
                    continue
                last = replace(found, title=found.title or last.title, tags=found.tags or last.tags)
                if found.goodbye:
                    await self._pause(*GOODBYE)
                    await self._end(http, session_id, last, None)
                    return
        except _Refused as refused:
            self._tell(f"leaves session {session_id} alone: {refused}")
        finally:
            if self._news.get(session_id) is news:
                del self._news[session_id]

    async def _reply(self, http: httpx.AsyncClient, session_id: int) -> Answer | None:
        """Answer what the customer said since the last reply, if anything."""
        path = f"/api/sessions/{session_id}/timeline?limit=30"
        page = await self._get(http, path, models.Page[models.Entry])
        asked: list[models.Content] = []
        said = ""
        for entry in sorted(page.items, key=lambda entry: entry.id):
            if entry.session_id != session_id or entry.content is None:
                continue
            if entry.kind is EntryKind.REPLY:
                asked.clear()
            elif entry.kind is EntryKind.CUSTOMER and entry.unsent_at is None:
                asked.append(entry.content)
                said += entry.content.text
        if not asked:
            return None
        found = handbook.answer(asked, handbook.language_of(said), self._choose)
        await self._pause(len(found.text) * TYPE, len(found.text) * TYPE)
        body = requests.PostMessage(text=found.text)
        await self._send(http, "POST", f"/api/sessions/{session_id}/messages", body)
        self._tell(f"answers session {session_id}")
        return found

    async def _end(
        self, http: httpx.AsyncClient, session_id: int, last: Answer, reason: str | None
    ) -> None:
        case = requests.CaseEdit(title=last.title or None, tags=last.tags or None)
        body = requests.PostEnd(case=case, reason=reason)
        await self._send(http, "POST", f"/api/sessions/{session_id}/end", body)
        self._tell(f"ends session {session_id}: {last.title or reason}")

    # -- calls -----------------------------------------------------------------------------------

    async def _get(self, http: httpx.AsyncClient, path: str, into: type[T]) -> T:
        return codec.decode((await self._call(http, "GET", path)).content, into)

    async def _send(self, http: httpx.AsyncClient, method: str, path: str, body: object) -> None:
        # One key for all tries: a reply whose answer was lost must not go out twice.
        key = f"{self._choose.getrandbits(128):032x}"
        await self._call(http, method, path, content=codec.encode(body), key=key)

    async def _call(
        self,
        http: httpx.AsyncClient,
        method: str,
        path: str,
        *,
        content: bytes | None = None,
        key: str | None = None,
    ) -> httpx.Response:
        headers: dict[str, Any] = {} if content is None else {"content-type": "application/json"}
        if key is not None:
            headers["idempotency-key"] = key
        failure: Exception | None = None
        for attempt in range(TRIES):
            if attempt:
                await asyncio.sleep(TRY_AGAIN)
            try:
                response = await http.request(method, path, content=content, headers=headers)
            except httpx.TransportError as error:
                failure = error
                continue
            if response.is_success:
                return response
            failure = _Refused(f"{method} {path} answered {response.status_code}")
            if response.status_code < 500:
                break
        raise failure or _Refused(f"{method} {path} was not tried")

    async def _pause(self, low: float, high: float) -> None:
        await asyncio.sleep(self._choose.uniform(low, high) / self._speed)

    def _tell(self, what: str) -> None:
        self._say(f"{self._nickname} {what}")
