"""Ask before something that cannot be taken back, and say what will happen."""

from collections.abc import Iterable, Sequence

from textual.widget import Widget

from inbox_tui.locale import Catalogue
from inbox_tui.tui.dialogs.base import Dialog
from inbox_tui.tui.dialogs.prose_box import Prose
from inbox_tui.tui.render.looks import Role


class ConfirmDialog(Dialog[bool]):
    """A question and its consequences. True: yes; None or false: no."""

    def __init__(
        self,
        catalogue: Catalogue,
        question: str,
        consequences: Sequence[str] = (),
        *,
        do: str | None = None,
    ) -> None:
        super().__init__(catalogue)
        self._question = question
        self._consequences = consequences
        self._do = do

    def title_text(self) -> str:
        """Return the title."""
        return self.catalogue.t("confirm.title")

    def do_label(self) -> str:
        """Return the word for yes."""
        return self._do or self.catalogue.t("dialog.yes")

    def body(self) -> Iterable[Widget]:
        """Return question and consequences."""
        paragraphs: list[tuple[str, Role]] = [(self._question, Role.STRONG)]
        for consequence in self._consequences:
            paragraphs += [("", Role.TEXT), (consequence, Role.TEXT)]
        yield Prose(*paragraphs)

    def on_mount(self) -> None:
        """Begin on the way out: a careless Enter does nothing."""
        self.query_one("#cancel").focus()

    async def result(self) -> bool:
        """Return yes."""
        return True
