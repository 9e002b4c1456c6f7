"""A terminal for tests: runs a command in a true pseudo-terminal, types, looks at the screen.

Everything the command writes passes the strict reader of :mod:`output` first, and what is known is
drawn on a :mod:`screen`, so that a test can look at columns as a person would see them.

Needs ``pyte``, which is a requirement of the tests only.
"""

import fcntl
import os
import select
import signal
import struct
import subprocess
import sys
import termios
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Final, Self

import pyte

from inbox_tui.testing.output import PLAIN, Kind, Piece, Reader
from inbox_tui.testing.screen import Screen

WITHIN = 60.0
"""Seconds anything waited for may take: no test fails because a machine is busy with much else."""

CHUNK = 65_536


_ANSWERS: Final = {
    "\x1b[?2026$p": b"\x1b[?2026;2$y",  # whole frames: known, not set
    "\x1b[?2048$p": b"\x1b[?2048;0$y",  # resize within the input: not known, a signal tells it
}
_FRAME_BEGINS, _FRAME_ENDS = "\x1b[?2026h", "\x1b[?2026l"

KEYS: Final = {
    "enter": "\r",
    "alt+enter": "\x1b\r",
    "tab": "\t",
    "shift+tab": "\x1b[Z",
    "escape": "\x1b[27u",  # as Textual asks for it: a bare ESC could begin the next key
    "backspace": "\x7f",
    "space": " ",
    "up": "\x1b[A",
    "down": "\x1b[B",
    "right": "\x1b[C",
    "left": "\x1b[D",
    "home": "\x1b[H",
    "end": "\x1b[F",
    "pageup": "\x1b[5~",
    "pagedown": "\x1b[6~",
    "f1": "\x1bOP",
    **{f"ctrl+{letter}": chr(ord(letter) - 96) for letter in "abcdefghijklmnopqrstuvwxyz"},
}
"""What a terminal sends for a key."""


