"""The services on a real database with a clock that stands still."""

import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from inbox_tui.backend.directory import Directory, load_directory
from inbox_tui.backend.inbound.receive import receive
from inbox_tui.backend.live import frames
from inbox_tui.backend.messages import service as messages
from inbox_tui.backend.people import presence
from inbox_tui.backend.sessions import queries, service
from inbox_tui.backend.sessions.service import To
from inbox_tui.backend.views import session_row
from inbox_tui.backend.workspace.service import apply_file
from inbox_tui.channels import port
from inbox_tui.store import tables
from inbox_tui.store.database import Database
from inbox_tui.store.schema import open_database
from inbox_tui.testing.clock import FakeClock
from inbox_tui.wire.models import Content, Counts, Entry, Page, Session
from inbox_tui.wire.requests import PostEnd
from inbox_tui.wire.words import ContentKind, Happening, ListName, Sort

T = TypeVar("T")

WORKSPACE = """
[workspace]
max_open = 3

[[agents]]
nickname = "amy"
name = "Amy Tan"
role = "owner"
[[agents]]
nickname = "bo"
[[agents]]
nickname = "cy"
max_open = 1
[[agents]]
nickname = "dan"
role = "supervisor"

[[teams]]
slug = "sales"
members = ["amy", "bo"]
max_open = 2
[[teams]]
slug = "care"
members = ["cy"]
supervisors = ["dan"]

[[channels]]
slug = "line"
kind = "line"
team = "sales"
[[channels]]
slug = "care-line"
kind = "line"
team = "care"
[[channels]]
slug = "bot"
kind = "telegram"
"""

CAN = port.Capabilities(
    can_send=frozenset({ContentKind.TEXT}),
    max_text=5000,
    idempotent_sends=True,
    receives="webhook",
)
SESSIONS = tables.table(tables.Session)
ENTRIES = tables.table(tables.Entry)
EVENTS = tables.table(tables.Event)


class Desk:
    """What tests do again and again, in the words of the product."""

    def __init__(self, database: Database, clock: FakeClock) -> None:
        self.database = database
        self.clock = clock
        self.names = Directory()
        self._messages = 0

    async def open(self) -> "Desk":
        self.database.on_finish(frames.finish)
        await self.database.write(apply_file, WORKSPACE, {})
        self.names = await self.database.read(load_directory)
        return self

    def copied(self, path: Path) -> "Desk":
        """Return an open desk like this one, which is closed, in another file."""
        clock = FakeClock(self.clock.time)
        shutil.copy(self.database.path, path)
        desk = Desk(open_database(path, clock), clock)
        desk.database.on_finish(frames.finish)
        desk.names, desk._messages = self.names, self._messages
        return desk

    async def write(self, service: Callable[..., T], *args: Any) -> T:
        return await self.database.write(service, *args)

    def agent(self, nickname: str) -> int:
        return self.names.nicknames[nickname]

    def team(self, slug: str) -> int:
        return self.names.team_slugs[slug]

    def channel(self, slug: str) -> int:
        return self.names.channel_slugs[slug]

    def to(self, *, agent: str | None = None, team: str | None = None) -> To:
        if agent is not None:
            return To(agent_id=self.agent(agent))
        return To(team_id=None if team is None else self.team(team))

    # -- customers ---------------------------------------------------------------------------

    async def says(
        self,
        customer: str,
        text: str = "hello",
        *,
        channel: str = "line",
        at: int | None = None,
        message_id: str | None = None,
    ) -> int:
        """Let a customer write; return the id of their newest session (0: none)."""
        self._messages += 1
        message = port.CustomerMessage(
            external_id=customer,
            message_id=message_id or f"m{self._messages}",
            at=self.clock.now() if at is None else at,
            content=Content(kind=ContentKind.TEXT, text=text),
            name=customer,
        )
        await self.receives(message, channel=channel)
        return await self.database.read(_session_of, self.channel(channel), customer)

    async def receives(self, inbound: port.Inbound, *, channel: str = "line") -> None:
        await self.database.write(receive, self.channel(channel), inbound)

    # -- people ------------------------------------------------------------------------------

    async def opens(self, nickname: str, window: str | None = None) -> None:
        await self.write(presence.opened, self.agent(nickname), window or nickname)

    async def claims(self, nickname: str, session_id: int) -> list[str]:
        warnings = await self.write(service.claim, session_id, self.agent(nickname))
        return [warning.type for warning in warnings]

    async def hands(
        self,
        nickname: str,
        session_id: int,
        to: To,
        note: str | None = None,
        how: Happening = Happening.TRANSFERRED,
    ) -> list[str]:
        by = self.agent(nickname)
        warnings = await self.write(service.hand_over, session_id, to, how, by, note)
        return [warning.type for warning in warnings]

    async def ends(self, nickname: str, session_id: int, reason: str | None = "spam") -> None:
        agent_id = self.agent(nickname)
        await self.write(service.end, session_id, agent_id, PostEnd(reason=reason))

    async def replies(
        self, nickname: str, session_id: int, text: str = "hi", key: str | None = None
    ) -> Entry:
        content = Content(kind=ContentKind.TEXT, text=text)
        agent_id = self.agent(nickname)
        return await self.write(messages.reply, session_id, agent_id, content, CAN, key)

    async def notes(self, nickname: str, session_id: int, text: str = "a note") -> Entry:
        return await self.write(messages.note, session_id, self.agent(nickname), text)

    # -- looking -----------------------------------------------------------------------------

    async def row(self, session_id: int) -> Any:
        found = await self.database.read(session_row, session_id)
        assert found is not None
        return found

    async def page(
        self, nickname: str = "amy", list_name: str = "all", sort: str = "wait", **more: Any
    ) -> Page[Session]:
        query = queries.SessionQuery(
            agent_id=self.agent(nickname), list_name=ListName(list_name), sort=Sort(sort), **more
        )
        return await self.database.read(
            queries.page_of_sessions, self.names, query, self.clock.now()
        )

    async def ids(self, *args: Any, **more: Any) -> list[int]:
        return [session.id for session in (await self.page(*args, **more)).items]

    async def counts(self, nickname: str = "amy") -> Counts:
        return await self.database.read(queries.counts, self.names, self.agent(nickname))

    async def shown(self, nickname: str, session_id: int) -> Session:
        for name in ("all", "closed"):
            for session in (await self.page(nickname, name, limit=500)).items:
                if session.id == session_id:
                    return session
        raise AssertionError(f"session {session_id} is in no list")

    async def entries(self, session_id: int) -> list[Any]:
        return await self.database.read(
            lambda connection: list(
                connection.execute(
                    sa.select(ENTRIES)
                    .where(ENTRIES.c.session_id == session_id)
                    .order_by(ENTRIES.c.id)
                )
            )
        )

    async def events(self, *kinds: str, session_id: int | None = None) -> list[Any]:
        def read(connection: Connection) -> list[Any]:
            query = sa.select(EVENTS).order_by(EVENTS.c.seq)
            if kinds:
                query = query.where(EVENTS.c.kind.in_(kinds))
            if session_id is not None:
                query = query.where(EVENTS.c.session_id == session_id)
            return list(connection.execute(query))

        return await self.database.read(read)


