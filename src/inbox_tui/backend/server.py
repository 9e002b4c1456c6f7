"""Runs the backend as a server: the database's lock, the sockets, ready, signals, the end.

One process a database. It may listen on a port and on a Unix socket at once. Embedded (on one
person's machine) it goes by itself when the last window has left: what came in is answered for,
what was being sent is sent, and nothing is received until somebody opens the inbox again (O1).
What is served is left to :mod:`inbox_tui.backend.app`.
"""

import asyncio
import gc
import math
import os
import secrets
import signal
import socket
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import uvicorn

from inbox_tui.backend import local
from inbox_tui.backend.app import make_app, take_over
from inbox_tui.backend.backend import Backend
from inbox_tui.backend.running import (
    Lock,
    Running,
    forget_running,
    in_use,
    read_running,
    write_running,
)
from inbox_tui.clock import SystemClock
from inbox_tui.config import LONGEST_SOCKET
from inbox_tui.errors import Refused, Unavailable
from inbox_tui.lean_structlog import structlog
from inbox_tui.store.database import Database
from inbox_tui.store.schema import open_database

STREAMS_END_WITHIN_S = 5
"""How long requests under way have once the server stops."""

KEEP_ALIVE_S = 65
"""A connection may be silent this long: longer than the usual 60 s of proxies before us."""

LOCK_WITHIN_S = 20.0
"""How long a server that is stopping is given to let go of the database."""

LOOK_AGAIN_S = 0.05
"""How often a lock that is taken is tried again."""

_log = structlog.get_logger("server")


@dataclass(frozen=True, slots=True, kw_only=True)
class Embedded:
    """When a backend goes by itself: ``linger`` seconds after the last window has left.

    ``first_window`` is how long it waits for the first one.
    """

    linger: float = 2.0
    first_window: float = 30.0


def serve(
    database_path: Path,
    *,
    host: str | None = None,
    port: int = 0,
    uds: Path | None = None,
    embedded: Embedded | None = None,
    prepare: Callable[[Database], None] | None = None,
    say_ready: Callable[[tuple[str, ...]], None] = lambda _addresses: None,
) -> None:
    """Serve a database until SIGTERM or SIGINT; ``say_ready`` is told the addresses.

    ``host`` None means no port at all; port 0 means any free one. ``prepare`` is called with the
    open database before anything else. Raises NotPossibleNow when another server has it, Refused
    for an address that cannot be had, Unavailable when the database cannot be opened or the
    backend does not start, and what ``prepare`` raises.
    """
    database_path = database_path.resolve()
    lock = _lock(database_path, LOCK_WITHIN_S)
    try:
        # What one that was killed left behind must not be taken for ours once we listen.
        forget_running(database_path)
        sockets = _listen(host, port, uds)
        try:
            database = open_database(database_path, SystemClock())
            try:
                if prepare is not None:
                    prepare(database)
                local_key = secrets.token_urlsafe(32)
                backend = Backend(database, local_key=local_key, embedded=embedded is not None)
                server = _Server(backend, database_path, local_key, embedded, say_ready)
                server.run_on(sockets)
            finally:
                database.close()
        finally:
            for listener in sockets:
                listener.close()
            if uds is not None:
                uds.unlink(missing_ok=True)
    finally:
        lock.release()


