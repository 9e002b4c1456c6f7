"""The pane beside the chat: the contact's profile and the session's case."""

from typing import ClassVar

from rich.style import Style
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.geometry import Size
from textual.strip import Strip
from textual.widget import Widget

from inbox_tui.tui.desk import Desk
from inbox_tui.tui.panes.side_lines import SideWriter
from inbox_tui.tui.render import cells
from inbox_tui.tui.render.lines import Line
from inbox_tui.tui.render.looks import Role
from inbox_tui.tui.widgets.look import app_looks, strip_of
from inbox_tui.wire.models import Case, Contact


class SideText(Widget):
    """The lines of profile and case."""

    DEFAULT_CSS = """
    SideText { height: auto; width: 1fr; margin: 0 1; }
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._about: tuple[Contact | None, Case | None] = (None, None)
        self._made: tuple[int, list[Line]] | None = None

    def show(self, contact: Contact | None, case: Case | None) -> None:
        """Show a contact and a case, as far as they are known."""
        self._about = contact, case
        self._made = None
        self.refresh(layout=True)

    def show_session(self) -> None:
        """Show anew what the lines take from the session itself, if that makes a difference."""
        if self._made is None:
            return
        width, before = self._made
        self._made = None
        if self._lines(width) != before:
            self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Return how many lines there are."""
        del container, viewport
        return max(1, len(self._lines(width)))

    def render_line(self, y: int) -> Strip:
        """Draw one line."""
        width, base = self.size.width, self._base()
        lines = self._lines(width)
        line = lines[y] if y < len(lines) else ()
        return strip_of(line, width, app_looks(self.app), base, None)

    def _base(self) -> Style:
        return self.rich_style

    def _lines(self, width: int) -> list[Line]:
        if self._made is None or self._made[0] != width:
            self._made = width, self._write(width)
        return self._made[1]

    def _write(self, width: int) -> list[Line]:
        desk = self._desk
        contact, case = self._about
        writer = SideWriter(width, desk.catalogue, desk.symbols, desk.now, desk.zone)
        if contact is None and case is None:
            said = desk.t("side.none" if desk.open_id is None else "list.loading")
            return [((line, Role.MUTED),) for line in cells.wrap(said, width)]
        opened = desk.opened
        waits = [] if opened is None else writer.waiting(opened)
        lines: list[Line] = [*waits, ()] if waits else []
        if case is not None:
            lines += [*writer.case(case), ()]
        if contact is not None:
            lines += writer.profile(contact)
        return lines


class SidePane(VerticalScroll, can_focus=True):
    """Profile and case, to be scrolled."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "scroll_down", "Down", show=False, id="side.down"),
        Binding("up,k", "scroll_up", "Up", show=False, id="side.up"),
    ]

    DEFAULT_CSS = """
    SidePane {
        background: $surface;
        scrollbar-size-vertical: 1;
    }
    """

    def __init__(self, desk: Desk, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.contact: Contact | None = None
        self.case: Case | None = None
        self._text = SideText(desk)

    def compose(self) -> ComposeResult:
        """Put the lines in."""
        yield self._text

    def show(self, contact: Contact | None, case: Case | None) -> None:
        """Show a contact and a case, as far as they are known."""
        self.contact, self.case = contact, case
        self._text.show(contact, case)

    def show_session(self) -> None:
        """Follow the session of the open chat."""
        self._text.show_session()
