"""The sessions that wait in one line, in the order in which they are given (R7)."""

from collections.abc import Iterator

from sortedcontainers import SortedList

from inbox_tui.wire.words import Priority

Place = tuple[int, int, int]
"""Higher priority first, then the longest wait, then the lower session id."""

_RANK = {priority: -rank for rank, priority in enumerate(Priority)}


def place_of(priority: Priority, waits_from: int, session_id: int) -> Place:
    """Return the place of a session among all that wait."""
    return (_RANK[priority], waits_from, session_id)


class Queue:
    """Waiting sessions, sorted. Sessions mostly stay in place and are asked for their position.

    Hence a sorted list and not a heap: entering, leaving and the position are all O(log n). Where
    no queue builds up, one session comes and goes at a time, and the list is left alone.
    ``waiting`` has the place of each, ``first`` that of the one to be given next, None when there
    is none; both are for reading.
    """

    __slots__ = ("_order", "first", "waiting")

    def __init__(self) -> None:
        self.waiting: dict[int, Place] = {}
        self.first: Place | None = None
        self._order: SortedList = SortedList()

    def __len__(self) -> int:
        return len(self.waiting)

    def __iter__(self) -> Iterator[int]:
        """Yield the session ids, first to last."""
        return (place[-1] for place in self._sorted())

    def put(self, place: Place) -> None:
        """Put in a session that is not there."""
        self.waiting[place[-1]] = place
        if self.first is None:
            self.first = place
            return
        self._sorted().add(place)
        self.first = min(self.first, place)

    def drop(self, session_id: int) -> None:
        """Take out a session that is there."""
        place = self.waiting.pop(session_id)
        if self._order:
            self._order.remove(place)
        if place == self.first:
            self.first = self._order[0] if self._order else None

    def before(self, place: Place) -> int:
        """Count those that come before a place."""
        return int(self._sorted().bisect_left(place))

    def _sorted(self) -> SortedList:
        if not self._order and self.first is not None:
            self._order.add(self.first)
        return self._order
