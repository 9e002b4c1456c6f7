"""What the tests of codes share: making one, sending it, and what was answered."""

import asyncio
from typing import Any

import sqlalchemy as sa
from tests.wire.backend.conftest import OUTBOX, House, message

from inbox_tui.store import tables

BOUND = "You are now assigned to {}."
DUPLICATE = "Assignment failed: you are already assigned to {}."
FAILED = "Assignment failed, please contact our staff."

BINDINGS = tables.table(tables.Binding)
CONTACTS = tables.table(tables.Contact)
CONVERSATIONS = tables.table(tables.Conversation)
IDENTITIES = tables.table(tables.Identity)


async def make_code(house: House, who: str = "amy", channel: str = "line", **wanted: Any) -> str:
    """Have a code made; return it."""
    made = await house.ok(who, "POST", "/api/codes", {"channel": channel, **wanted})
    return str(made["code"])


async def sends(house: House, user: str, text: str, **more: Any) -> None:
    """Let a customer of LINE write, and wait until they are answered."""
    await house.says(message(user, text, **more))
    await all_sent(house)


async def all_sent(house: House) -> None:
    """Wait until everything is applied, answered and sent."""
    await house.settled()

    async def nothing_left() -> bool:
        return not await house.rows(sa.select(OUTBOX.c.id).limit(1))

    await house.until(nothing_left)


async def answers(house: House, user: str, account: str = "line") -> list[str]:
    """Return what the platform was told to say to somebody, in order."""
    return [sent.text for sent in await house.sent(account) if sent.user_id == user]


async def live_bindings(house: House) -> list[tuple[int, str | None, str | None, str]]:
    """Return contact id, agent, team and how, of every live binding."""
    rows = await house.rows(
        sa.select(BINDINGS).where(BINDINGS.c.ended_at.is_(None)).order_by(BINDINGS.c.id)
    )
    names = house.backend.directory
    return [
        (row.contact_id, names.nickname(row.agent_id), names.slug(row.team_id), row.how)
        for row in rows
    ]


async def contact_of(house: House, user: str) -> Any:
    """Return the contact who writes as this user."""
    (row,) = await house.rows(
        sa.select(CONTACTS)
        .join(IDENTITIES, IDENTITIES.c.contact_id == CONTACTS.c.id)
        .where(IDENTITIES.c.external_id == user)
    )
    return row


async def at_once(house: House, *events: tuple[str, dict[str, Any]]) -> None:
    """Post events of several users as the platform may: all in the same moment."""
    await asyncio.gather(*(house.webhook(event, slug=slug) for slug, event in events))
    await all_sent(house)
