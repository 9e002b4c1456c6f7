"""How often at most a customer is told their place in the queue anew (M4)."""

from collections.abc import Iterable
from typing import Final

from textual.widget import Widget

from inbox_tui.locale import Catalogue
from inbox_tui.text import safe_line
from inbox_tui.tui.automatic.rows import minutes_text
from inbox_tui.tui.dialogs.base import Dialog, Field, Submit
from inbox_tui.tui.dialogs.prose_box import Prose
from inbox_tui.tui.render.looks import Role
from inbox_tui.tui.widgets.fields import SafeInput

LONGEST: Final = 1_440
"""Minutes."""


class GapDialog(Dialog[float]):
    """Asks for minutes; its result are seconds."""

    def __init__(self, catalogue: Catalogue, seconds: float, *, submit: Submit[float]) -> None:
        super().__init__(catalogue, submit=submit)
        self._minutes = SafeInput(minutes_text(seconds), max_length=6)

    def title_text(self) -> str:
        """Return the title."""
        return self.catalogue.t("automatic.gap")

    def do_label(self) -> str:
        """Return the label of the button."""
        return self.catalogue.t("dialog.save")

    def body(self) -> Iterable[Widget]:
        """Return what it means, and the minutes."""
        yield Prose((self.catalogue.t("automatic.gap_told"), Role.TEXT), ("", Role.TEXT))
        yield Field(self.catalogue.t("automatic.gap_minutes"), self._minutes, id="min_gap")

    def on_mount(self) -> None:
        """Begin with the minutes."""
        self._minutes.focus()

    async def on_input_submitted(self) -> None:
        """Enter saves: there is nothing else to fill in."""
        await self.action_submit()

    async def result(self) -> float | None:
        """Return seconds, or None with the error shown."""
        try:
            minutes = float(safe_line(self._minutes.value).replace(",", "."))
        except ValueError:
            minutes = -1.0
        if not 0 <= minutes <= LONGEST:
            self.show_errors({"min_gap": self.catalogue.t("automatic.gap_wrong")})
            return None
        return round(minutes * 60, 1)
