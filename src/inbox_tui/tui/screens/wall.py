"""The supervisor's wall: every queue, every agent, who waits, how fast it comes and goes (V1).

It places the panes, reads the wall when events say that it may look different, and knows which
session and which colleague a deed is about. What is drawn stands in ``tui/wall``.
"""

from collections.abc import Callable
from functools import partial
from typing import ClassVar, Final

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.geometry import Size
from textual.timer import Timer

from inbox_tui.errors import InboxError
from inbox_tui.state import wall as knows
from inbox_tui.state.changes import Change, Link, LinkChanged
from inbox_tui.state.wall import Pick, PickKind
from inbox_tui.tui.actions.handlers import ELSEWHERE, Handlers
from inbox_tui.tui.actions.registry import Action, Room
from inbox_tui.tui.actions.situation import Situation
from inbox_tui.tui.desk import Desk
from inbox_tui.tui.screens.room import RoomScreen, bindings_of
from inbox_tui.tui.trouble import sentence
from inbox_tui.tui.wall import deeds, sights
from inbox_tui.tui.wall.look import LookPane
from inbox_tui.tui.wall.panes import CalmLine, CalmLines, CalmList
from inbox_tui.tui.widgets.message_log import MessageLog
from inbox_tui.tui.widgets.virtual_list import VirtualList
from inbox_tui.wire.models import Agent, Event
from inbox_tui.wire.wall import Wall, WallSession

SETTLE: Final = 0.3
"""Seconds that are waited after an event before the wall is read: what belongs together comes."""
AT_MOST_EVERY: Final = 2.0
"""Seconds between two readings while events keep coming."""
SIDE_BY_SIDE_FROM = 120
CHART_FROM, AIRY_FROM, LOW_BELOW = 34, 24, 20
"""Columns from which the sessions stand beside the queues; lines from which there are charts as
well, from which a line parts the panes, and below which the header folds into the last line."""
MOST = 40
"""Sessions asked for of each queue, and of those that wait longest."""


def _go(name: str) -> Callable[["WallScreen"], None]:
    return lambda screen: screen.go(name)


