"""Rows of columns: widths chosen once for a width of the pane, so that all rows stand aligned."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from inbox_tui.tui.render import cells
from inbox_tui.tui.render.lines import Line, Span, cut, line_width
from inbox_tui.tui.render.looks import Role

GAP = 2


class Column(NamedTuple):
    """One column: its name, its cells (0: what is left over), whether it keeps to the right."""

    name: str
    cells: int
    right: bool = False


def lay(
    columns: Sequence[Column], values: Mapping[str, Line], width: int, mark: str, gap: int = GAP
) -> Line:
    """Return one row of at most ``width`` cells; what does not fit its column is cut with a mark.

    A value that is missing is blank.
    """
    fixed = sum(column.cells for column in columns) + gap * (len(columns) - 1)
    found: Line = ()
    for number, column in enumerate(columns):
        room = column.cells or max(1, width - fixed)
        value = cut(values.get(column.name, ()), room, mark)
        blank = (" " * (room - line_width(value)), Role.TEXT)
        between: Line = ((" " * gap, Role.TEXT),) if number else ()
        placed = (blank, *value) if column.right else (*value, blank)
        found = (*found, *between, *placed)
    return cut(joined(found), width, mark)


_LOUD = frozenset({Role.OVERDUE, Role.DUE_SOON, Role.BAD, Role.LINK, Role.TAB_ON, Role.AUTHOR})
"""Roles whose look shows on blanks, in some theme or without colour."""
_ALIKE = {
    Role.NAME: Role.TEXT,
    **dict.fromkeys((Role.CHANNEL, Role.TIME, Role.AGENT, Role.ANSWERED, Role.CLOSED), Role.MUTED),
}
"""Roles that look like another in every theme."""


def joined(line: Line) -> Line:
    """Return a line with neighbours of one look as one span: what each costs is bytes (V1)."""
    found: list[Span] = []
    for text, role in line:
        look = _ALIKE.get(role, role)
        before = found[-1][1] if found else None
        if before is not None and text.isspace() and before not in _LOUD:
            look = before
        if text and look is before:
            found[-1] = (found[-1][0] + text, look)
        elif text:
            found.append((text, look))
    return tuple(found)


def wide(*texts: str) -> int:
    """Return the cells of the widest of some texts."""
    return max(map(cells.width, texts))
