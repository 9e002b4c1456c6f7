"""People who fetch or hand out sessions, where the engine pushes none.

From a queue that is claimed from (``self_claim``), each member on duty with room takes the one that
waits longest, some while (:attr:`Work.claim`) after there is one and they have room. What waits for
a manager (``manual``, excluded sessions, those that everybody let lapse) is handed out in that
order, each to the member with the fewest open sessions, when the manager looks next
(:attr:`Work.hand_out`). Neither exceeds a limit, though people may.
"""

from heapq import heappop, heappush
from typing import TYPE_CHECKING

from inbox_tui.assignment import Wait, WaitReason
from inbox_tui.simulate.shop import Queue, base_of
from inbox_tui.simulate.visits import Stage, Visit
from inbox_tui.wire.words import UnassignedReason

if TYPE_CHECKING:
    from inbox_tui.simulate.run import Person, Run

_Waiting = list[tuple[int, int, str]]
"""A heap: since when each waits, its id, and the line it stood in when that was noted."""

PULLED = frozenset({UnassignedReason.SELF_CLAIM})
"""Reasons for which a session waits for somebody to claim it."""
HANDED = frozenset({UnassignedReason.MANUAL, UnassignedReason.TAKEN_BACK})
"""Reasons for which it waits for a manager."""


class Pulling:
    """Who may be claimed or handed out, and when somebody looks."""

    def __init__(self, run: "Run") -> None:
        self._run = run
        self._queues = run.desk.queues
        self._claimed: dict[str, _Waiting] = {}
        self._handed: dict[str, _Waiting] = {}
        self._where: dict[int, str] = {}
        self._managed: set[str] = set()
        self._queues_of: dict[int, list[str]] = {agent_id: [] for agent_id in run.people}
        for key, queue in self._queues.items():
            for agent_id in queue.members:
                self._queues_of[agent_id].append(key)

    def hear(self, decision: Wait | WaitReason) -> None:
        """Take note of where sessions wait, and why, as their rows would show it."""
        if isinstance(decision, Wait):
            self._where[decision.session_id] = decision.queue
            self._note(decision.session_id, decision.queue, decision.reason)
            return
        for session_id, queue in self._where.items():
            if queue == decision.queue:
                self._note(session_id, queue, decision.reason)

    def forget(self, visit: Visit) -> None:
        """A session waits no longer."""
        self._where.pop(visit.id, None)

    def has_room(self, person: "Person") -> None:
        """Somebody came, or has room again: they will look for something to claim."""
        if self._claimed and any(self._claimed.get(key) for key in self._queues_of[person.id]):
            self._will_look(person)

    def _note(self, session_id: int, line: str, reason: UnassignedReason) -> None:
        queue = base_of(line)
        waiting = (self._run.open[session_id].at, session_id, line)
        if reason in PULLED:
            heappush(self._claimed.setdefault(queue, []), waiting)
            for agent_id in self._queues[queue].members:
                self._will_look(self._run.people[agent_id])
        elif reason in HANDED:
            heappush(self._handed.setdefault(queue, []), waiting)
            self._will_hand_out(queue)

    # Claiming

    def _will_look(self, person: "Person") -> None:
        if not person.looking and _can_take(person):
            person.looking = True
            run = self._run
            run.at(run.now + run.work.claim.draw(run.chance), self._look, person)

    def _look(self, person: "Person", _token: int) -> bool:
        person.looking = False
        if not _can_take(person):
            return False
        waiting = [
            (since, key)
            for key in self._queues_of[person.id]
            if _has_place(person, self._queues[key])
            and (since := self._first(self._claimed.get(key))) is not None
        ]
        if waiting:
            _, key = min(waiting)
            self._take(self._claimed[key], person, key)
            self.has_room(person)
        return bool(waiting)

    # Handing out

    def _will_hand_out(self, key: str) -> None:
        if key not in self._managed:
            self._managed.add(key)
            run = self._run
            run.at(run.now + run.work.hand_out.draw(run.chance), self._hand_out, key)

    def _hand_out(self, key: str, _token: int) -> bool:
        self._managed.discard(key)
        queue, waiting, people = self._queues[key], self._handed[key], self._run.people
        while self._first(waiting) is not None:
            able = [
                person
                for agent_id in queue.members
                if _can_take(person := people[agent_id]) and _has_place(person, queue)
            ]
            if not able:
                self._will_hand_out(key)
                break
            self._take(waiting, min(able, key=lambda person: (person.open, person.id)), key)
        return True

    def _first(self, waiting: _Waiting | None) -> int | None:
        """Return since when the first waits that still does; drop what does not."""
        while waiting:
            since, session_id, line = waiting[0]
            visit = self._run.open.get(session_id)
            if (
                visit is not None
                and visit.stage is Stage.WAITING
                and self._where.get(session_id) == line
            ):
                return since
            heappop(waiting)
        return None

    def _take(self, waiting: _Waiting, person: "Person", key: str) -> None:
        visit = self._run.open[heappop(waiting)[1]]
        visit.version += 1
        self._run.give(visit, person, self._queues[key].team_id, key)


def _can_take(person: "Person") -> bool:
    """Say whether somebody is on duty and below their limit (R5)."""
    return person.present and person.accepting and person.open < person.limit


def _has_place(person: "Person", queue: Queue) -> bool:
    """Say whether somebody is below the team's cap (R5)."""
    return queue.cap is None or person.in_team.get(queue.team_id, 0) < queue.cap
