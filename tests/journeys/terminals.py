"""The terminal itself, drawn in memory, connected to a server process."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.journeys.conftest import Server, eventually
from textual.pilot import Pilot

from inbox_tui.client.http import HttpClient
from inbox_tui.client.port import Client
from inbox_tui.tui.app import InboxApp


@asynccontextmanager
async def terminal(server: Server, nickname: str) -> AsyncIterator[Pilot[None]]:
    """Open the inbox of an agent in a terminal of 160 by 45, connected to the server."""

    async def connect() -> Client:
        return HttpClient(server.unix, server.token(nickname), window=f"terminal-{nickname}")

    directory = server.line.home / nickname
    app = InboxApp(connect, state_dir=directory, config_dir=directory)
    async with app.run_test(size=(160, 45)) as pilot:
        yield pilot


def shown(pilot: Pilot[None]) -> str:
    strips = pilot.app.screen._compositor.render_strips()
    return "\n".join(strip.text.rstrip() for strip in strips)


async def sees(pilot: Pilot[None], *texts: str) -> None:
    """Wait until all of these stand on the screen."""
    await eventually(lambda: all(text in shown(pilot) for text in texts))
