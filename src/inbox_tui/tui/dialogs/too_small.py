"""Say that the window is too small, and what it needs (U2)."""

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.geometry import Size
from textual.screen import ModalScreen

from inbox_tui.locale import Catalogue
from inbox_tui.tui.dialogs.prose_box import Prose
from inbox_tui.tui.render.looks import Role

SMALLEST = Size(40, 10)


class TooSmallScreen(ModalScreen[None]):
    """Covers everything while the window is too small. Whoever put it up takes it away again."""

    DEFAULT_CSS = """
    TooSmallScreen {
        align: center middle;
        background: $background;
        & > Vertical { width: 100%; max-width: 46; height: auto; padding: 0 1; }
    }
    """

    def __init__(self, catalogue: Catalogue) -> None:
        super().__init__()
        self._catalogue = catalogue
        self._prose = Prose()

    def compose(self) -> ComposeResult:
        """Put the sentences in the middle."""
        with Vertical():
            yield self._prose

    def on_mount(self) -> None:
        """Say the size."""
        self._tell()

    def on_resize(self) -> None:
        """Say the new size."""
        self._tell()

    def _tell(self) -> None:
        t, size = self._catalogue.t, self.app.size
        sentence = t(
            "small.sentence",
            width=size.width,
            height=size.height,
            min_width=SMALLEST.width,
            min_height=SMALLEST.height,
        )
        self._prose.update(
            (t("small.title"), Role.STRONG), (sentence, Role.TEXT), (t("small.hint"), Role.MUTED)
        )