class _Server(uvicorn.Server):
    """Uvicorn, told when to say that it is ready, when to go, and in which order to stop."""

    def __init__(
        self,
        backend: Backend,
        database_path: Path,
        local_key: str,
        embedded: Embedded | None,
        say_ready: Callable[[tuple[str, ...]], None],
    ) -> None:
        app = make_app(backend)
        take_over(app, local.router)
        super().__init__(
            uvicorn.Config(
                app,
                http="httptools",
                ws="none",
                lifespan="on",
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=False,
                timeout_keep_alive=KEEP_ALIVE_S,
                timeout_graceful_shutdown=STREAMS_END_WITHIN_S,
            )
        )
        self._backend = backend
        self._database_path = database_path
        self._local_key = local_key
        self._embedded = embedded
        self._say_ready = say_ready

    def run_on(self, sockets: list[socket.socket]) -> None:
        """Serve on these sockets until told to stop. Raises Unavailable."""
        try:
            self.run(sockets)
        except SystemExit:
            # Uvicorn ends so when the application does not start; the reason is in the log.
            raise Unavailable("The backend could not start; its log says why.") from None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start the backend and listen, then say where."""
        await super().startup(sockets)
        addresses = tuple(_address(listener) for listener in sockets or ())
        running = Running(
            pid=os.getpid(),
            addresses=addresses,
            local_key=self._local_key,
            embedded=self._embedded is not None,
        )
        write_running(self._database_path, running)
        if self._embedded is not None:
            self._backend.windows.on_empty = self._last_window_left
            self._look_later(self._embedded.first_window)
        gc.freeze()  # all that is loaded stays: no request waits while it is searched for garbage
        gc.enable()
        _log.info("ready", addresses=addresses, database=str(self._database_path))
        self._say_ready(addresses)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Take no newcomers, end the streams, answer what was asked, and stop the backend."""
        forget_running(self._database_path)
        self._backend.hub.close()
        await super().shutdown(sockets)
        _log.info("stopped")

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Let SIGTERM and SIGINT stop the server: a clean end, so the exit code is 0."""
        before = {
            number: signal.signal(number, self.handle_exit)
            for number in (signal.SIGTERM, signal.SIGINT)
        }
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _last_window_left(self) -> None:
        if self._embedded is not None:
            self._look_later(self._embedded.linger)

    def _look_later(self, seconds: float) -> None:
        asyncio.get_running_loop().call_later(seconds, self._go_if_nobody_is_here)

    def _go_if_nobody_is_here(self) -> None:
        """Go when no window is open; look again while other programs still listen."""
        if self._embedded is None or len(self._backend.windows):
            return
        if len(self._backend.hub) or self.server_state.tasks:
            self._look_later(self._embedded.linger)
            return
        _log.info("the last window has left")
        self.should_exit = True


def _lock(database_path: Path, within: float) -> Lock:
    lock = Lock(database_path)
    for _ in range(1 + math.ceil(within / LOOK_AGAIN_S)):
        if lock.take():
            return lock
        running = read_running(database_path)
        if running is not None and running.is_alive:
            break
        time.sleep(LOOK_AGAIN_S)
    raise in_use(database_path)


def _listen(host: str | None, port: int, uds: Path | None) -> list[socket.socket]:
    """Open the sockets, or none at all. Raises Refused."""
    sockets: list[socket.socket] = []
    try:
        if uds is not None:
            sockets.append(_listen_on_socket(uds))
        if host is not None:
            sockets.append(_listen_on_port(host, port))
    except BaseException:
        for listener in sockets:
            listener.close()
        raise
    if not sockets:
        raise Refused("There is nothing to listen on.", hint="Give --port or --uds.")
    return sockets


def _listen_on_port(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
    except (OSError, OverflowError) as error:
        listener.close()
        raise Refused(
            f"Cannot listen on {host}:{port}: {_why(error)}.",
            hint="Choose another with --port; 0 is any free one.",
        ) from None
    return listener


def _listen_on_socket(path: Path) -> socket.socket:
    """Open a Unix socket that only its owner can reach. Raises Refused."""
    if len(os.fsencode(path)) > LONGEST_SOCKET:
        raise Refused(
            f"The path of the socket is too long: {path}.",
            hint=f"A Unix socket's path has at most {LONGEST_SOCKET} bytes.",
        )
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        _remove_stale(path)
        before = os.umask(0o177)
        try:
            listener.bind(os.fspath(path))
        finally:
            os.umask(before)
    except OSError as error:
        listener.close()
        raise Refused(f"Cannot listen on {path}: {_why(error)}.") from None
    return listener


def _remove_stale(path: Path) -> None:
    """Remove a socket that nobody answers any more, such as after a power cut."""
    try:
        if not stat.S_ISSOCK(path.stat().st_mode):
            raise OSError(f"{path} is there and is no socket")
    except FileNotFoundError:
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        try:
            probe.connect(os.fspath(path))
        except OSError:
            path.unlink(missing_ok=True)
            return
    raise OSError("somebody listens there already")


def _address(listener: socket.socket) -> str:
    name = listener.getsockname()
    if listener.family == socket.AF_UNIX:
        return f"unix://{name}"
    host, port = name[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _why(error: BaseException) -> str:
    return (getattr(error, "strerror", None) or str(error)).rstrip(".").lower()
