"""A chat looked at from the wall: all that was said, live, and no read mark left (V2).

Not the inbox's chat: nothing can be written here, and no read mark is ever sent from here.
"""

from textual.app import ComposeResult
from textual.containers import Vertical

from inbox_tui.state.changes import (
    Change,
    EntryAppended,
    EntryChanged,
    SessionMoved,
    TimelineChanged,
)
from inbox_tui.tui.desk import Desk
from inbox_tui.tui.panes.chat_pane import ChatLog
from inbox_tui.tui.render import cells
from inbox_tui.tui.render.lines import Line, columns
from inbox_tui.tui.render.looks import Role
from inbox_tui.tui.render.timeline import Timeline
from inbox_tui.tui.wall.panes import CalmLine
from inbox_tui.wire.models import Session
from inbox_tui.wire.words import SessionState

ENTRIES = 60
"""Entries to a page."""


class LookPane(Vertical):
    """Whose chat it is, that one only looks, and what was said."""

    DEFAULT_CSS = """
    LookPane {
        background: $surface;
        & CalmLine { background: $panel; }
        & MessageLog { height: 1fr; }
    }
    """

    def __init__(self, desk: Desk, *, id: str) -> None:
        super().__init__(id=id)
        self._desk = desk
        self._whose = CalmLine(desk, id="look-whose")
        self._sign = CalmLine(desk, id="look-sign")
        self.log_view = ChatLog(desk)
        self.session: Session | None = None

    def compose(self) -> ComposeResult:
        """Put them below each other."""
        yield self._whose
        yield self._sign
        yield self.log_view

    async def open(self, session_id: int) -> None:
        """Read a session and its chat, and follow it. Raises what the client raises."""
        client, store = self._desk.live.client, self._desk.store
        session = await client.session(session_id)
        self.session = session
        timeline = store.timeline(session.conversation_id)
        self.log_view.empty = self._desk.t("list.loading")
        self._show_head()
        self.log_view.show(self._timeline(session))
        if not timeline.loaded:
            page = await client.timeline(session_id, limit=ENTRIES)
            store.set_timeline(session.conversation_id, page)
        if self.session is session:
            self.log_view.empty = self._desk.t("timeline.empty")
            self.log_view.show(self._timeline(session))

    def close(self) -> None:
        """Look no more."""
        self.session = None

    async def read_again(self) -> None:
        """Read the session and its chat anew: the line was down. Raises what the client raises."""
        session = self.session
        if session is None:
            return
        page = await self._desk.live.client.timeline(session.id, limit=ENTRIES)
        if self.session is session:
            self._desk.store.set_timeline(session.conversation_id, page)

    def took(self, changes: tuple[Change, ...]) -> None:
        """Follow what the store told."""
        session = self.session
        if session is None:
            return
        for change in changes:
            if isinstance(change, SessionMoved) and change.session.id == session.id:
                self.session = session = change.session
        self._show_head()
        kinds = (EntryAppended, EntryChanged, TimelineChanged)
        if any(
            isinstance(change, kinds) and change.conversation_id == session.conversation_id
            for change in changes
        ):
            self.log_view.source_changed(self._timeline(session))

    def _show_head(self) -> None:
        session = self.session
        if session is not None:
            self._whose.take(lambda width: self._heading(session, width))
            sign = f"{self._desk.symbols.read} {self._desk.t('wall.looking')}"
            self._sign.take(lambda _width: ((sign, Role.NOTE),))

    def _heading(self, session: Session, width: int) -> Line:
        desk, t = self._desk, self._desk.t
        dot = (f" {desk.symbols.dot} ", Role.MUTED)
        name = cells.calm(session.contact.nickname or session.contact.name)
        left: Line = ((name, Role.STRONG), dot, (cells.calm(session.channel), Role.CHANNEL))
        if session.state is SessionState.CLOSED:
            who = (t("state.closed"), Role.CLOSED)
        elif session.assignee is None:
            who = (t("wall.free_session"), Role.REASON)
        else:
            who = (cells.calm(session.assignee), Role.AGENT)
        return columns(left, (who,), width, desk.symbols.ellipsis)

    def _timeline(self, session: Session) -> Timeline:
        entries = self._desk.store.timeline(session.conversation_id).entries()
        return Timeline(entries, self._desk.entry_context(session))
