"""What all dialogs share: a calm box in the middle, fields with errors beside them, the way out."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import ClassVar, Generic, TypeVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.reactive import Reactive
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Button, Input, TextArea

from inbox_tui.locale import Catalogue
from inbox_tui.tui.render import cells
from inbox_tui.tui.render.looks import Role
from inbox_tui.tui.widgets.one_line import Label

Result = TypeVar("Result")

Errors = Mapping[str, str]
"""What is wrong, by the id of the field; the key ``""`` is about the whole."""

Submit = Callable[[Result], Awaitable[Errors]]
"""Carries a result out; an empty answer means that it is done and the dialog may close."""

LABEL_CELLS = 13


class Field(Vertical):
    """A label, something to fill in, and below it what is wrong with it, if anything is."""

    DEFAULT_CSS = """
    Field {
        height: auto;
        & > Horizontal { height: auto; }
        & > Horizontal > Label { width: 13; }
        & > .error { display: none; padding: 0 0 0 13; }
        &.-wrong > .error { display: block; }
    }
    """

    def __init__(self, label: str, control: Widget, *, id: str) -> None:
        super().__init__(id=id)
        self._label = Label(((cells.fit(label, LABEL_CELLS - 2), Role.MUTED),))
        self.control = control
        self._error = Label(classes="error")

    def compose(self) -> ComposeResult:
        """Put the label before the control."""
        with Horizontal():
            yield self._label
            yield self.control
        yield self._error

    def wrong(self, error: str) -> None:
        """Show what is wrong; nothing is wrong with an empty ``error``."""
        self.set_class(bool(error), "-wrong")
        self._error.update(((f"{self._error.symbols.failed} {cells.calm(error)}", Role.BAD),))


class Dialog(ModalScreen[Result], Generic[Result]):
    """A box over the screen. Children give its title, body, and result."""

    focused: Reactive[Widget | None] = Reactive(None, repaint=False)
    """The field that has the hands; from field to field only those two are repainted."""

    DEFAULT_CSS = """
    Dialog {
        align: center middle;
        & > .box {
            width: 76;
            max-width: 100%;
            height: auto;
            max-height: 100%;
            background: $surface;
            border: round $border;
            border-title-color: $foreground;
            border-title-style: bold;
            padding: 0 1;
        }
        & > .box > .body {
            height: auto;
            max-height: 100%;
            margin: 0 0 1 0;
            scrollbar-size-vertical: 1;
            background: $surface;
        }
        & > .box > .foot { dock: bottom; height: 1; }
        & > .box > .foot > Button {
            border: none;
            height: 1;
            min-width: 8;
            margin: 0 1 0 0;
            background: $panel;
            color: $foreground;
            text-style: none;
            &:focus { text-style: bold reverse; background-tint: $background 0%; }
            &:hover { background: $boost; }
        }
        & > .box > .foot > Button.-first { color: $primary; }
        & .gap { height: 1; }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", "Cancel", show=False, id="dialog.cancel"),
        Binding("ctrl+s", "submit", "Do it", show=False, id="dialog.submit"),
    ]

    def __init__(self, catalogue: Catalogue, *, submit: Submit[Result] | None = None) -> None:
        super().__init__()
        self.catalogue = catalogue
        self._submit = submit
        self._working = False
        self._at_first: list[str] = []
        self._warned_of: list[str] | None = None

    def on_mount(self) -> None:
        """Note what stands in the fields at first."""
        self._at_first = self._texts_typed()

    # What children say

    asks_first: ClassVar[bool] = False
    """Whether what was typed is thrown away only when asked twice, as a long form is."""

    def title_text(self) -> str:
        """Return what stands in the border."""
        raise NotImplementedError

    def body(self) -> Iterable[Widget]:
        """Return what stands in the box."""
        raise NotImplementedError

    def do_label(self) -> str | None:
        """Return the label of the button that does it; None: there is only a way out."""
        return self.catalogue.t("dialog.ok")

    def hint(self) -> str:
        """Return what stands beside the buttons."""
        return self.catalogue.t("dialog.hint")

    async def result(self) -> Result | None:
        """Return what was filled in; None, with the errors shown, if something is wrong."""
        raise NotImplementedError

    # What they have

    def compose(self) -> ComposeResult:
        """Put the body above the buttons."""
        do = self.do_label()
        with Vertical(classes="box") as box:
            yield VerticalScroll(*self.body(), classes="body", can_focus=False)
            with Horizontal(classes="foot"):
                if do is not None:
                    yield Button(Content(do), id="do", classes="-first", compact=True)
                leave = "dialog.cancel" if do is not None else "dialog.close"
                yield Button(Content(self.catalogue.t(leave)), id="cancel", compact=True)
                yield Label(((self.hint(), Role.MUTED),))
        box.border_title = Content(cells.calm(self.title_text()))

    def show_title(self) -> None:
        """Show the title anew."""
        self.query_one(".box").border_title = Content(cells.calm(self.title_text()))

    def show_errors(self, errors: Errors) -> None:
        """Show what is wrong beside its field, and begin with the first."""
        first = True
        fields = list(self.query(Field))
        for field in fields:
            error = errors.get(field.id or "", "")
            field.wrong(error)
            if error and first:
                field.control.focus()
                first = False
        ids = {field.id for field in fields}
        whole = [error for field_id, error in errors.items() if error and field_id not in ids]
        if whole:
            self.say(" ".join(whole))

    def say(self, text: str) -> None:
        """Say something beside the buttons."""
        self._foot(text, Role.BAD)

    def _foot(self, text: str, role: Role) -> None:
        self.query_one(".foot > Label", Label).update(((cells.calm(text), role),))

    async def action_submit(self) -> None:
        """Do it."""
        if self._working:
            return
        result = await self.result()
        if result is None:
            return
        if self._submit is None:
            self.dismiss(result)
            return
        self._working = True
        self._foot(self.catalogue.t("dialog.working"), Role.MUTED)
        self.run_worker(self._carry_out(result), group="submit", exit_on_error=False)

    async def _carry_out(self, result: Result) -> None:
        assert self._submit is not None
        try:
            errors = await self._submit(result)
        finally:
            self._working = False
        if not self.is_attached:
            return  # left meanwhile
        if errors:
            self._foot(self.hint(), Role.MUTED)
            self.show_errors(errors)
        else:
            self.dismiss(result)

    def action_cancel(self) -> None:
        """Leave without doing anything; from a form with text in it only when asked twice."""
        typed = self._texts_typed()
        if self.asks_first and typed not in (self._at_first, self._warned_of):
            self._warned_of = typed
            self._foot(self.catalogue.t("dialog.unsaved"), Role.DUE_SOON)
            return
        self.dismiss(None)

    def _texts_typed(self) -> list[str]:
        lines = [field.value for field in self.query(Input)]
        return lines + [field.text for field in self.query(TextArea)]

    async def on_button_pressed(self, event: Button.Pressed) -> None:
        """Do it or leave."""
        event.stop()
        if event.button.id == "do":
            await self.action_submit()
        else:
            self.action_cancel()

    async def on_input_submitted(self) -> None:
        """Enter in a line of text goes to the next field."""
        self.focus_next()
