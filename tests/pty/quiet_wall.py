"""The wall over a world in memory with a clock that stands still, in a real terminal.

Run by :mod:`tests.pty.test_wall`. Keys let things happen: F5 lets a minute of ticks pass while the
clock stands, F6 lets one customer write, F7 one agent reply, F8 the clock go on by a minute. When
that has been painted, the window's title says so, numbered.
"""

import asyncio
import sys
import tempfile
from pathlib import Path

from textual import events

from inbox_tui.terminal.writer import Terminal
from inbox_tui.testing.client import FakeClient
from inbox_tui.testing.clock import FakeClock
from inbox_tui.testing.scenes import busy_shop
from inbox_tui.testing.world import World
from inbox_tui.tui.app import InboxApp
from inbox_tui.tui.screens import wall as screens
from inbox_tui.tui.screens.wall import WallScreen

SOMCHAI, MALEE = 2, 4
"""A session that waits, and a customer who was answered."""
screens.SETTLE = 0.001  # type: ignore[misc]


class Watched(InboxApp):
    """An inbox that is on the wall, whose own clock does not tick."""

    def __init__(self, world: World, state: Path) -> None:
        client = FakeClient(world, "cho")

        async def connect() -> FakeClient:
            return client

        super().__init__(
            connect, state_dir=state, config_dir=state, clock=world.clock, on_wall=True
        )
        self.world = world
        self.client = client
        self._told = 0

    async def on_event(self, event: events.Event) -> None:
        """Let happen what a key says."""
        if isinstance(event, events.Key) and event.key in ("f5", "f6", "f7", "f8"):
            self.run_worker(self._let(event.key))
            return
        await super().on_event(event)

    async def _let(self, key: str) -> None:
        screen = self.screen
        assert isinstance(screen, WallScreen)
        reads = self.client.calls.count("wall")
        match key:
            case "f5":
                for _ in range(60):
                    screen.tick()
            case "f6":
                self.world.write(MALEE, "one more thing")
            case "f7":
                self.world.reply(SOMCHAI, "yes", by="amy")
            case "f8":
                clock = self.world.clock
                assert isinstance(clock, FakeClock)
                clock.move(60)
                screen.tick()
        is_read = key != "f5"
        while is_read and self.client.calls.count("wall") == reads:  # noqa: ASYNC110 - no event
            await asyncio.sleep(0)
        painted = asyncio.Event()
        screen.call_after_refresh(lambda: screen.call_after_refresh(painted.set))
        await painted.wait()
        self._told += 1
        driver = self._driver
        assert driver is not None
        Terminal(driver.write).title(f"done {self._told}")
        driver.flush()


def main() -> None:
    """Show the wall; the only argument is the number of idle customers besides the shop's own."""
    world = busy_shop()
    for number in range(int(sys.argv[1])):
        world.write(world.contact(f"Customer {number:02}"), "hello")
    with tempfile.TemporaryDirectory() as state:
        Watched(world, Path(state)).run()


if __name__ == "__main__":
    main()
