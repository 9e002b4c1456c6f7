"""A small shop in a real database file, and the API over it without the running parts."""

import json
from collections.abc import AsyncIterator, Callable, Iterator, Sequence, Set
from pathlib import Path
from typing import Any, TypeVar

import httpx
import pytest
from fastapi import FastAPI

from inbox_tui.backend import auth, problems
from inbox_tui.backend.app import take_over
from inbox_tui.backend.automatic.endpoints import router as automatic
from inbox_tui.backend.bindings.endpoints import router as bindings
from inbox_tui.backend.cases.endpoints import router as cases
from inbox_tui.backend.codes.endpoints import router as codes
from inbox_tui.backend.contacts import service as contacts
from inbox_tui.backend.contacts.endpoints import router as contacts_router
from inbox_tui.backend.directory import Directory, load_directory
from inbox_tui.backend.messages.entries import add_message
from inbox_tui.backend.people.endpoints import router as people
from inbox_tui.backend.rules.endpoints import router as rules
from inbox_tui.backend.sessions.endpoints import router as sessions
from inbox_tui.backend.sessions.moves import open_session
from inbox_tui.backend.wall import Watch
from inbox_tui.backend.wall.endpoints import router as wall
from inbox_tui.backend.workspace.endpoints import router as workspace
from inbox_tui.backend.workspace.service import apply_file
from inbox_tui.store.database import Database
from inbox_tui.store.schema import open_database
from inbox_tui.store.work import LoggedEvent, Work
from inbox_tui.testing.clock import FakeClock
from inbox_tui.wire.models import Applied, Content
from inbox_tui.wire.words import ContentKind, EntryKind

T = TypeVar("T")

LOCAL_KEY = "the key in the private file"

SHOP = """
[workspace]
name = "Baan Shop"

[[agents]]
nickname = "amy"
name = "Amy Tan"
role = "owner"

[[agents]]
nickname = "bo"
max_open = 3

[[agents]]
nickname = "cy"
role = "supervisor"

[[agents]]
nickname = "dan"

[[teams]]
slug = "sales"
members = ["amy", "bo"]
supervisors = ["cy"]

[[teams]]
slug = "care"
members = ["dan"]

[[channels]]
slug = "line-main"
kind = "line"
team = "sales"
[channels.credentials]
channel_secret = "aaaa"
access_token = "bbbb"

[[channels]]
slug = "bot"
kind = "telegram"
[channels.credentials]
token = "1:abc"
"""


class Shop:
    """The database with what tests do to it again and again."""

    def __init__(self, database: Database, clock: FakeClock) -> None:
        self.database = database
        self.clock = clock

    async def write(self, service: Callable[..., T], *args: Any) -> T:
        return await self.database.write(service, *args)

    async def read(self, query: Callable[..., T], *args: Any) -> T:
        return await self.database.read(query, *args)

    async def apply(self, text: str = SHOP) -> Applied:
        return await self.write(apply_file, text, {})

    async def directory(self) -> Directory:
        return await self.read(load_directory)

    async def agent(self, nickname: str) -> int:
        return (await self.directory()).nicknames[nickname]

    async def channel(self, slug: str) -> int:
        return (await self.directory()).channel_slugs[slug]

    async def contact(
        self, external_id: str = "U1", name: str | None = "Nok", channel: str = "line-main"
    ) -> tuple[int, int, int]:
        """Make a contact; return identity, contact and conversation id."""
        channel_id = await self.channel(channel)
        identity, contact, conversation, _blocked = await self.write(
            contacts.find_or_create, channel_id, external_id, name, None
        )
        return identity, contact, conversation

    async def session(
        self, external_id: str = "U1", name: str | None = "Nok", channel: str = "line-main"
    ) -> dict[str, Any]:
        """Open a session with a contact; return its row."""
        _identity, contact, conversation = await self.contact(external_id, name, channel)
        channel_id = await self.channel(channel)
        return await self.write(
            lambda work: open_session(
                work,
                conversation_id=conversation,
                contact_id=contact,
                channel_id=channel_id,
                language=None,
                at=work.now,
            )
        )

    async def say(self, session: dict[str, Any], kind: EntryKind, nickname: str, text: str) -> None:
        """Write a reply or a note into a session."""
        author = await self.agent(nickname)

        def add(work: Work) -> None:
            add_message(
                work,
                conversation_id=session["conversation_id"],
                session_id=session["id"],
                kind=kind,
                content=Content(kind=ContentKind.TEXT, text=text),
                author_id=author,
            )

        await self.write(add)

    async def events(self) -> list[tuple[str, int | None, dict[str, Any]]]:
        """Return kind, subject and data of every event of the log."""
        found = await self.read(
            lambda connection: connection.exec_driver_sql(
                "SELECT kind, subject_id, data FROM events ORDER BY seq"
            ).all()
        )
        return [(kind, subject, json.loads(data) if data else {}) for kind, subject, data in found]


class FakeBackend:
    """What endpoints ask of the running backend, without its running parts."""

    def __init__(self, database: Database, directory: Directory) -> None:
        self.database = database
        self.clock = database.clock
        self.directory = directory
        self.wall = Watch(database)
        self.auth = auth.Auth(database, LOCAL_KEY)
        self.embedded = False
        database.on_commit(self._committed)

    def _committed(self, events: Sequence[LoggedEvent], _touched: Set[str]) -> None:
        for event in events:
            self.directory = event.parts.get("directory", self.directory)

    async def channels_follow(self) -> None:
        """There are none to wait for."""


class Api:
    """Calls the API as somebody."""

    def __init__(self, http: httpx.AsyncClient, shop: Shop) -> None:
        self._http = http
        self._shop = shop
        self._tokens: dict[str, str] = {}

    async def __call__(
        self, who: str | None, method: str, path: str, body: Any = None, **headers: str
    ) -> httpx.Response:
        if who is not None:
            headers["Authorization"] = f"Bearer {await self.token(who)}"
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self._http.request(method, path, json=body, headers=named)

    async def token(self, who: str) -> str:
        if who not in self._tokens:
            self._tokens[who] = await self._shop.write(auth.make_token, who)
        return self._tokens[who]


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database at the present shape, to copy: migrating takes longer than most tests."""
    path = tmp_path_factory.mktemp("migrated") / "inbox.db"
    open_database(path, FakeClock()).close()
    return path


@pytest.fixture
def database(tmp_path: Path, migrated: Path, clock: FakeClock) -> Iterator[Database]:
    path = tmp_path / "inbox.db"
    path.write_bytes(migrated.read_bytes())
    opened = open_database(path, clock)
    yield opened
    opened.close()


@pytest.fixture
def empty(database: Database, clock: FakeClock) -> Shop:
    """A workspace with nothing in it."""
    return Shop(database, clock)


@pytest.fixture
async def shop(empty: Shop) -> Shop:
    """A workspace with four people, two teams and two channels."""
    await empty.apply()
    return empty


@pytest.fixture
async def api(shop: Shop) -> AsyncIterator[Api]:
    app = FastAPI()
    app.state.backend = FakeBackend(shop.database, await shop.directory())
    problems.install(app)
    for router in (people, sessions, contacts_router, bindings, cases, rules, workspace, wall):
        take_over(app, router)
    for router in (automatic, codes):
        take_over(app, router)
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://inbox") as http:
        yield Api(http, shop)
