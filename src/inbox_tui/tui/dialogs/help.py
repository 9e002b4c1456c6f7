"""All actions with their keys, searched by typing; Enter runs the one chosen (U1)."""

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Input

from inbox_tui.locale import Catalogue
from inbox_tui.records import dataclass
from inbox_tui.tui.dialogs.base import Dialog, Field
from inbox_tui.tui.dialogs.ranking import match
from inbox_tui.tui.render import cells
from inbox_tui.tui.render.lines import Line, cut
from inbox_tui.tui.render.looks import Role
from inbox_tui.tui.widgets.fields import SafeInput
from inbox_tui.tui.widgets.sources import SequenceSource
from inbox_tui.tui.widgets.virtual_list import VirtualList


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpRow:
    """One action: what it is called, its keys, and why it is not possible now, if it is not."""

    id: str
    group: str
    keys: str
    label: str
    help: str = ""
    why_not: str | None = None


class HelpDialog(Dialog[str]):
    """A list of actions in groups. Gives back the id of the one to run."""

    DEFAULT_CSS = """
    HelpDialog {
        & > .box { width: 92; height: 100%; max-height: 40; }
        & > .box > .body { height: 1fr; }
        & VirtualList { height: 1fr; margin: 1 0 0 0; }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "move(1)", "Next", show=False, id="help.next"),
        Binding("up", "move(-1)", "Previous", show=False, id="help.previous"),
        Binding("pagedown", "page(1)", "Page down", show=False, id="help.page_down"),
        Binding("pageup", "page(-1)", "Page up", show=False, id="help.page_up"),
    ]

    def __init__(self, catalogue: Catalogue, rows: Sequence[HelpRow]) -> None:
        super().__init__(catalogue)
        self._rows = rows
        self._search = SafeInput(placeholder=catalogue.t("help.search"), id="search")
        self._list: VirtualList[str] = VirtualList(
            self._found(""), row_height=1, head=False, empty=catalogue.t("help.none")
        )
        self._list.can_focus = False

    def title_text(self) -> str:
        """Return the title."""
        return self.catalogue.t("help.title")

    def do_label(self) -> None:
        """Enter does it."""
        return

    def hint(self) -> str:
        """Return the keys."""
        return self.catalogue.t("help.hint")

    def body(self) -> Iterable[Widget]:
        """Return the search and the list."""
        yield Field("/", self._search, id="find")
        yield self._list

    def on_mount(self) -> None:
        """Begin by typing."""
        self._search.focus()

    def action_move(self, by: int) -> None:
        """Move in the list while typing."""
        self._list.action_move(by)

    def action_page(self, by: int) -> None:
        """Page in the list while typing."""
        self._list.action_page(by)

    @on(Input.Changed, "#search")
    def look_for(self, event: Input.Changed) -> None:
        """Show what matches."""
        self._list.show(self._found(event.value))

    @on(Input.Submitted, "#search")
    async def run_chosen(self, event: Input.Submitted) -> None:
        """Run the chosen action."""
        event.stop()
        await self.action_submit()

    @on(VirtualList.Chosen)
    async def run_clicked(self) -> None:
        """Run the action clicked."""
        await self.action_submit()

    async def result(self) -> str | None:
        """Return the id of the chosen action; one that is not possible now says why."""
        row = next((row for row in self._rows if row.id == self._list.cursor), None)
        if row is None:
            return None
        if row.why_not:
            self.say(row.why_not)
            return None
        return row.id

    def _found(self, query: str) -> SequenceSource[str, HelpRow]:
        ranked = [
            (score, at, row)
            for at, row in enumerate(self._rows)
            if (score := match(query, row.label, row.keys, row.group, row.help)) is not None
        ]
        if query.strip():
            ranked.sort(key=lambda each: each[:2])
        rows = [row for _, _, row in ranked]
        groups = {
            row.id for at, row in enumerate(rows) if at == 0 or rows[at - 1].group != row.group
        }
        width = min(16, max((cells.width(row.group) for row in self._rows), default=0))
        keys = min(18, max((cells.width(row.keys) for row in self._rows), default=0))

        def lines(row: HelpRow, room: int) -> Sequence[Line]:
            group = row.group if row.id in groups or query.strip() else ""
            told = cells.calm(row.why_not or row.help)
            line: Line = (
                (cells.pad(group, width) + "  ", Role.MUTED),
                (cells.pad_left(row.keys, keys) + "  ", Role.KEY),
                (cells.calm(row.label), Role.MUTED if row.why_not else Role.TEXT),
                (f"  {told}" if told else "", Role.MUTED),
            )
            return [cut(line, room)]

        return SequenceSource(rows, lambda row: row.id, lines)
