"""Waiting for something in the simulated world to change, and its clock.

Everything of one world lives in one event loop, so that no locks are needed.
"""

import asyncio
from collections.abc import Callable

from inbox_tui.clock import Clock, Millis


class Pulse:
    """Wakes whoever waits for a condition, each time something happened."""

    def __init__(self) -> None:
        self._waiters: set[asyncio.Future[None]] = set()
        self.stopped = False

    def stop(self) -> None:
        """Let nobody wait any more: the world ends."""
        self.stopped = True
        self.beat()

    def beat(self) -> None:
        """Say that something happened."""
        for waiter in self._waiters:
            if not waiter.done():
                waiter.set_result(None)
        self._waiters.clear()

    async def until(self, holds: Callable[[], object], timeout: float | None = None) -> bool:  # noqa: ASYNC109 - a long poll has a length
        """Wait until ``holds()``, at most ``timeout`` seconds; return whether it does."""
        loop = asyncio.get_running_loop()
        end = None if timeout is None else loop.time() + timeout
        while not holds():
            if self.stopped:
                return False
            left = None if end is None else end - loop.time()
            if left is not None and left <= 0:
                return False
            waiter: asyncio.Future[None] = loop.create_future()
            self._waiters.add(waiter)
            try:
                await asyncio.wait_for(waiter, left)
            except TimeoutError:
                return bool(holds())
            finally:
                self._waiters.discard(waiter)
        return True


class SimClock:
    """The world's clock: the machine's, unless it is told to jump or to run faster."""

    def __init__(self, base: Clock, pulse: Pulse) -> None:
        self._base = base
        self._pulse = pulse
        self._from = base.now()
        self._at = self._from
        self.speed = 1.0

    def now(self) -> Millis:
        """Return the world's present as UTC milliseconds since 1970."""
        return self._at + round((self._base.now() - self._from) * self.speed)

    def advance(self, by: Millis) -> None:
        """Jump ``by`` milliseconds ahead; what was due by then happens now."""
        self._at += by
        self._pulse.beat()

    def run_at(self, speed: float) -> None:
        """Let the time run ``speed`` times as fast as the machine's from now on."""
        self._at, self._from = self.now(), self._base.now()
        self.speed = speed
        self._pulse.beat()

    async def until(self, due: Millis) -> None:
        """Wait until it is ``due`` in this world, or the world ends."""
        while (left := due - self.now()) > 0 and not self._pulse.stopped:
            # Woken by every beat, since one of them may be a jump of this clock.
            await self._pulse.until(lambda: self.now() >= due, left / 1000 / self.speed + 0.001)
