"""Processes that live no longer than the program that started them.

Their standard input is a pipe that only their parent holds: however the parent ends, the pipe
ends, and with it they do.
"""

import os
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path

from inbox_tui.errors import Unavailable

LIFELINE = "INBOX_TUI_LIFELINE"
"""Set for a child that is to end with its standard input."""

STOP_WITHIN_S = 5.0


class Child:
    """An ``inbox-tui`` command as a child of this process.

    What it says on stderr goes to a log; what it prints as well when ``quiet``, else it is for
    :meth:`first_line`.
    """

    def __init__(
        self,
        log: Path,
        *arguments: str,
        environment: Mapping[str, str] | None = None,
        quiet: bool = False,
    ) -> None:
        handle = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            self._process = subprocess.Popen(  # noqa: S603 - our own program
                [sys.executable, "-P", "-m", "inbox_tui", *arguments],
                stdin=subprocess.PIPE,
                stdout=handle if quiet else subprocess.PIPE,
                stderr=handle,
                env={**os.environ, **(environment or {}), LIFELINE: "1"},
                start_new_session=True,
                text=True,
            )
        finally:
            os.close(handle)
        self._log = log

    def first_line(self, within: float) -> str:
        """Return the first line it prints. Raises Unavailable when it prints none in time."""
        assert self._process.stdout is not None
        ready, _, _ = select.select([self._process.stdout], [], [], within)
        line = self._process.stdout.readline().strip() if ready else ""
        if not line:
            raise Unavailable("A part of the demo does not start.", hint=f"Its log: {self._log}")
        return line

    def stop(self) -> None:
        """Ask it to end, and end it if it does not."""
        with self._process as process:
            process.terminate()
            try:
                process.communicate(timeout=STOP_WITHIN_S)
            except subprocess.TimeoutExpired:
                process.kill()


def end_with_parent() -> None:
    """In a child: ask this process to end when the parent has gone."""
    if not os.environ.pop(LIFELINE, ""):
        return

    def watch() -> None:
        while os.read(sys.stdin.fileno(), 4096):
            pass
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="lifeline", daemon=True).start()
