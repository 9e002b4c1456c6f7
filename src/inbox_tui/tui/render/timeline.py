"""A timeline as items for the log: its entries, and the rules of day and of unread between them.

Items are made in one pass over the entries; their lines only when they are asked for.
"""

from collections.abc import Hashable, Sequence
from datetime import timedelta

from inbox_tui.records import dataclass
from inbox_tui.tui.render.entry import EntryContext, day_rule, entry_lines, unread_rule
from inbox_tui.tui.render.lines import Lines
from inbox_tui.wire.models import Entry
from inbox_tui.wire.words import EntryKind

GROUP_WITHIN = timedelta(minutes=5)
"""Messages of the customer within this of each other share one heading."""

ItemKey = tuple[str, int]
"""``("entry", id)``, ``("day", ordinal)`` or ``("unread", id of the entry below)``."""


@dataclass(frozen=True, slots=True)
class Item:
    """One item: an entry, or the rule that stands above ``entry``.

    ``noted`` says that the note a happening carries stands as an entry of its own already.
    """

    key: ItemKey
    entry: Entry
    grouped: bool = False
    noted: bool = False


class Timeline:
    """The items of a conversation, oldest first: a source of the message log.

    ``entries`` are oldest first, each id once. ``unread_from`` is the id of the first entry that
    the agent had not seen when the conversation was opened.
    """

    def __init__(
        self, entries: Sequence[Entry], context: EntryContext, *, unread_from: int | None = None
    ) -> None:
        self._context = context
        self._items = list(_items(entries, context, unread_from))
        self._index = {item.key: index for index, item in enumerate(self._items)}

    def __len__(self) -> int:
        return len(self._items)

    def key_at(self, index: int) -> ItemKey:
        """Return the key of the item at ``index``."""
        return self._items[index].key

    def index_of(self, key: ItemKey) -> int | None:
        """Return where ``key`` stands, or None."""
        return self._index.get(key)

    def selectable(self, key: ItemKey) -> bool:
        """Say whether the cursor may stand on it: on entries, not on rules."""
        return key[0] == "entry"

    def entry_of(self, key: ItemKey) -> Entry | None:
        """Return the entry of an item's key; of a rule, the entry below it."""
        index = self._index.get(key)
        return None if index is None else self._items[index].entry

    def revision(self, key: ItemKey) -> Hashable:
        """Return what changes when the item looks different."""
        item = self._items[self._index[key]]
        context = self._context
        today = context.now.astimezone(context.zone).date()
        if key[0] == "day":
            return today
        entry = item.entry
        return (
            item.grouped,
            item.noted,
            entry.author_name or context.customer,
            entry.content,
            entry.delivery,
            entry.unsent_at,
            entry.client_key in context.held,
            context.catalogue.language,
        )

    def lines(self, key: ItemKey, width: int) -> Lines:
        """Return the lines of an item, at most ``width`` cells wide."""
        item = self._items[self._index[key]]
        if key[0] == "day":
            return day_rule(item.entry.at, width, self._context)
        if key[0] == "unread":
            return unread_rule(width, self._context)
        return entry_lines(item.entry, width, self._context, grouped=item.grouped, noted=item.noted)


def _items(
    entries: Sequence[Entry], context: EntryContext, unread_from: int | None
) -> Sequence[Item]:
    items: list[Item] = []
    before: Entry | None = None
    last_day = None
    for entry in entries:
        day = entry.at.astimezone(context.zone).date()
        if day != last_day:
            items.append(Item(("day", day.toordinal()), entry))
            last_day, before = day, None
        if entry.id == unread_from:
            items.append(Item(("unread", entry.id), entry))
            before = None
        grouped = before is not None and _follows(entry, before)
        noted = before is not None and _carries(entry, before)
        items.append(Item(("entry", entry.id), entry, grouped, noted))
        before = entry
    return items


def _carries(entry: Entry, before: Entry) -> bool:
    """Say whether a happening carries the very note that stands before it."""
    if entry.kind is not EntryKind.HAPPENING or before.kind is not EntryKind.NOTE:
        return False
    text = before.content.text if before.content else ""
    return before.author == entry.data.get("by") and text == entry.data.get("note")


def _follows(entry: Entry, before: Entry) -> bool:
    if entry.kind is not before.kind:
        return False
    if entry.kind is EntryKind.HAPPENING:
        return True
    return (
        entry.kind is EntryKind.CUSTOMER
        and entry.author_name == before.author_name
        and entry.at - before.at <= GROUP_WITHIN
    )
