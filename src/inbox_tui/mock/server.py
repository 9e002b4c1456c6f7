"""Serving the simulated platforms: as a process, or in a thread of this one.

One address serves everything: LINE under ``/v2``, Telegram under ``/bot…``, the control interface
under ``/sim``.
"""

import signal
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from inbox_tui.clock import Clock, SystemClock
from inbox_tui.mock import sim
from inbox_tui.mock.platforms import line, telegram
from inbox_tui.mock.platforms.answering import HANG_UP
from inbox_tui.mock.world import World


class _Protocol(HttpToolsProtocol):
    """HTTP that a route may cut in the middle."""

    def on_message_begin(self) -> None:
        """Give every request the means to hang up."""
        super().on_message_begin()
        self.scope["extensions"] = {HANG_UP: self._hang_up}  # type: ignore[dict-item]

    def _hang_up(self) -> None:
        self.transport.abort()


def make_app(world: World) -> Starlette:
    """Return the application: all platforms of a world, and its control interface."""

    async def alive(_request: Request) -> Response:
        return JSONResponse({"status": "ok"})

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        yield
        await world.close()

    return Starlette(
        routes=[
            Route("/healthz", alive),
            *sim.routes(world),
            *line.routes(world),
            *telegram.routes(world),
        ],
        lifespan=lifespan,
    )


class MockServer(uvicorn.Server):
    """The server of one simulated world. ``say_ready`` is told the base address once it listens."""

    def __init__(
        self,
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        clock: Clock | None = None,
        say_ready: Callable[[str], None] | None = None,
    ) -> None:
        self._world = World(clock or SystemClock())
        super().__init__(
            uvicorn.Config(
                make_app(self._world),
                host=host,
                port=port,
                http=_Protocol,
                ws="none",
                log_config=None,
                access_log=False,
                server_header=False,
                timeout_graceful_shutdown=2,
            )
        )
        self._say_ready = say_ready
        self.base_url = ""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, then tell where."""
        await super().startup(sockets)
        if not self.started:
            return
        host, port = self.servers[0].sockets[0].getsockname()[:2]
        self.base_url = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
        if self._say_ready is not None:
            self._say_ready(self.base_url)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Let the long polls return, then stop."""
        self._world.pulse.stop()
        await super().shutdown(sockets)


def serve(
    host: str = "127.0.0.1",
    port: int = 9100,
    *,
    say_ready: Callable[[str], None] | None = None,
) -> None:
    """Serve the simulated platforms until SIGINT or SIGTERM; for the main thread of a process.

    Raises OSError when the port cannot be had.
    """
    with socket.create_server((host, port)) as listener:
        # Uvicorn stops at these signals and then raises them again, to whom it may concern.
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda _number, _frame: None)
        MockServer(host, port, say_ready=say_ready).run(sockets=[listener])
