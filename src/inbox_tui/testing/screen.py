"""What stands on a terminal after all that was written: cells, as a person would see them.

Needs ``pyte``, which is a requirement of the tests only.
"""

from functools import lru_cache

import pyte
from wcwidth import wcwidth

_width = lru_cache(8_192)(wcwidth)


class Screen(pyte.Screen):
    """A screen as of terminals that count code points: marks and joiners take no cell.

    Every frame is drawn cell by cell, so cells that are alike are one object, and a line is read
    again only when something was drawn on it.
    """

    def __init__(self, columns: int, lines: int) -> None:
        self._looks: dict[tuple[pyte.screens.Char, str], pyte.screens.Char] = {}
        self._cells: dict[pyte.screens.Char, dict[str, pyte.screens.Char]] = {}
        self._read: list[str] = []
        super().__init__(columns, lines)

    def read(self) -> list[str]:
        """Return the lines, without blanks at their ends."""
        if len(self._read) != self.lines:
            self._read = [""] * self.lines
            self.dirty.update(range(self.lines))
        for y in self.dirty:
            if y < self.lines:
                row = self.buffer[y]
                self._read[y] = "".join([row[x].data for x in range(self.columns)]).rstrip()
        self.dirty.clear()
        return list(self._read)

    def look(self, style: str) -> None:
        """Take on a style, a sequence of the kind STYLE; there are few, and they come often."""
        before = self.cursor.attrs, style
        if before not in self._looks:
            self.select_graphic_rendition(*(int(it or 0) for it in style[2:-1].split(";")))
            self._looks[before] = self.cursor.attrs
        self.cursor.attrs = self._looks[before]

    def go(self, move: str) -> None:
        """Go where a sequence of the kind MOVE says."""
        line, _, column = move[2:-1].partition(";")
        self.cursor_position(int(line or 1), int(column or 1))

    def draw(self, data: str) -> None:
        """Draw text at the cursor."""
        if data.isascii():
            self._put(data, 1)
            return
        for character in data:
            if "\U0001f1e6" <= character <= "\U0001f1ff":  # half a flag: two cells the whole one
                self._put("?", 1)
                self._join("", character)
            elif (cells := _width(character)) > 0:
                self._put(character, cells)
            elif self.cursor.x:
                self._join(None, character)

    def _put(self, characters: str, width: int) -> None:
        """Draw characters of one width; what does not fit on the line is left to the library."""
        cursor, attrs = self.cursor, self.cursor.attrs
        if cursor.x + width * len(characters) > self.columns or not characters.isprintable():
            super().draw(characters)
            return
        row, x = self.buffer[cursor.y], cursor.x
        cells = self._cells.setdefault(attrs, {"": attrs._replace(data="")})
        for character in characters:
            cell = cells.get(character)
            if cell is None:
                cell = cells[character] = attrs._replace(data=character)
            row[x] = cell
            if width > 1:
                row[x + 1] = cells[""]
            x += width
        cursor.x = x
        self.dirty.add(cursor.y)

    def _join(self, kept: str | None, character: str) -> None:
        row = self.buffer[self.cursor.y]
        self.dirty.add(self.cursor.y)
        at = self.cursor.x - 1
        while at and not row[at].data:  # the second half of a wide character
            at -= 1
        row[at] = row[at]._replace(data=(row[at].data if kept is None else kept) + character)
