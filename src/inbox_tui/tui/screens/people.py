"""Colleagues: who is here, who accepts, how loaded they are (P6). Enter shows their sessions."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult

from inbox_tui.state.changes import Change, PeopleChanged
from inbox_tui.state.lists import Filters
from inbox_tui.tui.actions.do_lists import use_list
from inbox_tui.tui.actions.handlers import ELSEWHERE, Handlers
from inbox_tui.tui.actions.registry import Room
from inbox_tui.tui.desk import Desk
from inbox_tui.tui.panes.case_rows import agent_row
from inbox_tui.tui.render.looks import Role
from inbox_tui.tui.screens.room import RoomScreen, bindings_of
from inbox_tui.tui.widgets.sources import SequenceSource
from inbox_tui.tui.widgets.virtual_list import VirtualList
from inbox_tui.wire.models import Agent
from inbox_tui.wire.words import ListName, Presence

_ORDER = {Presence.PRESENT: 0, Presence.GRACE: 1, Presence.ABSENT: 2}


def _show_sessions(screen: "PeopleScreen") -> None:
    screen.show_sessions()


class PeopleScreen(RoomScreen):
    """Every colleague, those who are here first."""

    ROOM = Room.PEOPLE
    BINDINGS: ClassVar = bindings_of(Room.PEOPLE)
    handlers: ClassVar[Handlers] = {**ELSEWHERE, "people.sessions": _show_sessions}

    DEFAULT_CSS = """
    PeopleScreen VirtualList { height: 1fr; }
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._rows: VirtualList[str] = VirtualList(
            self._source(), empty=desk.t("list.empty"), symbols=desk.symbols
        )
        self._rows.caption = ((desk.t("people.title"), Role.STRONG),)
        self._stop = desk.store.subscribe(self._told)

    def compose(self) -> ComposeResult:
        """Put the rows between the lines."""
        yield self.header
        yield self._rows
        yield self.bottom

    def on_mount(self) -> None:
        """Begin in the list."""
        self.show_head()
        self.show_hints()
        self._rows.focus()

    def on_unmount(self) -> None:
        """Listen no more."""
        self._stop()

    @on(VirtualList.Chosen)
    def show_sessions(self) -> None:
        """Show the sessions of the selected colleague."""
        from inbox_tui.tui.screens.inbox import InboxScreen

        desk, nickname = self.desk, self._rows.cursor
        if nickname is None:
            return
        desk.filters[ListName.ALL] = Filters(agent=nickname)
        inbox = next(screen for screen in self.app.screen_stack if isinstance(screen, InboxScreen))
        self.dismiss()
        inbox.go("list")
        inbox.begin(use_list(inbox, ListName.ALL))

    def _told(self, changes: tuple[Change, ...]) -> None:
        if self.is_attached and any(isinstance(change, PeopleChanged) for change in changes):
            self._rows.source_changed(self._source())

    def _source(self) -> SequenceSource[str, Agent]:
        desk = self.desk
        agents = [agent for agent in desk.store.people.agents.values() if agent.active]
        agents.sort(key=lambda agent: (_ORDER[agent.presence], agent.nickname))
        return SequenceSource(
            agents,
            lambda agent: agent.nickname,
            lambda agent, width: agent_row(agent, width, desk),
        )
