"""A QR code as a picture: PNG for whoever shows it, SVG for whoever prints it.

Both are black on white with their quiet zone, so they can be laid on any ground. The PNG has one
bit a pixel and whole pixels a module; the SVG is one path, so that no seam shows between its
modules when it is scaled.
"""

import struct
import zlib
from itertools import groupby
from typing import Final

from inbox_tui.qr.matrix import Matrix, matrix

PIXELS: Final = 12
"""Pixels of a module in a PNG, and in an SVG that nobody scales."""

_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"


def png(link: str) -> bytes:
    """Return the QR code of a link as a PNG. Raises Refused for a link that is too long."""
    code = matrix(link)
    side = code.size * PIXELS
    lines = b"".join((b"\0" + _bits(row)) * PIXELS for row in code.rows)  # 0: not filtered
    header = struct.pack(">2I5B", side, side, 1, 0, 0, 0, 0)  # one bit, grey
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(lines, 9)), (b"IEND", b""))
    return _SIGNATURE + b"".join(_chunk(name, data) for name, data in chunks)


def svg(link: str) -> str:
    """Return the QR code of a link as an SVG. Raises Refused for a link that is too long."""
    code = matrix(link)
    size, side = code.size, code.size * PIXELS
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{side}" height="{side}" '
        f'viewBox="0 0 {size} {size}">\n'
        f'<path fill="#ffffff" d="M0 0h{size}v{size}h-{size}z"/>\n'
        f'<path fill="#000000" shape-rendering="crispEdges" d="{path(code)}"/>\n'
        "</svg>\n"
    )


def path(code: Matrix) -> str:
    """Return the dark modules as the data of one SVG path, a module being one unit.

    Each run of modules in a row is a rectangle.
    """
    found: list[str] = []
    for y, row in enumerate(code.rows):
        x = 0
        for dark, run in groupby(row):
            length = len(list(run))
            if dark:
                found.append(f"M{x} {y}h{length}v1h-{length}z")
            x += length
    return "".join(found)


def _bits(row: tuple[bool, ...]) -> bytes:
    """Return one line of pixels, a bit each, white as 1, the first in the highest bit."""
    bits = "".join(("0" if dark else "1") * PIXELS for dark in row)
    whole = -len(bits) % 8
    return int(bits + "0" * whole, 2).to_bytes((len(bits) + whole) // 8, "big")


def _chunk(name: bytes, data: bytes) -> bytes:
    """Return a part of a PNG: its length, name, data and checksum."""
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
