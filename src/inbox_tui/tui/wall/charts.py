"""Counts over time as blocks: one line in a row of a list, or bars of several lines."""

from collections.abc import Sequence

from inbox_tui.state.wall import levels
from inbox_tui.tui.render.lines import Line
from inbox_tui.tui.render.looks import Role
from inbox_tui.tui.render.symbols import Symbols

BLOCKS = "▁▂▃▄▅▆▇█"
ASCII_BLOCKS = ".:-=+*%#"
"""From the lowest to a full cell."""
STEPS = len(BLOCKS)


def blocks_of(symbols: Symbols) -> str:
    """Return the blocks that go with a set of glyphs."""
    return ASCII_BLOCKS if symbols.dash.isascii() else BLOCKS


def spark(values: Sequence[int], top: int, symbols: Symbols) -> str:
    """Return values as one line, a cell each; nothing is a dot, not a small something."""
    blocks = blocks_of(symbols)
    reached = levels(values, top, STEPS)
    return "".join(blocks[level - 1] if level else symbols.dot for level in reached)


def bars(
    values: Sequence[int],
    width: int,
    height: int,
    symbols: Symbols,
    *,
    top: int = 0,
    role: Role = Role.HINT,
) -> list[Line]:
    """Return values as bars over ``height`` lines, at most ``width`` cells wide.

    ``top`` is the value that fills the height, or the largest of ``values`` if that is more. Each
    bar is as wide as there is room for, with a cell between two from three cells on.
    """
    if not values or height < 1 or width < len(values):
        return [()] * max(0, height)
    blocks, room = blocks_of(symbols), width // len(values)
    gap = 1 if room >= 3 else 0
    reached = levels(values, top, height * STEPS)
    lines: list[Line] = []
    for row in range(height - 1, -1, -1):
        cells = []
        for level in reached:
            here = min(STEPS, level - row * STEPS)
            block = blocks[here - 1] if here > 0 else " "
            cells.append(block * (room - gap) + " " * gap)
        lines.append((("".join(cells), role),))
    return lines
