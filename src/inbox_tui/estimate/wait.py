"""How long somebody in a queue will wait (M9), and what that is told from."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple


class OnDuty(NamedTuple):
    """Somebody on duty for a line: present, with accept on.

    ``open`` of at most ``limit`` sessions are theirs, ``of_team`` of them the team's of the line,
    which may cap them at ``cap`` (R5).
    """

    limit: int
    open: int
    cap: int | None = None
    of_team: int = 0


@dataclass(frozen=True, slots=True)
class Basis:
    """What an estimate rests on: see :func:`estimated_wait`.

    ``pushed`` says that sessions are given out by themselves, so that a slot that comes free says
    when.
    """

    free: int
    slots: int
    service_time: float | None
    pushed: bool = True

    def wait_at(self, position: int) -> float | None:
        """Return the expected wait at a position, None where nothing is given out by itself."""
        if not self.pushed:
            return None
        return estimated_wait(
            position, free=self.free, slots=self.slots, service_time=self.service_time
        )


def basis(people: Iterable[OnDuty], service_time: float | None, *, pushed: bool = True) -> Basis:
    """Return the basis of a line from who is on duty for it.

    An agent of several lines counts in each: what is told is what this line could have.
    """
    free = slots = 0
    for person in people:
        left = person.limit - person.open
        if person.cap is not None:
            left = min(left, person.cap - person.of_team)
        free += max(0, left)
        slots += person.open + max(0, left)
    return Basis(free, slots, service_time, pushed)


def estimated_wait(
    position: int, *, free: int, slots: int, service_time: float | None
) -> float | None:
    """Return the expected wait at a position (from 1), in the unit of ``service_time``.

    ``slots`` are all slots in service, ``free`` those of them that nobody has; ``service_time`` is
    the recent mean time for which a session keeps one. 0 means soon: there is a slot for this
    position. None means that there is no basis: no slot in service, or no recent service.

    Once the free slots are given, all ``slots`` are at work, and with memoryless services of mean
    ``s`` one of them comes free every ``s / slots``. Who stands at position ``p`` has the slot that
    comes free as number ``p - free``. As everything of the kind it takes things to go on as they
    do: whoever comes with a higher priority, or goes home, makes it wrong.

    Raises ValueError for a position below 1 and for numbers below 0.
    """
    if position < 1 or free < 0 or slots < free or (service_time or 0) < 0:
        raise ValueError(f"no place in a queue: {position=}, {free=}, {slots=}, {service_time=}")
    if position <= free:
        return 0.0
    if slots == 0 or service_time is None:
        return None
    return (position - free) * service_time / slots
