"""End a session with the form of its case (T4)."""

from collections.abc import Iterable

from textual.widget import Widget

from inbox_tui.locale import Catalogue
from inbox_tui.text import safe_line
from inbox_tui.tui.dialogs.base import Dialog, Field, Submit
from inbox_tui.tui.dialogs.case_fields import CaseFields
from inbox_tui.tui.dialogs.prose_box import Prose
from inbox_tui.tui.render.looks import Role
from inbox_tui.tui.widgets.fields import SafeInput
from inbox_tui.wire.models import Case
from inbox_tui.wire.requests import PostEnd

MAX_REASON = 500


class EndSessionDialog(Dialog[PostEnd]):
    """The case form; saving it ends the session. Without any reply it asks for the reason."""

    asks_first = True

    def __init__(
        self,
        catalogue: Catalogue,
        *,
        contact: str,
        case: Case | None = None,
        replied: bool = True,
        undo_for: float = 0.0,
        submit: Submit[PostEnd] | None = None,
    ) -> None:
        super().__init__(catalogue, submit=submit)
        self._contact = contact
        self._replied = replied
        self._undo_for = undo_for
        self._fields = CaseFields(catalogue, case, with_status=False)
        self._reason = SafeInput(placeholder=catalogue.t("end.reason_hint"), max_length=MAX_REASON)

    def title_text(self) -> str:
        """Return the title."""
        return self.catalogue.t("end.of", name=self._contact)

    def do_label(self) -> str:
        """Return the label of the button."""
        return self.catalogue.t("end.do")

    def hint(self) -> str:
        """Return the keys."""
        return f"Ctrl+S · {self.catalogue.t('dialog.hint')}"

    def body(self) -> Iterable[Widget]:
        """Return the reason, where it is needed, and the case."""
        if not self._replied:
            yield Prose((self.catalogue.t("end.no_reply"), Role.REASON))
            yield Field(self.catalogue.t("end.reason"), self._reason, id="reason")
        yield from self._fields.widgets()

    def on_mount(self) -> None:
        """Begin with the first field."""
        (self._fields.title if self._replied else self._reason).focus()

    async def result(self) -> PostEnd | None:
        """Return the body of the call, or None with the errors shown."""
        errors = dict(self._fields.errors())
        reason = safe_line(self._reason.value)
        if not self._replied and not reason:
            errors["reason"] = self.catalogue.t("end.reason_needed")
        self.show_errors(errors)
        if errors:
            return None
        return PostEnd(case=self._fields.edit(), reason=reason or None, undo_for=self._undo_for)
