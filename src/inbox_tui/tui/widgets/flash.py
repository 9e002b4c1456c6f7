"""One line that says what was just done, and clears itself. For routine; failures stay longer."""

from enum import StrEnum

from textual.reactive import reactive
from textual.timer import Timer

from inbox_tui.tui.render import cells
from inbox_tui.tui.render.lines import Line
from inbox_tui.tui.render.looks import Role
from inbox_tui.tui.widgets.one_line import OneLine


class Tone(StrEnum):
    """How a line is meant."""

    PLAIN = "plain"
    GOOD = "good"
    WARN = "warn"
    BAD = "bad"


_ROLES = {
    Tone.PLAIN: Role.TEXT,
    Tone.GOOD: Role.GOOD,
    Tone.WARN: Role.DUE_SOON,
    Tone.BAD: Role.BAD,
}

SECONDS = {Tone.PLAIN: 4.0, Tone.GOOD: 4.0, Tone.WARN: 5.0, Tone.BAD: 8.0}
"""How long a line stands, by tone."""


class Flash(OneLine):
    """A self-clearing line."""

    text: reactive[str] = reactive("")
    """What it says now."""

    tone: reactive[Tone] = reactive(Tone.PLAIN)
    """How that is meant."""

    _timer: Timer | None = None

    def say(self, text: str, tone: Tone = Tone.PLAIN, *, seconds: float | None = None) -> None:
        """Show ``text`` for ``seconds`` (0: until something else is said)."""
        self.text, self.tone = cells.calm(text), tone
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        wait = SECONDS[tone] if seconds is None else seconds
        if wait:
            self._timer = self.set_timer(wait, self.clear)

    def clear(self) -> None:
        """Say nothing any more."""
        self.text = ""

    def give_way(self) -> None:
        """Say nothing any more to somebody who goes on, unless something went wrong."""
        if self.tone is not Tone.BAD:
            self.clear()

    def line(self, width: int) -> Line:
        """Return what is said; trouble has a glyph before it."""
        del width
        if not self.text:
            return ()
        glyph = {Tone.GOOD: self.symbols.sent, Tone.WARN: "!", Tone.BAD: self.symbols.failed}
        sign = glyph.get(self.tone)
        role = _ROLES[self.tone]
        return ((f"{sign} {self.text}" if sign else self.text, role),)
