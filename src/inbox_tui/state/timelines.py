"""Timelines: the entries of one conversation in order, older ones on demand (C8).

Replies on their way (held or being sent) stand after the last entry and settle when an entry with
their key arrives, whichever way it comes first: the answer or the event.
"""

from bisect import bisect_left, insort
from dataclasses import replace
from datetime import datetime
from enum import StrEnum

from inbox_tui.records import dataclass, field
from inbox_tui.wire.models import Entry


class Way(StrEnum):
    """How a reply of this terminal stands before the backend has it."""

    SENDING = "sending"
    HELD = "held"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A reply of this terminal that the backend has not confirmed. ``why`` tells of a stop."""

    key: str
    session_id: int
    conversation_id: int
    text: str
    at: datetime
    way: Way
    why: str | None = None


@dataclass(slots=True)
class Timeline:
    """One conversation's entries, oldest first, and the replies after them.

    ``older`` asks for the page above, null at the beginning of the conversation.
    """

    conversation_id: int
    loaded: bool = False
    older: str | None = None
    _ids: list[int] = field(default_factory=list)
    _entries: dict[int, Entry] = field(default_factory=dict)
    _outgoing: dict[str, Outgoing] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self._ids)

    def entries(self) -> list[Entry]:
        """Return the loaded entries, oldest first."""
        return [self._entries[entry_id] for entry_id in self._ids]

    def outgoing(self) -> list[Outgoing]:
        """Return the replies on their way, oldest first."""
        return list(self._outgoing.values())

    def get(self, entry_id: int) -> Entry | None:
        """Return an entry, if loaded."""
        return self._entries.get(entry_id)

    def replace_all(self, page: list[Entry], older: str | None) -> None:
        """Take in the newest page; entries that events brought while it was asked for stay."""
        told = {} if self.loaded else self._entries
        self._ids = []
        self._entries = {}
        self.loaded = True
        self.older = older
        for entry in (*page, *told.values()):
            self.put(entry)

    def begin(self) -> None:
        """Forget the entries, to read them afresh; replies on their way stay."""
        self._ids = []
        self._entries = {}
        self.loaded = False
        self.older = None

    def prepend(self, page: list[Entry], older: str | None) -> None:
        """Add an older page above."""
        self.older = older
        for entry in page:
            if entry.id not in self._entries:
                self.put(entry)

    def put(self, entry: Entry) -> bool:
        """Add or replace an entry and settle its reply; return whether it is new at the end."""
        if entry.client_key is not None:
            self._outgoing.pop(entry.client_key, None)
        known = entry.id in self._entries
        self._entries[entry.id] = entry
        if known:
            return False
        insort(self._ids, entry.id)
        return self._ids[-1] == entry.id

    def reaches(self, entry: Entry) -> bool:
        """Say whether the entry's place lies in the loaded part."""
        if not self.loaded:
            return False
        return self.older is None or not self._ids or entry.id >= self._ids[0]

    def place_of(self, entry_id: int) -> int:
        """Return the number of the first entry that is not before ``entry_id``."""
        return bisect_left(self._ids, entry_id)

    def send(self, outgoing: Outgoing) -> None:
        """Show a reply on its way, or how it stands now."""
        self._outgoing[outgoing.key] = outgoing

    def settle(self, key: str) -> Outgoing | None:
        """Take a reply off: the backend has it, or a person gave it up."""
        return self._outgoing.pop(key, None)

    def mark(self, key: str, way: Way, why: str | None = None) -> None:
        """Note how a reply stands."""
        known = self._outgoing.get(key)
        if known is not None:
            self._outgoing[key] = replace(known, way=way, why=why)
