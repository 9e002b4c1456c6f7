"""Colleagues and teams: who is here, how loaded, who is bound to whom, whose codes (P6, Q8-Q10).

Who and how they are follows the live stream; how many contacts are bound, and the codes of the one
that is selected, are asked for, and asked for again when events say that they changed.
"""

from collections.abc import Callable, Iterable
from typing import ClassVar

from textual import on
from textual.widget import Widget

from inbox_tui.client.port import CodeQuery
from inbox_tui.state import roles
from inbox_tui.state.assignees import KEPT, Assignee, may_have_code_made
from inbox_tui.state.changes import BindingChanged, Change, Link, LinkChanged, PeopleChanged
from inbox_tui.tui.actions.handlers import ELSEWHERE, Handlers
from inbox_tui.tui.actions.registry import Action, Room
from inbox_tui.tui.again import SETTLE, Again
from inbox_tui.tui.desk import Desk
from inbox_tui.tui.people import deeds
from inbox_tui.tui.people.details import agent_details, team_details
from inbox_tui.tui.people.rows import agent_row, team_row
from inbox_tui.tui.render.lines import Line
from inbox_tui.tui.screens.details import DetailsScreen
from inbox_tui.tui.screens.room import bindings_of
from inbox_tui.tui.wall import deeds as of_colleagues
from inbox_tui.tui.widgets.sources import SequenceSource
from inbox_tui.tui.widgets.tabs import ListTabs, Tab
from inbox_tui.tui.widgets.virtual_list import VirtualList
from inbox_tui.wire.codes import BindingCounts, Code
from inbox_tui.wire.models import Agent, Event, Team
from inbox_tui.wire.words import CodeState, EventKind, Presence

AGENTS, TEAMS = "agents", "teams"
CODES, GONE = 500, 5
"""Codes read of one colleague or team: those there are, and those revoked last."""

_ORDER = {Presence.PRESENT: 0, Presence.GRACE: 1, Presence.ABSENT: 2}
_ON_ACTIVE = ("people.switch", "people.limit")
_ON_BINDINGS = ("people.end_bindings", "people.move_bindings")
_ON_AGENT = (*_ON_ACTIVE, *_ON_BINDINGS, "people.activate")
_ON_ONE = (*_ON_AGENT, "people.sessions", "people.code", "people.contacts")


def _show(tab: str) -> Callable[["PeopleScreen"], None]:
    return lambda screen: screen.show_tab(tab)


