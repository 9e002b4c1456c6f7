"""Write escape sequences to the terminal, if it is one."""

from collections.abc import Callable
from enum import StrEnum

from inbox_tui.terminal import escapes


class Notice(StrEnum):
    """How a desktop notice is shown (W5). ``AUTO`` is the bell: the only one all terminals know."""

    AUTO = "auto"
    BELL = "bell"
    OSC9 = "osc9"
    OSC777 = "osc777"
    OFF = "off"


class Terminal:
    """What can be asked of the terminal besides drawing.

    ``write`` takes a string and puts it out as it is (in the application: its driver's writer, so
    that nothing stands in the middle of a frame). Nothing is ever read back.
    """

    def __init__(self, write: Callable[[str], object], *, notice: Notice = Notice.AUTO) -> None:
        self._write = write
        self._notice = notice
        self._title = ""

    def title(self, text: str) -> None:
        """Set the window's title, if it is another than before."""
        if text != self._title:
            self._title = text
            self._write(escapes.title(text))

    def bell(self) -> None:
        """Ring the bell."""
        self._write(escapes.BELL)

    def notify(self, heading: str, body: str = "") -> None:
        """Show a desktop notice in the configured way."""
        match self._notice:
            case Notice.OFF:
                return
            case Notice.OSC9:
                self._write(escapes.notice_osc9(heading, body))
            case Notice.OSC777:
                self._write(escapes.notice_osc777(heading, body))
            case Notice.AUTO | Notice.BELL:
                self.bell()

    def copy(self, text: str) -> bool:
        """Ask the terminal to copy ``text``; false if it is too long. No terminal confirms it."""
        try:
            sequence = escapes.copy(text)
        except ValueError:
            return False
        self._write(sequence)
        return True
