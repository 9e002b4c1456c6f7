"""When time alone changes something about a session.

The due time of each session is kept with the session; here they are in order. An entry that is no
longer the session's is thrown away when it comes up.
"""

from collections.abc import Iterator, Mapping
from heapq import heappop, heappush

from inbox_tui.assignment.roster import Session


class Deadlines:
    """Sessions by due time, each at most once."""

    __slots__ = ("_heap", "_sessions")

    def __init__(self, sessions: Mapping[int, Session]) -> None:
        self._sessions = sessions
        self._heap: list[tuple[int, int]] = []

    def __bool__(self) -> bool:
        return bool(self._heap)

    def set(self, session: Session, due: int | None) -> None:
        """Let a session come up at ``due``, None for not at all."""
        if due != session.due:
            session.due = due
            if due is not None:
                heappush(self._heap, (due, session.fact.id))

    def passed(self, now: int) -> Iterator[Session]:
        """Take out the sessions that are due, first to last."""
        while self._heap and self._heap[0][0] <= now:
            due, session_id = heappop(self._heap)
            session = self._sessions.get(session_id)
            if session is not None and session.due == due:
                session.due = None
                yield session

    def next(self) -> int | None:
        """Return the first due time, None when nothing is due ever."""
        while self._heap:
            due, session_id = self._heap[0]
            session = self._sessions.get(session_id)
            if session is not None and session.due == due:
                return due
            heappop(self._heap)
        return None