class PeopleScreen(DetailsScreen):
    """Every colleague, those who are here first, and every team."""

    ROOM = Room.PEOPLE
    BINDINGS: ClassVar = bindings_of(Room.PEOPLE)
    handlers: ClassVar[Handlers] = {
        **ELSEWHERE,
        "view.back": lambda screen: screen.go_back(),
        "people.sessions": deeds.show_sessions,
        "people.code": deeds.show_code,
        "people.contacts": deeds.show_contacts,
        "people.details": lambda screen: screen.toggle_details(),
        "people.switch": of_colleagues.switch,
        "people.limit": of_colleagues.limit,
        "people.activate": deeds.activate,
        "people.end_bindings": deeds.end_bindings,
        "people.move_bindings": deeds.move_bindings,
        "people.agents": _show(AGENTS),
        "people.teams": _show(TEAMS),
        "people.next_tab": lambda screen: screen.show_tab(
            TEAMS if screen.tab == AGENTS else AGENTS
        ),
    }

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.tab = AGENTS
        self.counts: BindingCounts | None = None
        self.again = Again(self, self._read_counts)
        self._codes: dict[Assignee, list[Code]] = {}
        self._codes_again = Again(self, self._read_codes)
        self._tabs = ListTabs(symbols=desk.symbols)
        self._rows: VirtualList[Assignee] = VirtualList(
            self._source(), head=False, empty=desk.t("list.empty"), symbols=desk.symbols
        )
        self._stops: list[Callable[[], None]] = []

    @property
    def list_view(self) -> Widget:
        """The list."""
        return self._rows

    def above(self) -> Iterable[Widget]:
        """Return the tabs."""
        yield self._tabs

    def on_mount(self) -> None:
        """Begin in the list, listen, and ask who is bound to whom."""
        self.show_head()
        self._show_tabs()
        self.show_hints()
        self._stops = [
            self.desk.store.subscribe(self._told),
            self.desk.live.listen(self._heard),
        ]
        self._rows.focus()
        self.begin(self.again.now())

    def on_unmount(self) -> None:
        """Listen no more."""
        for stop in self._stops:
            stop()

    # --- what is selected --------------------------------------------------------------------

    @property
    def selected(self) -> Assignee | None:
        """Whom the cursor stands on, unless the one it stood on left by itself."""
        return None if self._rows.lost is not None else self._rows.cursor

    def colleague(self) -> Agent | None:
        """Return the colleague that is selected, None on a team."""
        selected = self.selected
        return self.desk.store.people.agents.get((selected and selected.agent) or "")

    @property
    def bound_to_selected(self) -> int | None:
        """How many contacts are bound to whom is selected; None while that is not known."""
        return None if self.selected is None else self._bound(self.selected)

    def why_not(self, action: Action) -> str | None:
        """Return in words why an action is not possible now, or None; what I may not do first."""
        why = super().why_not(action)
        if why is not None or action.id not in _ON_ONE:
            return why
        selected, me, people = self.selected, self.desk.store.me, self.desk.store.people
        if selected is None or me is None:
            return self.desk.t("why.nobody_selected")
        if action.id == "people.code":
            makes = may_have_code_made(me, people, selected)
            return None if makes else self.desk.t("why.not_their_code")
        if action.id not in _ON_AGENT:
            return None
        agent = self.colleague()
        if agent is None:
            return self.desk.t("why.for_agents")
        if action.id == "people.activate":
            return None if roles.is_owner(me) else self.desk.t("why.not_owner")
        if not roles.supervises(me, people.teams.values(), agent.nickname):
            return self.desk.t("why.not_supervised")
        if action.id in _ON_ACTIVE and not agent.active:
            return self.desk.t("why.inactive")
        return self._why_not_bindings(agent) if action.id in _ON_BINDINGS else None

    def _why_not_bindings(self, agent: Agent) -> str | None:
        count = self.bound_to_selected
        if count is None:
            return self.desk.t("list.loading")
        return None if count else self.desk.t("why.none_bound", name=agent.nickname)

    # --- reading -----------------------------------------------------------------------------

    async def read_again(self) -> None:
        """Do nothing: a colleague who was changed is told by the live stream."""

    async def _read_counts(self) -> None:
        self.counts = await self.desk.live.client.binding_counts()
        self._show()

    async def _read_codes(self) -> None:
        selected = self._rows.cursor
        if selected is None or not self.are_details_shown:
            return
        client, agent, team = self.desk.live.client, selected.agent or "", selected.team or ""
        kept = CodeQuery(agent=agent, team=team, states=KEPT, limit=CODES)
        gone = CodeQuery(agent=agent, team=team, states=(CodeState.REVOKED,), limit=GONE)
        pages = await client.codes(kept), await client.codes(gone)
        self._codes[selected] = [code for page in pages for code in page.items]
        self._show_details()

    def details_wanted(self, within: float = SETTLE) -> None:
        """Show what is known of whom is selected, and read their codes once."""
        self._show_details()
        selected = self._rows.cursor
        if selected is not None and selected not in self._codes and self.are_details_shown:
            self._codes_again.want(within)

    def _heard(self, event: Event) -> None:
        if event.kind is EventKind.CODE_CHANGED:
            self._codes.clear()
            self.details_wanted()

    def _told(self, changes: tuple[Change, ...]) -> None:
        if not self.is_attached:
            return
        if any(isinstance(change, PeopleChanged) for change in changes):
            self._show()
        if LinkChanged(Link.LIVE) in changes:
            self._codes.clear()
            self.details_wanted()
            self.again.want()
        elif any(isinstance(change, BindingChanged) for change in changes):
            self.again.want()

    # --- showing -----------------------------------------------------------------------------

    def show_tab(self, tab: str) -> None:
        """Show the colleagues or the teams."""
        if tab != self.tab:
            self.tab = tab
            self._show_tabs()
            self._rows.show(self._source())
        self.leave_details()

    @on(VirtualList.Highlighted)
    def _selected(self) -> None:
        self.show_hints()
        self.details_wanted()

    @on(VirtualList.Chosen)
    def _chosen(self) -> None:
        self.action_act("people.sessions")

    @on(ListTabs.Chosen)
    def _tab_chosen(self, event: ListTabs.Chosen) -> None:
        self.show_tab(event.tab)

    def _show(self) -> None:
        self._show_tabs()
        self._rows.source_changed(self._source())
        self._show_details()
        self.show_hints()

    def _show_tabs(self) -> None:
        t, people = self.desk.t, self.desk.store.people
        active = sum(agent.active for agent in people.agents.values())
        self._tabs.tabs = (
            Tab(AGENTS, t("people.title"), active),
            Tab(TEAMS, t("people.title_teams"), len(people.teams)),
        )
        self._tabs.active = self.tab

    def _show_details(self) -> None:
        selected = self._rows.cursor
        self.details.show(lambda width: self._details(selected, width))

    def _details(self, selected: Assignee | None, width: int) -> list[Line]:
        if selected is None:
            return []
        people, bound = self.desk.store.people, self._bound(selected)
        codes = self._codes.get(selected)
        agent = people.agents.get(selected.agent or "")
        if agent is not None:
            return agent_details(agent, bound, codes, width, self.desk)
        team = people.teams.get(selected.team or "")
        return [] if team is None else team_details(team, bound, codes, width, self.desk)

    def _bound(self, one: Assignee) -> int | None:
        if self.counts is None:
            return None
        if one.agent is not None:
            return self.counts.agents.get(one.agent, 0)
        return self.counts.teams.get(one.team or "", 0)

    def _source(self) -> SequenceSource[Assignee, Agent | Team]:
        people = self.desk.store.people
        if self.tab == TEAMS:
            teams = [people.teams[slug] for slug in sorted(people.teams)]
            return SequenceSource(teams, _key, self._row)
        agents = sorted(
            people.agents.values(),
            key=lambda agent: (not agent.active, _ORDER[agent.presence], agent.nickname),
        )
        return SequenceSource(agents, _key, self._row)

    def _row(self, one: Agent | Team, width: int) -> list[Line]:
        bound = self._bound(_key(one))
        if isinstance(one, Agent):
            return agent_row(one, bound, width, self.desk)
        return team_row(one, bound, width, self.desk)


def _key(one: Agent | Team) -> Assignee:
    return Assignee(one.nickname) if isinstance(one, Agent) else Assignee(team=one.slug)
