"""A QR code in the cells of a terminal: two modules in each, one above the other.

A cell is about twice as high as it is wide, so the modules come out square. The colours go with
the cells, since dark modules on a light ground are needed whatever the terminal's own ground is:
many readers refuse an inverted code. A cell of one colour is a space, which a terminal fills to
its edges, whatever its font makes of a full block.
"""

from itertools import groupby
from typing import Final

from inbox_tui.qr.matrix import Matrix

UPPER: Final = "▀"

Run = tuple[str, bool, bool]
"""A piece of a line: its text, whether its ink is black, whether its ground is black."""

_INK: Final = {
    (False, False): " ",
    (True, False): "▀",
    (False, True): "▄",
    (True, True): "█",
}


def size(code: Matrix) -> tuple[int, int]:
    """Return the columns and lines that :func:`lines` takes."""
    return code.size, (code.size + 1) // 2


def lines(code: Matrix) -> list[list[Run]]:
    """Return the code as lines of pieces that are each to be drawn in their two colours."""
    return [
        [
            ((" " if upper == lower else UPPER) * len(list(run)), upper, lower)
            for (upper, lower), run in groupby(pairs)
        ]
        for pairs in _pairs(code)
    ]


def wide_size(code: Matrix) -> tuple[int, int]:
    """Return the columns and lines that :func:`wide_lines` takes."""
    return code.size * 2, code.size


def wide_lines(code: Matrix) -> list[list[Run]]:
    """Return the code for fonts without half blocks: a module is two spaces on their ground."""
    return [
        [("  " * len(list(run)), dark, dark) for dark, run in groupby(row)] for row in code.rows
    ]


def ink(code: Matrix) -> list[str]:
    """Return the code as text without colours, dark modules as ink: for light grounds only."""
    return ["".join(_INK[pair] for pair in pairs) for pairs in _pairs(code)]


def wide_ink(code: Matrix) -> list[str]:
    """Return the same in characters that every font and encoding has, two a module."""
    return ["".join("##" if dark else "  " for dark in row) for row in code.rows]


def _pairs(code: Matrix) -> list[list[tuple[bool, bool]]]:
    """Return for each cell the module above and the one below; below the last one is white."""
    rows = [*code.rows, (False,) * code.size]
    return [list(zip(rows[y], rows[y + 1], strict=True)) for y in range(0, len(code.rows), 2)]
