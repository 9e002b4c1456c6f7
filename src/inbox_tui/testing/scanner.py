"""A phone for tests: what is drawn, as pixels, and a decoder that reads them.

What stands in a terminal's cells becomes pixels as a terminal with a usual font shows them: each
cell is filled with its ground, half blocks are filled exactly, and of any other glyph it is enough
that something stands there. The pixels are read by OpenCV, which knows nothing of how a QR was
made, and reads no inverted one.

Needs ``opencv-python-headless``, which is a requirement of the tests only.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray
from rich.color import Color
from rich.segment import Segment

from inbox_tui.testing.terminal import PseudoTerminal

cv2.setNumThreads(1)  # tests run side by side already

Colour = tuple[int, int, int]
Pixels = NDArray[np.uint8]
"""Lines of pixels of red, green and blue."""

Cell = tuple[str, Colour, Colour]
"""What stands in a cell, its ink and its ground."""

BLACK: Final[Colour] = (0, 0, 0)
WHITE: Final[Colour] = (255, 255, 255)
DARK_TERMINAL: Final = ((0xE5, 0xE5, 0xE5), (0x10, 0x10, 0x18))
LIGHT_TERMINAL: Final = ((0x20, 0x20, 0x20), (0xFD, 0xF6, 0xE3))
"""Ink and ground of a terminal where a program sets none."""

CELL: Final = (8, 16)
"""Pixels of a cell, across and down."""

_BLOCKS: Final = {" ": (0, 0), "▀": (0, 8), "▄": (8, 16), "█": (0, 16)}
"""From which line of pixels of a cell to which there is ink."""

_RECTANGLE: Final = re.compile(r"M([\d.]+) ([\d.]+)h([\d.]+)v([\d.]+)h-[\d.]+z")


def scan(pixels: Pixels) -> str:
    """Return what the QR in a picture says; nothing when none is read."""
    text, _corners, _straight = cv2.QRCodeDetectorAruco().detectAndDecode(pixels)
    return str(text)


def of_cells(rows: Sequence[Sequence[Cell]]) -> Pixels:
    """Return the cells of a screen as pixels."""
    across, down = CELL
    picture = np.zeros((len(rows) * down, max(map(len, rows)) * across, 3), np.uint8)
    for y, row in enumerate(rows):
        for x, (glyph, ink, ground) in enumerate(row):
            cell = picture[y * down : (y + 1) * down, x * across : (x + 1) * across]
            cell[:] = ground
            if glyph in _BLOCKS:
                first, last = _BLOCKS[glyph]
                cell[first:last] = ink
            elif glyph:
                cell[4:12, 2:6] = ink
    return picture


def of_strips(strips: Iterable[Iterable[Segment]], ink: Colour, ground: Colour) -> Pixels:
    """Return what Textual composes as pixels; ``ink`` and ``ground`` where it sets no colour."""
    rows: list[list[Cell]] = []
    for strip in strips:
        row: list[Cell] = []
        for text, style, _control in strip:
            inked = _colour(style.color, ink) if style else ink
            under = _colour(style.bgcolor, ground) if style else ground
            if style and style.reverse:
                inked, under = under, inked
            row += [(glyph, inked, under) for glyph in text]
        rows.append(row)
    return of_cells(rows)


def of_terminal(terminal: PseudoTerminal, rows: int, ink: Colour, ground: Colour) -> Pixels:
    """Return the first rows of a terminal as pixels; ``ink`` and ``ground`` are its defaults."""
    told = {"default": ink}, {"default": ground}
    return of_cells(
        [
            [
                (glyph, _named(terminal.ink(x, y), told[0]), _named(terminal.ground(x, y), told[1]))
                for x, glyph in enumerate(terminal.cells(y))
            ]
            for y in range(rows)
        ]
    )


def of_ink(lines: Sequence[str], ink: Colour = BLACK, ground: Colour = WHITE) -> Pixels:
    """Return plain text as pixels."""
    wide = max(map(len, lines), default=0)
    return of_cells([[(glyph, ink, ground) for glyph in line.ljust(wide)] for line in lines])


def of_file(data: bytes) -> Pixels:
    """Return a PNG as pixels."""
    return np.asarray(cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR), np.uint8)


def of_path(path: str, width: float, height: float, scale: float) -> Pixels:
    """Return the rectangles of an SVG path, black on white, ``scale`` pixels to its unit.

    Raises AssertionError for anything else than rectangles in it.
    """
    assert not _RECTANGLE.sub("", path), "more than rectangles"
    picture = np.full((round(height * scale), round(width * scale), 3), 255, np.uint8)
    for told in _RECTANGLE.findall(path):
        x, y, wide, high = (float(number) * scale for number in told)
        picture[round(y) : round(y + high), round(x) : round(x + wide)] = 0
    return picture


def _colour(colour: Color | None, default: Colour) -> Colour:
    if colour is None or colour.is_default:
        return default
    told: Any = colour.get_truecolor()
    return told.red, told.green, told.blue


def _named(name: str, known: dict[str, Colour]) -> Colour:
    """Return a colour of a terminal by its name, or by its six digits."""
    if name in known:
        return known[name]
    red, green, blue = bytes.fromhex(name)
    return red, green, blue
