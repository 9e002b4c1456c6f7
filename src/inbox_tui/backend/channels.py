"""The adapters of the workspace's channels, made from their rows and kept while they live."""

import asyncio
from typing import Any, Protocol, runtime_checkable

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from inbox_tui.channels import adapter_for
from inbox_tui.channels.http import new_client
from inbox_tui.channels.port import Adapter, ChannelAccount
from inbox_tui.errors import InboxError, NotFound, Unavailable
from inbox_tui.lean_httpx import httpx
from inbox_tui.lean_structlog import structlog
from inbox_tui.store import tables
from inbox_tui.store.database import Database
from inbox_tui.wire.words import ChannelKind

_CHANNELS = tables.table(tables.Channel)
_log = structlog.get_logger("channels")


@runtime_checkable
class WebhookAdapter(Protocol):
    """An adapter that can tell its platform where to post."""

    async def set_webhook(self, url: str) -> None:
        """Have the platform post to ``url``. Raises InboxError."""
        ...


class Channels:
    """Gives the adapter of a channel by its id or slug; :meth:`load` reads them anew."""

    def __init__(self) -> None:
        self._adapters: dict[int, Adapter] = {}
        self._accounts: dict[int, ChannelAccount] = {}
        self._ids: dict[str, int] = {}
        self._client: httpx.AsyncClient | None = None
        self._loading = asyncio.Lock()
        self._telling: set[asyncio.Task[None]] = set()

    async def load(self, database: Database, public_url: str) -> None:
        """Read the channels; adapters whose account did not change are kept.

        A channel that cannot work is left out, and said; the others go on. Platforms that have
        to be told where to post are told behind this, since one that does not answer takes long.
        """
        async with self._loading:
            new = await self._load(database, public_url)
        for account, adapter in new:
            task = asyncio.create_task(self._be_told(account, adapter))
            self._telling.add(task)
            task.add_done_callback(self._telling.discard)

    async def _load(
        self, database: Database, public_url: str
    ) -> list[tuple[ChannelAccount, Adapter]]:
        rows = await database.read(_rows)
        accounts = {row.id: _account(row, public_url) for row in rows}
        gone = [key for key in self._adapters if accounts.get(key) != self._accounts[key]]
        for key in gone:
            await self._adapters.pop(key).aclose()
        if self._client is None:
            self._client = new_client()
        new: list[tuple[ChannelAccount, Adapter]] = []
        for key, account in accounts.items():
            if key not in self._adapters:
                try:
                    self._adapters[key] = adapter_for(account, self._client)
                except InboxError as error:
                    _log.warning("channel left out", channel=account.slug, problem=error.detail)
                else:
                    new.append((account, self._adapters[key]))
        self._accounts = accounts
        self._ids = {account.slug: key for key, account in accounts.items()}
        return new

    async def _be_told(self, account: ChannelAccount, adapter: Adapter) -> None:
        """Have a platform that is told its webhook's address by us post to it."""
        if not isinstance(adapter, WebhookAdapter) or adapter.capabilities.receives != "webhook":
            return
        if not account.public_url:
            return
        url = f"{account.public_url.rstrip('/')}/webhooks/{account.slug}"
        try:
            await adapter.set_webhook(url)
        except InboxError as error:
            _log.warning("webhook not set", channel=account.slug, problem=error.detail)

    def all(self) -> dict[int, Adapter]:
        """Return every adapter by channel id."""
        return dict(self._adapters)

    def adapter(self, channel_id: int) -> Adapter:
        """Return a channel's adapter.

        Raises NotFound, Unavailable for one that cannot work as it is set up.
        """
        found = self._adapters.get(channel_id)
        if found is not None:
            return found
        account = self._accounts.get(channel_id)
        if account is None:
            raise NotFound(f"There is no channel {channel_id}.")
        raise Unavailable(f"The channel “{account.slug}” does not work as it is set up.")

    def named(self, slug: str) -> tuple[int, Adapter]:
        """Return a channel's id and adapter by its slug.

        Raises NotFound, Unavailable for one that cannot work as it is set up.
        """
        found = self._ids.get(slug)
        if found is None:
            raise NotFound(f"There is no channel “{slug}”.")
        return found, self.adapter(found)

    async def aclose(self) -> None:
        """Close every adapter and their connections."""
        for task in list(self._telling):
            task.cancel()
        await asyncio.gather(*self._telling, return_exceptions=True)
        for adapter in self._adapters.values():
            await adapter.aclose()
        if self._client is not None:
            await self._client.aclose()
            self._client = None
        self._adapters.clear()
        self._accounts.clear()
        self._ids.clear()


def _rows(connection: Connection) -> list[sa.Row[Any]]:
    return list(connection.execute(sa.select(_CHANNELS)))


def _account(row: Any, public_url: str) -> ChannelAccount:  # noqa: ANN401 - a channels row
    return ChannelAccount(
        slug=row.slug,
        kind=ChannelKind(row.kind),
        name=row.name,
        credentials=row.credentials,
        api_base=row.api_base,
        public_url=public_url,
    )
