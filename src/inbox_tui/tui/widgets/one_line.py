"""The base of widgets that say something on one line and may never need two."""

from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

from inbox_tui.tui.render.lines import Line, cut
from inbox_tui.tui.render.symbols import UNICODE, Symbols
from inbox_tui.tui.widgets.look import app_looks, strip_of


class OneLine(Widget):
    """A line with one cell of air at both ends. Children say what stands on it."""

    DEFAULT_CSS = """
    OneLine {
        height: 1;
        width: 1fr;
        background: $surface;
        color: $foreground;
    }
    """

    ALLOW_SELECT = False

    def __init__(
        self,
        *,
        symbols: Symbols = UNICODE,
        name: str | None = None,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(name=name, id=id, classes=classes)
        self.symbols = symbols

    def line(self, width: int) -> Line:
        """Return what stands on the line, at most ``width`` cells wide."""
        raise NotImplementedError

    def render_line(self, y: int) -> Strip:
        """Draw the line."""
        width = self.size.width
        base: Style = self.rich_style
        if y or width < 3:
            return Strip.blank(width, base)
        shown = cut(self.line(width - 2), width - 2, self.symbols.ellipsis)
        inner = strip_of(shown, width - 2, app_looks(self.app), base, None)
        air = Strip.blank(1, base)
        return Strip.join([air, inner, air])


class Label(OneLine):
    """A line that is handed in."""

    def __init__(
        self,
        line: Line = (),
        *,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._line = line

    def update(self, line: Line) -> None:
        """Show another line."""
        if line != self._line:
            self._line = line
            self.refresh()

    def line(self, width: int) -> Line:
        """Return the line."""
        del width
        return self._line
