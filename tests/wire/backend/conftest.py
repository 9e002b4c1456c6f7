"""The whole backend in this process: a real socket, a real database, simulated platforms.

The backend's clock stands still until it is moved. Nothing sleeps: tests wait for commits, for the
parts to be idle, or for what the platforms were told, each with a deadline.
"""

import asyncio
import base64
import hmac
import itertools
import json
import shutil
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

import httpx
import pytest
import sqlalchemy as sa
import uvicorn
from sqlalchemy.engine import Connection

from inbox_tui.backend.app import make_app
from inbox_tui.backend.auth import make_token
from inbox_tui.backend.backend import Backend
from inbox_tui.backend.workspace.service import apply_file
from inbox_tui.mock.handle import MockPlatforms
from inbox_tui.mock.words import Sent
from inbox_tui.store import tables
from inbox_tui.store.database import Database
from inbox_tui.store.schema import open_database
from inbox_tui.testing.clock import FakeClock

T = TypeVar("T")

WITHIN = 60.0
"""Seconds anything awaited may take."""

LINE_SECRET = "b5f1c3d2e4a697788990aabbccddeeff"
LINE_TOKEN = "line-access-token"
BOT_TOKEN = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"

SHOP = """
[workspace]
max_open = {max_open}
settle = "{settle}"
presence_grace = "20s"

[[agents]]
nickname = "amy"
name = "Amy Tan"
role = "owner"
[[agents]]
nickname = "bo"
[[agents]]
nickname = "cy"

[[teams]]
slug = "sales"
members = ["amy", "bo"]
[[teams]]
slug = "care"
members = ["cy"]

[[channels]]
slug = "line"
kind = "line"
team = "sales"
api_base = "{platforms}"
[channels.credentials]
channel_secret = "{line_secret}"
access_token = "{line_token}"

[[channels]]
slug = "bot"
kind = "telegram"
team = "sales"
api_base = "{platforms}"
[channels.credentials]
token = "{bot_token}"
"""

ENTRIES = tables.table(tables.Entry)
EVENTS = tables.table(tables.Event)
SESSIONS = tables.table(tables.Session)
INBOUND = tables.table(tables.InboundEvent)
OUTBOX = tables.table(tables.Outbox)

_numbers = itertools.count(1)


def message(user: str, text: str = "hello", **more: Any) -> dict[str, Any]:
    """A LINE message event, with ids of its own unless they are given."""
    number = next(_numbers)
    event = {
        "type": "message",
        "mode": "active",
        "timestamp": 1_772_450_000_000 + number,
        "source": {"type": "user", "userId": user},
        "webhookEventId": f"01EVENT{number:010}",
        "deliveryContext": {"isRedelivery": False},
        "message": {"id": f"50000{number:010}", "type": "text", "text": text},
    }
    return {**event, **more}


def unsend(user: str, message_id: str) -> dict[str, Any]:
    event = message(user, unsend={"messageId": message_id}, type="unsend")
    del event["message"]
    return event


def signature(body: bytes, secret: str = LINE_SECRET) -> str:
    return base64.b64encode(hmac.digest(secret.encode(), body, "sha256")).decode()


