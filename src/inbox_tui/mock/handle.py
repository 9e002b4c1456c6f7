"""Simulated platforms in a thread of this process, for tests and the demo."""

import threading
from typing import Self

from inbox_tui.clock import Clock
from inbox_tui.errors import Unavailable
from inbox_tui.mock.control import Control
from inbox_tui.mock.server import MockServer

START_WITHIN = 15.0


class MockPlatforms(Control):
    """Platforms that serve while this object is open, and their controls.

    ``with MockPlatforms() as platforms: platforms.base_url`` is what goes into ``api_base`` of a
    channel. Raises Unavailable when they do not start, as when the port is taken.
    """

    def __init__(
        self, *, host: str = "127.0.0.1", port: int = 0, clock: Clock | None = None
    ) -> None:
        ready = threading.Event()
        self._server = MockServer(host, port, clock=clock, say_ready=lambda _: ready.set())
        self._thread = threading.Thread(target=self._run, args=(ready,), name="mock", daemon=True)
        self._thread.start()
        if not ready.wait(START_WITHIN) or not self._server.base_url:
            raise Unavailable(f"The simulated platforms cannot listen on {host}:{port}.")
        super().__init__(self._server.base_url)

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def stop(self) -> None:
        """Stop serving; calls that hang are cut."""
        super().close()
        self._server.should_exit = True
        self._thread.join(START_WITHIN)

    def close(self) -> None:
        """Stop serving."""
        self.stop()

    def _run(self, ready: threading.Event) -> None:
        try:
            self._server.run()
        except SystemExit:
            pass  # uvicorn ends so when it cannot listen; whoever waits is told below
        finally:
            ready.set()
