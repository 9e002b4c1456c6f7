"""A code drawn in plain lines: its QR with the words beside it, and where a picture may be kept."""

import os
import shutil
import sys
from pathlib import Path
from typing import Final

from inbox_tui.cli import plain
from inbox_tui.errors import Refused
from inbox_tui.text import safe_line
from inbox_tui.wire.codes import Code

GAP: Final = 2
"""Columns between the QR and the words beside it."""
BESIDE: Final = 26
"""Columns that the words need there; with fewer they stand above."""

PROMPT: Final = (
    "Have the customer scan this and send the message that is filled in, unchanged. They are bound"
    " when they send it."
)


def check_place(path: Path, *, over: bool) -> None:
    """See whether a file can be written, before anything is made. Raises Refused with the reason.

    A file that is there is in the way unless it may be written ``over``.
    """
    shown = safe_line(str(path))
    if path.is_dir():
        raise Refused(f"{shown} is a directory.")
    if path.exists() and not path.is_file():
        raise Refused(f"{shown} is no plain file.")
    if path.exists() and not over:
        raise is_there(path)
    directory = path.absolute().parent
    if not directory.is_dir():
        raise Refused(f"There is no directory {safe_line(str(directory))}.")
    if not os.access(directory, os.W_OK | os.X_OK):
        raise Refused(f"{shown} cannot be written: no permission.")


def is_there(path: Path) -> Refused:
    """Return what is said of a file that is in the way."""
    return Refused(f"{safe_line(str(path))} is there already.", hint="Write over it with --force.")


def show_code(code: Code, *, name: str, channel: str) -> None:
    """Print a code: its link, whom it binds to, the prompt, the QR.

    On a terminal the link is first, since it may scroll away, and the QR last and whole. Raises
    Refused on one that is too narrow for it, after all the words.
    """
    told = _told(code, name, channel)
    if sys.stdout.isatty():
        _on_terminal(code.link, told)
        return
    from inbox_tui.qr import half_blocks
    from inbox_tui.qr.matrix import matrix

    plain.print_line(code.link)
    for text in told:
        plain.print_line(text)
    drawn = matrix(code.link)
    can = _can_print(half_blocks.UPPER)
    for line in half_blocks.ink(drawn) if can else half_blocks.wide_ink(drawn):
        sys.stdout.write(f"{line}\n")


def _on_terminal(link: str, told: list[str]) -> None:
    from inbox_tui.config import load_settings
    from inbox_tui.qr import half_blocks
    from inbox_tui.qr.matrix import matrix
    from inbox_tui.terminal.escapes import RESET, black_and_white

    code = matrix(link)
    columns, rows = shutil.get_terminal_size()
    is_plain = load_settings().ascii_only or not _can_print(half_blocks.UPPER)
    wide, high = half_blocks.wide_size(code) if is_plain else half_blocks.size(code)
    lines = half_blocks.wide_lines(code) if is_plain else half_blocks.lines(code)
    beside = _beside(told, columns - wide - GAP, high)
    plain.print_line(link)
    if not beside:
        for text in told:
            plain.print_wrapped(text)
    if wide > columns:
        raise Refused(
            f"This window is {columns} columns wide, and the QR needs {wide}.",
            hint="Make it wider, or keep a picture: --png FILE",
        )
    # A blank of the terminal's own ends each line: programs that hand on a screen with its colours
    # let them run on into the next line.
    edge = " " * min(GAP, columns - wide)
    first = max(0, (high - len(beside)) // 2)
    words = dict(enumerate(beside, first))
    for y, line in enumerate(lines):
        cells = "".join(black_and_white(text, ink=ink, ground=ground) for text, ink, ground in line)
        sys.stdout.write(f"{cells}{RESET}{edge}{words.get(y, '')}\n")
    if high >= rows:
        plain.say(f"Note: the QR is {high} lines high; to be scanned it has to be seen whole.")


def _beside(told: list[str], width: int, height: int) -> list[str]:
    """Return the words in lines of a width; none when they do not fit beside the QR."""
    from inbox_tui.tui.render import cells

    if width < BESIDE:
        return []
    lines: list[str] = []
    for text in told:
        lines += [*cells.wrap(safe_line(text), width), ""]
    return lines[:-1] if len(lines) <= height else []


def _told(code: Code, name: str, channel: str) -> list[str]:
    """Return the words of a code, a paragraph each."""
    keys = ", ".join(key for key in (code.agent, code.team and f"team {code.team}") if key)
    who = name if name == keys else f"{name} ({keys})"
    told = [f"{who} on {channel} ({code.channel})", code.code, PROMPT]
    if code.tags:
        told.append(f"Whoever binds by it gets: {', '.join(code.tags)}.")
    if code.expires_at is not None:
        told.append(f"Expires {code.expires_at.astimezone():%Y-%m-%d %H:%M}.")
    return told


def _can_print(text: str) -> bool:
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        return False
    return True
