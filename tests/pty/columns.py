"""Looks at the columns of a screen: borders without gaps, right edges in line."""

from inbox_tui.testing.terminal import PseudoTerminal

TOP_LEFT, TOP_RIGHT, BOTTOM_LEFT, BOTTOM_RIGHT = "╭╮╰╯"
SIDE = "│"


def borders(screen: PseudoTerminal, y: int) -> list[int]:
    """Return the columns of the borders between panes, as row ``y`` has them."""
    return [x for x, cell in enumerate(screen.cells(y)) if cell == SIDE]


def assert_borders(screen: PseudoTerminal, columns: list[int], rows: range) -> None:
    """Assert that the borders between panes stand in their columns in every row."""
    shown = screen.rows
    for y in rows:
        assert [shown[y][x] for x in columns] == [SIDE] * len(columns), _shown(screen, y)


def assert_box(screen: PseudoTerminal) -> None:
    """Assert that the box of the dialog on the screen has no gap in its sides."""
    rows = screen.rows
    top = next(y for y, cells in enumerate(rows) if TOP_LEFT in cells)
    left, right = rows[top].index(TOP_LEFT), rows[top].index(TOP_RIGHT)
    bottom = next(y for y in range(top, len(rows)) if rows[y][left] == BOTTOM_LEFT)
    assert rows[bottom][right] == BOTTOM_RIGHT, _shown(screen, bottom)
    for y in range(top + 1, bottom):
        assert (rows[y][left], rows[y][right]) == (SIDE, SIDE), _shown(screen, y)


def _shown(screen: PseudoTerminal, y: int) -> str:
    return f"row {y}: {screen.lines[y]!r}\n{screen.text}"