def recount(connection: Connection) -> tuple[dict[str, int], dict[int, int]]:
    """Count from the rows alone: places, and open sessions of each agent."""
    places: Counter[str] = Counter()
    loads: Counter[int] = Counter()
    places_of = sa.select(SESSIONS.c.state, SESSIONS.c.assignee_id, SESSIONS.c.team_id)
    for row in connection.execute(places_of):
        if row.state == "closed":
            places["closed"] += 1
            continue
        places["open"] += 1
        places["unassigned" if row.assignee_id is None else f"agent:{row.assignee_id}"] += 1
        if row.team_id is not None:
            places[f"team:{row.team_id}"] += 1
        if row.assignee_id is not None:
            loads[row.assignee_id] += 1
    return dict(places), dict(loads)


def kept(connection: Connection) -> tuple[dict[str, int], dict[int, int]]:
    counts = tables.table(tables.SessionCount)
    agents = tables.table(tables.Agent)
    return (
        {row.place: row.n for row in connection.execute(sa.select(counts)) if row.n},
        {row.id: row.open_count for row in connection.execute(sa.select(agents)) if row.open_count},
    )


Place = tuple[str, int | None, int | None]


def replayed(
    connection: Connection, before: dict[int, Place] | None = None, after: int = 0
) -> dict[int, Place]:
    """Where each session stands if nothing but the log is known.

    Each move has to begin where the last one ended, and really move. ``before`` is what followed
    from the log up to ``after``.
    """
    found: dict[int, Place] = dict(before or {})
    log = sa.select(EVENTS.c.kind, EVENTS.c.session_id, EVENTS.c.data)
    for event in connection.execute(log.where(EVENTS.c.seq > after).order_by(EVENTS.c.seq)):
        match event.kind:
            case "session.opened":
                assert event.session_id not in found
                found[event.session_id] = ("open", event.data["team_id"], None)
            case "session.assigned" | "session.unassigned" | "session.closed":
                was = event.data["place_was"]
                stood = (was["state"], was["team_id"], was["assignee_id"])
                assert stood == found[event.session_id]
                state = "closed" if event.kind == "session.closed" else "open"
                stands = (state, event.data["team_id"], event.data["assignee_id"])
                assert stands != stood
                found[event.session_id] = stands
            case "session.changed" if "place_was" in (event.data or {}):
                was = event.data["place_was"]
                assert (was["state"], was["team_id"], was["assignee_id"]) == found[event.session_id]
                now_at = (event.data["team_id"], event.data["assignee_id"])
                found[event.session_id] = (was["state"], *now_at)
    return found


def rows(connection: Connection) -> dict[int, Place]:
    columns = SESSIONS.c.id, SESSIONS.c.state, SESSIONS.c.team_id, SESSIONS.c.assignee_id
    return {
        row.id: (row.state, row.team_id, row.assignee_id)
        for row in connection.execute(sa.select(*columns))
    }


def _session_of(connection: Connection, channel_id: int, customer: str) -> int:
    identities = tables.table(tables.Identity)
    conversations = tables.table(tables.Conversation)
    found: int | None = connection.execute(
        sa.select(SESSIONS.c.id)
        .join(conversations, conversations.c.id == SESSIONS.c.conversation_id)
        .join(identities, identities.c.id == conversations.c.identity_id)
        .where(identities.c.channel_id == channel_id, identities.c.external_id == customer)
        .order_by(SESSIONS.c.id.desc())
        .limit(1)
    ).scalar()
    return found or 0


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database at the newest migration."""
    path = tmp_path_factory.mktemp("desk") / "empty.db"
    open_database(path, FakeClock()).close()
    return path


@pytest.fixture(scope="session")
def new_desk(migrated: Path) -> Callable[[Path], Desk]:
    """Makes a desk in a file; whoever asks opens it, and closes its database."""

    def make(path: Path) -> Desk:
        clock = FakeClock()
        return Desk(open_database(Path(shutil.copy(migrated, path)), clock), clock)

    return make


@pytest.fixture
def unopened(tmp_path: Path, new_desk: Callable[[Path], Desk]) -> Iterator[Desk]:
    desk = new_desk(tmp_path / "inbox.db")
    yield desk
    desk.database.close()


@pytest.fixture
async def desk(unopened: Desk) -> Desk:
    return await unopened.open()
