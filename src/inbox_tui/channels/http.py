"""HTTP to the platforms: one request, explicit timeouts, no retries, and no secret in a log.

What is told of a failed request is only whether the platform can have got it. Telegram's token
stands in its addresses, and httpx logs addresses and puts them into some of its messages: so no
text of an httpx error leaves this module, and importing it puts a filter on httpx's logger.
"""

import asyncio
import logging
import re
import ssl
from collections.abc import Mapping
from functools import cache
from typing import Any
from urllib.parse import quote

import msgspec

from inbox_tui.channels.port import (
    BadCredentials,
    ChannelAccount,
    Media,
    MediaGone,
    PlatformUnavailable,
)
from inbox_tui.errors import TooLarge
from inbox_tui.lean_httpx import httpx

CONNECT_S = 5.0
ANSWER_S = 15.0
DOWNLOAD_S = 60.0
LONGEST_DETAIL = 300

_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)
_TOKEN_IN_PATH = re.compile(r"/bot[^/\s\"']+")


class NotSent(Exception):
    """The request never reached the platform. ``str()`` is a sentence without any address."""


class AnswerLost(Exception):
    """The request may have reached the platform; its answer did not reach us."""


class _HideTokens(logging.Filter):
    """Takes bot tokens out of the addresses that httpx logs."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        if "/bot" in message:
            record.msg, record.args = _TOKEN_IN_PATH.sub("/bot…", message), None
        return True


logging.getLogger("httpx").addFilter(_HideTokens())


@cache
def _certificates() -> ssl.SSLContext:
    """Return whom this machine trusts, read once: that takes as long as many calls."""
    return httpx.create_ssl_context()


def new_client() -> httpx.AsyncClient:
    """Return a client for every adapter of a process: proxies honoured but for loopback."""
    direct: dict[str, httpx.AsyncBaseTransport | None] = {
        "all://127.0.0.1": None,
        "all://localhost": None,
        "all://[::1]": None,
    }
    return httpx.AsyncClient(
        verify=_certificates(),
        mounts=direct,
        follow_redirects=False,
        timeout=httpx.Timeout(ANSWER_S, connect=CONNECT_S),
        limits=httpx.Limits(max_connections=200, max_keepalive_connections=20),
    )


def base_address(account: ChannelAccount, default: str) -> str:
    """Return the address calls begin with. Raises BadCredentials naming ``api_base``."""
    base = (account.api_base or default).rstrip("/")
    try:
        address = httpx.URL(base)
    except (httpx.InvalidURL, ValueError):
        address = httpx.URL("")
    named = address.scheme in ("http", "https") and address.host and not address.query
    if not named or not 0 < (address.port or 443) < 65536:
        path = f"channels.{account.slug}.api_base"
        raise BadCredentials(f"{path} is not an http or https address.", data={"path": path})
    return base


def credential(account: ChannelAccount, name: str, allowed: re.Pattern[str]) -> str | None:
    """Return a credential, None when it is not given.

    Raises BadCredentials naming its key path (never its value) when it cannot be one.
    """
    value = account.credentials.get(name, "").strip()
    if not value:
        return None
    if not allowed.fullmatch(value):
        path = key_path(account, name)
        raise BadCredentials(f"{path} has characters that it cannot have.", data={"path": path})
    return value


def key_path(account: ChannelAccount, name: str) -> str:
    """Return where a credential stands in the workspace file."""
    return f"channels.{account.slug}.credentials.{name}"


def header(headers: Mapping[str, str], name: str) -> str | None:
    """Return a header, whatever the case of its name. ``name`` is given in lower case."""
    value = headers.get(name)
    if value is not None:
        return value
    return next((value for key, value in headers.items() if key.lower() == name), None)


def path_part(value: str) -> str:
    """Return an id as one part of a path."""
    return quote(value, safe="")


def sentence(words: str | None, otherwise: str) -> str:
    """Return a platform's own words as a detail of bounded length, or ``otherwise``."""
    words = " ".join((words or "").split())
    if not words:
        return otherwise
    return words if len(words) <= LONGEST_DETAIL else words[: LONGEST_DETAIL - 1] + "…"


