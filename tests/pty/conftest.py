"""The real program in a true pseudo-terminal, against a real server and simulated platforms."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from tests.journeys.conftest import Server, shop_on, shop_server, short_directory

from inbox_tui.mock.handle import MockPlatforms
from inbox_tui.testing.terminal import PseudoTerminal

OpenInbox = Callable[..., PseudoTerminal]
"""Opens the inbox: ``open_inbox("amy", size=(80, 24), **environment)``."""


def environment_of(server: Server, url: str, nickname: str) -> dict[str, str]:
    """Return the environment of a person's shell; the size is the terminal's to say."""
    kept = {name: it for name, it in server.line.environment.items() if name != "COLUMNS"}
    mine = {"INBOX_TUI_URL": url, "INBOX_TUI_TOKEN": server.token(nickname)}
    return {**kept, **mine, "LC_ALL": "C.UTF-8", "INBOX_TUI_TRACEBACK": "1"}


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    """Return a directory with a path short enough for a Unix socket."""
    with short_directory() as directory:
        yield directory


@pytest.fixture(scope="module")
def mock() -> Iterator[MockPlatforms]:
    """Return simulated platforms."""
    with MockPlatforms() as platforms:
        yield platforms


@pytest.fixture(scope="module")
def server(place: Path, mock: MockPlatforms) -> Iterator[Server]:
    """Return a running server with the shop in it, its LINE account connected.

    One for all tests of a module: each has customers of its own.
    """
    text = shop_on(mock).replace('presence_grace = "2s"', 'presence_grace = "10m"')
    text = text.replace("max_open = 5", "max_open = 50")  # many journeys share one server
    with shop_server(place, mock, text) as running:
        yield running


@pytest.fixture
def open_inbox(server: Server) -> Iterator[OpenInbox]:
    """Return what opens the inbox in a terminal of its own."""
    with ExitStack() as stack:

        def open_it(
            nickname: str = "amy", *, size: tuple[int, int] = (80, 24), **more: str
        ) -> PseudoTerminal:
            inbox = PseudoTerminal(
                server.line.command(),
                environment=environment_of(server, server.unix, nickname) | more,
                size=size,
            )
            return stack.enter_context(inbox)

        yield open_it
