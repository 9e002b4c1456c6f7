"""The fields of a case, as the end form and the case form both show them (K1)."""

from collections.abc import Iterable

from textual.widget import Widget

from inbox_tui.locale import Catalogue
from inbox_tui.text import safe_line, safe_text
from inbox_tui.tui.dialogs.base import Errors, Field
from inbox_tui.tui.widgets.fields import Choice, Option, SafeInput
from inbox_tui.tui.widgets.text_area import SafeTextArea
from inbox_tui.wire.models import Case
from inbox_tui.wire.requests import CaseEdit
from inbox_tui.wire.words import CaseStatus, Severity

MAX_TITLE = 200
MAX_TAG = 60
MAX_DESCRIPTION = 10_000


class CaseFields:
    """Title, tags, severity and description of a case."""

    def __init__(self, catalogue: Catalogue, case: Case | None, *, with_status: bool) -> None:
        self._catalogue = catalogue
        t = catalogue.t
        self._case = case
        self.title = SafeInput(
            safe_line(case.title) if case else "",
            placeholder=t("case.field.title_hint"),
            max_length=MAX_TITLE,
        )
        self.tags = SafeInput(
            ", ".join(safe_line(tag) for tag in case.tags) if case else "",
            placeholder=t("case.field.tags_hint"),
        )
        self.severity = Choice(
            [Option(each, t(f"severity.{each}")) for each in Severity],
            case.severity if case else Severity.NORMAL,
        )
        self.description = SafeTextArea(
            safe_text(case.description) if case else "", soft_wrap=True, tab_behavior="focus"
        )
        self.description.styles.height = 3
        self.status = (
            Choice(
                [Option(each, t(f"case_status.{each}")) for each in CaseStatus],
                case.status if case else CaseStatus.IN_PROGRESS,
            )
            if with_status
            else None
        )

    def widgets(self) -> Iterable[Widget]:
        """Return the fields in their order."""
        t = self._catalogue.t
        yield Field(t("case.field.title"), self.title, id="title")
        yield Field(t("case.field.tags"), self.tags, id="tags")
        yield Field(t("case.field.severity"), self.severity, id="severity")
        if self.status is not None:
            yield Field(t("case.field.status"), self.status, id="status")
        yield Field(t("case.field.description"), self.description, id="description")

    def errors(self) -> Errors:
        """Return what the server would refuse as well."""
        errors: dict[str, str] = {}
        t = self._catalogue.t
        if any(len(tag) > MAX_TAG for tag in self._tags()):
            errors["tags"] = t("error.too_long", count=MAX_TAG)
        if len(self.description.text) > MAX_DESCRIPTION:
            errors["description"] = t("error.too_long", count=MAX_DESCRIPTION)
        return errors

    def edit(self) -> CaseEdit:
        """Return all fields as an edit."""
        return CaseEdit(
            title=safe_line(self.title.value),
            description=safe_text(self.description.text).strip(),
            severity=Severity(self.severity.value),
            tags=self._tags(),
            status=CaseStatus(self.status.value) if self.status is not None else None,
        )

    def _tags(self) -> list[str]:
        tags = (safe_line(tag) for tag in self.tags.value.replace("，", ",").split(","))
        return list(dict.fromkeys(tag for tag in tags if tag))
