"""The line at the bottom: what can be done here; what was just done takes its place for a while.

In a low window it is the header as well (U2), since one line is all there is for both.
"""

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Container
from textual.reactive import reactive

from inbox_tui.tui.actions.registry import Action, keys_text
from inbox_tui.tui.desk import Desk
from inbox_tui.tui.render.lines import Line, line_width
from inbox_tui.tui.render.looks import Role
from inbox_tui.tui.widgets.flash import Flash, Tone
from inbox_tui.tui.widgets.header import StatusHeader
from inbox_tui.tui.widgets.one_line import OneLine


class Hints(OneLine):
    """Keys and names of the actions that are possible here, as many as fit."""

    actions: reactive[Sequence[Action]] = reactive[Sequence[Action]](())
    """What is possible now, most useful first."""

    lead: reactive[str] = reactive("")
    """What the keys of the text are that is being written, before all else."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(symbols=desk.symbols)
        self._desk = desk

    def line(self, width: int) -> Line:
        """Return the hints that fit; the way to all keys always does."""
        t, keymap = self._desk.t, self._desk.keymap
        parts: list[Line] = []
        for action in self.actions:
            keys = keymap.of(action.id)
            if keys:
                name = (f" {t(action.label)}", Role.MUTED)
                parts.append(((keys_text(keys[:1]), Role.KEY), name))
        if not parts:
            return ()
        last = parts.pop()
        room = width - line_width(last)
        line: Line = ((f"{self.lead}   ", Role.MUTED),) if self.lead else ()
        for part in parts:
            if line_width(line) + line_width(part) + 3 <= room:
                line = (*line, *part, ("   ", Role.TEXT))
        return (*line, *last)


class Bottom(Container):
    """Hints, or for a while what was just done; in a low window the header's facts."""

    DEFAULT_CSS = """
    Bottom {
        dock: bottom;
        height: 1;
        background: $footer-background;
        & > * { background: $footer-background; }
        & > Flash { display: none; }
        & > StatusHeader { display: none; dock: none; }
        &.-low > Hints { display: none; }
        &.-low > StatusHeader { display: block; }
        &.-told > Flash { display: block; }
        &.-told > Hints { display: none; }
        &.-told > StatusHeader { display: none; }
    }
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.hints = Hints(desk)
        self.header = StatusHeader(desk.catalogue, symbols=desk.symbols)
        self._flash = Flash(symbols=desk.symbols)

    def compose(self) -> ComposeResult:
        """Put the three in one place."""
        yield self._flash
        yield self.hints
        yield self.header

    def on_mount(self) -> None:
        """Give way to the flash as long as it says something."""
        self.watch(self._flash, "text", self._told)

    def say(self, text: str, tone: Tone = Tone.PLAIN, *, seconds: float | None = None) -> None:
        """Say what was done, or why not."""
        self._flash.say(text, tone, seconds=seconds)

    def give_way(self) -> None:
        """Show the hints again to somebody who types on, unless something went wrong."""
        self._flash.give_way()

    @property
    def is_telling(self) -> bool:
        """Whether something is being said just now."""
        return bool(self._flash.text)

    def _told(self, text: str) -> None:
        self.set_class(bool(text), "-told")