class Http:
    """One adapter's way out. Opens a client of its own at the first request if it got none."""

    def __init__(self, client: httpx.AsyncClient | None = None) -> None:
        self._client = client
        self._owned = client is None

    async def call(
        self,
        method: str,
        url: str,
        *,
        body: Any = None,  # noqa: ANN401 - any JSON
        headers: Mapping[str, str] | None = None,
        wait_s: float = ANSWER_S,
    ) -> httpx.Response:
        """Make one request and return the whole answer, whatever its status.

        Raises NotSent, AnswerLost; a request that takes ``wait_s`` altogether has lost its answer.
        """
        sent = dict(headers or {})
        content = None
        if body is not None:
            content = msgspec.json.encode(body)
            sent["content-type"] = "application/json"
        timeout = httpx.Timeout(wait_s, connect=CONNECT_S)
        client = self._open()
        if client.is_closed:
            raise NotSent("The channel has been closed.")
        try:
            async with asyncio.timeout(CONNECT_S + wait_s):
                return await client.request(
                    method, url, content=content, headers=sent, timeout=timeout
                )
        except _NOT_SENT as error:
            raise NotSent(_not_sent(error)) from None
        except httpx.InvalidURL:
            raise NotSent("The address of the platform is wrong.") from None
        except (httpx.TimeoutException, TimeoutError):
            raise AnswerLost("The platform did not answer in time.") from None
        except httpx.RequestError:
            raise AnswerLost("The connection broke before the platform answered.") from None

    async def download(
        self, url: str, *, limit: int, headers: Mapping[str, str] | None = None
    ) -> Media:
        """Fetch a file. Raises MediaGone, TooLarge, BadCredentials, PlatformUnavailable."""
        timeout = httpx.Timeout(ANSWER_S, connect=CONNECT_S)
        try:
            async with (
                asyncio.timeout(DOWNLOAD_S),
                self._open().stream("GET", url, headers=headers, timeout=timeout) as answer,
            ):
                refuse_media(answer)
                if (declared := answer.headers.get("content-length", "")).isdecimal():
                    _refuse_large(int(declared), limit)
                data = bytearray()
                async for part in answer.aiter_bytes():
                    data += part
                    _refuse_large(len(data), limit)
                mime = answer.headers.get("content-type", "").partition(";")[0].strip() or None
                return Media(data=bytes(data), mime=mime)
        except (httpx.RequestError, httpx.InvalidURL, TimeoutError):
            raise PlatformUnavailable("The content could not be fetched.") from None

    async def aclose(self) -> None:
        """Close the client if it is our own."""
        if self._owned and self._client is not None:
            await self._client.aclose()
            self._client = None

    def _open(self) -> httpx.AsyncClient:
        if self._client is None:
            self._client = new_client()
        return self._client


def refuse_media(answer: httpx.Response) -> None:
    """Raise unless the answer is a file: 202 means that it is still being prepared."""
    status = answer.status_code
    if status == 200:
        return
    if status in (401, 403):
        raise BadCredentials("The platform refused the credentials.")
    if status in (400, 404, 410):
        raise MediaGone("The platform does not have this content any more.")
    if status == 202:
        raise PlatformUnavailable("The platform is still preparing this content.")
    raise PlatformUnavailable(
        f"The platform answered {status}.", retry_after=retry_after(answer.headers)
    )


def retry_after(headers: Mapping[str, str]) -> int | None:
    """Return the ``Retry-After`` header in milliseconds, when it is a number of seconds."""
    value = (header(headers, "retry-after") or "").strip()
    return int(value) * 1000 if value.isascii() and value.isdecimal() and len(value) < 8 else None


def _refuse_large(size: int, limit: int) -> None:
    if size > limit:
        raise TooLarge(f"The content is larger than {limit // 1024:,} KiB.")


def _not_sent(error: httpx.RequestError) -> str:
    if isinstance(error, httpx.ProxyError):
        return "The proxy did not let the request through."
    if isinstance(error, httpx.PoolTimeout):
        return "Too many requests are on their way."
    return "The platform could not be reached."
