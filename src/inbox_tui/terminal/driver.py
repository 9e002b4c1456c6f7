"""Textual's driver for Linux and macOS, which takes two signals more calmly.

Size: Textual reads it in the signal's handler. While a window is dragged, the next signal comes in
the middle of that: its handler reads and tells the newer size first, the older one after it, and
the screen stays drawn for a window that is no more. Here the handler only asks for a look.

Going on after a stop: a terminal that is closed sends that signal too, behind the one that ends the
program. Textual's handler would begin to draw once more, in a program whose loop has ended.
"""

import asyncio
import signal

from textual import events
from textual.drivers.linux_driver import LinuxDriver
from textual.geometry import Size


class TerminalDriver(LinuxDriver):
    """Tells each change of size after the signals that came meanwhile; goes on only if it runs."""

    def start_application_mode(self) -> None:
        """Begin as Textual does, then answer the signal ourselves."""
        super().start_application_mode()  # type: ignore[no-untyped-call]
        loop = asyncio.get_running_loop()
        signal.signal(
            signal.SIGWINCH, lambda _number, _frame: loop.call_soon_threadsafe(self._tell_size)
        )

    def _sigcont_application(self, *signalled: object) -> None:
        """Go on after a stop, unless the end has come already."""
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            return
        super()._sigcont_application(*signalled)

    def _tell_size(self) -> None:
        if not self._in_band_window_resize:  # else the terminal tells it, in order
            size = Size(*self._get_terminal_size())
            self._app.post_message(events.Resize(size, size))
