"""Simulated platforms in a thread of this process, for tests and the demo."""

import socket
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
        try:
            listener = socket.create_server((host, port))
        except OSError as error:
            raise Unavailable(
                f"The simulated platforms cannot listen on {host}:{port} ({error.strerror})."
            ) from None
        ready = threading.Event()
        self._server = MockServer(host, port, clock=clock, say_ready=lambda _: ready.set())
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [listener]}, name="mock", daemon=True
        )
        self._thread.start()
        if not ready.wait(START_WITHIN):
            raise Unavailable(f"The simulated platforms did not start in {START_WITHIN:.0f} s.")
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
