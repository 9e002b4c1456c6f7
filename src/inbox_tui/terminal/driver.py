"""Textual's driver for Linux and macOS, which reads and takes signals more calmly.

Size: Textual reads it in the signal's handler. While a window is dragged, the next signal comes in
the middle of that: its handler reads and tells the newer size first, the older one after it, and
the screen stays drawn for a window that is no more. Here the handler only asks for a look.

Going on after a stop: a terminal that is closed sends that signal too, behind the one that ends the
program. Textual's handler would begin to read and draw once more, in a program that is leaving.

A terminal that is gone: of that the system tells only who leads the session, a shell, or a ``make``
that keeps it to itself. Textual would read for ever from what is not there, wait for ever to write,
and the agent would count as present. Here somebody watches the line.
"""

import asyncio
import os
import select
import signal
import threading
from codecs import getincrementaldecoder
from typing import IO, Any, Final, cast

from textual import events
from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver
from textual.geometry import Size

from inbox_tui.terminal.pastes import Pastes

LOOK_EVERY_S: Final = 0.1
"""How often a key that may be the beginning of another, an ESC, is looked at again."""

CHUNK: Final = 4096
"""Bytes read at a time."""


class TerminalDriver(LinuxDriver):
    """Tells sizes in order, goes on only if it runs, and ends the program without a terminal."""

    def __init__(self, *args: Any, **options: Any) -> None:  # noqa: ANN401 - Textual's own
        super().__init__(*args, **options)
        self._file = cast("Any", _Line(cast("IO[str]", self._file)))
        self._watched = False

    def start_application_mode(self) -> None:
        """Begin as Textual does, then answer the signal ourselves, and watch the line."""
        super().start_application_mode()  # type: ignore[no-untyped-call]
        if self.input_tty and not self._watched:
            self._watched = True
            threading.Thread(
                target=_end_with, args=(self.fileno,), name="terminal-watch", daemon=True
            ).start()
        loop = asyncio.get_running_loop()
        signal.signal(
            signal.SIGWINCH, lambda _number, _frame: loop.call_soon_threadsafe(self._tell_size)
        )

    def run_input_thread(self) -> None:
        """Read what is typed until told to end, or until there is nobody to type."""
        parser, pastes = XTermParser(self._debug), Pastes()
        decode = getincrementaldecoder("utf-8")("replace").decode
        while not self.exit_event.is_set():
            if select.select([self.fileno], [], [], LOOK_EVERY_S)[0]:
                try:
                    data = os.read(self.fileno, CHUNK)
                except OSError:
                    return
                if not data:
                    return
                if text := pastes.calm(decode(data)):  # to the parser, no text is the end
                    for event in parser.feed(text):
                        self.process_message(event)
            for event in parser.tick():
                self.process_message(event)

    def _sigcont_application(self, *signalled: object) -> None:
        """Go on after a stop, unless the end has come already."""
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            return
        if not _has_gone(self.fileno, within_ms=0):
            super()._sigcont_application(*signalled)

    def _tell_size(self) -> None:
        if not self._in_band_window_resize:  # else the terminal tells it, in order
            size = Size(*self._get_terminal_size())
            self._app.post_message(events.Resize(size, size))


class _Line:
    """What is written to. A terminal that is gone takes everything, and shows it nobody."""

    def __init__(self, file: IO[str]) -> None:
        self._file = file

    def write(self, text: str) -> None:
        try:
            self._file.write(text)
        except OSError:
            return

    def flush(self) -> None:
        try:
            self._file.flush()
        except OSError:
            return

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever a file has
        return getattr(self._file, name)


def _has_gone(terminal: int, within_ms: int | None) -> bool:
    """Say whether a terminal has gone, or goes within a time; None is as long as it takes.

    False as well on a system that cannot tell of terminals.
    """
    line = select.poll()
    line.register(terminal, 0)  # asks for nothing: that it has gone is told unasked
    return any(told & (select.POLLHUP | select.POLLERR) for _, told in line.poll(within_ms))


def _end_with(terminal: int) -> None:
    """Wait until a terminal is gone, then tell this process as the system tells a session's leader.

    A process that was asked to heed no hanging up is asked to end.
    """
    if _has_gone(terminal, within_ms=None):
        ignored = signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
        os.kill(os.getpid(), signal.SIGTERM if ignored else signal.SIGHUP)
