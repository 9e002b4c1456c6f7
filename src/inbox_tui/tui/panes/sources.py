"""What the lists draw: sessions of the store, entries of a timeline, rows made on demand."""

from collections.abc import Hashable, Sequence

from inbox_tui.state.lists import ListView
from inbox_tui.state.store import Store
from inbox_tui.state.timelines import Outgoing, Way
from inbox_tui.tui.render.lines import Line
from inbox_tui.tui.render.row import RowContext, row_revision, session_row
from inbox_tui.wire.models import Content, Delivery, Entry, Session
from inbox_tui.wire.words import ContentKind, DeliveryState, EntryKind, ListName

_WAYS = {
    Way.SENDING: DeliveryState.SENDING,
    Way.HELD: DeliveryState.QUEUED,
    Way.STOPPED: DeliveryState.FAILED,
}


class SessionRows:
    """The loaded rows of one list, drawn for the moment of ``context``; time needs another one."""

    def __init__(self, store: Store, view: ListView, context: RowContext, *, lines: int) -> None:
        self.context = context
        self.row_lines = lines
        self._store = store
        self._view = view

    @property
    def list_name(self) -> ListName:
        """Which list it is."""
        return self._view.name

    def __len__(self) -> int:
        return len(self._view)

    def key_at(self, index: int) -> int:
        """Return the id of the session at ``index``."""
        return self._view.id_at(index)

    def index_of(self, key: int) -> int | None:
        """Return where a session stands, or None."""
        return self._view.index_of(key)

    def revision(self, key: int) -> Hashable:
        """Return what changes when the row looks different."""
        session = self._store.session(key)
        return session and row_revision(session, self.context)

    def lines(self, key: int, width: int) -> Sequence[Line]:
        """Return the lines of a row."""
        session = self._store.session(key)
        if session is None:
            return ()
        return session_row(session, width, self.context, lines=self.row_lines)


def outgoing_entry(reply: Outgoing, number: int, author: str) -> Entry:
    """Return a reply on its way as an entry after all others; its id is ``-number``."""
    return Entry(
        id=-number,
        conversation_id=reply.conversation_id,
        session_id=reply.session_id,
        kind=EntryKind.REPLY,
        at=reply.at,
        author=author,
        content=Content(kind=ContentKind.TEXT, text=reply.text),
        delivery=Delivery(state=_WAYS[reply.way], reason=reply.why),
        client_key=reply.key,
    )


def first_unread(entries: Sequence[Entry], session: Session) -> int | None:
    """Return the id of the first customer message of a session that I have not seen."""
    left = session.unread_count
    found: int | None = None
    for entry in reversed(entries):
        if left == 0:
            break
        if entry.kind is EntryKind.CUSTOMER and entry.session_id == session.id:
            found = entry.id
            left -= 1
    return found
