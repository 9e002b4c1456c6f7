"""Fields for a line and for choosing, with what comes in and what is drawn made safe."""

from collections.abc import Sequence
from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.widgets import Input

from inbox_tui.records import dataclass
from inbox_tui.terminal.guard import guard_strip
from inbox_tui.text import safe_line
from inbox_tui.tui.render import cells
from inbox_tui.tui.render.lines import Line
from inbox_tui.tui.render.looks import Role
from inbox_tui.tui.widgets.one_line import OneLine


def drawn(strip: Strip) -> Strip:
    """Return a strip looked over, joined emoji and loose joiners drawn in the width laid out."""
    strip = guard_strip(strip)
    if all(segment.text.isascii() for segment in strip):
        return strip
    tamed = [Segment(cells.tame(segment.text), segment.style) for segment in strip]
    return Strip(tamed).adjust_cell_length(strip.cell_length)


class SafeInput(Input):
    """A line of text. A paste becomes one safe line."""

    DEFAULT_CSS = """
    SafeInput {
        width: 1fr;
        height: 1;
        border: none;
        padding: 0 1;
        background: $panel;
        color: $foreground;
        &:focus { background: $primary 18%; border: none; }
    }
    """

    def _on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()
        text = safe_line(event.text)
        if self.max_length:  # as much as there is room for; Textual would take nothing at all
            text = text[: max(0, self.max_length - len(self.value))]
        self.insert_text_at_cursor(text)

    def render_line(self, y: int) -> Strip:
        """Draw a line, looked over."""
        return drawn(super().render_line(y))


class FilterLine(SafeInput):
    """What a list is filtered by, to be read and edited. Escape gives it up."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", "Clear", show=False, id="filter.cancel"),
    ]

    @dataclass
    class Cancelled(Message):
        """The filter was given up."""

        filter: "FilterLine"

        @property
        def control(self) -> "FilterLine":
            """The filter line."""
            return self.filter

    def action_cancel(self) -> None:
        """Clear the filter."""
        self.value = ""
        self.post_message(self.Cancelled(self))


@dataclass(frozen=True, slots=True)
class Option:
    """One value of a choice and its label."""

    value: str
    label: str


class Choice(OneLine, can_focus=True):
    """One of a few values, side by side; the arrow keys move, the chosen one has a filled dot."""

    DEFAULT_CSS = """
    Choice {
        background: $surface;
        &:focus { background: $primary 18%; }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,h", "move(-1)", "Previous", show=False, id="choice.previous"),
        Binding("right,l,space", "move(1)", "Next", show=False, id="choice.next"),
    ]

    value: reactive[str] = reactive("")
    """The chosen value."""

    @dataclass
    class Changed(Message):
        """Another value was chosen."""

        choice: "Choice"
        value: str

        @property
        def control(self) -> "Choice":
            """The choice."""
            return self.choice

    def __init__(
        self,
        options: Sequence[Option],
        value: str,
        *,
        id: str | None = None,
    ) -> None:
        super().__init__(id=id)
        self.options = list(options)
        self.set_reactive(Choice.value, value)

    def line(self, width: int) -> Line:
        """Return the options, or where they do not all fit the chosen one between arrows."""
        whole: list[tuple[str, Role]] = []
        for number, option in enumerate(self.options):
            if number:
                whole.append(("  ", Role.TEXT))
            whole.append(self._option(option))
        if sum(cells.width(text) for text, _ in whole) <= width:
            return tuple(whole)
        at = self._index()
        count = f"  {at + 1}/{len(self.options)}"
        return (("< ", Role.MUTED), self._option(self.options[at]), (f" >{count}", Role.MUTED))

    def action_move(self, by: int) -> None:
        """Choose the next or previous option, around the ends."""
        self.choose(self.options[(self._index() + by) % len(self.options)].value)

    def choose(self, value: str) -> None:
        """Choose a value and say so."""
        if value != self.value:
            self.value = value
            self.post_message(self.Changed(self, value))

    def on_click(self, event: events.Click) -> None:
        """Choose the option under the pointer."""
        start = 1
        for option in self.options:
            taken = cells.width(option.label) + 2
            if start <= event.x < start + taken:
                self.choose(option.value)
                return
            start += taken + 2

    def _index(self) -> int:
        return next((at for at, each in enumerate(self.options) if each.value == self.value), 0)

    def _option(self, option: Option) -> tuple[str, Role]:
        chosen = option.value == self.value
        glyph = self.symbols.switch_on if chosen else self.symbols.switch_off
        return f"{glyph} {option.label}", Role.TAB_ON if chosen else Role.MUTED
