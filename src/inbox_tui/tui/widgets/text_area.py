"""Fields for several lines: apart from the others, as Textual's editor takes long to load."""

from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.widgets import TextArea

from inbox_tui.records import dataclass
from inbox_tui.text import safe_text
from inbox_tui.tui.widgets.fields import drawn

NEW_LINE_KEYS = frozenset({"ctrl+j", "alt+enter", "shift+enter", "ctrl+enter"})


class SafeTextArea(TextArea):
    """Several lines of text, softly wrapped. A paste becomes safe text."""

    DEFAULT_CSS = """
    SafeTextArea {
        width: 1fr;
        border: none;
        padding: 0 1;
        background: $panel;
        color: $foreground;
        scrollbar-size-vertical: 1;
        &:focus { border: none; background: $primary 18%; }
        & .text-area--cursor-line { background: transparent; }
    }
    """

    async def _on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()
        result = self._replace_via_keyboard(safe_text(event.text), *self.selection)
        if result is not None:
            self.move_cursor(result.end_location)

    def render_line(self, y: int) -> Strip:
        """Draw a line, looked over."""
        return drawn(super().render_line(y))


class ComposerText(SafeTextArea):
    """The text; Enter sends it."""

    @dataclass
    class Sent(Message):
        """Enter was pressed."""

        area: "ComposerText"

    async def _on_key(self, event: events.Key) -> None:
        if event.key == "enter":
            event.stop()
            event.prevent_default()
            self.post_message(self.Sent(self))
        elif event.key in NEW_LINE_KEYS:
            event.stop()
            event.prevent_default()
            if not self.read_only:
                self.insert("\n")
                self.scroll_cursor_visible()
        else:
            await super()._on_key(event)
