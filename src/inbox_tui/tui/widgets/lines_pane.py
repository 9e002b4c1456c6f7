"""Lines that are only read, and scrolled where they do not fit: the details of what is selected."""

from collections.abc import Callable, Sequence
from typing import ClassVar

from rich.style import Style
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.geometry import Size
from textual.strip import Strip
from textual.widget import Widget

from inbox_tui.tui.render.lines import Line
from inbox_tui.tui.widgets.look import app_looks, strip_of

Write = Callable[[int], Sequence[Line]]
"""Returns the lines for a width in cells."""


def _nothing(width: int) -> Sequence[Line]:
    del width
    return ()


class _Lines(Widget):
    """The lines themselves, as many as there are."""

    DEFAULT_CSS = """
    _Lines { height: auto; width: 1fr; margin: 0 1; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._write: Write = _nothing
        self._made: tuple[int, Sequence[Line]] | None = None

    def show(self, write: Write) -> None:
        """Show other lines; nothing is painted when they are the same."""
        before, self._write, self._made = self._made, write, None
        if before is None or self._lines(before[0]) != before[1]:
            self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Return how many lines there are."""
        del container, viewport
        return max(1, len(self._lines(width)))

    def render_line(self, y: int) -> Strip:
        """Draw one line."""
        width = self.size.width
        base: Style = self.rich_style
        lines = self._lines(width)
        return strip_of(lines[y] if y < len(lines) else (), width, app_looks(self.app), base, None)

    def _lines(self, width: int) -> Sequence[Line]:
        if self._made is None or self._made[0] != width:
            self._made = width, self._write(width)
        return self._made[1]


class LinesPane(VerticalScroll, can_focus=True):
    """Lines, to be scrolled."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "scroll_down", "Down", show=False, id="lines.down"),
        Binding("up,k", "scroll_up", "Up", show=False, id="lines.up"),
    ]

    DEFAULT_CSS = """
    LinesPane {
        background: $surface;
        scrollbar-size-vertical: 1;
    }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._text = _Lines()

    def compose(self) -> ComposeResult:
        """Put the lines in."""
        yield self._text

    def show(self, write: Write) -> None:
        """Show what ``write`` returns for the width there is."""
        self._text.show(write)
