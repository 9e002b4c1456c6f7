"""What a text looks like to a customer: filled in with the data of a real session (M8)."""

from textual.geometry import Size
from textual.strip import Strip
from textual.widget import Widget

from inbox_tui.locale import Catalogue
from inbox_tui.text import safe_text
from inbox_tui.tui.render import cells
from inbox_tui.tui.render.lines import Line
from inbox_tui.tui.render.looks import Role
from inbox_tui.tui.render.symbols import Symbols
from inbox_tui.tui.widgets.look import app_looks, strip_of
from inbox_tui.wire.automatic import Preview


class PreviewView(Widget):
    """A preview, or why there is none."""

    DEFAULT_CSS = """
    PreviewView { height: auto; width: 1fr; padding: 0 1; margin: 1 0 0 0; }
    """

    def __init__(self, catalogue: Catalogue, symbols: Symbols) -> None:
        super().__init__()
        self._catalogue = catalogue
        self._symbols = symbols
        self._preview: Preview | None = None
        self._said = (catalogue.t("automatic.preview.none"), Role.MUTED)

    def show(self, preview: Preview) -> None:
        """Show a text filled in."""
        self._preview = preview
        self.refresh(layout=True)

    def say(self, text: str, role: Role = Role.MUTED) -> None:
        """Say something instead."""
        self._preview, self._said = None, (text, role)
        self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Return how many lines there are."""
        del container, viewport
        return len(self.lines(width))

    def render_line(self, y: int) -> Strip:
        """Draw one line."""
        width = self.size.width
        lines = self.lines(width)
        line = lines[y] if y < len(lines) else ()
        return strip_of(line, width, app_looks(self.app), self.rich_style, None)

    def lines(self, width: int) -> list[Line]:
        """Return the preview with an edge before it, and what was left out."""
        t, preview = self._catalogue.t, self._preview
        if preview is None:
            text, role = self._said
            return [((part, role),) for part in cells.wrap(cells.calm(text), width)]
        number = preview.session_id
        whose = (
            t("automatic.preview.of", number=number) if number else t("automatic.preview.made_up")
        )
        lines: list[Line] = [((part, Role.MUTED),) for part in cells.wrap(whose, width)]
        text = cells.tame(safe_text(preview.text))
        if not text.strip():
            said = t("automatic.preview.empty")
            return [*lines, *(((part, Role.REASON),) for part in cells.wrap(said, width))]
        for part in cells.wrap(text, max(1, width - 2)):
            lines.append(((f"{self._symbols.bar} ", Role.RULE), (part, Role.TEXT)))
        if preview.empty:
            names = ", ".join(f"{{{cells.calm(name)}}}" for name in preview.empty)
            told = t("automatic.preview.left_out", names=names)
            lines += [((part, Role.REASON),) for part in cells.wrap(told, width)]
        return lines
