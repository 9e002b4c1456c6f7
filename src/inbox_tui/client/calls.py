"""What every call over HTTP does: ask, decode, and turn a failure into one class of error.

The connection itself and the mixins of calls stand on this; what the URLs are is theirs to know.
"""

from typing import Any, Final, TypeVar
from urllib.parse import quote

from inbox_tui.client.problems import problem_of, unavailable, unreadable
from inbox_tui.errors import Refused
from inbox_tui.lean_httpx import httpx
from inbox_tui.wire import codec
from inbox_tui.wire.models import Page

T = TypeVar("T")

TIMEOUT: Final = httpx.Timeout(15.0, connect=5.0)
"""Seconds a call may take."""


class Calls:
    """Calls over one connection pool; see :class:`inbox_tui.client.http.HttpClient`."""

    def __init__(self, base_url: str, token: str) -> None:
        self._http = _connect(base_url, token)

    async def _get(self, path: str, into: type[T], **query: str | int | list[str] | None) -> T:
        asked = {name: value for name, value in query.items() if value not in (None, "")}
        return decode(await self._call("GET", path, params=asked), into)

    async def _all(self, path: str, into: type[Page[T]]) -> list[T]:
        page = await self._get(path, into, limit=200)
        items = list(page.items)
        while page.next_cursor is not None:
            page = await self._get(path, into, limit=200, cursor=page.next_cursor)
            items += page.items
        return items

    async def _call(
        self,
        method: str,
        path: str,
        *,
        body: object = None,
        params: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
        within: httpx.Timeout = TIMEOUT,
    ) -> bytes:
        sent = dict(headers or {})
        if body is not None:
            sent["Content-Type"] = "application/json"
        try:
            answer = await self._http.request(
                method,
                path,
                content=codec.encode(body) if body is not None else None,
                params=params,
                headers=sent,
                timeout=within,
            )
        except httpx.HTTPError as error:
            raise unavailable(error) from error
        if answer.is_success:
            return answer.content
        raise problem_of(answer.status_code, answer.content)


def _connect(base_url: str, token: str) -> httpx.AsyncClient:
    headers = {"Authorization": f"Bearer {token}"}
    if base_url.startswith("unix://"):
        # No TLS on a socket: reading the certificate store would hold up the first rows.
        transport = httpx.AsyncHTTPTransport(
            uds=base_url.removeprefix("unix://"),
            verify=False,
        )
        return httpx.AsyncClient(
            transport=transport, base_url="http://inbox", headers=headers, timeout=TIMEOUT
        )
    try:
        url = httpx.URL(base_url)
    except httpx.InvalidURL as error:
        raise Refused(f"{base_url!r} is no address: {error}") from error
    if url.scheme not in ("http", "https") or not url.host:
        raise Refused(
            f"{base_url!r} is no address of an inbox server.",
            hint="Give http://host:port, https://host or unix:///path/to/socket.",
        )
    verify = url.scheme == "https"
    return httpx.AsyncClient(base_url=url, headers=headers, timeout=TIMEOUT, verify=verify)


def decode(body: bytes, into: type[T]) -> T:
    """Return what an answer says. Raises Unavailable for one that this version cannot read."""
    try:
        return codec.decode(body, into)
    except codec.NotDecodable as error:
        raise unreadable(error) from error


def if_match(version: int | None) -> dict[str, str]:
    """Return the header that says which version a change was meant for; none for any."""
    return {} if version is None else {"If-Match": f'"{version}"'}


def segment(value: str) -> str:
    """Return a name as one part of a path."""
    return quote(value, safe="")
