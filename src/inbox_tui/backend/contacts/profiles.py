"""Asks the platforms for the names of contacts whose messages do not tell them (LINE)."""

import asyncio
from collections.abc import Callable

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from inbox_tui.backend.channels import Channels
from inbox_tui.backend.contacts.service import profile_known
from inbox_tui.errors import NotFound, Unavailable
from inbox_tui.store import tables
from inbox_tui.store.database import Database

MOST_AT_ONCE = 8

_IDENTITIES = tables.table(tables.Identity)


class Profiles:
    """Fills in what is missing, once for each identity. ``ring`` when somebody new wrote.

    ``on_told`` is called when platforms were asked, whatever they answered.
    """

    def __init__(self, database: Database, channels: Channels) -> None:
        self._database = database
        self._channels = channels
        self._bell = asyncio.Event()
        self.on_told: Callable[[], None] | None = None

    def ring(self) -> None:
        """Look again: somebody new wrote."""
        self._bell.set()

    async def run(self) -> None:
        """Ask until cancelled."""
        while True:
            self._bell.clear()
            while nameless := await self._database.read(_nameless):
                await asyncio.gather(*(self._ask(*row) for row in nameless))
                if self.on_told is not None:
                    self.on_told()
            await self._bell.wait()

    async def _ask(self, identity_id: int, channel_id: int, external_id: str) -> None:
        try:
            profile = await self._channels.adapter(channel_id).profile(external_id)
        except (NotFound, Unavailable):
            profile = None
        # An answer without a name counts as well: nobody is asked for twice.
        name, language = (profile.name, profile.language) if profile else (None, None)
        await self._database.write(profile_known, identity_id, name, language, urgent=False)


def _nameless(connection: Connection) -> list[tuple[int, int, str]]:
    rows = connection.execute(
        sa.select(_IDENTITIES.c.id, _IDENTITIES.c.channel_id, _IDENTITIES.c.external_id)
        .where(_IDENTITIES.c.profile_at.is_(None), _IDENTITIES.c.name == "")
        .order_by(_IDENTITIES.c.id)
        .limit(MOST_AT_ONCE)
    )
    return [(row.id, row.channel_id, row.external_id) for row in rows]
