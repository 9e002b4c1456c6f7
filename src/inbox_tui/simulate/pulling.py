"""People who fetch or hand out sessions, where the engine pushes none.

From a queue that is claimed from (``self_claim``), each member on duty with room takes the one that
waits longest, some while (:attr:`Work.claim`) after there is one and they have room. What waits for
a manager (``manual``, excluded sessions, those that everybody let lapse) is handed out in that
order, each to the member with the fewest open sessions, when the manager looks next
(:attr:`Work.hand_out`). Neither exceeds a limit, though people may.
"""

from heapq import heappop, heappush
from typing import TYPE_CHECKING

from inbox_tui.simulate.shop import HANDED, PULLED, Decision, Queue, Wait, WaitReason, queue_key
from inbox_tui.simulate.visits import Stage, Visit

if TYPE_CHECKING:
    from inbox_tui.simulate.run import Person, Run

_Waiting = list[tuple[int, int]]
"""A heap: since when each waits, and its id."""


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

    def hear(self, decision: Decision) -> None:
        """Take note of why sessions wait."""
        if isinstance(decision, Wait):
            self._note(self._run.open[decision.session_id], queue_key(decision), decision)
        elif isinstance(decision, WaitReason):
            key = queue_key(decision)
            if decision.reason in PULLED | HANDED:
                for visit in tuple(self._run.open.values()):
                    if visit.stage is Stage.WAITING and self._is_in(visit, key):
                        self._note(visit, key, decision)

    def has_room(self, person: "Person") -> None:
        """Somebody came, or has room again: they will look for something to claim."""
        if self._claimed and any(self._claimed.get(key) for key in self._queues_of[person.id]):
            self._will_look(person)

    def _is_in(self, visit: Visit, key: str) -> bool:
        return self._run.desk.queue_of(visit, self._run.now) == key

    def _note(self, visit: Visit, key: str, decision: Wait | WaitReason) -> None:
        if decision.reason in PULLED:
            self._where[visit.id] = key
            heappush(self._claimed.setdefault(key, []), (visit.at, visit.id))
            for agent_id in self._queues[key].members:
                self._will_look(self._run.people[agent_id])
        elif decision.reason in HANDED:
            self._where[visit.id] = key
            heappush(self._handed.setdefault(key, []), (visit.at, visit.id))
            self._will_hand_out(key)
        else:
            self._where.pop(visit.id, None)

    # Claiming

    def _will_look(self, person: "Person") -> None:
        if not person.looking and _can_take(person):
            person.looking = True
            run = self._run
            run.at(run.now + run.work.claim.draw(run.chance), self._look, person)

    def _look(self, person: "Person", _token: int) -> None:
        person.looking = False
        if not _can_take(person):
            return
        waiting = [
            (first, key)
            for key in self._queues_of[person.id]
            if _has_place(person, self._queues[key])
            and (first := self._first(self._claimed.get(key), key)) is not None
        ]
        if waiting:
            _, key = min(waiting)
            self._take(self._claimed[key], person, key)
            self.has_room(person)

    # Handing out

    def _will_hand_out(self, key: str) -> None:
        if key not in self._managed:
            self._managed.add(key)
            run = self._run
            run.at(run.now + run.work.hand_out.draw(run.chance), self._hand_out, key)

    def _hand_out(self, key: str, _token: int) -> None:
        self._managed.discard(key)
        queue, waiting, people = self._queues[key], self._handed[key], self._run.people
        while self._first(waiting, key) is not None:
            able = [
                person
                for agent_id in queue.members
                if _can_take(person := people[agent_id]) and _has_place(person, queue)
            ]
            if not able:
                self._will_hand_out(key)
                return
            self._take(waiting, min(able, key=lambda person: (person.open, person.id)), key)

    def _first(self, waiting: _Waiting | None, key: str) -> tuple[int, int] | None:
        """Return the first that still waits here; drop what does not."""
        while waiting:
            visit = self._run.open.get(waiting[0][1])
            if (
                visit is not None
                and visit.stage is Stage.WAITING
                and self._where.get(visit.id) == key
            ):
                return waiting[0]
            heappop(waiting)
        return None

    def _take(self, waiting: _Waiting, person: "Person", key: str) -> None:
        visit = self._run.open[heappop(waiting)[1]]
        del self._where[visit.id]
        visit.version += 1
        self._run.give(visit, person, self._queues[key].team_id, key)


def _can_take(person: "Person") -> bool:
    """Say whether somebody is on duty and below their limit (R5)."""
    return person.present and person.accepting and person.open < person.limit


def _has_place(person: "Person", queue: Queue) -> bool:
    """Say whether somebody is below the team's cap (R5)."""
    return queue.cap is None or person.in_team.get(queue.team_id, 0) < queue.cap
