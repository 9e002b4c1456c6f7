"""A phone for tests: what is drawn, as pixels, and a decoder that reads them.

What stands in a terminal's cells becomes pixels as a terminal with a usual font shows them: each
cell is filled with its ground, half blocks are filled exactly, and of any other glyph it is enough
that something stands there. The pixels are read by ZXing, which knows nothing of how a QR was
made, and is told to read no inverted one: some phones do not either.

Needs ``pillow`` and ``zxing-cpp``, which are requirements of the tests only.
"""

import io
import re
from collections.abc import Iterable, Sequence
from typing import Any, Final

import zxingcpp
from PIL import Image
from rich.color import Color
from rich.segment import Segment

from inbox_tui.testing.terminal import PseudoTerminal

Colour = tuple[int, int, int]
Pixels = Image.Image
"""A picture of red, green and blue."""

Cell = tuple[str, Colour, Colour]
"""What stands in a cell, its ink and its ground."""

BLACK: Final[Colour] = (0, 0, 0)
WHITE: Final[Colour] = (255, 255, 255)
DARK_TERMINAL: Final = ((0xE5, 0xE5, 0xE5), (0x10, 0x10, 0x18))
LIGHT_TERMINAL: Final = ((0x20, 0x20, 0x20), (0xFD, 0xF6, 0xE3))
"""Ink and ground of a terminal where a program sets none."""

CELL: Final = (8, 16)
"""Pixels of a cell, across and down."""

_QR: Final = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)

_BLOCKS: Final = {" ": (0, 0), "▀": (0, 8), "▄": (8, 16), "█": (0, 16)}
"""From which line of pixels of a cell to which there is ink."""

_RECTANGLE: Final = re.compile(r"M([\d.]+) ([\d.]+)h([\d.]+)v([\d.]+)h-[\d.]+z")


def scan(pixels: Pixels) -> str:
    """Return what the QR in a picture says; nothing when none is read."""
    read = zxingcpp.read_barcodes(pixels, _QR, try_invert=False, text_mode=zxingcpp.TextMode.Plain)
    return read[0].text if read else ""


def of_cells(rows: Sequence[Sequence[Cell]]) -> Pixels:
    """Return the cells of a screen as pixels."""
    across, down = CELL
    picture = Image.new("RGB", (max(map(len, rows)) * across, len(rows) * down))
    for row_at, row in enumerate(rows):
        for cell_at, (glyph, ink, ground) in enumerate(row):
            x, y = cell_at * across, row_at * down
            picture.paste(ground, (x, y, x + across, y + down))
            if glyph in _BLOCKS:
                first, last = _BLOCKS[glyph]
                picture.paste(ink, (x, y + first, x + across, y + last))
            elif glyph:
                picture.paste(ink, (x + 2, y + 4, x + 6, y + 12))
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
    return Image.open(io.BytesIO(data)).convert("RGB")


def of_path(path: str, width: float, height: float, scale: float) -> Pixels:
    """Return the rectangles of an SVG path, black on white, ``scale`` pixels to its unit.

    Raises AssertionError for anything else than rectangles in it.
    """
    assert not _RECTANGLE.sub("", path), "more than rectangles"
    picture = Image.new("RGB", (round(width * scale), round(height * scale)), WHITE)
    for told in _RECTANGLE.findall(path):
        x, y, wide, high = (float(number) * scale for number in told)
        picture.paste(BLACK, (round(x), round(y), round(x + wide), round(y + high)))
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
