"""Why a session is where it is: the sentence first, then the numbers (R13)."""

from collections.abc import Iterable
from datetime import datetime, tzinfo
from functools import partial
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.geometry import Size
from textual.strip import Strip
from textual.widget import Widget

from inbox_tui.locale import Catalogue
from inbox_tui.tui.dialogs.base import Dialog
from inbox_tui.tui.render.prose import explanation_lines
from inbox_tui.tui.widgets.look import app_looks, strip_of
from inbox_tui.wire.models import Explanation


class ExplanationView(Widget):
    """The lines of an explanation."""

    DEFAULT_CSS = """
    ExplanationView { height: auto; width: 1fr; padding: 0 1; }
    """

    def __init__(
        self, explanation: Explanation, catalogue: Catalogue, *, now: datetime, zone: tzinfo
    ) -> None:
        super().__init__()
        self._make = partial(
            explanation_lines, explanation, catalogue=catalogue, now=now, zone=zone
        )

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Return how many lines there are."""
        del container, viewport
        return len(self._make(width))

    def render_line(self, y: int) -> Strip:
        """Draw one line."""
        width = self.size.width
        lines = self._make(width)
        line = lines[y] if y < len(lines) else ()
        return strip_of(line, width, app_looks(self.app), self.rich_style, None)


class ExplainDialog(Dialog[None]):
    """The explanation, to be read and closed."""

    DEFAULT_CSS = """
    ExplainDialog > .box { width: 100; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "scroll(1)", "Down", show=False, id="explain.down"),
        Binding("up,k", "scroll(-1)", "Up", show=False, id="explain.up"),
        Binding("q", "cancel", "Close", show=False, id="explain.close"),
    ]

    def __init__(
        self, catalogue: Catalogue, explanation: Explanation, *, now: datetime, zone: tzinfo
    ) -> None:
        super().__init__(catalogue)
        self._view = ExplanationView(explanation, catalogue, now=now, zone=zone)

    def title_text(self) -> str:
        """Return the title."""
        return self.catalogue.t("explain.title")

    def do_label(self) -> None:
        """There is nothing to do but to close it."""
        return

    def hint(self) -> str:
        """Return nothing: the button says it."""
        return ""

    def body(self) -> Iterable[Widget]:
        """Return the explanation."""
        yield self._view

    def action_scroll(self, by: int) -> None:
        """Scroll a long table."""
        self.query_one(".body", VerticalScroll).scroll_relative(y=by, animate=False)

    async def result(self) -> None:
        """Return nothing."""
        return
