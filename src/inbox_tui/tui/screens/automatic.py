"""What is sent to customers by itself: switched on and off, written, previewed (M1-M8)."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult

from inbox_tui.errors import InboxError
from inbox_tui.state.changes import AutomaticChanged, Change, Link, LinkChanged
from inbox_tui.tui.actions.handlers import ELSEWHERE, Handlers
from inbox_tui.tui.actions.registry import Action, Group, Room
from inbox_tui.tui.automatic import deeds
from inbox_tui.tui.automatic.rows import message_row
from inbox_tui.tui.desk import Desk
from inbox_tui.tui.render.looks import Role
from inbox_tui.tui.screens.room import RoomScreen, bindings_of
from inbox_tui.tui.trouble import sentence
from inbox_tui.tui.widgets.sources import SequenceSource
from inbox_tui.tui.widgets.virtual_list import VirtualList
from inbox_tui.wire.automatic import AutomaticMessage, AutomaticMessages
from inbox_tui.wire.words import Automatic

_LOOKING = ("automatic.edit",)
"""What those may do who may not change anything: look at the texts."""


class AutomaticScreen(RoomScreen):
    """Every kind of automatic message, in the order of a conversation."""

    ROOM = Room.AUTOMATIC
    BINDINGS: ClassVar = bindings_of(Room.AUTOMATIC)
    handlers: ClassVar[Handlers] = {
        **ELSEWHERE,
        "automatic.edit": deeds.edit,
        "automatic.switch": deeds.switch,
        "automatic.gap": deeds.set_gap,
    }

    DEFAULT_CSS = """
    AutomaticScreen VirtualList { height: 1fr; }
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.messages: AutomaticMessages | None = None
        self._rows: VirtualList[Automatic] = VirtualList(
            self._source(), empty=desk.t("list.loading"), symbols=desk.symbols
        )
        self._rows.caption = (
            (desk.t("automatic.title"), Role.STRONG),
            (f"  {desk.t('automatic.caption')}", Role.MUTED),
        )
        self._stop = desk.store.subscribe(self._told)

    @property
    def selected(self) -> AutomaticMessage | None:
        """The kind the cursor stands on."""
        items = self.messages.items if self.messages is not None else []
        return next((each for each in items if each.kind == self._rows.cursor), None)

    def compose(self) -> ComposeResult:
        """Put the rows between the lines."""
        yield self.header
        yield self._rows
        yield self.bottom

    def on_mount(self) -> None:
        """Read what there is."""
        self.show_head()
        self.show_hints()
        self._rows.focus()
        self.begin(self.read())

    def on_unmount(self) -> None:
        """Listen no more."""
        self._stop()

    def why_not(self, action: Action) -> str | None:
        """Return in words why an action is not possible now, or None."""
        why = super().why_not(action)
        if why is not None or action.group is not Group.AUTOMATIC or action.id in _LOOKING:
            return why
        return None if deeds.may_change(self) else self.desk.t("why.not_my_messages")

    async def read(self) -> None:
        """Read all of it anew; the cursor stays."""
        try:
            messages = await self.desk.live.client.automatic()
        except InboxError as error:
            if self.messages is None:
                self._rows.empty = sentence(error, self.desk.catalogue)
                self._rows.refresh()
            raise
        self.messages = messages
        self._rows.source_changed(self._source())
        self.show_hints()

    @on(VirtualList.Chosen)
    def _chosen(self) -> None:
        self.action_act("automatic.edit")

    def _told(self, changes: tuple[Change, ...]) -> None:
        if self.is_attached and any(map(_is_news, changes)):
            self.begin(self.read())

    def _source(self) -> SequenceSource[Automatic, AutomaticMessage]:
        desk, messages = self.desk, self.messages
        if messages is None:
            return SequenceSource([], lambda each: each.kind, lambda each, width: [])
        return SequenceSource(
            list(messages.items),
            lambda each: each.kind,
            lambda each, width: message_row(each, width, messages, desk),
        )


def _is_news(change: Change) -> bool:
    """Say whether messages may be other than they were read."""
    return isinstance(change, AutomaticChanged) or (
        isinstance(change, LinkChanged) and change.link is Link.LIVE
    )
