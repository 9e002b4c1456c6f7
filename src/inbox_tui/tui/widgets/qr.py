"""A QR code in the cells of the terminal, to be scanned from the screen by a phone (Q9).

Black on white in every theme, its quiet zone included: a reader may refuse anything else, and
what the terminal's own colours are is nobody's to know. With the plain set of symbols a module is
two blanks on their ground, since the font may have no half blocks; it takes twice the room then.

Drawn by :mod:`inbox_tui.qr`, which is loaded when the first link is shown.
"""

from typing import Final

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Size
from textual.strip import Strip
from textual.widget import Widget

from inbox_tui.tui.render.symbols import ASCII, Symbols

BLACK: Final = "#000000"
WHITE: Final = "#ffffff"

_STYLES: Final = {
    (ink, ground): Style(
        color=BLACK if ink else WHITE, bgcolor=BLACK if ground else WHITE, bold=False, dim=False
    )
    for ink in (False, True)
    for ground in (False, True)
}


class QrView(Widget):
    """The QR code of a link, whole or not at all: whoever places it sees to the room it needs."""

    DEFAULT_CSS = """
    QrView { width: auto; height: auto; }
    """

    ALLOW_SELECT = False

    def __init__(self, symbols: Symbols, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._is_plain = symbols == ASCII
        self._link: str | None = None
        self._strips: list[Strip] = []
        self._needs: Size | None = None

    @property
    def needs(self) -> Size | None:
        """The columns and lines that the code takes; None without a link."""
        return self._needs

    def show(self, link: str | None) -> None:
        """Show the code of a link, or nothing. Raises Refused for a link no QR code holds."""
        if link == self._link:
            return
        self._link, self._needs, self._strips = link, None, []
        if link is not None:
            self._draw(link)
        self.refresh(layout=True)

    def get_content_width(self, container: Size, viewport: Size) -> int:
        """Return the columns it takes."""
        del container, viewport
        return self._needs.width if self._needs is not None else 0

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Return the lines it takes."""
        del container, viewport, width
        return self._needs.height if self._needs is not None else 0

    def render_line(self, y: int) -> Strip:
        """Draw one line of modules, or two."""
        if y < len(self._strips):
            return self._strips[y]
        return Strip.blank(self.size.width, self.rich_style)

    def _draw(self, link: str) -> None:
        from inbox_tui.qr import half_blocks
        from inbox_tui.qr.matrix import matrix

        code = matrix(link)
        plain = self._is_plain
        size = half_blocks.wide_size(code) if plain else half_blocks.size(code)
        lines = half_blocks.wide_lines(code) if plain else half_blocks.lines(code)
        self._needs = Size(*size)
        self._strips = [
            Strip([Segment(text, _STYLES[ink, ground]) for text, ink, ground in line], size[0])
            for line in lines
        ]
