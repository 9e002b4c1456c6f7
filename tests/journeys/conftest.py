"""The real thing for journeys: server processes, simulated platforms, the command line.

Everything runs in a directory of its own, on loopback and Unix sockets, with none of the
environment of whoever runs the tests, and is ended by its process id. Waiting is for something
that happens, with a deadline; nothing sleeps for a fixed time.
"""

import asyncio
import io
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import (
    aclosing,
    asynccontextmanager,
    contextmanager,
    redirect_stderr,
    redirect_stdout,
    suppress,
)
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock as mock_module

import pytest

from inbox_tui.backend.running import Lock, Running, read_running
from inbox_tui.cli.embedded import running_backend
from inbox_tui.cli.local import LocalBackend
from inbox_tui.cli.main import run
from inbox_tui.client.http import HttpClient
from inbox_tui.client.port import Connected
from inbox_tui.mock.handle import MockPlatforms
from inbox_tui.wire.models import Event

WITHIN = 60.0
"""Seconds anything awaited may take."""

CHANNEL_SECRET = "line-secret"
ACCESS_TOKEN = "line-access-token"
BOT_TOKEN = "123456:abcdefghijklmnopqrstuvwxyz0123456789"

SHOP = f"""
[workspace]
name = "Baan Shop"
timezone = "Asia/Bangkok"
max_open = 5
settle = "0s"
presence_grace = "2s"

[[agents]]
nickname = "amy"
name = "Amy Tan"
role = "owner"

[[agents]]
nickname = "bo"
name = "Bo"

[[teams]]
slug = "sales"
name = "Sales"
method = "self_claim"
members = ["amy", "bo"]

[[channels]]
slug = "line-main"
kind = "line"
name = "Baan Shop LINE"
team = "sales"
api_base = "PLATFORMS"
[channels.credentials]
channel_secret = "{CHANNEL_SECRET}"
access_token = "{ACCESS_TOKEN}"
"""


