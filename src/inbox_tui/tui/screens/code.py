"""A code to be scanned: the QR drawn here, what to tell the customer, link, picture, end (Q1, Q9).

Of one assignee after the other and one channel after the other: mine from the inbox, anybody's from
the screen of colleagues. The drawing is :mod:`inbox_tui.tui.widgets.qr`'s.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import ClassVar, Final, Literal

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.geometry import Size

from inbox_tui.client.port import CodeQuery
from inbox_tui.errors import InboxError
from inbox_tui.state.assignees import KEPT, Assignee, code_of, may_have_code_made
from inbox_tui.state.changes import Change, ChannelsChanged, Link, LinkChanged, PeopleChanged
from inbox_tui.tui.actions.handlers import ELSEWHERE, Handlers
from inbox_tui.tui.actions.registry import Action, Group, Room
from inbox_tui.tui.again import Again
from inbox_tui.tui.codes import deeds
from inbox_tui.tui.codes.lines import code_lines
from inbox_tui.tui.codes.words import assignee_text
from inbox_tui.tui.desk import Desk
from inbox_tui.tui.render import cells
from inbox_tui.tui.render.lines import Span
from inbox_tui.tui.render.looks import Role
from inbox_tui.tui.screens.room import RoomScreen, bindings_of
from inbox_tui.tui.trouble import sentence
from inbox_tui.tui.widgets.lines_pane import LinesPane
from inbox_tui.tui.widgets.one_line import Label
from inbox_tui.tui.widgets.qr import QrView
from inbox_tui.wire.codes import Code, PostCode
from inbox_tui.wire.models import Channel, Event
from inbox_tui.wire.words import CodeState, EventKind

CODES: Final = 500
"""Codes read of one assignee: at most one for each channel and each team."""
BESIDE: Final = 28
"""Cells that the words need beside the QR code; with less it stands alone."""
AROUND: Final = 3
"""Lines that are not for the QR code: the header, whose code it is, the keys."""
LEAST_AROUND: Final = 1
"""The same where lines are few: the keys alone."""

_SHOWING = ("code.copy", "code.save")
_ON_ONE = (*_SHOWING, "code.change", "code.revoke")
_CHANGING = ("code.new", "code.change", "code.revoke")


class CodeScreen(RoomScreen):
    """The code of ``assignees``, one of them at a time, on one channel at a time."""

    ROOM = Room.CODE
    BINDINGS: ClassVar = bindings_of(Room.CODE)
    handlers: ClassVar[Handlers] = {
        **ELSEWHERE,
        "code.copy": deeds.copy,
        "code.save": deeds.save,
        "code.new": deeds.make,
        "code.change": deeds.change,
        "code.revoke": deeds.revoke,
        "code.channel": lambda screen: screen.next_channel(),
        "code.assignee": lambda screen: screen.next_assignee(),
    }

    DEFAULT_CSS = """
    CodeScreen {
        & #whose { background: $panel; }
        & #code { height: 1fr; background: $surface; }
        & QrView { display: none; }
        & LinesPane { width: 1fr; height: 1fr; }
        &.-drawn QrView { display: block; }
        &.-alone LinesPane { display: none; }
        &.-tall > StatusHeader, &.-tall > #whose { display: none; }
    }
    """

    def __init__(self, desk: Desk, assignees: Sequence[Assignee]) -> None:
        super().__init__(desk)
        self._assignees = list(assignees)
        self._at = 0
        self._channel = self._first_channel()
        self._codes: dict[Assignee, list[Code]] = {}
        self._refused = ""
        self._trouble = ""
        self._undrawn = ""
        self.again = Again(self, self.read)
        self._whose = Label(id="whose")
        self._qr = QrView(desk.symbols)
        self._facts = LinesPane(id="facts")
        self._stops: list[Callable[[], None]] = []

    def compose(self) -> ComposeResult:
        """Put the words beside the QR code."""
        yield self.header
        yield self._whose
        with Horizontal(id="code"):
            yield self._qr
            yield self._facts
        yield self.bottom

    def on_mount(self) -> None:
        """Listen, and read the codes there are."""
        self.show_head()
        self.show_hints()
        self._stops = [
            self.desk.store.subscribe(self._told),
            self.desk.live.listen(self._heard),
        ]
        self._facts.focus()
        self.show_code()
        self.begin(self.again.now())

    def on_unmount(self) -> None:
        """Listen no more."""
        for stop in self._stops:
            stop()

    # --- which code --------------------------------------------------------------------------

    @property
    def assignee(self) -> Assignee:
        """Whom the code is for."""
        return self._assignees[self._at]

    @property
    def channel(self) -> Channel | None:
        """The channel it is scanned to."""
        return self.desk.store.people.channels.get(self._channel)

    @property
    def code(self) -> Code | None:
        """The code that is shown; None when there is none that is not revoked."""
        return code_of(self._codes.get(self.assignee, ()), self._channel, self.assignee)

    def wanted(
        self,
        *,
        tags: Sequence[str] | None = None,
        expires_at: datetime | Literal["never"] | None = None,
    ) -> PostCode:
        """Return what asks for the code that is shown, or for one in its place.

        What is not said of it stays as it is: somebody else may have made one meanwhile.
        """
        return PostCode(
            channel=self._channel,
            agent=self.assignee.agent,
            team=self.assignee.team,
            tags=None if tags is None else list(tags),
            expires_at=expires_at,
        )

    def next_channel(self) -> None:
        """Show the code of the next channel."""
        slugs = sorted(self.desk.store.people.channels)
        if slugs:
            at = slugs.index(self._channel) if self._channel in slugs else -1
            self._channel = slugs[(at + 1) % len(slugs)]
        self._refused = ""
        self.show_code()

    def next_assignee(self) -> None:
        """Show the code for the next: for me, for me inside a team, for a team."""
        self._at = (self._at + 1) % len(self._assignees)
        self._refused = ""
        self.show_code()
        if self.assignee not in self._codes:
            self.begin(self.again.now())

    def _first_channel(self) -> str:
        return min(self.desk.store.people.channels, default="")

    def why_not(self, action: Action) -> str | None:
        """Return in words why an action is not possible now, or None; what I may not do first."""
        why = super().why_not(action)
        if why is not None or action.group is not Group.CODE:
            return why
        desk, me = self.desk, self.desk.store.me
        if action.id == "code.assignee":
            return desk.t("why.one_assignee") if len(self._assignees) < 2 else None
        if action.id == "code.channel":
            return desk.t("why.one_channel") if len(desk.store.people.channels) < 2 else None
        may = me is not None and may_have_code_made(me, desk.store.people, self.assignee)
        if action.id in _CHANGING and not may:
            return desk.t("why.not_their_code")
        if action.id == "code.new" and self.channel is None:
            return desk.t("code.no_channel")
        code = self.code
        if action.id in _ON_ONE and code is None:
            return desk.t("why.no_code")
        if action.id in _SHOWING and code is not None and code.state is not CodeState.LIVE:
            return desk.t(f"code.told_{code.state.value}")
        return None

    # --- reading -----------------------------------------------------------------------------

    async def read(self) -> None:
        """Read the codes of whom it is for. Raises what the client raises."""
        assignee = self.assignee
        agent, team = assignee.agent or "", assignee.team or ""
        query = CodeQuery(agent=agent, team=team, states=KEPT, limit=CODES)
        try:
            page = await self.desk.live.client.codes(query)
        except InboxError as error:
            self._trouble = sentence(error, self.desk.catalogue)
            self.show_code()
            raise
        self._codes[assignee] = list(page.items)
        self._trouble = self._refused = ""
        self.show_code()

    def refuse(self, why: str) -> None:
        """Show in the code's place why there cannot be one."""
        self._refused = why
        self.show_code()

    def _heard(self, event: Event) -> None:
        if event.kind is EventKind.CODE_CHANGED:
            self.again.want()

    def _told(self, changes: tuple[Change, ...]) -> None:
        if not self.is_attached:
            return
        if any(isinstance(change, PeopleChanged | ChannelsChanged) for change in changes):
            self._channel = self._channel or self._first_channel()
            self.show_code()
        if LinkChanged(Link.LIVE) in changes:
            self.again.want()

    # --- showing -----------------------------------------------------------------------------

    def on_resize(self, event: events.Resize) -> None:
        """Draw for another size."""
        self._fit(event.size)
        self._show_facts()

    def _fit(self, size: Size) -> None:
        """Give the QR code the lines it needs, the words what is left beside it."""
        needs = self._qr.needs
        fits = needs is not None and (
            needs.width <= size.width and needs.height + LEAST_AROUND <= size.height
        )
        self.set_class(fits, "-drawn")
        tall = needs is not None and fits and needs.height + AROUND > size.height
        self.set_class(tall, "-tall")
        self.set_class(needs is not None and fits and size.width - needs.width < BESIDE, "-alone")

    def show_code(self) -> None:
        """Show the code, or why there is none."""
        desk, code, assignee = self.desk, self.code, self.assignee
        mine = assignee.agent is not None and assignee.agent == desk.store.nickname
        title = desk.t("code.title_mine" if mine else "code.title")
        whose: list[Span] = [(title, Role.STRONG)]
        if len(self._assignees) > 1:
            whose.append((f"  {self._at + 1}/{len(self._assignees)}", Role.MUTED))
        named = (assignee_text(assignee, desk.catalogue), self._channel, code.code if code else "")
        told = f" {desk.symbols.dot} ".join(cells.calm(each) for each in named if each)
        self._whose.update((*whose, (f"  {told}", Role.MUTED)))
        binds = code is not None and code.state is CodeState.LIVE
        self._undrawn = ""
        try:
            self._qr.show(code.link if code is not None and binds else None)
        except InboxError as error:  # no QR code holds it; the link can be copied all the same
            self._undrawn = sentence(error, desk.catalogue)
        self._fit(self.app.size)
        self._show_facts()
        self.show_hints()

    def _show_facts(self) -> None:
        desk, code, assignee, channel = self.desk, self.code, self.assignee, self.channel
        said = self._said()
        self._facts.show(
            lambda width: code_lines(code, assignee, channel, said, width, desk),
        )

    def _said(self) -> str:
        """Return why there is no code, or what is amiss with the one there is."""
        t, code = self.desk.t, self.code
        if code is not None and code.state is CodeState.LIVE:
            needs = self._qr.needs
            if needs is None or self.has_class("-drawn"):
                return self._undrawn
            return t("code.too_small", width=needs.width, height=needs.height + LEAST_AROUND)
        if code is not None:
            return t(f"code.told_{code.state.value}")
        if self._refused or self._trouble:
            return self._refused or self._trouble
        if self.assignee not in self._codes:
            return t("list.loading")
        return t("code.none") if self.channel is not None else t("code.no_channel")
