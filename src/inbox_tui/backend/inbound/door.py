"""The door webhooks come in by: bare ASGI, nothing between the socket and the commit.

Platforms post in floods and give two seconds; here a request costs a quarter of what it costs
through the framework's routing. It answers for ``POST /webhooks/{slug}`` and leaves everything
else to the application.
"""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from starlette.datastructures import Headers

from inbox_tui.backend import problems
from inbox_tui.backend.inbound.store import take_in
from inbox_tui.errors import InboxError, Refused, TooLarge
from inbox_tui.lean_structlog import structlog

if TYPE_CHECKING:
    from inbox_tui.backend.backend import Backend

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

PATH = "/webhooks/"
BODY_LIMIT = 1024 * 1024
"""Bytes of a request's body."""
TOO_LONG = f"A body has at most {BODY_LIMIT:,} bytes."

_OK: MutableMapping[str, Any] = {
    "type": "http.response.start",
    "status": 200,
    "headers": [(b"content-length", b"0")],
}
_EMPTY: MutableMapping[str, Any] = {"type": "http.response.body", "body": b""}
_log = structlog.get_logger("webhooks")


def is_webhook(scope: Scope) -> bool:
    """Say whether this request comes in here."""
    if scope["type"] != "http" or scope["method"] != "POST":
        return False
    return str(scope["path"]).startswith(PATH)


def says_too_long(headers: Headers) -> bool:
    """Say whether a request announces a body over the limit."""
    said = headers.get("content-length", "")
    return said.isdecimal() and int(said) > BODY_LIMIT


async def receive_webhook(backend: "Backend", scope: Scope, receive: Receive, send: Send) -> None:
    """Verify, store, commit, and only then say 200 (nothing is lost between).

    404 for an unknown channel, 413 over 1 MiB, 401 for a wrong signature (nothing is stored),
    400 for a body that cannot be read.
    """
    try:
        headers = Headers(scope=scope)
        slug = unquote(scope["path"][len(PATH) :])
        channel_id, adapter = backend.channels.named(slug)
        raw = await _body(headers, receive)
        adapter.verify(headers, raw)
        events = [(event, adapter.parse(event.payload)) for event in adapter.split(raw)]
        later = await backend.database.write(take_in, channel_id, raw, events)
    except InboxError as error:
        await problems.of(error)(scope, receive, send)
        return
    except Exception as error:
        _log.exception("webhook failed", path=scope["path"])
        await problems.of(error)(scope, receive, send)
        return
    backend.processor.offer(later)
    await send(_OK)
    await send(_EMPTY)


async def _body(headers: Headers, receive: Receive) -> bytes:
    """Read a body of at most :data:`BODY_LIMIT` bytes.

    Raises TooLarge as soon as it is longer, Refused when the platform hangs up.
    """
    if says_too_long(headers):
        raise TooLarge(TOO_LONG)
    raw: bytes = b""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Refused("The connection ended before the body did.")
        raw += message.get("body", b"")
        if len(raw) > BODY_LIMIT:
            raise TooLarge(TOO_LONG)
        if not message.get("more_body", False):
            return raw