class Live:
    """One live stream, read in the background."""

    def __init__(self, house: "House", who: str) -> None:
        self.house, self.who = house, who
        self.frames: list[tuple[str, int | None, dict[str, Any]]] = []
        self.status = 0
        self.ended = asyncio.Event()
        self._news = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    @property
    def numbers(self) -> list[int]:
        return [seq for name, seq, _ in self.frames if name == "message" and seq is not None]

    def kinds(self) -> list[str]:
        return [data["kind"] for name, _, data in self.frames if name == "message"]

    async def start(self, query: str, headers: dict[str, str]) -> None:
        connected = asyncio.Event()
        self._task = asyncio.create_task(self._run(query, headers, connected))
        await asyncio.wait_for(connected.wait(), WITHIN)

    async def _run(self, query: str, headers: dict[str, str], connected: asyncio.Event) -> None:
        http = await self.house.http(self.who)
        try:
            async with http.stream("GET", f"/api/events?{query}", headers=headers) as answer:
                self.status = answer.status_code
                frame: dict[str, str] = {}
                async for line in answer.aiter_lines():
                    connected.set()
                    if line and not line.startswith(":"):
                        name, _, value = line.partition(":")
                        frame[name] = value.removeprefix(" ")
                    elif not line and frame:
                        self._take(frame)
                        frame = {}
        except httpx.HTTPError:
            pass  # the house is gone, or the test let go
        finally:
            connected.set()
            self.ended.set()
            self._news.set()

    def _take(self, frame: dict[str, str]) -> None:
        number = int(frame["id"]) if "id" in frame else None
        self.frames.append((frame.get("event", "message"), number, json.loads(frame["data"])))
        self._news.set()

    async def until(self, done: Callable[["Live"], bool]) -> None:
        """Wait until the frames are as asked for."""
        async with asyncio.timeout(WITHIN):
            while not done(self):
                assert not self.ended.is_set(), f"the stream ended with {self.frames}"
                self._news.clear()
                await self._news.wait()

    async def up_to(self, number: int) -> None:
        await self.until(lambda live: bool(live.numbers) and live.numbers[-1] >= number)

    async def close(self) -> None:
        """Let go, as when the link drops."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task


class Serving(uvicorn.Server):
    """Uvicorn's server, told to end by an event: by itself it looks ten times a second."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._ending = asyncio.Event()

    def end(self, *, force: bool) -> None:
        """Serve no longer; by ``force`` nobody is waited for."""
        self.should_exit, self.force_exit = True, force
        self._ending.set()

    async def main_loop(self) -> None:
        await self.on_tick(0)
        await self._ending.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Take no newcomers, and end once what was begun has been answered."""
        del sockets
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        await self._wait_tasks_to_complete()


class House:
    """The backend with its database file, started and stopped as often as a test wants."""

    def __init__(self, path: Path, platforms: MockPlatforms) -> None:
        self.path = path
        self.platforms = platforms
        self.clock = FakeClock()
        self.database: Database
        self.backend: Backend
        self.tokens: dict[str, str] = {}
        self.base = ""
        self.running = False
        self._news = asyncio.Event()
        self._clients: dict[str | None, httpx.AsyncClient] = {}
        self._lives: list[Live] = []
        self._server: Serving
        self._serving: asyncio.Task[None]

    # -- start and stop ----------------------------------------------------------------------

    def file(self, **settings: Any) -> str:
        given = {"settle": "0s", "max_open": 5, **settings}
        return SHOP.format(
            platforms=self.platforms.base_url,
            line_secret=LINE_SECRET,
            line_token=LINE_TOKEN,
            bot_token=BOT_TOKEN,
            **given,
        )

    async def start(self, workspace: str | None = None) -> "House":
        """Open the database and run; ``workspace`` is applied before."""
        self.database = await asyncio.to_thread(open_database, self.path, self.clock)
        if workspace is not None:
            await self.database.write(apply_file, workspace, {})
        self.backend = Backend(self.database, local_key="the local key")
        await self.backend.start()
        self.database.on_commit(lambda _events, _touched: self._news.set())
        config = uvicorn.Config(
            make_app(self.backend),
            port=0,
            lifespan="off",  # a crash must not stop the backend in good order
            log_config=None,
        )
        self._server = Serving(config)
        self._serving = asyncio.create_task(self._server._serve())
        async with asyncio.timeout(WITHIN):
            while not self._server.started:  # noqa: ASYNC110 - uvicorn has no event for it
                await asyncio.sleep(0)
        port = self._server.servers[0].sockets[0].getsockname()[1]
        self.base = f"http://127.0.0.1:{port}"
        self.running = True
        return self

    async def stop(self) -> None:
        """Stop in good order."""
        if self.running:
            await self.backend.stop()
            await self._close(force=False)

    async def crash(self) -> None:
        """Drop everything where it stands; what is committed is all that is left."""
        for task in self.backend._tasks:
            task.cancel()
        await asyncio.gather(*self.backend._tasks, return_exceptions=True)
        await self._close(force=True)

    async def restart(self, *, crash: bool = False) -> None:
        await (self.crash() if crash else self.stop())
        await self.start()

    async def _close(self, *, force: bool) -> None:
        self.running = False
        for live in self._lives:
            await live.close()
        self._lives.clear()
        for client in self._clients.values():
            await client.aclose()
        self._clients.clear()
        self._server.end(force=force)
        await asyncio.wait_for(self._serving, WITHIN)
        if force:
            await self.backend.channels.aclose()
        await self.backend.windows.settle()
        await asyncio.to_thread(self.database.close)

    # -- calls -------------------------------------------------------------------------------

    async def http(self, who: str | None = None) -> httpx.AsyncClient:
        """A client of somebody, with their token; of nobody, with none."""
        if who not in self._clients:
            headers = {}
            if who is not None:
                if who not in self.tokens:
                    self.tokens[who] = await self.database.write(make_token, who)
                headers["Authorization"] = f"Bearer {self.tokens[who]}"
            self._clients[who] = httpx.AsyncClient(
                base_url=self.base,
                headers=headers,
                timeout=httpx.Timeout(WITHIN, read=None),
                verify=False,  # plain loopback: reading the certificates takes longer than the call
            )
        return self._clients[who]

    async def call(
        self, who: str | None, method: str, path: str, body: Any = None, **headers: str
    ) -> httpx.Response:
        http = await self.http(who)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await http.request(method, path, json=body, headers=named)

    async def ok(self, who: str, method: str, path: str, body: Any = None, **headers: str) -> Any:
        answer = await self.call(who, method, path, body, **headers)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    async def webhook(
        self, *events: dict[str, Any], slug: str = "line", raw: bytes | None = None, **headers: str
    ) -> httpx.Response:
        """Post events as LINE does, signed."""
        body = raw
        if body is None:
            body = json.dumps({"destination": "U0", "events": events}).encode()
        sent = {"x-line-signature": signature(body), "content-type": "application/json"}
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        http = await self.http()
        return await http.post(f"/webhooks/{slug}", content=body, headers={**sent, **named})

    async def says(self, *events: dict[str, Any]) -> None:
        """Post events and wait until they are applied and assigned."""
        answer = await self.webhook(*events)
        assert answer.status_code == 200, answer.text
        await self.settled()

    async def live(self, who: str, query: str = "", **headers: str) -> Live:
        """Open a live stream."""
        live = Live(self, who)
        self._lives.append(live)
        await live.start(query, {name.replace("_", "-"): value for name, value in headers.items()})
        return live

    async def at_work(self, *names: str) -> None:
        """Let people open their inbox and turn accept on."""
        for who in names:
            await self.live(who, f"presence=1&window={who}")
            await self.ok(who, "PUT", "/api/me/accepting", {"accepting": True})
        await self.settled()

    # -- waiting and looking -----------------------------------------------------------------

    async def settled(self) -> None:
        """Wait until all that was received is applied, assigned and, automatically, answered."""
        backend = self.backend
        parts = (backend.processor, backend.assigner, backend.automatic)
        async with asyncio.timeout(WITHIN):
            while not all(part.idle.is_set() for part in parts):
                for part in parts:
                    await part.idle.wait()

    def moved(self, seconds: float) -> None:
        """Let time pass, and have those who wait for a time look at the clock."""
        self.clock.move(seconds)
        self.backend.timers.ring()
        self.backend.outbox.ring()
        self.backend.assigner.hear([])
        self.backend.automatic.ring()

    async def until(self, check: Callable[[], Awaitable[bool]]) -> None:
        """Wait for something in the database, looking again at each commit."""
        async with asyncio.timeout(WITHIN):
            while True:
                self._news.clear()
                if await check():
                    return
                await self._news.wait()

    async def read(self, query: Callable[[Connection], T]) -> T:
        return await self.database.read(query)

    async def rows(self, statement: sa.Select[Any]) -> list[Any]:
        return await self.read(lambda connection: list(connection.execute(statement)))

    async def sessions(self) -> list[Any]:
        return await self.rows(sa.select(SESSIONS).order_by(SESSIONS.c.id))

    async def owners(self) -> list[str | None]:
        """Who has each session, in the order they were opened."""
        names = self.backend.directory
        return [names.nickname(row.assignee_id) for row in await self.sessions()]

    async def texts(self, kind: str = "customer") -> list[str]:
        rows = await self.rows(
            sa.select(ENTRIES).where(ENTRIES.c.kind == kind).order_by(ENTRIES.c.id)
        )
        return [row.content.get("text", "") for row in rows]

    async def events(self, *kinds: str) -> list[Any]:
        query = sa.select(EVENTS).order_by(EVENTS.c.seq)
        return await self.rows(query.where(EVENTS.c.kind.in_(kinds)) if kinds else query)

    async def count(self, of: Any) -> int:
        table = tables.table(of)
        found = await self.rows(sa.select(sa.func.count()).select_from(table))
        return int(found[0][0])

    async def delivery(self, entry_id: int) -> tuple[str, int, str | None]:
        """State, attempts and reason of a reply."""
        (row,) = await self.rows(sa.select(ENTRIES).where(ENTRIES.c.id == entry_id))
        return row.delivery, row.delivery_attempts, row.delivery_reason

    async def delivered_as(self, entry_id: int, *states: str) -> tuple[str, int, str | None]:
        """Wait until a reply is in one of these states."""

        async def there() -> bool:
            return (await self.delivery(entry_id))[0] in states

        await self.until(there)
        return await self.delivery(entry_id)

    # -- the simulated platforms -------------------------------------------------------------

    async def customer(self, user: str, *, channel: str = "line") -> str:
        """Make a customer on the platform; return the platform's id."""
        made = await asyncio.to_thread(self.platforms.user, channel, user, name=user.title())
        return made.id

    async def sent(self, account: str = "line") -> list[Sent]:
        return await asyncio.to_thread(self.platforms.ledger, account=account)

    async def fault(self, kind: Any, **more: Any) -> None:
        await asyncio.to_thread(lambda: self.platforms.fault(kind, **more))


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database at the newest migration."""
    path = tmp_path_factory.mktemp("house") / "empty.db"
    open_database(path, FakeClock()).close()
    return path


@pytest.fixture(scope="session")
def all_platforms() -> Iterator[MockPlatforms]:
    with MockPlatforms() as running:
        yield running


@pytest.fixture
def platforms(all_platforms: MockPlatforms) -> MockPlatforms:
    """The simulated platforms as if they had just begun."""
    all_platforms.reset(accounts=True)
    all_platforms.line("line", channel_secret=LINE_SECRET, access_token=LINE_TOKEN)
    all_platforms.telegram("bot", token=BOT_TOKEN)
    return all_platforms


NewHouse = Callable[..., Awaitable[House]]


@asynccontextmanager
async def house_in(path: Path, platforms: MockPlatforms) -> AsyncIterator[House]:
    """A house that is torn down whatever happens."""
    house = House(path, platforms)
    try:
        yield house
    finally:
        if house.running:
            await house.crash()


@pytest.fixture
async def unopened(
    tmp_path: Path, migrated: Path, platforms: MockPlatforms
) -> AsyncIterator[House]:
    """A house that is not open yet, over an empty database."""
    path = Path(shutil.copy(migrated, tmp_path / "inbox.db"))
    async with house_in(path, platforms) as house:
        yield house


@pytest.fixture
async def house(unopened: House) -> House:
    """Three people, two teams, LINE and Telegram; everybody is at home."""
    return await unopened.start(unopened.file())
