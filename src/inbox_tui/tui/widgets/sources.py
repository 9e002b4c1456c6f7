"""A plain source over a sequence, for lists small enough to be rebuilt (dialogs, menus)."""

from collections.abc import Callable, Hashable, Sequence
from itertools import count
from typing import Generic, TypeVar

from inbox_tui.tui.render.lines import Line
from inbox_tui.tui.widgets.line_view import Key

Item = TypeVar("Item")

_MADE = count()


class SequenceSource(Generic[Key, Item]):
    """Items in a sequence, with a function for the key and one for the lines of an item."""

    def __init__(
        self,
        items: Sequence[Item],
        key: Callable[[Item], Key],
        lines: Callable[[Item, int], Sequence[Line]],
    ) -> None:
        self.items = items
        self._key = key
        self._lines = lines
        self._made = next(_MADE)
        self._index = {key(item): at for at, item in enumerate(items)}

    def __len__(self) -> int:
        return len(self.items)

    def key_at(self, index: int) -> Key:
        """Return the key of the item at ``index``."""
        return self._key(self.items[index])

    def index_of(self, key: Key) -> int | None:
        """Return where ``key`` stands, or None."""
        return self._index.get(key)

    def item(self, key: Key) -> Item | None:
        """Return the item of ``key``, or None."""
        index = self._index.get(key)
        return None if index is None else self.items[index]

    def revision(self, key: Key) -> Hashable:
        """Return the number of this source: each source is drawn anew."""
        return self._made

    def lines(self, key: Key, width: int) -> Sequence[Line]:
        """Return the lines of an item."""
        return self._lines(self.items[self._index[key]], width)
