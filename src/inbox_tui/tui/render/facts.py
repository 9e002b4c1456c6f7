"""Facts as lines: titles, a label before its value, what is longer than a line wrapped."""

from datetime import datetime, tzinfo

from inbox_tui.locale import Catalogue, times
from inbox_tui.text import safe_text
from inbox_tui.tui.render import cells
from inbox_tui.tui.render.lines import Line, columns
from inbox_tui.tui.render.looks import Role
from inbox_tui.tui.render.symbols import Symbols

LABEL = 11
"""Cells of a label, with the gap after it."""


class FactWriter:
    """Writes lines of one width. Whatever text it is handed is made safe."""

    def __init__(
        self, width: int, catalogue: Catalogue, symbols: Symbols, now: datetime, zone: tzinfo
    ) -> None:
        self.width = max(8, width)
        self.t = catalogue.t
        self.catalogue = catalogue
        self.symbols = symbols
        self.now = now
        self.zone = zone

    def title(self, text: str, *right: tuple[str, Role]) -> Line:
        """Return a title, with something at the right edge."""
        return self.pair(((cells.calm(text), Role.TAB_ON),), right)

    def fact(self, label: str, value: str, role: Role = Role.TEXT) -> list[Line]:
        """Return a label and its value; nothing without a value."""
        if not value:
            return []
        wrapped = cells.wrap(cells.calm(value), max(4, self.width - LABEL))
        lines: list[Line] = []
        for number, part in enumerate(wrapped):
            name = cells.pad(cells.fit(cells.calm(label), LABEL - 1), LABEL) if number == 0 else ""
            lines.append(((name or " " * LABEL, Role.MUTED), (part, role)))
        return lines

    def wrapped(self, text: str, role: Role) -> list[Line]:
        """Return a text over as many lines as it takes."""
        return [((part, role),) for part in cells.wrap(cells.tame(safe_text(text)), self.width)]

    def pair(self, left: Line, right: Line) -> Line:
        """Return a line with something at each edge."""
        return columns(left, right, self.width, self.symbols.ellipsis)

    def moment(self, at: datetime) -> str:
        """Return a moment as the reader calls it."""
        return times.moment(at, self.now, self.zone, self.catalogue)
