"""Make a rule or change one; it can be tried on a message before it is saved (R2)."""

from collections.abc import Callable, Iterable
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Button

from inbox_tui.errors import InboxError
from inbox_tui.locale import Catalogue
from inbox_tui.tui.dialogs.base import Dialog, Errors, Submit
from inbox_tui.tui.dialogs.prose_box import Prose
from inbox_tui.tui.render.looks import Role
from inbox_tui.tui.rules.fields import Known, RuleFields
from inbox_tui.tui.trouble import sentence
from inbox_tui.tui.widgets.fields import Choice
from inbox_tui.wire.rules import Rule, RuleDraft

_FIELD_OF = {"team": "who", "agents": "who"}
"""The field that is about a key of a rule, where it is not called the same."""


class RuleDialog(Dialog[RuleDraft]):
    """The form of a rule; ``attempt`` is handed the rule as typed, to be tried."""

    asks_first = True

    DEFAULT_CSS = """
    RuleDialog {
        & > .box { height: 100%; max-height: 28; }
        & > .box > .body { height: 1fr; }
        & Prose { display: none; }
        & Prose.-said { display: block; }
        & .body Button {
            margin: 1 0 0 13;
            border: none;
            height: 1;
            background: $panel;
            color: $foreground;
            text-style: none;
            &:focus { text-style: bold reverse; background-tint: $background 0%; }
            &:hover { background: $boost; }
        }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+r", "try", "Try it", show=False, id="rule.try"),
    ]

    def __init__(
        self,
        catalogue: Catalogue,
        rule: Rule | None,
        known: Known,
        *,
        attempt: Callable[[RuleDraft], None],
        submit: Submit[RuleDraft] | None = None,
    ) -> None:
        super().__init__(catalogue, submit=submit)
        self._rule = rule
        self._attempt = attempt
        self._fields = RuleFields(catalogue, rule, known)
        self._said = Prose()

    def title_text(self) -> str:
        """Return the title."""
        if self._rule is None:
            return self.catalogue.t("rules.form.new")
        return self.catalogue.t("rules.form.edit", name=self._rule.name)

    def do_label(self) -> str:
        """Return the label of the button."""
        return self.catalogue.t("dialog.save")

    def hint(self) -> str:
        """Return the keys."""
        return self.catalogue.t("rules.form.hint")

    def body(self) -> Iterable[Widget]:
        """Return what was said about the whole, the fields, and the way to try them."""
        yield self._said
        yield from self._fields.widgets()
        label = Content(self.catalogue.t("rules.try.title"))
        yield Button(label, id="try", compact=True)

    def say(self, text: str) -> None:
        """Say something about the whole rule, above it: it may take more than a line."""
        self._said.update((text, Role.BAD))
        self._said.add_class("-said")
        self.call_after_refresh(self._said.scroll_visible, animate=False)

    def show_errors(self, errors: Errors) -> None:
        """Show what is wrong beside its field, and what was said before no more."""
        self._said.remove_class("-said")
        super().show_errors(errors)

    def on_mount(self) -> None:
        """Begin with the name."""
        self._fields.name.focus()

    @on(Choice.Changed, "#to-choice")
    def offer(self) -> None:
        """Say what there is to send to."""
        self._fields.offer()

    async def action_try(self) -> None:
        """Try the rule as it is typed now."""
        draft = await self.result()
        if draft is not None:
            self._attempt(draft)

    async def on_button_pressed(self, event: Button.Pressed) -> None:
        """Try it, save it or leave."""
        if event.button.id == "try":
            event.stop()
            await self.action_try()
        else:
            await super().on_button_pressed(event)

    async def result(self) -> RuleDraft | None:
        """Return the rule as typed, or None with the errors shown."""
        errors = self._fields.errors()
        self.show_errors(errors)
        return None if errors else self._fields.draft()


def rule_errors(error: InboxError, catalogue: Catalogue) -> Errors:
    """Return what the server says of a rule, by the field it is about."""
    faults = error.data.get("errors")
    if not isinstance(faults, list):
        path = error.data.get("path")
        return {_field(path) if isinstance(path, str) else "": sentence(error, catalogue)}
    found: dict[str, str] = {}
    for fault in faults:
        field = _field(str(fault.get("path", "")))
        found[field] = f"{found[field]} {fault['detail']}" if field in found else fault["detail"]
    return found


def _field(path: str) -> str:
    """Return the field of a path such as ``when.channel[0]``."""
    key = path.removeprefix("when.").partition("[")[0]
    return _FIELD_OF.get(key, key)
