"""Turn accept off, with an optional reason and time of coming back (P4)."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget

from inbox_tui.locale import Catalogue
from inbox_tui.text import safe_line
from inbox_tui.tui.dialogs.base import Dialog, Field, Submit
from inbox_tui.tui.dialogs.prose_box import Prose
from inbox_tui.tui.render.looks import Role
from inbox_tui.tui.widgets.fields import Choice, Option, SafeInput
from inbox_tui.wire.requests import PutAccepting

REASONS = ("none", "break", "lunch", "meeting", "training")
LONGEST = 1_440
MAX_REASON = 60


class AwayDialog(Dialog[PutAccepting]):
    """The reason is optional: the arrow keys choose one, Enter turns the switch off."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "submit", "Turn off", show=False, id="away.submit"),
    ]

    def __init__(
        self, catalogue: Catalogue, *, now: datetime, submit: Submit[PutAccepting] | None = None
    ) -> None:
        super().__init__(catalogue, submit=submit)
        self._now = now
        t = catalogue.t
        self._choice = Choice([Option(each, t(f"away.{each}")) for each in REASONS], "none")
        self._words = SafeInput(placeholder=t("away.reason_hint"), max_length=MAX_REASON)
        self._back = SafeInput(placeholder=t("away.back_hint"), max_length=4)

    def title_text(self) -> str:
        """Return the title."""
        return self.catalogue.t("away.title")

    def do_label(self) -> str:
        """Return the label of the button."""
        return self.catalogue.t("away.do")

    def body(self) -> Iterable[Widget]:
        """Return what it means, and what may be said about it."""
        t = self.catalogue.t
        yield Prose((t("away.sentence"), Role.TEXT), ("", Role.TEXT))
        yield Field(t("away.reason"), self._choice, id="reason")
        yield Field(t("away.custom"), self._words, id="words")
        yield Field(t("away.back"), self._back, id="back")

    def on_mount(self) -> None:
        """Begin with the reason, which the arrow keys choose; nothing has to be filled in."""
        self._choice.focus()

    async def result(self) -> PutAccepting | None:
        """Return the body of the call, or None with the errors shown."""
        back, minutes = None, self._back.value.strip()
        if minutes:
            if not minutes.isdecimal() or not 1 <= int(minutes) <= LONGEST:
                self.show_errors({"back": self.catalogue.t("away.back_wrong")})
                return None
            back = self._now + timedelta(minutes=int(minutes))
        chosen = None if self._choice.value == "none" else self._choice.value
        reason = safe_line(self._words.value) or chosen
        return PutAccepting(accepting=False, reason=reason, back_at=back)
