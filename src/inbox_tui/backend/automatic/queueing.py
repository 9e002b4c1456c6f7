"""Who waits because all are full, and when to look at each of them next (M4).

Kept in memory and rebuilt from the tables at a start. Looking costs a position in a sorted list;
only who is to be told something costs a unit of work.
"""

from collections.abc import Iterable, Iterator
from heapq import heappop, heappush
from typing import Any, Final

import msgspec
from sqlalchemy.engine import Connection

from inbox_tui.backend.automatic.causes import Look, is_notable, is_over
from inbox_tui.backend.wall.standing import Standing
from inbox_tui.clock import Millis
from inbox_tui.store.work import driver_of

AGAIN: Final[Millis] = 15_000
"""After so long somebody is looked at again whose position had not changed notably."""

_WAITING = """
SELECT sessions.id, sessions.queued_at, told.at, told.told FROM sessions
LEFT JOIN automatic_messages AS told ON told.id = (
  SELECT max(last.id) FROM automatic_messages AS last
  WHERE last.session_id = sessions.id AND last.kind = 'over_capacity'
)
WHERE sessions.state = 'open' AND sessions.assignee_id IS NULL
  AND sessions.unassigned_reason = 'all_full'
"""
_IN_LINE = f"{_WAITING} AND sessions.queue = ?"


class Queueing:
    """Sessions that wait because all are full, each with its next look."""

    def __init__(self) -> None:
        self._looks: dict[int, Look] = {}
        self._heap: list[tuple[Millis, int]] = []

    def __len__(self) -> int:
        return len(self._looks)

    def put(self, row: Any, at: Millis) -> None:  # noqa: ANN401 - a sessions row
        """Take in a session as it is now; one that waits newly is looked at ``at`` first."""
        if not is_over(row):
            self._looks.pop(row.id, None)
        elif row.id not in self._looks:
            self.plan(row.id, Look(at))

    def plan(self, session_id: int, look: Look | None) -> None:
        """Look at a session again, or (None) no more."""
        if look is None:
            self._looks.pop(session_id, None)
        else:
            self._looks[session_id] = look
            heappush(self._heap, (look.at, session_id))

    def add(self, found: Iterable[tuple[int, Look]]) -> None:
        """Take in those that were read; who is known already keeps their own next look."""
        for session_id, look in found:
            if session_id not in self._looks:
                self.plan(session_id, look)

    def next_look(self) -> Millis | None:
        """Return when to look next."""
        while self._heap:
            at, session_id = self._heap[0]
            look = self._looks.get(session_id)
            if look is not None and look.at == at:
                return at
            heappop(self._heap)
        return None

    def due(self, standing: Standing, now: Millis) -> Iterator[tuple[int, str, int]]:
        """Yield session, line and position of all who are to be told theirs now."""
        while (at := self.next_look()) is not None and at <= now:
            _, session_id = heappop(self._heap)
            told = self._looks[session_id].told
            stands = standing.position(session_id)
            self.plan(session_id, Look(now + AGAIN, told))
            if stands is not None and (told is None or is_notable(stands[1], told)):
                yield session_id, *stands


def read_queueing(
    connection: Connection, line: str | None, first: Millis, gap: Millis
) -> list[tuple[int, Look]]:
    """Read who waits in a line of the engine's (None: in any), and what each was told (M4).

    Who was told nothing is looked at ``first``, the others ``gap`` after they were told.
    """
    driver = driver_of(connection)
    rows = driver.execute(_WAITING) if line is None else driver.execute(_IN_LINE, (line,))
    return [
        (session_id, Look(first) if told is None else _told(queued_at, at + gap, told))
        for session_id, queued_at, at, told in rows
    ]


def _told(queued_at: Millis | None, next_look: Millis, told: str) -> Look:
    before = msgspec.json.decode(told)
    return Look(next_look, before["position"] if before["queued_at"] == queued_at else None)
