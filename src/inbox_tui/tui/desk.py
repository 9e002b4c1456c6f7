"""What all rooms of the screen share: the store, the line, the clock, the words, my choices.

Made once by the application and handed down. It knows no widget.
"""

from collections.abc import Callable
from datetime import UTC, datetime, tzinfo
from pathlib import Path

from inbox_tui.clock import Clock, to_datetime
from inbox_tui.locale import Catalogue
from inbox_tui.records import dataclass, field
from inbox_tui.state.drafts import Drafts
from inbox_tui.state.lists import Filters
from inbox_tui.state.preferences import Preferences
from inbox_tui.state.store import Store
from inbox_tui.terminal.writer import Terminal
from inbox_tui.tui.keys import Keymap
from inbox_tui.tui.live import Live
from inbox_tui.tui.render.entry import EntryContext
from inbox_tui.tui.render.row import RowContext
from inbox_tui.tui.render.symbols import UNICODE, Symbols
from inbox_tui.tui.sending import Sending
from inbox_tui.wire.models import Session
from inbox_tui.wire.words import ListName


@dataclass(kw_only=True)
class Desk:
    """One window's things.

    ``list_name`` and ``open_id`` say what it looks at; ``asked`` holds the sessions of others in
    which I said that I want to write.
    """

    store: Store
    live: Live
    sending: Sending
    drafts: Drafts
    preferences: Preferences
    preferences_path: Path
    clock: Clock
    catalogue: Catalogue
    keymap: Keymap
    terminal: Terminal
    symbols: Symbols = UNICODE
    list_name: ListName = ListName.MINE
    open_id: int | None = None
    filters: dict[ListName, Filters] = field(default_factory=dict)
    asked: set[int] = field(default_factory=set)

    @property
    def t(self) -> Callable[..., str]:
        """The sentence of a key, with values."""
        return self.catalogue.t

    @property
    def now(self) -> datetime:
        """The present as an aware UTC datetime."""
        return to_datetime(self.clock.now())

    @property
    def zone(self) -> tzinfo:
        """The workspace's time zone, UTC until it is known."""
        name = self.store.me.timezone if self.store.me else ""
        if not name:
            return UTC
        from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

        try:
            return ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError):
            return UTC

    @property
    def opened(self) -> Session | None:
        """The session whose chat is open."""
        return None if self.open_id is None else self.store.session(self.open_id)

    @property
    def filters_now(self) -> Filters:
        """The filters of the list that is shown."""
        return self.filters.get(self.list_name, Filters())

    def row_context(self) -> RowContext:
        """Return what rows need to know."""
        return RowContext(
            now=self.now,
            catalogue=self.catalogue,
            me=self.store.nickname,
            due_soon=self.store.due_soon,
            channels={slug: channel.slug for slug, channel in self.store.people.channels.items()},
            symbols=self.symbols,
        )

    def entry_context(self, session: Session) -> EntryContext:
        """Return what the entries of a session's conversation need to know."""
        outgoing = self.store.timeline(session.conversation_id).outgoing()
        return EntryContext(
            now=self.now,
            catalogue=self.catalogue,
            zone=self.zone,
            me=self.store.nickname,
            customer=session.contact.nickname or session.contact.name,
            held=frozenset(reply.key for reply in outgoing if reply.way != "sending"),
            symbols=self.symbols,
        )

    def save_preferences(self) -> None:
        """Keep my choices. Raises OSError."""
        self.preferences.save(self.preferences_path)