class WallScreen(RoomScreen):
    """Queues, agents and the sessions of what is picked among them.

    On a wide screen all that wait for an answer stand there as well. A chat that is looked at takes
    the place of the sessions.
    """

    ROOM = Room.WALL
    BINDINGS: ClassVar = bindings_of(Room.WALL)
    handlers: ClassVar[Handlers] = {
        **ELSEWHERE,
        "view.back": lambda screen: screen.go_back(),
        "wall.look": lambda screen: screen.look_at_picked(),
        "wall.assign": deeds.assign,
        "wall.move": deeds.move,
        "wall.take_back": deeds.take_back,
        "wall.note": deeds.note,
        "wall.explain": deeds.explain,
        "wall.switch": deeds.switch,
        "wall.limit": deeds.limit,
        "wall.queues": _go("queues"),
        "wall.agents": _go("agents"),
        "wall.sessions": _go("sessions"),
        "wall.waiting": _go("waiting"),
        "wall.next_pane": lambda screen: screen.go_on(1),
        "wall.previous_pane": lambda screen: screen.go_on(-1),
    }

    DEFAULT_CSS = """
    WallScreen {
        & #wall { height: 1fr; background: $surface; }
        & #standing { width: 1fr; height: auto; }
        & #picked { width: 1fr; height: 1fr; }
        & #sessions, & #waiting { height: 1fr; }
        & #waiting, & #rates, & #look { display: none; }
        & #look { width: 1fr; height: 1fr; }
        & #rates { height: 10; }

        &.-one #wall { layout: vertical; }
        &.-one.-looking #standing, &.-looking #picked { display: none; }
        &.-looking #look { display: block; }

        &.-two #standing { height: 1fr; }
        &.-two #picked, &.-two #look { border-left: solid $border-blurred; }
        &.-two #waiting { display: block; }
        &.-two.-all #sessions { display: none; }
        &.-two.-charts #rates { display: block; }
        &.-airy #agents, &.-airy #rates, &.-one.-airy #picked { margin: 1 0 0 0; }
        &.-airy #waiting { margin: 1 0 0 0; }
        &.-airy.-all #waiting { margin: 0; }
        &.-low > StatusHeader { display: none; }
    }
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.wall: Wall | None = None
        self.pick = Pick()
        self._numbers = CalmLine(desk, id="numbers")
        self._queues = CalmList(desk, id="queues")
        self._agents = CalmList(desk, id="agents")
        self._sessions = CalmList(desk, id="sessions")
        self._waiting = CalmList(desk, id="waiting")
        self._rates = CalmLines(desk, id="rates")
        self.look = LookPane(desk, id="look")
        self._looked_from = "sessions"
        self._reader: Timer | None = None
        self._is_reading = self._is_wanted = False
        self._problem = ""
        self._stops: list[Callable[[], None]] = []

    def compose(self) -> ComposeResult:
        """Put what stands at the left or above, what is picked beside or below."""
        self._fit(self.app.size)
        self.add_class("-all")
        yield self.header
        yield self._numbers
        with Horizontal(id="wall"):
            with Vertical(id="standing"):
                yield self._queues
                yield self._agents
                yield self._rates
            with Vertical(id="picked"):
                yield self._sessions
                yield self._waiting
            yield self.look
        yield self.bottom

    def on_mount(self) -> None:
        """Listen, let time pass, read, begin in the queues."""
        self.show_head()
        self.show_hints()
        self.show_wall()
        self._stops = [
            self.desk.live.listen(self._heard),
            self.desk.store.subscribe(self._told),
        ]
        self.set_interval(1.0, self.tick)
        self._queues.focus()
        if self.desk.store.link is Link.LIVE:
            self.begin(self.read_again())

    def on_unmount(self) -> None:
        """Listen no more."""
        for stop in self._stops:
            stop()

    # --- places ------------------------------------------------------------------------------

    @property
    def is_looking(self) -> bool:
        """Whether a chat is being looked at."""
        return self.has_class("-looking")

    def go(self, name: str) -> None:
        """Go to ``queues``, ``agents``, ``sessions`` or ``waiting``, and look no more."""
        self._look_no_more()
        if name == "waiting" and not self.has_class("-two"):
            self._queues.select(sights.ALL)
            self._show_of(Pick())
            name = "sessions"
        elif name == "sessions" and self.has_class("-two", "-all"):
            name = "waiting"
        self.set_focus({each.id: each for each in self._lists()}[name])

    def go_on(self, by: int) -> None:
        """Go to the next pane."""
        shown = [pane for pane in self._lists() if pane.styles.display != "none"]
        at = next((at for at, pane in enumerate(shown) if pane.has_focus), -by % len(shown))
        self.go(str(shown[(at + by) % len(shown)].id))

    def go_back(self) -> None:
        """Look no more; from the sessions back to what they are of; else leave the wall."""
        if self.is_looking:
            self.go(self._looked_from)
        elif self._sessions.has_focus or self._waiting.has_focus:
            self.go("agents" if self.pick.kind is PickKind.AGENT else "queues")
        else:
            self.dismiss()

    def _lists(self) -> list[CalmList]:
        return [self._queues, self._agents, self._sessions, self._waiting]

    def picked(self) -> WallSession | None:
        """Return the session a deed is about: the chat looked at, else the one selected."""
        if self.is_looking:
            return sights.as_on_wall(self.look.session)
        pane = next((pane for pane in (self._sessions, self._waiting) if pane.has_focus), None)
        if pane is None or pane.cursor is None or pane.lost is not None or self.wall is None:
            return None
        pick = Pick() if pane is self._waiting else self.pick
        found = knows.sessions_of(self.wall, pick)
        return next((each for each in found if str(each.id) == pane.cursor), None)

    def colleague(self) -> Agent | None:
        """Return the agent a deed is about: the one selected, while the hands are there."""
        if self.wall is None or not self._agents.has_focus or self._agents.lost is not None:
            return None
        found = knows.agent_of(self.wall, self._agents.cursor)
        return None if found is None else found.agent

    def situation(self) -> Situation:
        """Return what decides which deeds are possible."""
        return Situation(
            link=self.desk.store.link,
            me=self.desk.store.me,
            picked=self.picked(),
            colleague=self.colleague(),
        )

    def why_not(self, action: Action) -> str | None:
        """Return in words why an action is not possible now; what is looked at already is one."""
        if action.id == "wall.look" and self.is_looking:
            return self.desk.t("why.looking")
        return super().why_not(action)

    # --- reading -----------------------------------------------------------------------------

    async def read_again(self) -> None:
        """Read the wall; one reading at a time, and one more if anything was told meanwhile."""
        if self._is_reading:
            self._is_wanted = True
            return
        self._is_reading, self._is_wanted = True, False
        agent = self.pick.name if self.pick.kind is PickKind.AGENT else None
        try:
            wall = await self.desk.live.client.wall(agent=agent, most=MOST)
        except InboxError as error:
            self._problem = sentence(error, self.desk.catalogue)
            self.show_wall()
            raise
        finally:
            self._is_reading = False
        if self.is_attached:
            self.wall, self._problem = wall, ""
            self.show_wall()
            if self._is_wanted:
                self._want(AT_MOST_EVERY)

    def _heard(self, event: Event) -> None:
        if knows.concerns(event):
            self._want(SETTLE)

    def _want(self, within: float) -> None:
        """Have the wall read soon; what is told until then costs no reading of its own."""
        if self._is_reading:
            self._is_wanted = True
        elif self._reader is None:
            self._reader = self.set_timer(within, self._read_soon)

    def _read_soon(self) -> None:
        self._reader = None
        if self.desk.store.link is Link.LIVE:
            self.begin(self.read_again())

    def _told(self, changes: tuple[Change, ...]) -> None:
        if not self.is_attached:
            return
        self.look.took(changes)
        if any(isinstance(change, LinkChanged) for change in changes):
            self.show_wall()
            self.show_hints()
            if LinkChanged(Link.LIVE) in changes:
                self._want(SETTLE)
                self.begin(self.look.read_again())

    def tick(self) -> None:
        """Let time pass: waits grow, and what is not told by events is read once a minute."""
        self.show_wall()
        if self.desk.store.link is Link.LIVE and knows.is_stale(self.wall, self.desk.now):
            self._want(SETTLE)

    # --- showing -----------------------------------------------------------------------------

    def show_wall(self) -> None:
        """Show the wall as it was read, at the present moment."""
        desk, wall = self.desk, self.wall
        self._numbers.take(partial(sights.numbers, wall, desk))
        if wall is None:
            loading = self._problem or desk.t("list.loading")
            for pane in self._lists():
                pane.take([], lambda _width: (), loading)
            return
        self._queues.take(*sights.queues(wall, desk))
        self._agents.take(*sights.agents(wall, desk))
        self._sessions.take(*sights.sessions(wall, self.pick, desk))
        self._waiting.take(*sights.sessions(wall, Pick(), desk))
        self._rates.take(partial(sights.rates, wall, desk))
        self._fit_heights()

    def on_resize(self, event: events.Resize) -> None:
        """Choose how things stand."""
        self._fit(event.size)
        self._fit_heights()

    def _fit(self, size: Size) -> None:
        beside = size.width >= SIDE_BY_SIDE_FROM
        self.set_class(beside, "-two")
        self.set_class(not beside, "-one")
        self.set_class(size.height >= CHART_FROM, "-charts")
        self.set_class(size.height >= AIRY_FROM, "-airy")
        self.set_class(size.height < LOW_BELOW, "-low")
        self.bottom.set_class(size.height < LOW_BELOW, "-low")

    def _fit_heights(self) -> None:
        """Give queues and agents as many lines as they need, as far as there are any."""
        size = self.app.size
        room = size.height - (2 if self.has_class("-low") else 3)
        beside, charts = self.has_class("-two"), self.has_class("-two", "-charts")
        if self.has_class("-airy"):
            room -= 1 if beside and not charts else 2
        queues, agents = sights.heights(
            len(self._queues.source), len(self._agents.source), room, beside=beside, charts=charts
        )
        for pane, height in ((self._queues, queues), (self._agents, agents)):
            if pane.styles.height is None or pane.styles.height.cells != height:
                pane.styles.height = height

    # --- what a person did -------------------------------------------------------------------

    @on(VirtualList.Highlighted, "#queues")
    def _queue_selected(self, event: VirtualList.Highlighted) -> None:
        if self._queues.has_focus or self.wall is None:
            self._show_of(sights.pick_of_queue(event.key))

    @on(VirtualList.Highlighted, "#agents")
    def _agent_selected(self, event: VirtualList.Highlighted) -> None:
        if self._agents.has_focus and event.key is not None:
            self._show_of(Pick(PickKind.AGENT, event.key))

    @on(VirtualList.Highlighted, "#sessions")
    @on(VirtualList.Highlighted, "#waiting")
    def _session_selected(self) -> None:
        self.show_hints()

    @on(VirtualList.Chosen, "#queues")
    @on(VirtualList.Chosen, "#agents")
    def _go_to_sessions(self) -> None:
        self.go("sessions")

    @on(VirtualList.Chosen, "#sessions")
    @on(VirtualList.Chosen, "#waiting")
    def _session_chosen(self) -> None:
        self.action_act("wall.look")

    @on(MessageLog.NearTop)
    def _log_top(self) -> None:
        session = self.look.session
        if session is not None:
            self.begin(self.desk.live.load_older(session.id, session.conversation_id))

    def on_descendant_focus(self) -> None:
        """Show the sessions of where the hands are."""
        if self._queues.has_focus:
            self._show_of(sights.pick_of_queue(self._queues.cursor))
        elif self._agents.has_focus and self._agents.cursor is not None:
            self._show_of(Pick(PickKind.AGENT, self._agents.cursor))

    def _show_of(self, pick: Pick) -> None:
        if pick != self.pick:
            self.pick = pick
            self.set_class(pick.kind is PickKind.ALL, "-all")
            if self.wall is not None:
                self._sessions.begin_with(*sights.sessions(self.wall, pick, self.desk))
            if pick.kind is PickKind.AGENT:
                self.begin(self.read_again())
        self.show_hints()

    async def look_at_picked(self) -> None:
        """Open the chat of the session in the place of the sessions, without a read mark."""
        session = self.picked()
        if session is None or self.is_looking:
            return
        self._looked_from = "waiting" if self._waiting.has_focus else "sessions"
        self.add_class("-looking")
        self.set_focus(self.look.log_view)  # at once: the next key may mean another place already
        await self.look.open(session.id)
        self.show_hints()

    def _look_no_more(self) -> None:
        self.look.close()
        self.remove_class("-looking")
