"""Reads something again soon after news of it: what comes together costs one reading."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Final

from textual.timer import Timer

from inbox_tui.state.changes import Link

if TYPE_CHECKING:
    from inbox_tui.tui.screens.room import RoomScreen

SETTLE: Final = 0.2
"""Seconds that are waited after news: what belongs together comes."""
AT_MOST_EVERY: Final = 1.0
"""Seconds between two readings while news keep coming."""


class Again:
    """One reading at a time, and one more if anything was told meanwhile."""

    def __init__(self, screen: "RoomScreen", read: Callable[[], Awaitable[None]]) -> None:
        self._screen = screen
        self._read = read
        self._timer: Timer | None = None
        self._is_reading = self._is_wanted = False

    def want(self, within: float = SETTLE) -> None:
        """Have it read soon, or at once.

        Offline it is read once the line stands again, if that is news.
        """
        if self._is_reading:
            self._is_wanted = True
        elif within <= 0:
            self._soon()
        elif self._timer is None:
            self._timer = self._screen.set_timer(within, self._soon)

    async def now(self) -> None:
        """Read it. Raises what the reading raises."""
        if self._is_reading:
            self._is_wanted = True
            return
        self._is_reading, self._is_wanted = True, False
        try:
            await self._read()
        finally:
            self._is_reading = False
        if self._is_wanted and self._screen.is_attached:
            self.want(AT_MOST_EVERY)

    def _soon(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        if self._screen.desk.store.link is Link.LIVE:
            self._screen.begin(self.now())
