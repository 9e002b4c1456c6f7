"""Choose to whom contacts are bound: an agent, a team, or an agent inside a team (Q1, Q8)."""

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Input

from inbox_tui.state.assignees import Assignee
from inbox_tui.tui.codes.words import assignee_name, assignee_text
from inbox_tui.tui.desk import Desk
from inbox_tui.tui.dialogs.base import Dialog, Field, Submit
from inbox_tui.tui.dialogs.prose_box import Prose
from inbox_tui.tui.dialogs.ranking import match
from inbox_tui.tui.render import cells
from inbox_tui.tui.render.lines import Line, columns
from inbox_tui.tui.render.looks import Role
from inbox_tui.tui.widgets.fields import SafeInput
from inbox_tui.tui.widgets.sources import SequenceSource
from inbox_tui.tui.widgets.virtual_list import VirtualList


class AssigneeDialog(Dialog[Assignee]):
    """Type a few letters, choose with the arrow keys, Enter. ``told`` says what will happen."""

    DEFAULT_CSS = """
    AssigneeDialog {
        & VirtualList { height: 7; margin: 1 0; }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "move(1)", "Next", show=False, id="assignee.next"),
        Binding("up", "move(-1)", "Previous", show=False, id="assignee.previous"),
    ]

    def __init__(
        self,
        desk: Desk,
        title: str,
        told: str,
        assignees: Sequence[Assignee],
        *,
        submit: Submit[Assignee],
    ) -> None:
        super().__init__(desk.catalogue, submit=submit)
        self._desk = desk
        self._title = title
        self._told = told
        self._assignees = assignees
        self._query = SafeInput(placeholder=desk.t("transfer.to_hint"), id="query")
        self._list: VirtualList[str] = VirtualList(
            self._found(""),
            row_height=1,
            head=False,
            empty=desk.t("transfer.nobody"),
            symbols=desk.symbols,
        )
        self._list.can_focus = False

    def title_text(self) -> str:
        """Return the title."""
        return self._title

    def do_label(self) -> str:
        """Return the label of the button."""
        return self.catalogue.t("assignee.do")

    def body(self) -> Iterable[Widget]:
        """Return whom to type, whom there is, and what will happen."""
        yield Field(self.catalogue.t("transfer.to"), self._query, id="agent")
        yield self._list
        yield Prose((self._told, Role.MUTED))

    def on_mount(self) -> None:
        """Begin by typing a name."""
        self._query.focus()

    def action_move(self, by: int) -> None:
        """Move in the list while typing."""
        self._list.action_move(by)

    @on(Input.Changed, "#query")
    def look_for(self, event: Input.Changed) -> None:
        """Show who matches."""
        self._list.show(self._found(event.value))

    @on(VirtualList.Chosen)
    async def take(self) -> None:
        """Take the one chosen with the pointer."""
        await self.action_submit()

    @on(Input.Submitted, "#query")
    async def take_selected(self, event: Input.Submitted) -> None:
        """Take the one selected."""
        event.stop()
        await self.action_submit()

    async def result(self) -> Assignee | None:
        """Return whom, or None with what is wrong shown."""
        source, key = self._list.source, self._list.cursor
        chosen = source.item(key) if key and isinstance(source, SequenceSource) else None
        if chosen is None:
            self.show_errors({"agent": self.catalogue.t("error.required")})
        return chosen

    def _found(self, query: str) -> SequenceSource[str, Assignee]:
        scored = [
            (score, at, each)
            for at, each in enumerate(self._assignees)
            if (score := self._match(query, each)) is not None
        ]
        return SequenceSource(
            [each for _, _, each in sorted(scored, key=lambda it: it[:2])],
            lambda each: each.key,
            self._row,
        )

    def _match(self, query: str, assignee: Assignee) -> int | None:
        people = self._desk.store.people
        agent, team = people.agents.get(assignee.agent or ""), people.teams.get(assignee.team or "")
        names = [assignee.agent, assignee.team, agent and agent.name, team and team.name]
        return match(query, *(name for name in names if name))

    def _row(self, assignee: Assignee, width: int) -> Sequence[Line]:
        symbols = self._desk.symbols
        glyph = symbols.chosen if assignee.agent else symbols.team
        left: Line = (
            (f"{glyph} ", Role.MUTED),
            (assignee_text(assignee, self.catalogue), Role.STRONG),
        )
        right: Line = ((cells.calm(assignee_name(assignee, self._desk)), Role.MUTED),)
        return [columns(left, right, width, symbols.ellipsis)]
