"""A server between the terminal and the real one, which puts hostile strings into every answer.

What is stored in the real backend are placeholders that pass every check of a name (``hx07x``).
On their way to the terminal they become what nobody should ever send. So each field of each
answer is tried with each string, whatever the backend would have refused or cleaned before.
"""

import asyncio
import re
import socket
import threading
from functools import cache
from pathlib import Path
from typing import Any, Self

import httpx
import uvicorn

from inbox_tui.testing.hostile import HOSTILE, Hostile

_PLACEHOLDER = re.compile(rb"hx(\d\d)x")
_HANDED_ON = (
    b"authorization",
    b"content-type",
    b"accept",
    b"idempotency-key",
    b"last-event-id",
    b"if-match",
)


def placeholder(hostile: Hostile) -> str:
    """Return what stands for a string in the real backend."""
    return f"hx{hostile.number:02}x"


def with_hostile(body: bytes) -> bytes:
    """Return JSON with every placeholder replaced."""
    return _PLACEHOLDER.sub(lambda found: _json_of(HOSTILE[int(found[1]) - 1]), body)


@cache
def _json_of(hostile: Hostile) -> bytes:
    # JSON with a lone surrogate is refused as a whole by the terminal: see the test of webhooks.
    return (hostile.json if hostile.encodable else hostile.mark).encode()


class Relay:
    """Hands calls on to the server behind a Unix socket, and hostile answers back.

    ``refusal``, if set, is the body of a problem (placeholders allowed) and its status: the answer
    to every call that changes something.
    """

    def __init__(self, uds: Path) -> None:
        self._uds = uds
        self.refusal: tuple[int, bytes] | None = None
        self._client: httpx.AsyncClient | None = None
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        config = uvicorn.Config(
            self._app,
            interface="asgi3",
            lifespan="off",
            log_level="error",
            timeout_graceful_shutdown=1,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [self._listener]}, daemon=True
        )

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join(10)
        self._listener.close()

    async def _app(self, scope: Any, receive: Any, send: Any) -> None:
        body = b""
        more = True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
        if self.refusal is not None and scope["method"] != "GET":
            status, problem = self.refusal
            await _answer(send, status, b"application/problem+json", with_hostile(problem))
            return
        if self._client is None:
            transport = httpx.AsyncHTTPTransport(uds=str(self._uds), verify=False)
            self._client = httpx.AsyncClient(transport=transport, base_url="http://inbox")
        path = scope["path"] + (
            f"?{scope['query_string'].decode()}" if scope["query_string"] else ""
        )
        headers = [(name, value) for name, value in scope["headers"] if name in _HANDED_ON]
        request = self._client.build_request(
            scope["method"],
            path,
            headers=headers,
            content=body,
            timeout=httpx.Timeout(10, read=None),
        )
        answer = await self._client.send(request, stream=True)
        try:
            kind = answer.headers.get("content-type", "").encode()
            if not kind.startswith(b"text/event-stream"):
                whole = await answer.aread()
                await _answer(send, answer.status_code, kind, with_hostile(whole))
                return
            await send(_start(answer.status_code, kind))
            async for line in answer.aiter_lines():
                told = with_hostile(line.encode()) + b"\n"
                await send({"type": "http.response.body", "body": told, "more_body": True})
            await send({"type": "http.response.body", "body": b""})
        except (httpx.HTTPError, asyncio.CancelledError):
            return  # the real server has gone, or the relay goes: so does the connection
        finally:
            await answer.aclose()


async def _answer(send: Any, status: int, kind: bytes, body: bytes) -> None:
    await send(_start(status, kind))
    await send({"type": "http.response.body", "body": body})


def _start(status: int, kind: bytes) -> dict[str, Any]:
    return {"type": "http.response.start", "status": status, "headers": [(b"content-type", kind)]}
