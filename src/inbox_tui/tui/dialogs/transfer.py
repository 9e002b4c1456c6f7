"""Transfer one session, or all of mine, to a colleague or a team (T1–T3)."""

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Input

from inbox_tui.locale import Catalogue
from inbox_tui.text import safe_line
from inbox_tui.tui.dialogs.base import Dialog, Field, Submit
from inbox_tui.tui.dialogs.confirm import ConfirmDialog
from inbox_tui.tui.dialogs.ranking import Receiver, consequences, receivers
from inbox_tui.tui.render import cells
from inbox_tui.tui.render.lines import Line, Span, columns
from inbox_tui.tui.render.looks import Role
from inbox_tui.tui.render.symbols import UNICODE
from inbox_tui.tui.widgets.fields import Choice, Option, SafeInput
from inbox_tui.tui.widgets.sources import SequenceSource
from inbox_tui.tui.widgets.virtual_list import VirtualList
from inbox_tui.wire.models import Agent, Team
from inbox_tui.wire.requests import PostTransfer
from inbox_tui.wire.words import Presence, TransferScope

MAX_NOTE = 1_000
ROOMY = 64
"""Cells of a row from which on presence and switch both have their word."""


class TransferDialog(Dialog[PostTransfer]):
    """Type a few letters, choose with the arrow keys, Enter.

    Without a ``contact`` it is about all my sessions, and ``scope`` says so.
    """

    DEFAULT_CSS = """
    TransferDialog {
        & VirtualList { height: 6; margin: 0 0 1 0; }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "move(1)", "Next", show=False, id="transfer.next"),
        Binding("up", "move(-1)", "Previous", show=False, id="transfer.previous"),
    ]

    def __init__(
        self,
        catalogue: Catalogue,
        *,
        contact: str | None,
        me: str,
        agents: Sequence[Agent],
        teams: Sequence[Team],
        open_mine: int = 1,
        scope: TransferScope = TransferScope.SESSION,
        submit: Submit[PostTransfer] | None = None,
    ) -> None:
        super().__init__(catalogue, submit=submit)
        self._contact = contact
        self._me = me
        self._agents = agents
        self._teams = teams
        self._open_mine = open_mine
        t = catalogue.t
        self._query = SafeInput(placeholder=t("transfer.to_hint"), id="query")
        self._note = SafeInput(
            placeholder=t("transfer.note_hint"), id="note-text", max_length=MAX_NOTE
        )
        self._scope = Choice(
            [
                Option(TransferScope.SESSION, t("transfer.scope.session")),
                Option(TransferScope.ALL_MINE, t("transfer.scope.all_mine", count=open_mine)),
            ],
            scope,
            id="scope-choice",
        )
        self._list: VirtualList[str] = VirtualList(
            self._found(""), row_height=1, head=False, empty=t("transfer.nobody"), id="receivers"
        )
        self._list.can_focus = False

    def title_text(self) -> str:
        """Return the title: of all sessions, or of the one."""
        if self._scope.value == TransferScope.ALL_MINE:
            return self.catalogue.t("transfer.of_all", count=self._open_mine)
        return self.catalogue.t("transfer.of", name=self._contact or "")

    def do_label(self) -> str:
        """Return the label of the button."""
        return self.catalogue.t("transfer.do")

    def body(self) -> Iterable[Widget]:
        """Return whom, what, and with which note."""
        t = self.catalogue.t
        yield Field(t("transfer.to"), self._query, id="to")
        yield self._list
        if self._contact is not None:
            yield Field(t("transfer.scope"), self._scope, id="scope")
        yield Field(t("transfer.note"), self._note, id="note")

    def on_mount(self) -> None:
        """Begin by typing a name."""
        self._query.focus()

    def action_move(self, by: int) -> None:
        """Move in the list of receivers while typing."""
        self._list.action_move(by)

    @on(Input.Changed, "#query")
    def look_for(self, event: Input.Changed) -> None:
        """Show who matches."""
        self._list.show(self._found(event.value))

    @on(Choice.Changed, "#scope-choice")
    def name_it(self) -> None:
        """Say in the title what is transferred."""
        self.show_title()

    @on(VirtualList.Chosen)
    async def take(self) -> None:
        """Transfer to the one chosen with the pointer."""
        await self.action_submit()

    @on(Input.Submitted, "#query")
    def to_scope(self, event: Input.Submitted) -> None:
        """Enter takes the receiver and goes on to the note."""
        event.stop()
        self._note.focus()

    @on(Input.Submitted, "#note-text")
    async def go(self, event: Input.Submitted) -> None:
        """Enter after the note transfers."""
        event.stop()
        await self.action_submit()

    async def action_submit(self) -> None:
        """Transfer; ask first where that deserves a second thought."""
        receiver = self._chosen()
        if receiver is None:
            self.show_errors({"to": self.catalogue.t("error.required")})
            return
        all_mine = self._scope.value == TransferScope.ALL_MINE
        count = self._open_mine if all_mine else 1
        said = consequences(receiver, count, self.catalogue)
        if not said:
            await super().action_submit()
            return
        name = receiver.name or receiver.slug
        question = self.catalogue.t(
            "transfer.ask_all" if all_mine else "transfer.ask", name=name, count=count
        )
        self.app.push_screen(ConfirmDialog(self.catalogue, question, said), self._confirmed)

    def _confirmed(self, yes: bool | None) -> None:
        if yes:
            self.run_worker(super().action_submit(), exit_on_error=False)

    async def result(self) -> PostTransfer | None:
        """Return the body of the call."""
        receiver = self._chosen()
        if receiver is None:
            return None
        return PostTransfer(
            agent=receiver.agent.nickname if receiver.agent else None,
            team=receiver.team.slug if receiver.team else None,
            scope=TransferScope(self._scope.value),
            note=safe_line(self._note.value) or None,
        )

    def _chosen(self) -> Receiver | None:
        source = self._list.source
        if self._list.cursor is None or not isinstance(source, SequenceSource):
            return None
        found: Receiver | None = source.item(self._list.cursor)
        return found

    def _found(self, query: str) -> SequenceSource[str, Receiver]:
        found = receivers(query, self._agents, self._teams, me=self._me)
        return SequenceSource(found, lambda each: each.key, self._row)

    def _row(self, receiver: Receiver, width: int) -> Sequence[Line]:
        t, symbols = self.catalogue.t, UNICODE
        slug, name = cells.calm(receiver.slug), cells.calm(receiver.name)
        left: Line = ((cells.pad(slug, 12), Role.STRONG), (f" {name}", Role.MUTED))
        agent, team = receiver.agent, receiver.team
        if team is not None:
            glyph: Span = (f"{symbols.team} ", Role.MUTED)
            told = t("transfer.members", count=len(team.members))
            right: Line = ((f"{t('transfer.team')} {symbols.dot} {told}", Role.MUTED),)
            return [(glyph, *columns(left, right, width - 2))]
        if agent is None:
            return [()]
        sign, role = {
            Presence.PRESENT: (symbols.present, Role.GOOD),
            Presence.GRACE: (symbols.grace, Role.DUE_SOON),
            Presence.ABSENT: (symbols.absent, Role.MUTED),
        }[agent.presence]
        state = self._state(agent, width)
        load = f"{agent.open_count}/{agent.limit}"
        free = receiver.free
        slots = t("transfer.free", count=free) if free > 0 else t("transfer.full")
        right = (
            (
                cells.pad_left(state, 22 if width >= ROOMY else 11),
                Role.MUTED if agent.accepting else Role.REASON,
            ),
            (cells.pad_left(load, 7), Role.TEXT),
            (cells.pad_left(slots, 9), Role.GOOD if free > 0 else Role.REASON),
        )
        return [((f"{sign} ", role), *columns(left, right, width - 2))]

    def _state(self, agent: Agent, width: int) -> str:
        """Say presence and switch; where there is little room only what stands in the way."""
        t = self.catalogue.t
        here = t(f"presence.{agent.presence}")
        if agent.accepting:
            return here
        if width >= ROOMY:
            return f"{here}, {t('switch.off')}"
        return t("switch.off") if agent.presence is Presence.PRESENT else here
