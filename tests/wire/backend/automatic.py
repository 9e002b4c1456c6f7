"""What tests of automatic messages do again and again, with everything running."""

from typing import Any

import sqlalchemy as sa
from tests.wire.backend.conftest import ENTRIES, SESSIONS, House, message

from inbox_tui.store import tables
from inbox_tui.store.work import Work
from inbox_tui.wire.words import EventKind

MESSAGES = tables.table(tables.AutomaticMessage)
MINUTE, HOUR = 60, 3_600

OFFICE_HOURS = """
[[hours]]
name = "office"
every_day = ["09:00-18:00"]
[workspace]
hours = "office"
"""


async def switch(house: House, *kinds: str, on: bool = True, **more: Any) -> None:
    """Switch kinds on or off, as the owner."""
    await house.ok("amy", "PATCH", "/api/automatic", {"on": dict.fromkeys(kinds, on), **more})


async def writes(house: House, user: str = "nok", text: str = "hello") -> int:
    """Let a customer write; return their session."""
    external_id = await house.customer(user)
    await house.says(message(external_id, text, timestamp=house.clock.now()))
    (row,) = await house.rows(
        sa.select(SESSIONS.c.id)
        .join_from(SESSIONS, tables.table(tables.Identity), _same_contact())
        .where(tables.table(tables.Identity).c.external_id == external_id)
        .order_by(SESSIONS.c.id.desc())
        .limit(1)
    )
    return int(row.id)


def _same_contact() -> sa.ColumnElement[bool]:
    return tables.table(tables.Identity).c.contact_id == SESSIONS.c.contact_id


async def said(house: House, session_id: int | None = None) -> list[tuple[str, str]]:
    """Kind and text of what was said automatically, in order."""
    query = sa.select(ENTRIES).where(ENTRIES.c.kind == "automatic").order_by(ENTRIES.c.id)
    if session_id is not None:
        query = query.where(ENTRIES.c.session_id == session_id)
    return [(row.data["automatic"], row.content["text"]) for row in await house.rows(query)]


async def kinds(house: House, session_id: int | None = None) -> list[str]:
    return [kind for kind, _ in await said(house, session_id)]


async def replies(house: House, session_id: int, who: str = "amy", text: str = "hi") -> None:
    await house.ok(who, "POST", f"/api/sessions/{session_id}/messages", {"text": text})
    await house.settled()


async def acts(house: House, who: str, session_id: int, action: str, body: Any = None) -> None:
    await house.ok(who, "POST", f"/api/sessions/{session_id}/{action}", body or {})
    await house.settled()


async def passes(house: House, seconds: float) -> None:
    house.moved(seconds)
    await house.settled()


async def happened(house: House, kind: EventKind, **told: Any) -> None:
    """Record an event whose source comes later."""

    def append(work: Work) -> None:
        work.append(kind, session_id=told.pop("session_id", None), data=told)

    await house.database.write(append)
    await house.settled()
