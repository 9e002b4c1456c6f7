"""The estimated wait against what came true (M9).

Whoever has to wait when they come is told a wait by the estimate that the wall shows and customers
are told, from the same numbers: the position, who is on duty with how many slots, how long sessions
took lately. What comes true is the time until somebody was given the session.
"""

from array import array
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from inbox_tui.assignment.methods import KEYS as PUSHED
from inbox_tui.estimate import Basis, OnDuty, Rates, basis
from inbox_tui.simulate.shop import Queue
from inbox_tui.simulate.visits import Visit

if TYPE_CHECKING:
    from inbox_tui.simulate.run import Person


class Forecast:
    """What was told and what came true, in milliseconds and in the same order.

    ``silent`` counts those for whom there was no basis: no slot in service, no recent service, a
    queue that nobody is given out of, or an agent of their own to wait for. ``unknown`` are told
    and were never given to anybody: they gave up, or still wait.
    """

    def __init__(self) -> None:
        self.told = array("d")
        self.real = array("q")
        self.silent = 0
        self._rates = Rates()
        self._waiting: dict[int, float] = {}

    @property
    def unknown(self) -> int:
        """How many were told a wait that nobody knows the end of."""
        return len(self._waiting)

    def came(
        self,
        visit: Visit,
        stands: tuple[str, int] | None,
        queues: Mapping[str, Queue],
        people: Mapping[int, "Person"],
    ) -> None:
        """Tell somebody who has to wait how long, if there is a basis."""
        wait = None
        if stands is not None:
            key, position = stands
            wait = self._basis(queues[key], people, visit.at).wait_at(position)
        if wait is None:
            self.silent += 1
        else:
            self._waiting[visit.id] = wait

    def given(self, visit: Visit, now: int) -> None:
        """A session was given to somebody: what it was told is known now."""
        told = self._waiting.pop(visit.id, None)
        if told is not None:
            self.told.append(told)
            self.real.append(now - visit.at)

    def served(self, visit: Visit, now: int) -> None:
        """A session ended that somebody had."""
        if visit.assigned_at is not None:
            self._rates.served(visit.team_id, now, now - visit.assigned_at)

    def _basis(self, queue: Queue, people: Mapping[int, "Person"], now: int) -> Basis:
        return basis(
            _on_duty(queue, (people[member] for member in queue.members if member in people)),
            self._rates.service_time(queue.team_id, now),
            pushed=queue.method in PUSHED,
        )


def _on_duty(queue: Queue, members: Iterable["Person"]) -> Iterator[OnDuty]:
    for person in members:
        if person.present and person.accepting:
            of_team = person.in_team.get(queue.team_id, 0)
            yield OnDuty(person.limit, person.open, queue.cap, of_team)
