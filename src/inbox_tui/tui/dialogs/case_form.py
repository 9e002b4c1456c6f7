"""Look at a case and edit it, at any time (K1–K3)."""

from collections.abc import Iterable
from datetime import datetime, tzinfo

from textual.widget import Widget

from inbox_tui.locale import Catalogue, times
from inbox_tui.tui.dialogs.base import Dialog, Submit
from inbox_tui.tui.dialogs.case_fields import CaseFields
from inbox_tui.tui.dialogs.prose_box import Prose
from inbox_tui.tui.render import cells
from inbox_tui.tui.render.looks import Role
from inbox_tui.tui.render.prose import activity_text
from inbox_tui.wire.models import Case
from inbox_tui.wire.requests import CaseEdit


class CaseDialog(Dialog[CaseEdit]):
    """The case form with its facts and activity below."""

    asks_first = True

    def __init__(
        self,
        catalogue: Catalogue,
        case: Case,
        *,
        now: datetime,
        zone: tzinfo,
        submit: Submit[CaseEdit] | None = None,
    ) -> None:
        super().__init__(catalogue, submit=submit)
        self._case = case
        self._now = now
        self._zone = zone
        self._fields = CaseFields(catalogue, case, with_status=True)

    def title_text(self) -> str:
        """Return the title."""
        return self.catalogue.t("case.title", code=self._case.code)

    def do_label(self) -> str:
        """Return the label of the button."""
        return self.catalogue.t("dialog.save")

    def hint(self) -> str:
        """Return the keys."""
        return f"Ctrl+S · {self.catalogue.t('dialog.hint')}"

    def body(self) -> Iterable[Widget]:
        """Return fields, facts and activity."""
        yield from self._fields.widgets()
        yield Prose(*self._facts())

    def on_mount(self) -> None:
        """Begin with the title."""
        self._fields.title.focus()

    async def result(self) -> CaseEdit | None:
        """Return the body of the call, or None with the errors shown."""
        errors = self._fields.errors()
        self.show_errors(errors)
        return None if errors else self._fields.edit()

    def _facts(self) -> list[tuple[str, Role]]:
        case, t = self._case, self.catalogue.t
        facts = [
            f"{t('case.owner')}: {cells.calm(case.owner)}" if case.owner else "",
            f"{t('case.involved')}: {cells.calm(', '.join(case.involved))}"
            if case.involved
            else "",
            f"{t('case.opened')}: {self._at(case.opened_at)}",
            f"{t('case.closed_at')}: {self._at(case.closed_at)}" if case.closed_at else "",
            f"{t('case.waited')}: {times.span_long(case.waited, self.catalogue)}",
            f"{t('case.served')}: {times.span_long(case.served, self.catalogue)}",
        ]
        lines = [("", Role.TEXT), (" · ".join(fact for fact in facts if fact), Role.MUTED)]
        if case.link:
            lines.append((f"{t('case.link')}: {cells.calm(case.link)}", Role.MUTED))
        if case.activity:
            lines += [("", Role.TEXT), (t("case.activity"), Role.STRONG)]
        for each in case.activity:
            who = f" {cells.calm(each.actor)}" if each.actor else ""
            kind = activity_text(each, self.catalogue)
            what = cells.calm(f"{kind} {each.detail}")
            lines.append((f"{self._at(each.at)}{who}: {what}", Role.TEXT))
        return lines

    def _at(self, at: datetime) -> str:
        return times.moment(at, self._now, self._zone, self.catalogue)