@dataclass(frozen=True)
class Ran:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What it printed, as JSON."""
        return json.loads(self.out)


def exit_code(arguments: Sequence[str]) -> int:
    """Run a command in this process; return what the process would end with."""
    try:
        return run(arguments)
    except SystemExit as ended:
        return int(ended.code or 0)


@dataclass
class CommandLine:
    """``inbox-tui`` as a process, with a home of its own."""

    home: Path
    environment: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        kept = {name: os.environ[name] for name in ("PATH", "LANG", "TMPDIR") if name in os.environ}
        self.environment = {
            **kept,
            "HOME": str(self.home),
            "XDG_DATA_HOME": str(self.home / "data"),
            "XDG_CONFIG_HOME": str(self.home / "config"),
            "XDG_STATE_HOME": str(self.home / "state"),
            "XDG_RUNTIME_DIR": str(self.home),
            "COLUMNS": "100",
            **self.environment,
        }

    @property
    def data(self) -> Path:
        """The directory of the own workspace."""
        return self.home / "data" / "inbox-tui"

    def command(self, *arguments: str) -> list[str]:
        """Return the command line as a process is given it."""
        return [sys.executable, "-m", "inbox_tui", *arguments]

    def run(self, *arguments: str, stdin: str = "", **more: str) -> Ran:
        """Run a command to its end; ``more`` is added to its environment."""
        done = subprocess.run(
            self.command(*arguments),
            input=stdin,
            env=self.environment | more,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        return Ran(done.returncode, done.stdout, done.stderr)

    def run_here(self, *arguments: str, stdin: str = "", **more: str) -> Ran:
        """Run a command in this process, in a thread without an event loop: much sooner done."""
        out, err = io.StringIO(), io.StringIO()
        typed = io.TextIOWrapper(io.BytesIO(stdin.encode()), encoding="utf-8")
        with (
            mock_module.patch.dict(os.environ, self.environment | more, clear=True),
            mock_module.patch("sys.stdin", typed),
            redirect_stdout(out),
            redirect_stderr(err),
            ThreadPoolExecutor(1) as elsewhere,
        ):
            code = elsewhere.submit(exit_code, arguments).result(60)
        return Ran(code, out.getvalue(), err.getvalue())

    def ok(self, *arguments: str, stdin: str = "", **more: str) -> Ran:
        """Run a command that has to succeed."""
        ran = self.run(*arguments, stdin=stdin, **more)
        assert ran.code == 0, ran.err
        return ran


class Server:
    """An ``inbox-tui serve`` process on a Unix socket and a port."""

    def __init__(self, line: CommandLine, directory: Path) -> None:
        self.line = line
        self.database = directory / "inbox.db"
        self.uds = directory / "s.sock"
        self.log = directory / "server.log"
        self.tokens: dict[str, str] = {}
        self.shop = ""
        self.ready_line = ""
        self._process: subprocess.Popen[str] | None = None

    @property
    def database_url(self) -> str:
        """The database as the command line names it."""
        return f"sqlite:///{self.database}"

    @property
    def unix(self) -> str:
        """The address of the socket."""
        return f"unix://{self.uds}"

    @property
    def http(self) -> str:
        """The address of the port."""
        return next(word for word in self.ready_line.split() if word.startswith("http://"))

    @property
    def process(self) -> "subprocess.Popen[str]":
        """The process while it runs."""
        assert self._process is not None
        return self._process

    def start(self) -> None:
        """Start, and wait until it is ready."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self.line.command(
                    *("serve", "--port", "0", "--uds", str(self.uds)),
                    *("--database-url", self.database_url),
                ),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                env=self.line.environment,
            )
        assert self.process.stdout is not None
        assert select.select([self.process.stdout], [], [], WITHIN)[0], "the server is not ready"
        self.ready_line = self.process.stdout.readline().strip()
        assert self.ready_line, self.log.read_text()

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """End it by a signal, and return its exit code."""
        if self._process is None:
            return 0
        with self._process as process:
            process.send_signal(number)
            process.wait(WITHIN)
        self._process = None
        return process.returncode

    def apply(self, text: str, **more: str) -> Ran:
        """Apply a workspace file; ``more`` is added to the environment."""
        return self.line.run_here(
            "apply", "-", "--database-url", self.database_url, stdin=text, **more
        )

    def token(self, nickname: str) -> str:
        """Return a bearer token, made at the first call."""
        if nickname not in self.tokens:
            running = read_running(self.database)
            assert running is not None
            with LocalBackend(running) as backend:
                self.tokens[nickname] = backend.token(nickname).token
        return self.tokens[nickname]

    def run_as(self, nickname: str, *arguments: str, stdin: str = "") -> Ran:
        """Run a plain command as an agent, with this server configured, in this process."""
        return self.line.run_here(
            *arguments,
            stdin=stdin,
            INBOX_TUI_URL=self.unix,
            INBOX_TUI_TOKEN=self.token(nickname),
        )


class Window:
    """An open inbox window of an agent: its client, and the events that came."""

    def __init__(self, client: HttpClient) -> None:
        self.client = client
        self.events: list[Event] = []
        self._news = asyncio.Condition()
        self._connected = False

    async def follow(self, after: int) -> None:
        """Follow the live stream until cancelled."""
        async with aclosing(self.client.signals(after)) as signals:
            async for told in signals:
                async with self._news:
                    if isinstance(told, Connected):
                        self._connected = True
                    elif isinstance(told, Event):
                        self.events.append(told)
                    self._news.notify_all()

    async def connected(self) -> None:
        """Wait until the window counts as open."""
        async with self._news:
            await asyncio.wait_for(self._news.wait_for(lambda: self._connected), WITHIN)

    async def until(self, found: Callable[[Event], object]) -> Event:
        """Return the first event that fits, waiting for it if need be."""

        def first() -> Event | None:
            return next((event for event in self.events if found(event)), None)

        async with self._news:
            await asyncio.wait_for(self._news.wait_for(lambda: first() is not None), WITHIN)
        event = first()
        assert event is not None
        return event


@asynccontextmanager
async def open_window(server: Server, nickname: str, name: str = "") -> AsyncIterator[Window]:
    """Open an inbox window of an agent, so that they count as present."""
    token = server.token(nickname)
    async with window_at(server.unix, token, name or f"window-{nickname}") as window:
        yield window


