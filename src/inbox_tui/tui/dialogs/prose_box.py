"""Sentences in a dialog, wrapped to its width."""

from rich.style import Style
from textual.geometry import Size
from textual.strip import Strip
from textual.widget import Widget

from inbox_tui.text import safe_text
from inbox_tui.tui.render import cells
from inbox_tui.tui.render.looks import Role
from inbox_tui.tui.widgets.look import app_looks, strip_of


class Prose(Widget):
    """Paragraphs, each with a role."""

    DEFAULT_CSS = """
    Prose { height: auto; width: 1fr; padding: 0 1; }
    """

    def __init__(self, *paragraphs: tuple[str, Role], id: str | None = None) -> None:
        super().__init__(id=id)
        self._paragraphs = [(cells.tame(safe_text(text)), role) for text, role in paragraphs]

    def update(self, *paragraphs: tuple[str, Role]) -> None:
        """Say something else."""
        self._paragraphs = [(cells.tame(safe_text(text)), role) for text, role in paragraphs]
        self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Return the lines that all paragraphs take."""
        del container, viewport
        return len(self._wrapped(width))

    def render_line(self, y: int) -> Strip:
        """Draw one line."""
        width = self.size.width
        base: Style = self.rich_style
        lines = self._wrapped(width)
        if y >= len(lines):
            return Strip.blank(width, base)
        return strip_of((lines[y],), width, app_looks(self.app), base, None)

    def _wrapped(self, width: int) -> list[tuple[str, Role]]:
        return [(line, role) for text, role in self._paragraphs for line in cells.wrap(text, width)]
