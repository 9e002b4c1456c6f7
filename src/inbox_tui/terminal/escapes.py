"""Escape sequences as strings, with their text made safe.

Sources: xterm control sequences (OSC 0, 2, 52), iTerm2 (OSC 9), rxvt-unicode (OSC 777).
"""

import base64

from inbox_tui.text import safe_line

ESC = "\x1b"
STRING_END = f"{ESC}\\"
BELL = "\a"
RESET = f"{ESC}[0m"

MAX_TITLE = 120
MAX_NOTICE = 200
MAX_COPY = 74_994
"""Bytes a copy may hold: terminals commonly drop OSC 52 payloads over 100,000 base64 digits."""


def title(text: str) -> str:
    """Return the sequence that sets the window's title (OSC 2)."""
    return f"{ESC}]2;{safe_line(text)[:MAX_TITLE]}{STRING_END}"


def notice_osc9(heading: str, body: str) -> str:
    """Return a desktop notice for iTerm2, kitty, Ghostty and WezTerm (OSC 9).

    A text that begins with a digit and a semicolon would be read as a ConEmu command, so a
    heading always stands first.
    """
    text = ": ".join(part for part in (_plain(heading), _plain(body)) if part)
    return f"{ESC}]9;{text[:MAX_NOTICE]}{STRING_END}"


def notice_osc777(heading: str, body: str) -> str:
    """Return a desktop notice for rxvt-unicode, foot, contour and kitty (OSC 777)."""
    return f"{ESC}]777;notify;{_plain(heading)[:MAX_TITLE]};{_plain(body)[:MAX_NOTICE]}{STRING_END}"


def copy(text: str) -> str:
    """Return the sequence that asks the terminal to fill its clipboard (OSC 52, write only).

    Raises ValueError for more than :data:`MAX_COPY` bytes. The text is base64, so it may hold
    anything.
    """
    data = text.encode()
    if len(data) > MAX_COPY:
        raise ValueError(f"{len(data)} bytes are too many to copy, at most {MAX_COPY}")
    return f"{ESC}]52;c;{base64.b64encode(data).decode()}{STRING_END}"


def black_and_white(text: str, *, ink: bool, ground: bool) -> str:
    """Return text whose ink and ground are black where true, white where false (SGR 38, 48).

    By the numbers of the 256 colours that no terminal's palette changes, and that terminals
    without more colours know as well.
    """
    black, white = 16, 231
    return f"{ESC}[38;5;{black if ink else white};48;5;{black if ground else white}m{text}"


def _plain(text: str) -> str:
    """Semicolons part the fields of these sequences."""
    return safe_line(text).replace(";", ",")
