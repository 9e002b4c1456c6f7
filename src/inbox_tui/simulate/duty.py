"""When each agent is on duty, as changes over time.

A shift is a calendar (:mod:`inbox_tui.hours`): during it an inbox window is open and the switch is
on. In a break the window stays open and the switch is off, so the agent finishes what they have and
gets nothing new. Between shifts they are absent (P2, P3).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from inbox_tui.assignment.facts import Hours


class Duty(NamedTuple):
    """From ``at`` (UTC ms) on, an agent is ``present`` and, perhaps, ``accepting``."""

    at: int
    present: bool
    accepting: bool


Roster = Mapping[str, Sequence[Duty]]
"""The changes of each agent by nickname, in order. Who is not in it is never there."""


@dataclass(frozen=True, slots=True)
class Shift:
    """When an agent works, and when they pause."""

    work: Hours
    breaks: Hours | None = None

    def at(self, now: int) -> tuple[bool, bool]:
        """Return whether they are present and whether they accept."""
        present = self.work.is_open(now)
        return present, present and not (self.breaks is not None and self.breaks.is_open(now))

    def next_change(self, now: int) -> int | None:
        """Return when that may be different, None for never."""
        hours = (self.work,) if self.breaks is None else (self.work, self.breaks)
        changes = [change for each in hours if (change := each.next_change(now)) is not None]
        return min(changes, default=None)


def always(nicknames: Iterable[str], start: int) -> Roster:
    """Return a roster on which everybody is on duty all the time."""
    return {nickname: (Duty(start, present=True, accepting=True),) for nickname in nicknames}


def changes(shifts: Sequence[Shift], start: int, end: int) -> Iterator[Duty]:
    """Yield the changes of one agent from ``start`` until ``end``, the first at ``start``.

    Of several shifts at one time, one without a break is enough to accept.
    """
    now: int | None = start
    last: tuple[bool, bool] | None = None
    while now is not None and now < end:
        states = [shift.at(now) for shift in shifts]
        state = any(present for present, _ in states), any(accepting for _, accepting in states)
        if state != last:
            yield Duty(now, *state)
            last = state
        due = [change for shift in shifts if (change := shift.next_change(now)) is not None]
        now = min(due, default=None)
