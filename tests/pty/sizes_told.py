"""A window that writes each size it is told. Run by :mod:`tests.pty.test_size`.

Every look at the size is as slow as can be: the window is made wider while it lasts, and the
signal of that is handled before the look is over. What was seen is then older than what is.

At the end it is told to go on, as a terminal that is closed tells what ran in it.
"""

import os
import shutil
import signal

from textual import events
from textual.app import App, ComposeResult
from textual.widgets import Static

from inbox_tui.terminal.driver import TerminalDriver

WIDER = 10
"""By how many columns the window grows during a look, once."""

_real = shutil.get_terminal_size
_grown = False


def _slow_look(fallback: tuple[int, int] = (80, 24)) -> os.terminal_size:
    global _grown  # noqa: PLW0603
    seen = _real(fallback)
    if seen.columns > 80 and not _grown:
        _grown = True
        signal.raise_signal(signal.SIGWINCH)  # told, and handled, before this returns
        return seen
    return os.terminal_size((seen.columns + WIDER * _grown, seen.lines))


class Sizes(App[None]):
    """Shows the last size."""

    def compose(self) -> ComposeResult:
        yield Static("nothing told", id="size")

    def on_resize(self, event: events.Resize) -> None:
        self.query_one("#size", Static).update(f"it is {event.size.width} wide;")


if __name__ == "__main__":
    shutil.get_terminal_size = _slow_look
    Sizes(driver_class=TerminalDriver).run()
    signal.raise_signal(signal.SIGCONT)  # as a terminal that is closed does, behind the end
