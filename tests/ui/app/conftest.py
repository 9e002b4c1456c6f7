"""One window over a world in memory, with words to say what a person does and sees."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Protocol

import pytest
from textual.app import App
from textual.pilot import Pilot

from inbox_tui.testing.client import FakeClient
from inbox_tui.testing.scenes import busy_shop
from inbox_tui.testing.window import make_app
from inbox_tui.testing.world import World
from inbox_tui.tui.app import InboxApp
from inbox_tui.tui.screens.inbox import InboxScreen
from inbox_tui.wire.models import Entry


class Window:
    """An open window: press keys, read the screen."""

    def __init__(self, app: InboxApp, client: FakeClient, pilot: Pilot[None]) -> None:
        self.app = app
        self.client = client
        self.world = client.world
        self.pilot = pilot

    @property
    def inbox(self) -> InboxScreen:
        return next(one for one in self.app.screen_stack if isinstance(one, InboxScreen))

    @property
    def at_inbox(self) -> bool:
        return isinstance(self.app.screen, InboxScreen)

    @property
    def list_name(self) -> str:
        return self.app.desk.list_name.value

    @property
    def text(self) -> str:
        return screen_text(self.app)

    def said(self, session_id: int) -> list[Entry]:
        """Return what the backend has of the conversation of a session."""
        return self.world.entries[self.world.sessions[session_id].conversation_id]

    async def settle(self) -> None:
        """Wait until what was begun is done; dialogs that wait for a person go on waiting."""
        await self.pilot.pause()

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.settle()

    async def quit(self) -> None:
        """Close the window; no key can be waited for in one that closes."""
        await self.app.action_quit()

    async def type(self, text: str) -> None:
        await self.press(*("space" if one == " " else one for one in text))

    async def select(self, session_id: int) -> None:
        """Put the cursor of the list on a session."""
        assert self.inbox.list_pane.rows.select(session_id), f"no row {session_id}"
        await self.settle()


def screen_text(app: App[None]) -> str:
    """Return what is on the screen, as text."""
    strips = app.screen._compositor.render_strips()
    return "\n".join(strip.text.rstrip() for strip in strips)


class Opens(Protocol):
    def __call__(
        self,
        world: World | None = ...,
        *,
        nickname: str = ...,
        size: tuple[int, int] = ...,
        language: str = ...,
        client: FakeClient | None = ...,
    ) -> AbstractAsyncContextManager[Window]: ...


@pytest.fixture
def open_window(tmp_path: Path) -> Opens:
    """Open a window of ``amy`` over the busy shop, 140 by 30 cells: three panes."""

    @asynccontextmanager
    async def opened(
        world: World | None = None,
        *,
        nickname: str = "amy",
        size: tuple[int, int] = (140, 30),
        language: str = "en",
        client: FakeClient | None = None,
    ) -> AsyncIterator[Window]:
        client = client or FakeClient(world or busy_shop(), nickname)
        app = make_app(client.world, tmp_path / nickname, client=client, language=language)
        async with app.run_test(size=size) as pilot:
            window = Window(app, client, pilot)
            await window.settle()
            yield window

    return opened
