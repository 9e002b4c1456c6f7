"""The panes of the wall: lists that repaint only what differs, the line of numbers, the charts.

A wall is watched over slow lines for hours. Textual paints what a widget says is dirty, and a list
that is given new items says that all of it is; so what stands on each line is compared with what
will stand there, and only lines that differ are painted. When nothing differs nothing is sent.
"""

from collections.abc import Callable, Sequence
from typing import Self

from rich.style import Style
from textual import events
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from inbox_tui.tui.desk import Desk
from inbox_tui.tui.render import cells
from inbox_tui.tui.render.lines import Line, columns, cut
from inbox_tui.tui.render.looks import Role
from inbox_tui.tui.wall.table import joined
from inbox_tui.tui.widgets.line_view import GUTTER
from inbox_tui.tui.widgets.look import app_looks, strip_of
from inbox_tui.tui.widgets.one_line import OneLine
from inbox_tui.tui.widgets.sources import SequenceSource
from inbox_tui.tui.widgets.virtual_list import VirtualList

Row = tuple[str, Callable[[int], Line]]
"""A row: a key no other has, and its line for a width."""


class CalmList(VirtualList[str]):
    """A list of one-line rows with a heading, in which only rows that differ are painted.

    It has no scroll bar, which would be painted anew with each row that comes: the heading says how
    many rows are above and below those in view.
    """

    DEFAULT_CSS = """
    CalmList { background: $surface; }
    """

    def __init__(self, desk: Desk, *, id: str) -> None:
        super().__init__(_source(()), row_height=1, symbols=desk.symbols, id=id)
        self.styles.scrollbar_size_vertical = 0
        self._heading: Callable[[int], Line] = lambda _width: ()
        self._is_comparing = False

    def take(self, rows: Sequence[Row], heading: Callable[[int], Line], empty: str) -> None:
        """Show these rows; the cursor stays on its row as long as there is one with its key."""
        if not self.is_attached:
            self._source, self._heading, self.empty = _source(rows), heading, empty
            return
        before = self._drawn()
        self._is_comparing = True
        try:
            self._heading, self.empty = heading, empty
            self.source_changed(_source(rows))
        finally:
            self._is_comparing = False
        self._paint(before)

    def begin_with(self, rows: Sequence[Row], heading: Callable[[int], Line], empty: str) -> None:
        """Show the rows of something else, from their top."""
        before = self._drawn()
        self._is_comparing = True
        try:
            self._heading, self.empty = heading, empty
            self.show(_source(rows))
        finally:
            self._is_comparing = False
        self._paint(before)

    def refresh(
        self,
        *regions: Region,
        repaint: bool = True,
        layout: bool = False,
        recompose: bool = False,
    ) -> Self:
        """Paint anew; while rows are compared nothing is painted, only laid out."""
        repaint = repaint and not self._is_comparing
        if not (repaint or layout or recompose):
            return self
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)

    def draw(self, line: Line, *, selected: bool = False, marked: bool = False) -> Strip:
        """Return a line with its gutter, in as few pieces as there are looks."""
        if selected or marked:
            return super().draw(line, selected=selected, marked=marked)
        whole = joined(((" " * GUTTER, Role.TEXT), *line))
        return strip_of(whole, self.line_room, self.looks, self.base_style, None)

    def _paint(self, before: Sequence[Strip]) -> None:
        after = self._drawn()
        width = self.size.width
        if len(before) != len(after):
            self.refresh()
            return
        for y, (old, new) in enumerate(zip(before, after, strict=True)):
            if old != new:
                self.refresh(Region(0, y, _last_difference(old, new, width), 1))

    def _drawn(self) -> list[Strip]:
        return [self.render_line(y) for y in range(self.rows_visible)]

    def _head_line(self) -> Line:
        room, symbols = self.line_room - GUTTER, self.symbols
        above = self.top
        below = len(self.source) - above - self.rows_visible + 1
        signs = ((symbols.more_above, above), (symbols.more_below, below))
        told = "  ".join(f"{sign}{count}" for sign, count in signs if count > 0)
        right: Line = ((told, Role.HINT),) if told else ()
        left = room - cells.width(told) - 1 if told else room
        return columns(self._heading(left), right, room, symbols.ellipsis)


def _last_difference(old: Strip, new: Strip, width: int) -> int:
    """Return how many cells from the left hold all that differs: the rest is not painted."""
    same = 0
    for one, other in zip(reversed(list(old)), reversed(list(new)), strict=False):
        if one != other:
            break
        same += one.cell_length
    return max(1, width - same)


def _source(rows: Sequence[Row]) -> SequenceSource[str, Row]:
    return SequenceSource(rows, lambda row: row[0], lambda row, width: [row[1](width)])


class CalmLine(OneLine):
    """One line that is painted only when it says something else."""

    def __init__(self, desk: Desk, *, id: str) -> None:
        super().__init__(symbols=desk.symbols, id=id)
        self._say: Callable[[int], Line] = lambda _width: ()
        self._said: Line = ()

    def take(self, say: Callable[[int], Line]) -> None:
        """Say what ``say`` returns for the width there is."""
        self._say = say
        if self.is_attached and say(self.size.width - 2) != self._said:
            self.refresh()

    def line(self, width: int) -> Line:
        """Return what stands on it."""
        self._said = self._say(width)
        return self._said


class CalmLines(Widget):
    """Several lines, of which those are painted that differ."""

    DEFAULT_CSS = """
    CalmLines { background: $surface; }
    """

    def __init__(self, desk: Desk, *, id: str) -> None:
        super().__init__(id=id)
        self._mark = desk.symbols.ellipsis
        self._draw: Callable[[int, int], Sequence[Line]] = lambda _width, _height: ()
        self._lines: Sequence[Line] = ()

    def take(self, draw: Callable[[int, int], Sequence[Line]]) -> None:
        """Show what ``draw`` returns for the width and height there are."""
        self._draw = draw
        before, self._lines = self._lines, self._drawn()
        if not self.is_attached:
            return
        longest = max(len(before), len(self._lines))
        for y in range(longest):
            if _at(before, y) != _at(self._lines, y):
                self.refresh(Region(0, y, self.size.width, 1))

    def on_resize(self, event: events.Resize) -> None:
        """Draw for another size."""
        del event
        self._lines = self._drawn()
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Draw one line, with a cell of air at both ends."""
        width = self.size.width
        base: Style = self.rich_style
        if width < 3:
            return Strip.blank(width, base)
        inner = cut(_at(self._lines, y), width - 2, self._mark)
        air = Strip.blank(1, base)
        return Strip.join([air, strip_of(inner, width - 2, app_looks(self.app), base, None), air])

    def _drawn(self) -> Sequence[Line]:
        return self._draw(self.size.width - 2, self.size.height)


def _at(lines: Sequence[Line], y: int) -> Line:
    return lines[y] if y < len(lines) else ()
