"""The sessions that wait for one team, in the order in which they are given (R7)."""

from collections.abc import Iterator

from sortedcontainers import SortedList

from inbox_tui.assignment.facts import SessionFact
from inbox_tui.wire.words import Priority

Place = tuple[int, int, int]
"""Higher priority first, then the longest wait, then the lower session id."""

_RANK = {priority: -rank for rank, priority in enumerate(Priority)}


class Queue:
    """Waiting sessions, sorted. Sessions mostly stay in place and are asked for their position.

    Hence a sorted list and not a heap: entering, leaving and the position are all O(log n).
    ``waiting`` has the place of each; it is for reading.
    """

    __slots__ = ("_order", "waiting")

    def __init__(self) -> None:
        self.waiting: dict[int, Place] = {}
        self._order: SortedList = SortedList()

    def __len__(self) -> int:
        return len(self.waiting)

    def __iter__(self) -> Iterator[int]:
        """Yield the session ids, first to last."""
        return (place[-1] for place in self._order)

    def put(self, session: SessionFact) -> None:
        """Put in a session that is not there."""
        place = (_RANK[session.priority], session.waits_from, session.id)
        self.waiting[session.id] = place
        self._order.add(place)

    def drop(self, session_id: int) -> None:
        """Take out a session that is there."""
        self._order.remove(self.waiting.pop(session_id))

    def first(self) -> Place:
        """Return the place of the one to be given next; the queue must not be empty."""
        place: Place = self._order[0]
        return place

    def position(self, session_id: int) -> int:
        """Return the position of a session that is there, from 1 (M9)."""
        return int(self._order.bisect_left(self.waiting[session_id])) + 1