class PseudoTerminal:
    """A command in a pseudo-terminal. Use it as a context manager; leaving it ends the command.

    A thread reads all along, so the command is never held up by a test that waits elsewhere.
    ``environment`` is the whole of it, but for what says what terminal this is.
    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        environment: Mapping[str, str],
        size: tuple[int, int] = (80, 24),
    ) -> None:
        self.raw = bytearray()
        self.pieces: list[Piece] = []
        self._reader = Reader()
        self._screen = Screen(*size)
        self._draw = pyte.Stream(self._screen)
        self._news = threading.Condition()
        self._in_frame = self._ended = False
        self._master, slave = os.openpty()
        self._set_size(*size)
        try:
            self._process = subprocess.Popen(  # noqa: S603 - a test says what it runs
                [sys.executable, "-I", "-S", "-c", _TAKE_TERMINAL, *command],
                stdin=slave,
                stdout=slave,
                stderr=slave,
                start_new_session=True,
                env={"TERM": "xterm-256color", "COLORTERM": "truecolor", **environment},
            )
        finally:
            os.close(slave)
        self._thread = threading.Thread(target=self._read, name="terminal", daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    # -- hands -----------------------------------------------------------------------------------

    def press(self, *keys: str) -> None:
        """Press keys by their names; what is no name is typed as it is."""
        for key in keys:
            self._write(KEYS.get(key, key).encode())

    def type(self, text: str) -> None:
        """Type text."""
        self._write(text.encode())

    def paste(self, text: str) -> None:
        """Paste text, as a terminal hands on its clipboard: in brackets."""
        self._write(b"\x1b[200~" + text.encode("utf-8", "surrogatepass") + b"\x1b[201~")

    def resize(self, columns: int, rows: int) -> None:
        """Make the window another size."""
        with self._news:
            self._screen.resize(rows, columns)
        self._set_size(columns, rows)
        os.killpg(self._process.pid, signal.SIGWINCH)

    # -- eyes ------------------------------------------------------------------------------------

    @property
    def lines(self) -> list[str]:
        """The lines of the screen, without blanks at their ends."""
        with self._whole_frame():
            return self._screen.read()

    @property
    def text(self) -> str:
        """The whole screen."""
        return "\n".join(self.lines)

    @property
    def rows(self) -> list[list[str]]:
        """The cells of all rows at one moment.

        Nothing stands in the second half of a wide character.
        """
        with self._whole_frame():
            screen = self._screen
            across = range(screen.columns)
            return [[str(screen.buffer[y][x].data) for x in across] for y in range(screen.lines)]

    def cells(self, y: int) -> list[str]:
        """Return the cells of a row."""
        return self.rows[y]

    @property
    def cursor(self) -> tuple[int, int]:
        """Where the terminal's own cursor stands, shown or not: column and row."""
        with self._whole_frame():
            return self._screen.cursor.x, self._screen.cursor.y

    def ink(self, x: int, y: int) -> str:
        """Return the foreground colour of a cell."""
        with self._whole_frame():
            return str(self._screen.buffer[y][x].fg)

    def ground(self, x: int, y: int) -> str:
        """Return the background colour of a cell."""
        with self._whole_frame():
            return str(self._screen.buffer[y][x].bg)

    def colours(self) -> set[str]:
        """Return the colours on the screen, as six hexadecimal digits or by name."""
        with self._whole_frame():
            cells = [row[x] for row in self._screen.buffer.values() for x in list(row)]
        return {str(colour) for cell in cells for colour in (cell.fg, cell.bg)}

    @property
    def said(self) -> str:
        """All text ever written, without what stands between."""
        with self._news:
            return "".join(piece.text for piece in self.pieces if piece.kind in PLAIN)

    @property
    def strange(self) -> list[str]:
        """Everything that was written and has no business in a terminal."""
        with self._news:
            return [piece.text for piece in self.pieces if piece.kind is Kind.STRANGE]

    def forget(self) -> None:
        """Forget what was written so far, but for the screen."""
        with self._news:
            self.raw.clear()
            self.pieces.clear()

    @contextmanager
    def _whole_frame(self) -> Iterator[None]:
        """Hold the screen still, at the end of a frame: half of one is never to be seen."""
        with self._news:
            self._news.wait_for(lambda: self._ended or not self._in_frame, WITHIN)
            yield

    # -- waiting ---------------------------------------------------------------------------------

    def until(self, seen: Callable[[], object], *, what: str = "", within: float = WITHIN) -> None:
        """Wait until ``seen`` is true, looking after each whole frame.

        Raises AssertionError with the screen when that does not happen in time.
        """

        def settled() -> bool:
            return self._ended or (not self._in_frame and bool(seen()))

        with self._news:
            if not (self._news.wait_for(settled, within) and seen()):
                how = "it ended" if self._ended else "in time"
                raise AssertionError(f"not seen, {how}: {what or seen}\n{self.text}")

    def wait_for(self, *texts: str, within: float = WITHIN) -> None:
        """Wait until all of ``texts`` stand on the screen."""
        self.until(lambda: all(it in self.text for it in texts), what=f"{texts}", within=within)

    def wait_without(self, *texts: str, within: float = WITHIN) -> None:
        """Wait until none of ``texts`` stands on the screen."""
        self.until(
            lambda: not any(it in self.text for it in texts), what=f"no {texts}", within=within
        )

    def wait_end(self, within: float = WITHIN) -> int:
        """Wait until the command has ended; return its exit code."""
        code = self._process.wait(within)
        self._thread.join(within)
        return code

    @property
    def running(self) -> bool:
        """Whether the command still runs."""
        return self._process.poll() is None

    @property
    def pid(self) -> int:
        """The process id of the command."""
        return self._process.pid

    def kill(self) -> None:
        """Kill the command: it says no goodbye."""
        self._process.kill()
        self._process.wait(WITHIN)

    def take_away(self) -> None:
        """Close the terminal itself, as a window or a line that is gone does."""
        os.close(self._master)
        self._master = -1

    def end(self) -> None:
        """End the command, if it still runs, and close the terminal."""
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(5)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait(5)
        self._thread.join(5)
        if self._master >= 0:
            os.close(self._master)
            self._master = -1

    # --------------------------------------------------------------------------------------------

    def _write(self, data: bytes) -> None:
        while data:
            data = data[os.write(self._master, data) :]

    def _set_size(self, columns: int, rows: int) -> None:
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def _read(self) -> None:
        while True:
            try:
                ready = select.select([self._master], [], [], 0.5)[0]
                data = os.read(self._master, CHUNK) if ready else None
            except (OSError, ValueError):  # the last process that had it open has gone, or we have
                data = b""
            if data is None:
                continue
            with self._news:
                self.raw += data
                for piece in self._reader.read(data, last=not data):
                    self._take(piece)
                self._ended = not data
                self._news.notify_all()
            if not data:
                return

    def _take(self, piece: Piece) -> None:
        self.pieces.append(piece)
        if piece.kind is Kind.QUERY:
            self._write(_ANSWERS[piece.text])
        elif piece.kind is Kind.MODE and piece.text in (_FRAME_BEGINS, _FRAME_ENDS):
            self._in_frame = piece.text == _FRAME_BEGINS
        elif piece.kind is Kind.TEXT:
            self._screen.draw(piece.text)
        elif piece.kind is Kind.STYLE:
            self._screen.look(piece.text)
        elif piece.kind is Kind.MOVE:
            self._screen.go(piece.text)
        elif piece.kind in (Kind.NEW_LINE, Kind.ERASE, Kind.MODE):
            self._draw.feed(piece.text)


_TAKE_TERMINAL = (
    "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); "
    "os.execvpe(sys.argv[1], sys.argv[1:], os.environ)"
)
"""Makes the pseudo-terminal the controlling one, so that it tells its changes of size."""