@asynccontextmanager
async def window_at(address: str, token: str, name: str) -> AsyncIterator[Window]:
    """Open an inbox window at an address."""
    client = HttpClient(address, token, window=name)
    window = Window(client)
    after = (await client.me()).last_seq
    task = asyncio.create_task(window.follow(after))
    try:
        await window.connected()
        yield window
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        await client.close()


async def eventually(found: Callable[[], Any], within: float = WITHIN) -> Any:
    """Return what ``found`` returns as soon as it is true."""
    async with asyncio.timeout(within):
        while not (value := found()):  # noqa: ASYNC110 - what is awaited is in another process
            await asyncio.sleep(0.02)
    return value


def is_gone(line: CommandLine) -> bool:
    """Whether nobody has the own workspace's database."""
    lock = Lock(line.data / "inbox.db")
    taken = lock.take()
    lock.release()
    return taken


@contextmanager
def short_directory() -> Iterator[Path]:
    """Make a directory with a path short enough for a Unix socket."""
    directory = Path(tempfile.mkdtemp(prefix="inbox-"))
    try:
        yield directory
    finally:
        shutil.rmtree(directory, ignore_errors=True)


@contextmanager
def shop_server(directory: Path, platforms: MockPlatforms, text: str) -> Iterator[Server]:
    """Run a server with a workspace in it, its LINE account connected."""
    home = directory / "home"
    home.mkdir(exist_ok=True)
    server = Server(CommandLine(home), directory)
    server.start()
    try:
        running = read_running(server.database)
        assert running is not None
        with LocalBackend(running) as backend:
            backend.apply(text, {})
        server.shop = text
        platforms.line(
            "line-main",
            target=server.unix,
            channel_secret=CHANNEL_SECRET,
            access_token=ACCESS_TOKEN,
        )
        yield server
    finally:
        server.stop()


def shop_on(platforms: MockPlatforms) -> str:
    """Return the workspace file of a shop on these platforms."""
    return SHOP.replace("PLATFORMS", platforms.base_url)


@pytest.fixture
def place() -> Iterator[Path]:
    """Return a directory with a path short enough for a Unix socket."""
    with short_directory() as directory:
        yield directory


@pytest.fixture
def line(place: Path) -> CommandLine:
    """Return the command line with a home of its own."""
    home = place / "home"
    home.mkdir(exist_ok=True)
    return CommandLine(home)


@pytest.fixture
def mock() -> Iterator[MockPlatforms]:
    """Return simulated platforms."""
    with MockPlatforms() as platforms:
        yield platforms


@pytest.fixture
def shop(mock: MockPlatforms) -> str:
    """Return the workspace file of a shop on the simulated platforms."""
    return shop_on(mock)


@pytest.fixture
def server(place: Path, mock: MockPlatforms, shop: str) -> Iterator[Server]:
    """Return a running server with the shop in it, its LINE account connected."""
    with shop_server(place, mock, shop) as running:
        yield running


@pytest.fixture(scope="module")
def standing() -> Iterator[Server]:
    """Return a running server for all tests of a module, which none of them stops or changes."""
    with (
        short_directory() as place,
        MockPlatforms() as platforms,
        shop_server(place, platforms, shop_on(platforms)) as running,
    ):
        yield running


@pytest.fixture
def own(line: CommandLine, shop: str) -> Iterator[CommandLine]:
    """Return a command line whose own workspace is the shop; nothing runs yet."""
    applied = line.run_here("apply", "-", stdin=shop)
    assert applied.code == 0, applied.err
    yield line
    running = running_backend(line.data / "inbox.db")
    if running is not None:
        os.kill(running.pid, signal.SIGTERM)
        until = time.monotonic() + WITHIN
        while not is_gone(line) and time.monotonic() < until:
            time.sleep(0.02)


def backend_of(line: CommandLine) -> Running:
    """Return the running backend of the own workspace."""
    running = running_backend(line.data / "inbox.db")
    assert running is not None
    return running
