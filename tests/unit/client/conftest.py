"""A tiny real server on loopback, in a thread, so that sockets break as sockets do."""

import asyncio
import socket
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

Answer = Callable[[Request], Awaitable[Response]]


@dataclass
class Server:
    """What it was asked, and what it answers. Frames are sent on each stream in turn."""

    base_url: str = ""
    unix_url: str = ""
    asked: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)
    answers: dict[str, tuple[int, Any]] = field(default_factory=dict)
    streams: list[list[str | None]] = field(default_factory=list)
    stream_status: list[int] = field(default_factory=list)

    async def answer(self, request: Request) -> Response:
        path = request.url.path
        if request.url.query:
            path += f"?{request.url.query}"
        headers = dict(request.headers)
        self.asked.append((request.method, path, headers, await request.body()))
        status, body = self.answers.get(request.url.path, (404, b"nothing here"))
        if isinstance(body, bytes):
            return Response(body, status)
        return JSONResponse(body, status)

    async def events(self, request: Request) -> Response:
        self.asked.append(("GET", str(request.url.query), dict(request.headers), b""))
        status = self.stream_status.pop(0) if self.stream_status else 200
        if status != 200:
            slug = "not-signed-in" if status == 401 else "unavailable"
            problem = {"type": slug, "title": "t", "status": status, "detail": "no"}
            return JSONResponse(problem, status, media_type="application/problem+json")
        frames: list[str | None] = self.streams.pop(0) if self.streams else [None]
        return StreamingResponse(self._told(frames), media_type="text/event-stream")

    async def _told(self, frames: list[str | None]) -> AsyncIterator[str]:
        """Send frames; None keeps the line open in silence for ever."""
        for frame in frames:
            if frame is None:
                yield ": ping\n\n"
                await asyncio.Event().wait()
            else:
                yield frame

    def calls(self) -> list[tuple[str, str]]:
        return [(method, path) for method, path, _, _ in self.asked]


def _run(server: uvicorn.Server, sockets: list[socket.socket]) -> threading.Thread:
    thread = threading.Thread(target=server.run, kwargs={"sockets": sockets}, daemon=True)
    thread.start()
    return thread


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """Run the server on a free loopback port and on a Unix socket."""
    state = Server()
    app = Starlette(
        routes=[
            Route("/api/events", state.events),
            Route("/{path:path}", state.answer, methods=["GET", "POST", "PUT", "PATCH", "DELETE"]),
        ]
    )
    config = uvicorn.Config(app, log_level="critical", timeout_graceful_shutdown=0, lifespan="off")
    running = uvicorn.Server(config)
    tcp = socket.socket()
    tcp.bind(("127.0.0.1", 0))
    tcp.listen()
    unix = socket.socket(socket.AF_UNIX)
    path = tmp_path / "s"
    unix.bind(str(path))
    unix.listen()
    state.base_url = f"http://127.0.0.1:{tcp.getsockname()[1]}"
    state.unix_url = f"unix://{path}"
    thread = _run(running, [tcp, unix])
    yield state
    running.should_exit = True
    running.force_exit = True
    thread.join(10)
