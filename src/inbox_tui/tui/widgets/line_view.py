"""The base of everything long: items of lines, drawn through Textual's Line API.

It knows how to turn lines into strips and keeps them, tells the theme's looks, and sets the
terminal's own (hidden) cursor on the selected row, so that input methods, braille displays and
screen readers follow it. Where items stand and how they move is left to its two children,
``VirtualList`` (rows of one height, any number) and ``MessageLog`` (entries of any height).
"""

from collections.abc import Hashable, Sequence
from typing import ClassVar, Generic, Protocol, TypeVar

from rich.style import Style
from textual.binding import BindingType
from textual.cache import LRUCache
from textual.geometry import Offset
from textual.scroll_view import ScrollView
from textual.strip import Strip

from inbox_tui.tui.render.lines import Line
from inbox_tui.tui.render.looks import Looks, Role
from inbox_tui.tui.render.symbols import UNICODE, Symbols
from inbox_tui.tui.widgets.look import app_looks, strip_of

Key = TypeVar("Key", bound=Hashable)

GUTTER = 2
"""Cells left of each item for the cursor and the mark."""

STRIPS_KEPT = 4096


class Source(Protocol[Key]):
    """Items in order, each with a key of its own. All calls must be cheap (O(1) or O(log n))."""

    def __len__(self) -> int:
        """Return how many items there are."""
        ...

    def key_at(self, index: int) -> Key:
        """Return the key of the item at ``index``."""
        ...

    def index_of(self, key: Key) -> int | None:
        """Return where ``key`` stands, or None if it is not there."""
        ...

    def revision(self, key: Key) -> Hashable:
        """Return a value that differs whenever the item's lines would."""
        ...

    def lines(self, key: Key, width: int) -> Sequence[Line]:
        """Return the item's lines, at most ``width`` cells wide."""
        ...


class LineView(ScrollView, Generic[Key], can_focus=True):
    """A scrolling view of lines."""

    DEFAULT_CSS = """
    LineView {
        overflow-x: hidden;
        overflow-y: auto;
        scrollbar-gutter: stable;
        scrollbar-size-vertical: 1;
        background: $surface;
        color: $foreground;
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = []

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
        self._strips: LRUCache[Hashable, Strip] = LRUCache(STRIPS_KEPT)
        self._base: Style | None = None

    @property
    def line_room(self) -> int:
        """Cells a line may take, gutter and all."""
        return self.scrollable_content_region.width

    @property
    def rows_visible(self) -> int:
        """Lines of the screen this view has."""
        return self.scrollable_content_region.height

    @property
    def top(self) -> int:
        """The first line in view."""
        return round(self.scroll_y)

    @property
    def looks(self) -> Looks:
        """The looks of the theme that the application has now."""
        return app_looks(self.app)

    def notify_style_update(self) -> None:
        """Forget what was drawn in another style."""
        self._strips.clear()
        self._base = None
        super().notify_style_update()

    def forget_strips(self) -> None:
        """Draw everything anew, for example after a change of language or symbols."""
        self._strips.clear()
        self.refresh()

    def jump(self, y: float) -> None:
        """Scroll to line ``y`` at once."""
        self.scroll_to(y=y, animate=False, force=True)

    def draw(self, line: Line, *, selected: bool = False, marked: bool = False) -> Strip:
        """Return a line with its gutter as a strip over the whole width."""
        looks, symbols = self.looks, self.symbols
        edge = symbols.cursor if selected else " "
        role = Role.CURSOR if self.has_focus else Role.MUTED
        mark = symbols.marked if marked else " "
        whole: Line = ((edge, role), (mark, Role.MARK), *line)
        ground = None
        if selected:
            ground = looks.selected if self.has_focus else looks.blurred
        return strip_of(whole, self.line_room, looks, self.base_style, ground)

    @property
    def base_style(self) -> Style:
        """The widget's own style."""
        if self._base is None:
            self._base = self.rich_style
        return self._base

    def put_hardware_cursor(self, row: int) -> None:
        """Set the terminal's cursor on ``row`` of this view, if it has the focus."""
        if self.has_focus and 0 <= row < self.rows_visible:
            region = self.scrollable_content_region
            self.app.cursor_position = Offset(region.x, region.y + row)
